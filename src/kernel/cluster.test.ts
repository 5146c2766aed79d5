import { afterEach, expect, test } from 'vitest';
import { closeKernels, testKernel } from '../testing/test-kernel.ts';

afterEach(closeKernels);

test('T.370 in cells: startAndConnect with activate gives %px to the new cluster, without it does not', async () => {
  const kernel = await testKernel({ n: 2 });
  const started = await kernel.run(
    'const cluster = new Cluster({ n: 3 }); const other = await cluster.startAndConnect(); other.ids',
  );
  expect(started.text).toBe('Out[1]: [ 0, 1, 2 ]\n');
  expect((await kernel.run('%px 1')).outputs).toHaveLength(2);
  await kernel.run('await cluster.stopCluster(); await cluster.startAndConnect({ activate: true }); null');
  expect((await kernel.run('%px 1')).outputs).toHaveLength(3);
  await kernel.run('rc.activate(); await cluster.stopCluster();');
  expect((await kernel.run('%px 1')).outputs).toHaveLength(2);
});

test('T.362 both clusters work side by side; the notebook’s own is not touched by the end of the other', async () => {
  const kernel = await testKernel({ n: 2 });
  const { text } = await kernel.run(`
    const mine = new Cluster({ n: 1, scheme(loads) { return loads.length - 1 } });
    const c = new Client(await mine.startCluster());
    const both = [await c[':'].apply(() => globalThis.x = 'theirs'), await rc[':'].apply(() => typeof x)];
    await mine.stopCluster();
    [both, rc.ids, String(mine).includes('running')]`);
  expect(text).toContain("[ [ [ 'theirs' ], [ 'undefined', 'undefined' ] ], [ 0, 1 ], false ]");
});

test('T.365 use() in a cell ends the cluster with the work', async () => {
  const kernel = await testKernel({ n: 1 });
  const cell = await kernel.run(`
    let stopped = null;
    const it = await new Cluster({ n: 2 }).use(async (c) => { stopped = c; return c[':'].apply(() => 6 * 7) });
    it`);
  expect(cell.text).toContain('[ 42, 42 ]');
  expect((await kernel.run('stopped[0].apply(() => 1)')).text).toMatch(/EngineError: The cluster is gone/);
});

test('T.360 a cluster that cannot be started says why', async () => {
  const kernel = await testKernel({ n: 1 });
  const { text } = await kernel.run(
    'const lost = new Cluster({ n: 1, database: "indexeddb" }); await lost.startCluster()',
  );
  expect(text).toMatch(/EngineError.*There is no IndexedDB here/s);
});
