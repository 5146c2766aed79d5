import { afterEach, expect, test } from 'vitest';
import { closeKernels, testKernel } from '../testing/test-kernel.ts';

afterEach(closeKernels);

test('progress in a cell is a bar in its output, one for each run, and travels by name', async () => {
  const kernel = await testKernel({ n: 1 });
  const { outputs } = await kernel.run('progress(1, 4); progress(2, 4); progress(4, 4); null');
  expect(outputs.filter(({ type }) => type === 'display')).toHaveLength(1);
  const updates = kernel.events.filter((event) => event.type === 'update-display');
  expect(updates.at(-1)).toMatchObject({
    bundle: { data: { 'text/plain': expect.stringContaining('4/4') as unknown } },
  });
  const second = await kernel.run('progress(0.5); null');
  expect(second.text).toMatch(/^ 50%/);
  expect((await kernel.run('progress("half")')).text).toContain('progress takes two numbers');
  expect((await kernel.run('await rc[0].apply(progress, 1, 2)')).status).toBe('ok');
});

test('what Tutti provides travels by name: share, transfer, range, the console', async () => {
  const kernel = await testKernel({ n: 1 });
  const { text } = await kernel.run(`
    const e0 = rc[0];
    const printed = e0.applyAsync(console.log, 'there');
    await printed;
    [printed.stdout, await e0.apply(range, 3), await e0.apply(product, [1], [2, 3]), (await e0.apply(share, [7]))[0]]`);
  expect(text).toContain("[ 'there\\n', [ 0, 1, 2 ], [ [ 1, 2 ], [ 1, 3 ] ], 7 ]");
});

test('engines have range and product of their own', async () => {
  const kernel = await testKernel({ n: 1 });
  expect((await kernel.run('%px range(2, 8, 3)')).text).toContain('[ 2, 5 ]');
  expect((await kernel.run('%px product([1], "ab").length')).text).toContain('2');
  expect((await kernel.run('%px range(0, 1, 0)')).text).toContain(
    'ValueError: range() step must not be zero',
  );
  expect((await kernel.run('%who')).text).not.toContain('range');
});

test('range and product refuse what is no number and no sequence', async () => {
  const kernel = await testKernel({ n: 1 });
  expect((await kernel.run('range("3")')).text).toContain('TypeError: range takes numbers');
  expect((await kernel.run('range()')).text).toContain('TypeError: range takes numbers');
  expect((await kernel.run('product(5)')).text).toContain('TypeError: product takes sequences, not 5');
});

test.each([
  [
    'import(5)',
    "TypeError: import() takes the name or the address of a module as a text, like import('d3'), not 5",
  ],
  ['import(null)', "as a text, like import('d3'), not null"],
  ['import({})', "as a text, like import('d3'), not an object"],
  ['import(() => 1)', "as a text, like import('d3'), not a function"],
  ['import("")', "as a text, like import('d3'), not ''"],
  ['import(Symbol())', "as a text, like import('d3'), not a symbol"],
  ['new Cluster({ n: 1 }).engines = 3', 'TypeError: engines of Cluster can be read only'],
  ['rc[0].apply(() => 1).msgIds = []', 'TypeError: msgIds of AsyncResult can be read only'],
])('%s is told what is wrong', async (code, message) => {
  const kernel = await testKernel();
  expect((await kernel.run(`await (${code})`)).text).toContain(message);
});

test('classes of the API are called with and without new', async () => {
  const kernel = await testKernel({ n: 2 });
  const { text } = await kernel.run(`
    const other = Client();
    const caught = (() => { try { throw KeyError('no such key') } catch (error) { return error } })();
    [other.ids, other instanceof Client, other.constructor === Client, caught instanceof KeyError,
     caught instanceof TuttiError, String(caught), Dependency([]).all, Cluster({ n: 1 }) instanceof Cluster,
     CompositeError.tbLimit, CompositeError.tb_limit, Client.name]`);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    "[ [ 0, 1 ], true, true, true, true, 'KeyError: no such key', true, true, 5, 5, 'Client' ]",
  );
  expect((await kernel.run('new Client(5)')).text).toContain('TypeError: Client takes a running Cluster');
  expect((await kernel.run('await rc[0].apply(() => { throw UnmetDependency("not here") })')).text).toContain(
    'not here',
  );
});

test('so are those of 2008', async () => {
  const kernel = await testKernel({ n: 1 });
  const { text } = await kernel.run(`
    import { client, Task, TaskClient, CompositeError as Composite } from 'tutti/kernel';
    const tc = client.TaskClient();
    const result = await tc.getTaskResult(tc.run(Task('a = 2 * b', { push: { b: 4 }, pull: 'a' })), { block: true });
    [result.ns.a, tc instanceof TaskClient, new Task('1') instanceof client.Task, Composite === CompositeError]`);
  expect(text).toContain('[ 8, true, true, true ]');
  expect((await kernel.run('Task(5)')).text).toContain('TypeError: a Task runs code, a text, not number');
});

test('Cluster.startAndConnect starts a cluster and gives a client, in one call', async () => {
  const kernel = await testKernel({ n: 1 });
  const { text } = await kernel.run(
    'const mine = await Cluster.startAndConnect({ n: 2 }); [mine.ids, await mine[":"].apply(() => 1)]',
  );
  expect(text).toContain('[ [ 0, 1 ], [ 1, 1 ] ]');
  expect((await kernel.run('await Cluster.start_and_connect({ bogus: 1 })')).text).toContain('bogus');
});

test('A.33 waitForEngines without a number waits for the engines of the notebook', async () => {
  const kernel = await testKernel({ n: 2 });
  expect((await kernel.run('await rc.waitForEngines(); rc.ids')).text).toContain('[ 0, 1 ]');
  expect((await kernel.run('await rc.waitForEngines("two")')).text).toContain(
    'TypeError: waitForEngines needs a number of engines, not a string',
  );
});
