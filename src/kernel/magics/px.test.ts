import { afterEach, expect, test } from 'vitest';
import { closeKernels, testKernel, type CellOutcome } from '../../testing/test-kernel.ts';

afterEach(closeKernels);

const sorted = (cell: CellOutcome) => cell.text.trim().split('\n').sort();

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
  expect(
    (await kernel.run('(await ar).map(reply => reply.executeResult.data["text/plain"])')).text,
  ).toContain("[ '0', '2', '4', '6' ]");
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

test('J.221 a %px that throws names cell and line for every engine', async () => {
  const kernel = await testKernel();
  const { outputs } = await kernel.run('1 + 1\n%px const y = engine.id; throw new Error("on " + y)');
  const [error] = outputs.filter((output) => output.type === 'composite-error');
  expect(
    error?.errors.map(({ evalue, frames, engineInfo }) => [
      evalue,
      frames[0]?.url,
      frames[0]?.line,
      engineInfo?.engineId,
    ]),
  ).toEqual([0, 1, 2, 3].map((id) => [`on ${id}`, 'cell-1/c1', 2, id]));
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

test('P.314 the line of flags is expanded from the kernel’s names, code is not', async () => {
  const kernel = await testKernel();
  await kernel.run('const outName = "kept"; const where = [0, 2]');
  await kernel.run('%%px -a -o {outName} --targets {where.join(",")}\n`{outName}`');
  expect((await kernel.run('(await kept).map((r) => r.executeResult.data["text/plain"])')).text).toContain(
    '[ "\'{outName}\'", "\'{outName}\'" ]',
  );
  const { text } = await kernel.run('%%px -o {nowhere}\n1');
  expect(text).toMatch(
    /^UsageError: %%px: \{nowhere\} has no value: nowhere is not defined. Nothing was run/,
  );
});

test('P.316 --block and --noblock win over the view, for their cell only', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('%%px --noblock\nengine.id')).text).toMatch(/^<AsyncResult: .*> \d of 4 done/);
  expect(sorted(await kernel.run('%px engine.id'))).toHaveLength(4);
  await kernel.run('%pxconfig --noblock');
  expect((await kernel.run('%px engine.id')).text).toMatch(/^<AsyncResult/);
  expect(sorted(await kernel.run('%%px --block\nengine.id'))).toHaveLength(4);
});

test('P.318 %pxconfig -t ::2 sets the view’s targets to every other engine', async () => {
  const kernel = await testKernel();
  await kernel.run('%pxconfig -t ::2 --verbose --no-stream --progress-after -1');
  const { text } = await kernel.run('%px console.log("a"); engine.id');
  expect(text).toBe(
    'Parallel execution on engine(s): [0, 2]\n[stdout:0] a\n[stdout:2] a\nOut[0:1]: 0\nOut[2:1]: 2\n',
  );
  expect((await kernel.run('%pxconfig -o x')).text).toContain('there is no flag -o');
});

test.each([
  ['type', ['o0', 'o1', 'e0', 'e1', '0a', '0b', '1a', '1b', 'Out0', 'Out1']],
  ['engine', ['o0', 'e0', '0a', '0b', 'Out0', 'o1', 'e1', '1a', '1b', 'Out1']],
  ['order', ['o0', 'o1', 'e0', 'e1', '0a', '1a', '0b', '1b', 'Out0', 'Out1']],
])('P.321 --group-outputs %s puts the lines in its order', async (how, expected) => {
  const kernel = await testKernel({ n: 2 });
  const code =
    'display(`${engine.id}a`); console.log("o" + engine.id); console.error("e" + engine.id); display(`${engine.id}b`); "Out" + engine.id';
  const { outputs } = await kernel.run(`%%px --group-outputs ${how}\n${code}`);
  const words = outputs.map((output) => {
    if (output.type === 'stream') return output.text.trim();
    return 'bundle' in output ? String(output.bundle.data['text/plain']).replaceAll("'", '') : '';
  });
  expect(words).toEqual(expected);
});

test('P.322 errors show while other engines still run; the cell then fails with their number', async () => {
  const kernel = await testKernel({ n: 7 });
  const cell = await kernel.run(
    '%%px\nif (engine.id === 6) { await sleep(0.6); console.log("late") } else throw new RangeError("no " + engine.id)',
  );
  expect(cell.status).toBe('error');
  expect(cell.outputs.map(({ type }) => type)).toEqual(['composite-error', 'stream', 'error']);
  const [wave, , last] = cell.outputs;
  const errors = wave?.type === 'composite-error' ? wave.errors : [];
  expect(errors.map((error) => error.traceback.length > 1)).toEqual([true, true, true, true, true, false]);
  expect(last).toMatchObject({ error: { ename: 'AlreadyDisplayedError', evalue: '6 errors' } });
  await kernel.run('%debug');
  expect((await kernel.run('e.elist.length')).text).toBe('Out[3]: 6\n');
});

test('P.322 an error that stays alone shows in the lane of its engine', async () => {
  const kernel = await testKernel({ n: 2 });
  const { outputs } = await kernel.run('%%px\nif (engine.id) throw new Error("x"); await sleep(0.6)');
  expect(outputs).toMatchObject([
    { type: 'error', lane: 1, error: { evalue: 'x' } },
    { type: 'error', lane: null, error: { evalue: '1 error' } },
  ]);
});

test('J.209 errors of engines that fail together are one CompositeError', async () => {
  const kernel = await testKernel();
  const { outputs } = await kernel.run('%px nope');
  expect(outputs).toMatchObject([
    { type: 'composite-error', message: 'one or more exceptions raised in: execute' },
  ]);
});

test('P.324 output of engines shows before the cell has ended', async () => {
  const kernel = await testKernel();
  const cell = kernel.run('%%px\nconsole.log("now");\nawait sleep(1000)');
  await expect.poll(() => kernel.events.filter((event) => event.type === 'output').length).toBe(4);
  expect(kernel.events.some((event) => event.type === 'cell-finished')).toBe(false);
  kernel.interrupt();
  await cell;
});

test('P.325 --local waits for the engines after the local run, and shows both errors', async () => {
  const kernel = await testKernel({ n: 2 });
  const { outputs } = await kernel.run('%%px --local --no-stream\nthrow new Error(typeof engine)');
  expect(outputs).toMatchObject([
    { type: 'error', error: { evalue: 'undefined' } },
    { type: 'composite-error', errors: [{ evalue: 'object' }, { evalue: 'object' }] },
  ]);
});

test('P.326 a progress bar shows after its time: at once for 0, never for -1', async () => {
  const kernel = await testKernel({ n: 2 });
  const bars = () =>
    kernel.events.filter((event) => event.type === 'output' && event.output.type === 'display');
  await kernel.run('%%px --progress-after -1\nawait sleep(0.05)');
  await kernel.run('%%px --progress-after 30\nawait sleep(0.05)');
  await kernel.run('%%px\nawait sleep(0.05)');
  expect(bars()).toHaveLength(0);
  const { outputs } = await kernel.run('%%px --progress-after 0\nawait sleep(0.05)');
  const [bar] = outputs;
  expect(bar?.type === 'display' && bar.bundle.data['text/plain']).toContain('0/2');
  const last = kernel.events.findLast((event) => event.type === 'update-display');
  expect(last?.bundle.data['text/plain']).toContain('2/2');
});

test('P.328 under a non-blocking %autopx an error aborts cells that are queued behind it', async () => {
  const kernel = await testKernel();
  await kernel.run('%pxconfig --noblock');
  await kernel.run('%autopx');
  await kernel.run('a = 10');
  await kernel.run('await sleep(0.2); throw new RangeError("no")');
  await kernel.run('a = 20');
  await kernel.run('%autopx');
  await kernel.run('await rc.wait()');
  expect((await kernel.run('await rc[":"].get("a")')).text).toBe('Out[8]: [ 10, 10, 10, 10 ]\n');
  expect((await kernel.run('%pxresult')).text).toContain('TaskAborted');
});

test('P.328 under %autopx engines run their own magics; those of the kernel stay here', async () => {
  const kernel = await testKernel({ n: 1 });
  await kernel.run('%autopx');
  expect((await kernel.run('far = 1;\n%who')).text).toBe('[stdout:0] far\n');
  expect((await kernel.run('rc?')).text).toContain('Type:');
  expect((await kernel.run('near = 2;\n%pxconfig --verbose')).text).toBe('Out[0:2]: 2\n');
  expect((await kernel.run('%px [far, near]')).text).toContain('Out[0:3]: [ 1, 2 ]');
});

test('P.329 views with suffixes share one %autopx', async () => {
  const kernel = await testKernel();
  await kernel.run('rc.activate([0, 1], "0"); rc.activate([2, 3], "1"); 0');
  expect((await kernel.run('%px0 engine.id')).text).not.toContain('Out[2');
  await kernel.run('%autopx0');
  expect((await kernel.run('%autopx1')).text).toBe('%autopx1 enabled\n');
  expect(sorted(await kernel.run('engine.id'))).toEqual(['Out[2:1]: 2', 'Out[3:1]: 3']);
  expect((await kernel.run('%pxresult1')).text).toContain('Out[3:1]: 3');
  expect((await kernel.run('%autopx1')).text).toBe('%autopx1 disabled\n');
  expect(kernel.events.filter((event) => event.type === 'autopx').map(({ targets }) => targets)).toEqual([
    '[0, 1]',
    '[2, 3]',
    null,
  ]);
});

test('P.332 JavaScript that contains % is no magic', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('const px = 4; 10\n%px')).text).toBe('Out[1]: 2\n');
  expect((await kernel.run('`\n%px 1\n`.length')).text).toBe('Out[2]: 7\n');
});

test('--signal-on-interrupt SIGKILL ends the engines, which come back empty', async () => {
  const kernel = await testKernel({ n: 2 });
  await kernel.run('%px lost = 1');
  const cell = kernel.run('%%px --signal-on-interrupt SIGKILL\nconsole.log("on");\nawait sleep(1000)');
  await expect.poll(() => kernel.events.filter((event) => event.type === 'output').length).toBe(4);
  kernel.interrupt();
  const { text } = await cell;
  expect(text).toContain('Sending signal SIGKILL to engines...');
  expect(text).toContain('EngineError');
  expect(sorted(await kernel.run('%px typeof lost'))).toEqual([
    "Out[0:1]: 'undefined'",
    "Out[1:1]: 'undefined'",
  ]);
});

test('a mistake in the code behind %px is told at its column', async () => {
  const kernel = await testKernel();
  const { outputs } = await kernel.run('%px -t 0 const = 3');
  expect(outputs).toMatchObject([{ error: { ename: 'SyntaxError', position: { line: 1, column: 16 } } }]);
});
