import { afterEach, expect, test } from 'vitest';
import { EVENT_BOUNDS, isWithin } from '../protocol/event-bounds.ts';
import { closeKernels, testKernel } from '../testing/test-kernel.ts';

afterEach(closeKernels);

test('plain cells run here: names stay, the last value is the result, counts go up', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('const a = 20;\nlet b = 1')).text).toBe('');
  expect((await kernel.run('a + 2 * b; 42')).text).toBe('Out[2]: 42\n');
  expect((await kernel.run('await Promise.resolve(a)')).text).toBe('Out[3]: 20\n');
  expect((await kernel.run('console.log("x", [1, 2]); console.error("bad")')).text).toBe('x [ 1, 2 ]\nbad\n');
});

test('an error of a plain cell names cell and line, of the user’s code only', async () => {
  const kernel = await testKernel();
  const { status, outputs } = await kernel.run('function f() {\n  throw new TypeError("no");\n}\n\nf()');
  expect(status).toBe('error');
  expect(outputs).toMatchObject([
    {
      type: 'error',
      error: { ename: 'TypeError', evalue: 'no', frames: [{ url: 'cell-1/c1', line: 2 }, { line: 5 }] },
    },
  ]);
});

test('a cell that does not parse runs nothing, wherever the mistake is', async () => {
  const kernel = await testKernel();
  for (const source of [
    'console.log("ran")\nconst = 3',
    'console.log("ran")\n%px const = 3',
    '%%px\nlet let = 1',
  ]) {
    const { text, status, outputs } = await kernel.run(source);
    expect(status).toBe('error');
    expect(text).toContain('SyntaxError');
    expect(outputs).toHaveLength(1);
  }
  expect(
    kernel.events
      .filter((event) => event.type === 'cell-finished')
      .map((event) => event.syntaxError?.position?.line),
  ).toEqual([2, 2, 2]);
});

test('a bad flag and an unknown magic run nothing', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('console.log("ran")\n%pxconfig --frob')).text).toMatch(
    /^UsageError: %pxconfig: there is no flag --frob/,
  );
  expect((await kernel.run('%%nope\nx')).text).toMatch(/^UsageError: There is no magic %%nope \(line 1\)/);
});

test.each([
  [
    'an error with 1,000 causes',
    'let e = new Error("last"); for (let i = 0; i < 1000; i++) e = new Error("e" + i, { cause: e }); throw e',
    /Error: e999/,
  ],
  [
    'engines that throw the same',
    '%px let e = new Error("last"); for (let i = 0; i < 1000; i++) e = new Error("e" + i, { cause: e }); throw e',
    /Error: e999/,
  ],
  ['an error of very long text', 'throw new Error("x".repeat(1e8))', /Error: x/],
  [
    'JSON that is too deep',
    'let deep = []; for (let i = 0; i < 1000; i++) deep = [deep]; display.json(deep); 0',
    /left out|too large to show/,
  ],
  [
    'one form of several',
    'let deep = []; for (let i = 0; i < 1000; i++) deep = [deep]; display({ "application/json": deep, "text/plain": "the rest" }, { raw: true }); 0',
    /the rest.n.application.json: left out/,
  ],
  [
    'JSON of too many parts',
    'display.json(Array.from({ length: 600_000 }, () => 1)); 0',
    /left out|too large to show/,
  ],
  ['markup that is too long', 'display.html("x".repeat(1e8)); 0', /left out|too large to show/],
  [
    'an update that is too much',
    'display.html("a").update({ "text/html": "x".repeat(1e8) }, { raw: true }); 0',
    /left out|too large to show/,
  ],
  ['an engine\u2019s display', '%px display.html("x".repeat(1e8))', /left out|too large to show/],
])(
  'what is more than the page takes is told in words, and nothing is lost unseen: %s',
  async (_, source, shows) => {
    const kernel = await testKernel();
    await kernel.run(source);
    const told = kernel.events.filter(({ type }) => type === 'output' || type === 'update-display');
    expect(told.every((event) => isWithin(EVENT_BOUNDS, { type: 'kernel', event }))).toBe(true);
    expect(JSON.stringify(told)).toMatch(shows);
  },
);

test('an AsyncResult as the value of a cell shows how it stands, and tells later that it failed', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('rc[":"].apply(() => { throw new Error("later") })')).text).toMatch(
    /<AsyncResult: .*> 0 of 4 done/,
  );
  await kernel.run('await rc.wait()');
  await expect
    .poll(() => kernel.events.find((event) => event.type === 'update-display')?.bundle.data['text/plain'])
    .toMatch(/failed: .*later.*and 3 more/);
});

test('a failed assignment that nobody waited for surfaces when its cell ends', async () => {
  const kernel = await testKernel();
  const { status, text } = await kernel.run('rc[0]["Math.nope.deeper"] = 1; 5');
  expect(status).toBe('error');
  expect(text).toContain('TypeError');
});

test('failed assignments are all told, in the cell that made them, also when it fails itself', async () => {
  const kernel = await testKernel();
  const two = await kernel.run('for (const i of [0, 1]) rc[i]["Math.nope.deeper"] = 1; 5');
  expect(two.text.match(/TypeError/g)).toHaveLength(2);
  const failing = 'rc[0]["Math.nope.deeper"] = 1; await rc.assignmentsSettled(); throw new Error("mine")';
  expect((await kernel.run(failing)).text).toMatch(/TypeError[^]*Error: mine/);
  expect((await kernel.run('6')).text).toBe('Out[3]: 6\n');
});

test('an interrupt ends an awaiting cell with KeyboardInterrupt and keeps its names', async () => {
  const kernel = await testKernel();
  const cell = kernel.run('var kept = 3;\nawait sleep(1000)');
  await expect.poll(() => kernel.events.some((event) => event.type === 'cell-started')).toBe(true);
  kernel.interrupt();
  expect((await cell).text).toContain('KeyboardInterrupt');
  expect((await kernel.run('kept')).text).toBe('Out[2]: 3\n');
});

test.each([
  ['await rc.loadBalancedView().map(() => sleep(60), range(20))', 0],
  ['await rc[":"].apply(() => sleep(60))', 0],
  ['await Promise.all([rc[0].apply(() => sleep(60)), rc[1].apply(() => sleep(60))])', 0],
  ['ar = rc.loadBalancedView().map(() => sleep(60), range(20)); await rc.wait([ar])', 0],
  ['for await (const x of rc.loadBalancedView().map(() => sleep(60), range(20))) {}', 0],
  ['for await (const x of rc.loadBalancedView().imap(() => sleep(60), range(20))) {}', 0],
  ['await rc.loadBalancedView().map(() => sleep(60), range(20)).waitInteractive()', 0],
  ['rc.loadBalancedView().map(() => sleep(60), range(20)); await sleep(60)', 20],
  ['rc.cancelOnInterrupt = false; await rc.loadBalancedView().map(() => sleep(60), range(20))', 20],
])('37 an interrupt cancels what the cell waits for, and nothing else: %s', async (source, left) => {
  const kernel = await testKernel();
  const cell = kernel.run(`console.log('begins'); ${source}`);
  await expect.poll(() => kernel.events.some((event) => event.type === 'output')).toBe(true);
  kernel.interrupt();
  expect((await cell).text).toContain('KeyboardInterrupt');
  await expect
    .poll(async () => (await kernel.run('rc.outstanding.size')).text)
    .toContain(`: ${String(left)}\n`);
  if (left > 0) await kernel.run('rc.cancel([...rc.outstanding]); await rc.wait()');
});

test('where %px goes is told at the start and whenever code has changed it, and the page’s own lines are no cells', async () => {
  const kernel = await testKernel();
  const told = () => kernel.events.flatMap((event) => (event.type === 'px-targets' ? [event.targets] : []));
  expect(told()).toEqual(['all']);
  await kernel.run('%pxconfig --targets 0,2');
  await kernel.run('1');
  await kernel.run('rc[1].activate()');
  await kernel.run('const dview = rc[":"]; dview.activate(); dview.targets = [3]');
  await kernel.run('rc.activate("all", "other"); dview.targets = "all"');
  expect(told()).toEqual(['all', [0, 2], [1], [3], 'all']);
});
