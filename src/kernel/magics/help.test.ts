import { afterEach, expect, test } from 'vitest';
import { closeKernels, testKernel } from '../../testing/test-kernel.ts';

afterEach(closeKernels);

test('%lsmagic lists the magics, those of a cell apart', async () => {
  const kernel = await testKernel();
  const { text } = await kernel.run('%lsmagic');
  expect(text).toMatch(
    /^Line magics: %autopx %debug %load .*%pxresult %reset %result .*%whos\nCell magics: %%px %%time %%timeit\n$/,
  );
  await kernel.run('rc.activate(0, "0"); 1');
  expect((await kernel.run('%lsmagic')).text).toContain('%pxconfig0');
});

test('%magic describes each with its flags', async () => {
  const kernel = await testKernel();
  const { text } = await kernel.run('%magic');
  for (const words of [
    '%px [flags] code',
    '-t, --targets TARGETS',
    '%timeit [-n N]',
    'Remove all your variables.',
  ]) {
    expect(text).toContain(words);
  }
});

test('%px? shows how a magic is called and its flags', async () => {
  const kernel = await testKernel();
  const { text } = await kernel.run('%px?');
  expect(text).toContain('Run code on engines.');
  expect(text).toContain('--progress-after SECONDS');
  expect((await kernel.run('%nope?')).text).toBe(
    'There is no magic %nope. %lsmagic lists those there are.\n',
  );
});

test('name? tells signature, type and value; name?? the source', async () => {
  const kernel = await testKernel();
  await kernel.run('const twice = (x: number, by = 2) => by * x; const list = [1, 2]');
  const { text } = await kernel.run('twice?');
  expect(text).toMatch(
    /^Signature: twice\(x {8}, by = 2\)\nType: {6}function\n$|^Signature: twice\(x ?, by = 2\)\nType: {6}function\n$/,
  );
  expect((await kernel.run('twice??')).text).toContain('=> by * x');
  expect((await kernel.run('list?')).text).toBe(
    'Type:      Array\nSize:      2 elements\nValue:     [ 1, 2 ]\n',
  );
  expect((await kernel.run('nowhere?')).text).toBe('Object `nowhere` not found.\n');
});

test('names of the API have a line of documentation', async () => {
  const kernel = await testKernel();
  await kernel.run('const dview = rc[":"]');
  expect((await kernel.run('dview.scatter?')).text).toMatch(
    /Signature: scatter\(name, sequence.*\n.*\nDocs: {6}Spreads a sequence/,
  );
  expect((await kernel.run('dview.apply_async?')).text).toContain('returns the AsyncResult at once');
  expect((await kernel.run('sleep?')).text).toContain('Signature: sleep(seconds)');
  expect((await kernel.run('rc.ids?')).text).toContain('[ 0, 1, 2, 3 ]');
});
