import { afterEach, expect, test } from 'vitest';
import { closeKernels, testKernel } from '../../testing/test-kernel.ts';

afterEach(closeKernels);

test('%debug opens the CompositeError of the last failing cell as e, and tells who failed', async () => {
  const kernel = await testKernel();
  await kernel.run('%px throw new RangeError("no <" + engine.id + ">")');
  const { outputs, text } = await kernel.run('%debug');
  expect(text).toContain(
    'e = CompositeError(4): one or more exceptions raised in: execute\nindex  engine  ename       evalue\n',
  );
  expect(text).toContain('1      1       RangeError  no <1>\n');
  const [output] = outputs;
  expect(output?.type === 'display' && output.bundle.data['text/html']).toContain('<td>no &lt;1&gt;</td>');
  expect((await kernel.run('e')).text).toBe('Out[3]: CompositeError(4)\n');
  expect((await kernel.run('e.renderTraceback(1)[0]')).text).toBe("Out[4]: '[1:execute]:'\n");
  expect((await kernel.run('e.elist[2].engineInfo.engineId')).text).toBe('Out[5]: 2\n');
  expect((await kernel.run('e.raiseException(0)')).text).toContain('RangeError: no <0>');
  expect((await kernel.run('_error === e')).text).toBe('Out[7]: true\n');
});

test('%debug after an error of the kernel', async () => {
  const kernel = await testKernel();
  await kernel.run('function f() { throw new TypeError("mine") }\nf()');
  const { text } = await kernel.run('%debug');
  expect(text).toMatch(
    /^e = TypeError: mine\n {4}at f \(cell 1, line 1:\d+\)\n.*\nRaised in the kernel\. Explore it in a cell: e\.message/,
  );
  expect((await kernel.run('e.message')).text).toBe("Out[3]: 'mine'\n");
});

test('%debug before any error says so', async () => {
  const kernel = await testKernel();
  expect((await kernel.run('%debug')).text).toContain('UsageError: %debug: no cell has failed yet');
});

test('J.222 an error of ar.get() as the last expression shows the tracebacks of the engines', async () => {
  const kernel = await testKernel({ n: 2 });
  await kernel.run(
    'const many = rc[":"].apply(() => { throw new TypeError("far") });\nconst one = rc[0].apply(() => { throw new TypeError("one") })',
  );
  expect((await kernel.run('await many.get()')).outputs).toMatchObject([
    {
      type: 'composite-error',
      errors: [{ ename: 'TypeError', frames: [{ url: 'cell-1/c1', line: 1 }] }, {}],
    },
  ]);
  expect((await kernel.run('await one.get()')).outputs).toMatchObject([
    {
      type: 'error',
      error: { ename: 'TypeError', engineInfo: { engineId: 0 }, frames: [{ url: 'cell-1/c1', line: 2 }] },
    },
  ]);
});
