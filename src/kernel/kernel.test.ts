import { afterEach, expect, test } from 'vitest';
import { closeKernels, testKernel, type CellOutcome } from '../testing/test-kernel.ts';

afterEach(closeKernels);

const sorted = (cell: CellOutcome) => cell.text.trim().split('\n').sort();

test('plain cells run here: names stay, the last value is the result, counts go up', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('const a = 20;\nlet b = 1')).text).toBe('');
  expect((await kernel.run('a + 2 * b; 42')).text).toBe('Out[2]: 42\n');
  expect((await kernel.run('await Promise.resolve(a)')).text).toBe('Out[3]: 20\n');
  expect((await kernel.run('console.log("x", [1, 2]); console.error("bad")')).text).toBe('x [ 1, 2 ]\nbad\n');
});

test('P.312 %px runs on every engine; results are Out[engine:n]', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('%px a = 5 + engine.id')).status).toBe('ok');
  expect(sorted(await kernel.run('%px a'))).toEqual([0, 1, 2, 3].map((id) => `Out[${id}:2]: ${5 + id}`));
});

test('P.313 %px prints in the lane of each engine', async () => {
  const kernel = await testKernel();
  expect(sorted(await kernel.run('%px console.log("hi", engine.id)'))).toEqual(
    [0, 1, 2, 3].map((id) => `[stdout:${id}] hi ${id}`),
  );
});

test('P.316 verbose says where, blocking or not', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('%%px --verbose\n0')).text).toContain('Parallel execution on engine(s): all\n');
  expect((await kernel.run('%%px --verbose -a -t 0,2\n0')).text).toContain(
    'Async parallel execution on engine(s): [0, 2]\n',
  );
});

test('P.317 --targets holds for its cell alone, also when the cell throws', async () => {
  const kernel = await testKernel();
  const cell = await kernel.run('%%px --targets ::2\nthrow new Error("no")');
  expect(cell.outputs.find((output) => output.type === 'composite-error')?.errors).toHaveLength(2);
  expect(sorted(await kernel.run('%px engine.id'))).toHaveLength(4);
});

test('P.318 %pxconfig sets what the view does from then on', async () => {
  const kernel = await testKernel();
  await kernel.run('%pxconfig -t 1');
  expect((await kernel.run('%px engine.id')).text).toBe('Out[1:1]: 1\n');
});

test('P.320 %pxresult shows the last result again; before any it is a usage error', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('%pxresult')).text).toContain('UsageError: %pxresult: there is no result yet');
  await kernel.run('%%px --noblock\nconsole.log("say", engine.id); engine.id');
  const { text } = await kernel.run('%pxresult');
  expect(text.trim().split('\n')).toEqual([
    ...[0, 1, 2, 3].map((id) => `[stdout:${id}] say ${id}`),
    ...[0, 1, 2, 3].map((id) => `Out[${id}:1]: ${id}`),
  ]);
});

test('--out keeps the AsyncResult, and so does an assignment', async () => {
  const kernel = await testKernel();
  await kernel.run('%%px -a -o ar\nengine.id * 2');
  expect((await kernel.run('(await ar).map(reply => reply.executeResult.data["text/plain"])')).text).toContain(
    "[ '0', '2', '4', '6' ]",
  );
  await kernel.run('again = %px -a engine.id');
  expect((await kernel.run('(await again).length')).text).toBe('Out[4]: 4\n');
});

test('P.325 --local runs the cell here too', async () => {
  const kernel = await testKernel();
  await kernel.run('%%px --local\nconst both = 7');
  expect((await kernel.run('both')).text).toBe('Out[2]: 7\n');
  expect(sorted(await kernel.run('%px both'))).toHaveLength(4);
});

test('P.328 %autopx sends cells to the engines until it is turned off', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('%autopx')).text).toBe('%autopx enabled\n');
  expect(kernel.events).toContainEqual({ type: 'autopx', targets: 'all' });
  expect(sorted(await kernel.run('const far = engine.id; far'))).toHaveLength(4);
  expect((await kernel.run('throw new RangeError("x")')).text).toContain('one or more exceptions raised in');
  expect((await kernel.run('%autopx')).text).toBe('%autopx disabled\n');
  expect((await kernel.run('typeof far')).text).toBe("Out[5]: 'undefined'\n");
});

test('P.329 magics with a suffix act on their own view', async () => {
  const kernel = await testKernel();
  await kernel.run('rc.activate(2, "two"); 0');
  expect((await kernel.run('%pxtwo engine.id')).text).toBe('Out[2:1]: 2\n');
});

test('P.314 braces in %px code are left alone', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('const x = 9;\n%px --targets 0 `{x} ${1 + 1}`')).text).toBe("Out[0:1]: '{x} 2'\n");
});

test('an error of a plain cell names cell and line, of the user’s code only', async () => {
  const kernel = await testKernel();
  const { status, outputs } = await kernel.run('function f() {\n  throw new TypeError("no");\n}\n\nf()');
  expect(status).toBe('error');
  expect(outputs).toMatchObject([
    { type: 'error', error: { ename: 'TypeError', evalue: 'no', frames: [{ url: 'cell-1/c1', line: 2 }, { line: 5 }] } },
  ]);
});

test('J.221 a %px that throws names cell and line for every engine', async () => {
  const kernel = await testKernel();
  const { outputs } = await kernel.run('1 + 1\n%px const y = engine.id; throw new Error("on " + y)');
  const [error] = outputs.filter((output) => output.type === 'composite-error');
  expect(error?.errors.map(({ evalue, frames, engineInfo }) => [evalue, frames[0]?.url, frames[0]?.line, engineInfo?.engineId])).toEqual(
    [0, 1, 2, 3].map((id) => [`on ${id}`, 'cell-1/c1', 2, id]),
  );
});

test('a cell that does not parse runs nothing, wherever the mistake is', async () => {
  const kernel = await testKernel();
  for (const source of ['console.log("ran")\nconst = 3', 'console.log("ran")\n%px const = 3', '%%px\nlet let = 1']) {
    const { text, status, outputs } = await kernel.run(source);
    expect(status).toBe('error');
    expect(text).toContain('SyntaxError');
    expect(outputs).toHaveLength(1);
  }
  expect(kernel.events.filter((event) => event.type === 'cell-finished').map((event) => event.syntaxError?.position?.line)).toEqual([2, 2, 2]);
});

test('a bad flag and an unknown magic run nothing', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('console.log("ran")\n%pxconfig --frob')).text).toMatch(/^UsageError: %pxconfig: there is no flag --frob/);
  expect((await kernel.run('%%nope\nx')).text).toMatch(/^UsageError: There is no magic %%nope \(line 1\)/);
});

test('an AsyncResult as the value of a cell shows how it stands, and tells later that it failed', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('rc[":"].apply(() => { throw new Error("later") })')).text).toMatch(/<AsyncResult: .*> 0 of 4 done/);
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

test('an interrupt ends an awaiting cell with KeyboardInterrupt and keeps its names', async () => {
  const kernel = await testKernel();
  const cell = kernel.run('var kept = 3;\nawait sleep(1000)');
  await expect.poll(() => kernel.events.some((event) => event.type === 'cell-started')).toBe(true);
  kernel.interrupt();
  expect((await cell).text).toContain('KeyboardInterrupt');
  expect((await kernel.run('kept')).text).toBe('Out[2]: 3\n');
});

test('an interrupt under %px goes on to the engines, which keep their names too', async () => {
  const kernel = await testKernel();
  const cell = kernel.run('%%px\nvar kept = engine.id;\nconsole.log("on");\nawait sleep(1000)');
  await expect.poll(() => kernel.events.filter((event) => event.type === 'output').length).toBe(4);
  kernel.interrupt();
  const { text } = await cell;
  expect(text).toContain('Received Keyboard Interrupt. Sending signal SIGINT to engines...');
  expect(text.match(/KeyboardInterrupt/g)?.length).toBeGreaterThanOrEqual(4);
  expect(sorted(await kernel.run('%px kept'))).toEqual([0, 1, 2, 3].map((id) => `Out[${id}:2]: ${id}`));
});

test('name? and name?? tell type and source; %lsmagic lists the magics', async () => {
  const kernel = await testKernel();
  await kernel.run('const twice = (x: number) => 2 * x');
  expect((await kernel.run('twice?')).text).toContain('Type:   function');
  expect((await kernel.run('twice??')).text).toContain('=> 2 * x');
  expect((await kernel.run('%lsmagic')).text).toContain('%pxresult');
});
