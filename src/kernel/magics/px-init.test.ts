import { afterEach, expect, test } from 'vitest';
import { closeKernels, testKernel } from '../../testing/test-kernel.ts';

afterEach(closeKernels);

test('%%px --init runs a cell now, on restarted engines, and on engines that come later', async () => {
  const kernel = await testKernel({ n: 2 });
  await kernel.run('%%px --init\nbase = 10 * (engine.id + 1);\nfunction twice(x) { return 2 * x }');
  expect((await kernel.run('%px twice(base)')).text).toBe('Out[0:2]: 20\nOut[1:2]: 40\n');
  await kernel.run('await rc.shutdown(1, { restart: true }); await rc.scale(3);');
  expect((await kernel.run('%px twice(base)')).text).toMatch(
    /^Out\[0:\d\]: 20\nOut\[1:\d\]: 40\nOut\[2:\d\]: 60\n$/,
  );
});

test('%%px --init for some engines is theirs alone', async () => {
  const kernel = await testKernel({ n: 2 });
  await kernel.run('%%px --init --targets 0\nonly = "mine"');
  await kernel.run('await rc.shutdown("all", { restart: true });');
  expect((await kernel.run('%px typeof only')).text).toBe("Out[0:2]: 'string'\nOut[1:1]: 'undefined'\n");
});

test('%%px --init that fails on a new life is told, and its engine lives on', async () => {
  const kernel = await testKernel({ n: 1 });
  await kernel.run('%%px --init\nif (globalThis.again) throw new Error("not twice");\nfirst = 1');
  await kernel.run('await rc.shutdown(0, { restart: true });');
  expect((await kernel.run('%px first')).text).toContain(': 1');
});
