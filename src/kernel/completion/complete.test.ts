import { afterEach, expect, test } from 'vitest';
import { closeKernels, testKernel, type TestKernel } from '../../testing/test-kernel.ts';

afterEach(closeKernels);

async function namesAt(kernel: TestKernel, text: string): Promise<readonly string[]> {
  return (await kernel.complete(text)).items.map(({ name }) => name);
}

test('a dot offers the properties of the object, methods of its class too', async () => {
  const kernel = await testKernel();
  await kernel.run('const o = { alpha: 1, beta() {}, deep: { inner: [1] } }');
  expect(await namesAt(kernel, 'o.|')).toEqual(['alpha', 'beta', 'deep']);
  expect(await namesAt(kernel, '1 + o.deep.in|')).toEqual(['inner']);
  expect(await namesAt(kernel, 'o["deep"].inner.pus|')).toEqual(['push']);
  expect(await namesAt(kernel, 'nowhere.|')).toEqual([]);
  expect(await namesAt(kernel, 'f().al|')).toEqual([]);
  expect(await kernel.complete('1 + o.al|')).toMatchObject({ from: 6, to: 8 });
});

test('%debug: e. completes', async () => {
  const kernel = await testKernel({ n: 2 });
  await kernel.run('%px nope');
  await kernel.run('%debug');
  const names = await namesAt(kernel, 'e.|');
  expect(names).toEqual(expect.arrayContaining(['elist', 'printTraceback', 'raiseException', 'message']));
  expect(names).not.toContain('print_traceback');
  expect(await namesAt(kernel, 'e.print_|')).toContain('print_traceback');
});

test('views complete, also those that only an index names', async () => {
  const kernel = await testKernel();
  expect(await namesAt(kernel, 'rc.dir|')).toEqual(['directView']);
  expect(await namesAt(kernel, 'rc[0].sca|')).toEqual(['scatter']);
  expect(await namesAt(kernel, 'rc[":"].ga|')).toEqual(['gather']);
});

test('no code of the user runs: getters are listed and not called', async () => {
  const kernel = await testKernel();
  await kernel.run('var called = 0; var trap = { get x() { called++; return {} }, y: 1 }');
  expect(await namesAt(kernel, 'trap.|')).toEqual(['x', 'y']);
  expect(await namesAt(kernel, 'trap.x.|')).toEqual([]);
  expect((await kernel.inspect('trap.x|')).found).toBeNull();
  expect((await kernel.run('called')).text).toBe('Out[2]: 0\n');
});

test('names: the user’s first, then the API’s and the language’s', async () => {
  const kernel = await testKernel();
  await kernel.run('const sleepy = 1');
  expect(await namesAt(kernel, 'sle|')).toEqual(['sleepy', 'sleep', 'sleepSync']);
  expect((await kernel.complete('sle|')).items[1]).toMatchObject({
    kind: 'function',
    detail: 'sleep(seconds)',
  });
  expect(await namesAt(kernel, 'Composite|')).toEqual(['CompositeError']);
});

test('after % magics, after a magic its flags, but not in its code', async () => {
  const kernel = await testKernel();
  expect(await namesAt(kernel, '%pxr|')).toEqual(['%pxresult']);
  expect(await namesAt(kernel, '%%t|')).toEqual(['%%time', '%%timeit']);
  expect(await namesAt(kernel, 'x = %time|')).toEqual(['%time', '%timeit']);
  expect(await namesAt(kernel, '%%px --targets 0 --no|')).toEqual([
    '--noblock',
    '--no-verbose',
    '--no-stream',
  ]);
  expect(await namesAt(kernel, '%px f(--no|')).not.toContain('--noblock');
});

test('code for engines is offered the engines’ variables, with who has them', async () => {
  const kernel = await testKernel();
  await kernel.run('%px -t 1 remoteOne = 1');
  await kernel.run('%px remoteAll = 1');
  const details = async (text: string) =>
    (await kernel.complete(text)).items.map(({ name, detail }) => [name, detail]);
  const expected = [
    ['remoteOne', 'e1'],
    ['remoteAll', 'all engines'],
  ];
  // What engines have is told a little later than what they answer.
  await expect
    .poll(async () => (await details('%px remo|')).slice(0, 2).sort())
    .toEqual([...expected].sort());
  expect((await details('%%px\nremo|')).slice(0, 2).sort()).toEqual([...expected].sort());
  expect(await namesAt(kernel, 'remo|')).toEqual(['RemoteError']);
  await kernel.run('%autopx');
  expect((await details('remo|')).slice(0, 2).sort()).toEqual([...expected].sort());
});

test('only the engines that the code goes to count', async () => {
  const kernel = await testKernel({ n: 4 });
  await kernel.run('%px -t 1,2 farAway = 1');
  await kernel.run('%px -t 0 atHome = 1');
  const found = async (text: string) =>
    (await kernel.complete(text)).items
      .filter(({ name }) => name === 'farAway' || name === 'atHome')
      .map(({ name, detail }) => `${name} ${String(detail)}`)
      .sort();
  await expect.poll(() => found('%px |')).toEqual(['atHome e0', 'farAway e1, e2']);
  expect(await found('%%px --targets 2,3\n|')).toEqual(['farAway e2']);
  expect(await found('%%px -t=1: --noblock\n1 + |')).toEqual(['farAway e1, e2']);
  expect(await found('%px -t0 |')).toEqual(['atHome e0']);
  expect(await found('x = %px --targets [0, 1] |')).toEqual(['atHome e0', 'farAway e1']);
  // What cannot be read is the view's own.
  expect(await found('%%px --targets nonsense\n|')).toEqual(['atHome e0', 'farAway e1, e2']);
  expect(await found('|')).toEqual([]);
  await kernel.run('const view = rc[[0, 3]]; view.activate("home")');
  expect(await found('%pxhome |')).toEqual(['atHome e0']);
  await kernel.run('%autopxhome');
  expect(await found('|')).toEqual(['atHome e0']);
});

test('inspection tells what a name is, without running anything', async () => {
  const kernel = await testKernel();
  await kernel.run('const list = [1, 2]');
  expect((await kernel.inspect('f(li|st)')).found).toMatchObject({
    from: 2,
    to: 6,
    text: 'Type:      Array\nSize:      2 elements\nValue:     [ 1, 2 ]\n',
  });
  expect((await kernel.inspect('rc.ids|')).found?.text).toBe('ids\nThe ids of all engines, sorted.\n');
  expect((await kernel.inspect('%px| 1')).found?.text).toContain('--targets');
  expect((await kernel.inspect('1 + |')).found).toBeNull();
});

test('it answers while a cell waits', async () => {
  const kernel = await testKernel();
  const cell = kernel.run('await sleep(1000)');
  expect(await namesAt(kernel, 'slee|')).toEqual(['sleep', 'sleepSync']);
  kernel.interrupt();
  await cell;
});

test('a name in a cell for engines is looked up on those; a name of the user in the kernel', async () => {
  const kernel = await testKernel({ n: 3 });
  await kernel.run('const mine = { a: 1 }');
  expect((await kernel.inspect('%px --targets 1 there.deep|')).found).toMatchObject({
    path: ['there', 'deep'],
    engines: [1],
  });
  expect((await kernel.inspect('%%px\nconst y = there|')).found).toMatchObject({
    path: ['there'],
    engines: [0, 1, 2],
  });
  expect((await kernel.inspect('mine.a|')).found).toMatchObject({ path: ['mine', 'a'], engines: [] });
  expect((await kernel.inspect('rc|')).found).toMatchObject({ path: [], engines: [] });
});
