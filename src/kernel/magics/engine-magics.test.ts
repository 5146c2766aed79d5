import { afterEach, expect, test } from 'vitest';
import { closeKernels, testKernel } from '../../testing/test-kernel.ts';

afterEach(closeKernels);

const WALL = /Wall time: [\d.]+ (ns|µs|ms|s)/;

test('P.330 engines run %who, %whos and %reset under %px', async () => {
  const kernel = await testKernel({ n: 2 });
  await kernel.run('%px a = engine.id');
  expect((await kernel.run('%px %who')).text).toBe('[stdout:0] a\n[stdout:1] a\n');
  expect((await kernel.run('%px -t 1 %whos')).text).toMatch(/a +number +1\n/);
  expect((await kernel.run('%px -t 0 %reset')).text).toContain('%reset would remove one variable (a)');
  await kernel.run('%px -t 0 %reset -f');
  expect((await kernel.run('%px typeof a')).text).toContain("Out[0:5]: 'undefined'");
});

test('P.330 %%time and %%timeit may be the first line of %%px', async () => {
  const kernel = await testKernel({ n: 1 });
  const timed = await kernel.run('%%px\n%%time\nconst kept = engine.id + 40;\nkept + 2');
  expect(timed.text).toMatch(new RegExp(`^\\[stdout:0\\] ${WALL.source}\nOut\\[0:1\\]: 42\n$`));
  const { text } = await kernel.run('%%px\n%%timeit -n 3 -r 2\nconst s = kept; s * 2');
  expect(text).toMatch(
    /^\[stdout:0\] (The slowest run .*\n)?.* per loop \(mean ± std\. dev\. of 2 runs, 3 loops each\)\n$/,
  );
});

test('P.330 magic lines stand between code, and may be assigned', async () => {
  const kernel = await testKernel({ n: 1 });
  const { text } = await kernel.run('%%px\nlet a = 1;\nb = %time a + 1\n%timeit -n 1 -r 1 a++\n[a, b]');
  expect(text).toMatch(WALL);
  expect(text).toContain('Out[0:1]: [ 2, 2 ]\n');
});

test('P.330 an error in code behind a magic names the line of the cell', async () => {
  const kernel = await testKernel({ n: 1 });
  const { outputs } = await kernel.run('%%px\nlet a;\n\n%time a.b\n1');
  expect(outputs).toMatchObject([
    { type: 'stream' },
    { type: 'composite-error', errors: [{ ename: 'TypeError', frames: [{ url: 'cell-1/c1', line: 4 }] }] },
  ]);
});

test('a magic that engines do not have is refused before anything is sent', async () => {
  const kernel = await testKernel({ n: 1 });
  for (const source of ['%px %px 1', '%%px\nran = 1;\n%lsmagic', '%px rc?']) {
    expect((await kernel.run(source)).text).toMatch(
      /^UsageError: .*Nothing was run\. On engines there are %time/,
    );
  }
  expect((await kernel.run('%px typeof ran')).text).toBe("Out[0:1]: 'undefined'\n");
});

test('view.execute knows the magics too, and so does an engine that gets plain text', async () => {
  const kernel = await testKernel({ n: 1 });
  expect((await kernel.run('await rc[0].execute("a = 1;\\n%who").then((r) => r.stdout)')).text).toBe(
    "Out[1]: 'a\\n'\n",
  );
});

test('an interrupt ends %timeit on engines', async () => {
  const kernel = await testKernel({ n: 1 });
  const cell = kernel.run('%px kept = 2; console.log("on")\n%px %timeit -n 1000000000 -r 9 kept * 2');
  await expect.poll(() => kernel.events.some((event) => event.type === 'output')).toBe(true);
  kernel.interrupt();
  expect((await cell).text).toContain('KeyboardInterrupt');
  expect((await kernel.run('%px kept')).text).toBe('Out[0:3]: 2\n');
});
