import { afterEach, expect, it } from 'vitest';
import { closeKernels, testKernel } from '../testing/test-kernel.ts';

afterEach(closeKernels);

it('J.222 the notebook shows the engines’ tracebacks when a result is the last thing of a cell', async () => {
  const kernel = await testKernel();
  await kernel.run('function bad() {\n  return nope.nothing;\n}');
  const one = await kernel.run('await rc.at(0).apply(bad)');
  expect(one.status).toBe('error');
  expect(one.outputs).toContainEqual(
    expect.objectContaining({
      type: 'error',
      error: expect.objectContaining({
        ename: 'ReferenceError',
        evalue: expect.stringMatching(/^nope is not defined/) as string,
        engineInfo: expect.objectContaining({ engineId: 0, method: 'apply' }) as object,
        traceback: expect.arrayContaining([expect.stringMatching(/at bad \(cell 1, line 2:/)]) as string[],
      }) as object,
    }),
  );
  const many = await kernel.run('const ar = rc.view([0, 1]).applyAsync(bad);\nawait ar.get()');
  expect(many.outputs).toContainEqual(
    expect.objectContaining({
      type: 'composite-error',
      message: 'one or more exceptions raised in: bad',
      errors: [0, 1].map(
        (engineId) =>
          expect.objectContaining({
            engineInfo: expect.objectContaining({ engineId }) as object,
            traceback: expect.arrayContaining([
              expect.stringMatching(/at bad \(cell 1, line 2:/),
            ]) as string[],
          }) as object,
      ),
    }),
  );
});

it('I.190 in a cell the bar is one display that is replaced in its place', async () => {
  const kernel = await testKernel();
  const cell = await kernel.run('await rc.view([0, 1]).map((x) => sleep(0.01), range(4)).waitInteractive();');
  expect(cell.text).toContain('0/4 tasks');
  expect(cell.outputs).toHaveLength(1);
  const updates = kernel.events.filter((event) => event.type === 'update-display');
  expect(updates.at(-1)?.bundle.data['text/plain']).toMatch(/4\/4 tasks \[.*\] e0: 2, e1: 2$/);
});

it('S.354 cells have capture, partial and registerCodec', async () => {
  const kernel = await testKernel();
  const code = 'const k = 3; await rc.at(0).apply(partial(capture({ k }, (x, y) => x * k + y), 5), 1)';
  expect((await kernel.run(`{ ${code} }; typeof registerCodec`)).text).toContain('function');
  expect((await kernel.run(code)).text).toContain('16');
});
