import { afterEach, expect, test } from 'vitest';
import { closeKernels, testKernel } from '../testing/test-kernel.ts';

afterEach(closeKernels);

test('L.261 on engines require makes functions that have what they need, there and where they are sent', async () => {
  const kernel = await testKernel({ n: 2 });
  const made = await kernel.run(`%%px --targets 0
const scaled = require({ factor: 3 })((x) => x * factor);
scaled(4)`);
  expect(made.text).toBe('Out[0:1]: 12\n');
  expect((await kernel.run('const back = await rc[0].get("scaled"); await rc[1].apply(back, 5)')).text).toBe(
    'Out[2]: 15\n',
  );
});

test('L.260 L.265 on engines depend refuses where its condition is false', async () => {
  const kernel = await testKernel({ n: 2 });
  const { text } = await kernel.run(`%%px
const picky = depend(() => engine.id === 1)(() => 'here');
let said; try { said = picky() } catch (error) { said = error.name } said`);
  expect(text).toBe("Out[0:1]: 'UnmetDependency'\nOut[1:1]: 'here'\n");
  expect((await kernel.run('await rc.loadBalancedView().apply(new Reference("picky"))')).text).toMatch(
    /'here'/,
  );
});

test('L.262 a module that cannot be imported refuses the task, and says which', async () => {
  const kernel = await testKernel({ n: 1 });
  const { text } = await kernel.run("%%px\nawait require('nowhere-to-be-found as nn')(() => nn)()");
  expect(text).toMatch(/UnmetDependency: require: nowhere-to-be-found cannot be imported on this engine/);
  expect((await kernel.run('%px require(5)')).text).toMatch(/TypeError: require takes module names/);
});
