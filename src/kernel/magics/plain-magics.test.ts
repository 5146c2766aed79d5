import { afterEach, expect, test } from 'vitest';
import { closeKernels, testKernel } from '../../testing/test-kernel.ts';

afterEach(closeKernels);

test('%time prints how long, and its value is the value of the cell', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('%time 6 * 7')).text).toMatch(/^Wall time: [\d.]+ (ns|µs|ms|s)\nOut\[1\]: 42\n$/);
  expect((await kernel.run('x = %time await Promise.resolve(5)')).text).toMatch(/^Wall time: /);
  expect((await kernel.run('x')).text).toBe('Out[3]: 5\n');
  expect((await kernel.run('%time const kept = 1')).text).toMatch(/^Wall time: .*\n$/);
  expect((await kernel.run('kept')).text).toBe('Out[5]: 1\n');
});

test('%%time takes the cell, magics included; a promise at its end is awaited, an error is told after the time', async () => {
  const kernel = await testKernel({ n: 1 });
  const { text } = await kernel.run(
    '%%time\nlet y = 1;\n%px engine.id\nnew Promise((done) => setTimeout(done, 30, "late"))',
  );
  expect(text).toMatch(/^Out\[0:1\]: 0\nWall time: \d+(\.\d+)? m?s\nOut\[1\]: 'late'\n$/);
  const failed = await kernel.run('%%time\n1\nnope()');
  expect(failed.text).toMatch(
    /^Wall time: .*\nReferenceError: nope is not defined\n {4}at cell 2, line 3:1\n/,
  );
});

test('%timeit runs its code as often as it is told', async () => {
  const kernel = await testKernel();
  await kernel.run('var n = 0');
  const { text } = await kernel.run('%timeit -n 10 -r3 n++');
  expect(text).toMatch(
    /^(The slowest run .*\n)?\S+ \S+ ± \S+ \S+ per loop \(mean ± std\. dev\. of 3 runs, 10 loops each\)\n$/,
  );
  expect((await kernel.run('n')).text).toBe('Out[3]: 30\n');
});

test('%%timeit: names of its own, set up once, async bodies awaited', async () => {
  const kernel = await testKernel();
  const cell = await kernel.run(
    '%%timeit -n 4 -r 2 -q var begun = (globalThis.begun ?? 0) + 1, ended = 0\nconst local = await Promise.resolve(1);\nended += local',
  );
  expect(cell).toMatchObject({ status: 'ok', text: '' });
  expect((await kernel.run('[begun, ended, typeof local]')).text).toBe("Out[2]: [ 1, 8, 'undefined' ]\n");
});

test('%timeit -o gives the result as a value', async () => {
  const kernel = await testKernel();
  await kernel.run('r = %timeit -n 2 -r 4 -q -o 1 + 1');
  expect(
    (await kernel.run('[r.loops, r.repeat, r.allRuns.length, r.best <= r.average, r.average <= r.worst]'))
      .text,
  ).toBe('Out[2]: [ 2, 4, 4, true, true ]\n');
});

test('%timeit finds the number of loops itself', async () => {
  let now = 0;
  const kernel = await testKernel({ n: 0, clock: { now: () => (now += 60) } });
  expect((await kernel.run('%timeit 1')).text).toMatch(
    / per loop \(mean ± std\. dev\. of 7 runs, 5 loops each\)\n$/,
  );
});

test('an interrupt ends %timeit', async () => {
  const kernel = await testKernel({ n: 0 });
  const cell = kernel.run('%timeit -n 1000000000 -r 100 Math.sqrt(2)');
  await expect.poll(() => kernel.events.some((event) => event.type === 'cell-started')).toBe(true);
  kernel.interrupt();
  expect((await cell).text).toContain('KeyboardInterrupt');
  expect((await kernel.run('1')).text).toBe('Out[2]: 1\n');
});

test('an error in the code of %timeit names its line and column', async () => {
  const kernel = await testKernel();
  const { outputs } = await kernel.run('1;\n%timeit -n 1 const a = 1; a.b.c');
  expect(outputs).toMatchObject([
    { error: { ename: 'TypeError', frames: [{ url: 'cell-1/c1', line: 2, column: 31 }] } },
  ]);
});

test('%who and %whos list the user’s variables', async () => {
  const kernel = await testKernel({ n: 0 });
  expect((await kernel.run('%who')).text).toBe('The namespace is empty.\n');
  await kernel.run(
    'const a = 5, list = [1, 2, 3]; let text = "hi"; function twice(x) { return 2 * x }\nclass Dog {}; var rex = new Dog();',
  );
  expect((await kernel.run('%who')).text.trim().split('\t').sort()).toEqual([
    'Dog',
    'a',
    'list',
    'rex',
    'text',
    'twice',
  ]);
  expect((await kernel.run('%who number string')).text).toBe('a\ttext\n');
  const { text } = await kernel.run('%whos');
  expect(text).toContain('Variable   Type       Data/Info\n');
  expect(text).toContain('a          number     5\n');
  expect(text).toContain('list       Array      3 elements: [ 1, 2, 3 ]\n');
  expect(text).toContain('rex        Dog        Dog {}\n');
  expect(text).toContain('twice      function   function twice(x) { return 2 * x }\n');
});

test('%reset asks for -f, then removes the user’s variables and no other', async () => {
  const kernel = await testKernel();
  await kernel.run('const a = 5, rc = 6');
  expect((await kernel.run('%reset')).text).toMatch(
    /UsageError: %reset would remove 2 variables \(.*To do it: %reset -f/,
  );
  expect((await kernel.run('%reset -f')).text).toBe('');
  expect((await kernel.run('[typeof a, rc.length]')).text).toBe("Out[4]: [ 'undefined', 4 ]\n");
});

test('magics of one line and of whole cells are told apart', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('%%who\nx')).text).toContain(
    'UsageError: %%who: who is a magic of one line: write %who',
  );
  expect((await kernel.run('%%time 5\nx')).text).toContain(
    'UsageError: %%time: code goes on the lines below',
  );
  expect((await kernel.run('%timeit')).text).toContain('UsageError: %timeit: there is no code behind it');
  expect((await kernel.run('%timeit -n few 1')).text).toContain('-n few is not a positive whole number');
});

test('%run runs a file here; its errors name the file', async () => {
  const kernel = await testKernel({
    files: { 'work.ts': 'const made: number = 3;\nmade', 'bad.js': '\nnope()', 'worse.js': '\nlet let' },
  });
  expect((await kernel.run('%run work.ts')).text).toBe('Out[1]: 3\n');
  expect((await kernel.run('made')).text).toBe('Out[2]: 3\n');
  expect((await kernel.run('%run bad.js')).text).toContain(
    'ReferenceError: nope is not defined\n    at bad, line 2:1',
  );
  const { outputs } = await kernel.run('%run worse.js');
  expect(outputs).toMatchObject([{ error: { ename: 'SyntaxError', position: { url: 'worse', line: 2 } } }]);
  expect((await kernel.run('%run gone.ts')).text).toContain(
    'There is no file "gone.ts". There are: work.ts, bad.js, worse.js.',
  );
});

test('%load asks the page to put the file into the cell', async () => {
  const kernel = await testKernel({ files: { 'work.ts': 'let a = 1\n' } });
  expect(await kernel.run('%load work.ts')).toMatchObject({ status: 'ok', text: '' });
  expect(kernel.events).toContainEqual({
    type: 'replace-source',
    runId: 'run-1',
    source: '// %load work.ts\nlet a = 1\n',
  });
});

test('without a workspace there are no files, and it says so', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('%load a.ts')).text).toContain(
    'There is no file "a.ts". The workspace has no files.',
  );
  expect((await kernel.run('%run')).text).toContain('%run: which file?');
});
