import { describe, expect, test } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { testClusterHost } from '../../testing/test-cluster-host.ts';
import { Cluster } from './cluster.ts';
import type { ClusterOptions } from './cluster-options.ts';

function made(options: ClusterOptions = {}) {
  const host = testClusterHost();
  return { host, cluster: new Cluster(host, systemClock, options) };
}

describe('a cluster of one’s own', () => {
  test('T.360 a controller is started once; stopping is idempotent', async () => {
    const { cluster } = made();
    await cluster.startController();
    await expect(cluster.startController()).rejects.toMatchObject({ name: 'RuntimeError' });
    await cluster.stopController();
    await cluster.stopController();
    expect(cluster.isRunning).toBe(false);
    await cluster.startController();
    expect(cluster.isRunning).toBe(true);
    await cluster.stopController();
  });

  test('T.361 sets of engines are started and stopped by id', async () => {
    const { cluster } = made();
    await cluster.startController();
    await expect(cluster.startEngines(129)).rejects.toThrow(/at most 128 engines/);
    const setId = await cluster.startEngines(2);
    expect(Object.keys(cluster.engines)).toEqual([setId]);
    expect(cluster.engines[setId]?.engineIds).toEqual([0, 1]);
    const other = await cluster.startEngines(1);
    await cluster.stopEngines(setId);
    expect(Object.keys(cluster.engines)).toEqual([other]);
    await expect(cluster.stopEngines(setId)).rejects.toMatchObject({ name: 'KeyError' });
    await cluster.stopEngines();
    expect(cluster.engines).toEqual({});
    await cluster.stopCluster();
  });

  test('T.361 without a controller there are no engines to start', async () => {
    const { cluster } = made();
    await expect(cluster.startEngines(2)).rejects.toMatchObject({ name: 'RuntimeError' });
    await expect(cluster.connectClient()).rejects.toMatchObject({ name: 'RuntimeError' });
    await cluster.stopEngines();
  });

  test('T.362 a cluster starts and stops as a whole, and can start again', async () => {
    const { cluster, host } = made();
    await cluster.startCluster({ n: 2 });
    expect(host.alive()).toBe(2);
    await cluster.stopCluster();
    expect([cluster.isRunning, cluster.engines, host.alive()]).toEqual([false, {}, 0]);
    await cluster.startCluster(1);
    expect(Object.values(cluster.engines).map(({ n }) => n)).toEqual([1]);
    await cluster.stopCluster();
  });

  test('T.362 what is pending when it stops fails, and its clients are of no more use', async () => {
    const { cluster } = made({ n: 1 });
    const rc = await cluster.startAndConnect();
    const pending = rc.at(0).applyAsync(() => new Promise(() => undefined));
    await cluster.stopCluster();
    await expect(pending.get()).rejects.toMatchObject({ name: 'EngineError' });
    expect(() => rc.loadBalancedView().applyAsync(() => 1)).toThrow(/cluster is gone/);
  });

  test('T.364 the output of an engine set tells of registration, deaths and ends', async () => {
    const { cluster, host } = made();
    await cluster.startCluster(2);
    const set = cluster.engineSet!;
    expect(set.getOutput()).toMatch(/Engine 0 registered with id 0[^]*Engine 1 registered with id 1/);
    host.kill(1);
    await expect.poll(() => set.getOutput()).toMatch(/Engine 1 starts again, life 2[^]*registered with id 1/);
    await cluster.stopEngines(set.id);
    expect(set.getOutput()).toMatch(/Engine 0 has ended/);
    expect(cluster.getOutput()).toMatch(/controller starts/);
    await cluster.stopCluster();
  });

  test('T.365 use() has all engines ready, and stops everything even when it throws', async () => {
    const { cluster, host } = made({ n: 3 });
    const ids = await cluster.use(async (rc) => {
      await rc.directView().apply(() => 1);
      return rc.ids;
    });
    expect(ids).toEqual([0, 1, 2]);
    await expect(
      cluster.use(() => {
        throw new Error('inside');
      }),
    ).rejects.toThrow('inside');
    expect([cluster.isRunning, host.alive()]).toEqual([false, 0]);
  });

  test('T.365 `await using` stops it', async () => {
    const { cluster, host } = made();
    await cluster.startCluster(2);
    await cluster[Symbol.asyncDispose]();
    expect(host.alive()).toBe(0);
  });

  test('T.365 a cluster whose engines do not start leaves nothing behind', async () => {
    const { cluster, host } = made({ n: 2, respawn: false });
    host.breakEngines();
    await expect(cluster.startCluster()).rejects.toMatchObject({ name: 'EngineError' });
    expect(cluster.isRunning).toBe(false);
  });

  test('T.366 by default there is an engine for each processor', async () => {
    const { cluster, host } = made();
    expect(cluster.n).toBe(host.cores);
    const rc = await cluster.startAndConnect();
    expect(rc.length).toBe(3);
    await rc.waitForEngines();
    await cluster.stopCluster();
  });

  test('T.368 its text shows controller and engine sets', async () => {
    const { cluster } = made({ clusterId: 'mine' });
    expect(String(cluster)).toBe('<Cluster(clusterId="mine")>');
    await cluster.startCluster(1);
    expect(String(cluster)).toBe(
      '<Cluster(clusterId="mine", controller=<running>, engineSets=["engines-1"])>',
    );
    await cluster.stopCluster();
  });

  test('T.370 startAndConnect gives a client of ready engines', async () => {
    const { cluster } = made();
    const rc = await cluster.startAndConnect({ n: 2 });
    expect(rc.ids).toEqual([0, 1]);
    expect(await rc.loadBalancedView().map((x: number) => x * x, [1, 2, 3])).toEqual([1, 4, 9]);
    const another = await cluster.connectClient();
    expect(another.ids).toEqual([0, 1]);
    await cluster.stopCluster();
  });

  test('T.373 engines of a set are signalled and restarted, one by one too', async () => {
    const { cluster } = made({ n: 2 });
    const rc = await cluster.startAndConnect();
    const uuids = () => rc.engines.map(({ uuid }) => uuid);
    const [first, second] = uuids();
    await cluster.restartEngine(1);
    await expect.poll(() => uuids()[1]).not.toBe(second);
    expect(uuids()[0]).toBe(first);
    const stuck = rc.at(0).applyAsync(() => new Promise(() => undefined));
    await cluster.signalEngine('SIGINT', 0);
    await expect(stuck.get()).rejects.toMatchObject({ ename: 'KeyboardInterrupt' });
    const setId = cluster.engineSet!.id;
    await cluster.signalEngines('SIGKILL', setId);
    await expect.poll(() => uuids()[0]).not.toBe(first);
    await expect(cluster.signalEngines('SIGHUP')).rejects.toMatchObject({ name: 'ValueError' });
    await cluster.stopEngine(0);
    expect(rc.ids).toEqual([1]);
    await cluster.stopCluster();
  });

  test('A.4 restarting a set gives it as many new engines, with ids that were never used', async () => {
    const { cluster } = made({ n: 2 });
    const rc = await cluster.startAndConnect();
    const more = await cluster.startEngines(1);
    await cluster.restartEngines(more);
    expect(rc.ids).toEqual([0, 1, 3]);
    expect(Object.keys(cluster.engines)).toContain(more);
    await cluster.restartEngines();
    expect(rc.ids).toEqual([4, 5, 6]);
    expect(cluster.engines[more]?.engineIds).toEqual([6]);
    await expect(cluster.restartEngines('nope')).rejects.toThrow(/No such engine set/);
    await cluster.stopCluster();
  });

  test('options reach the controller: a scheme of one’s own, the bounds of its database', async () => {
    const { cluster } = made({
      n: 2,
      scheme: (loads) => loads.length - 1,
      recordLimit: 2,
      cullFraction: 0.5,
    });
    const rc = await cluster.startAndConnect();
    const ars = [1, 2, 3, 4].map((n) => rc.loadBalancedView().applyAsync((x: number) => x, n));
    await rc.wait(ars);
    expect((await rc.hubHistory()).length).toBeLessThanOrEqual(2);
    await cluster.stopCluster();
  });

  test.each([
    [{ nn: 2 }, /no cluster option named nn/],
    [{ n: 0 }, /n must be a whole number of at least 1, not 0/],
    [{ hwm: -1 }, /hwm must be an integer/],
    [{ scheme: 'best' }, /scheme must be one of/],
    [{ scheme: Math.max }, /source text/],
    [{ cullFraction: 2 }, /cullFraction/],
    [{ engines: 'mpi' }, /engines must be 'worker'/],
    [{ engineTimeout: -1 }, /engineTimeout/],
    [{ startTimeout: 1 }, /no cluster option named startTimeout/],
    [{ clusterId: 5 }, /clusterId must be a text/],
  ])('a bad option throws at once: %o', (options, message) => {
    expect(() => made(options as ClusterOptions)).toThrow(message);
  });

  test('options in IPython’s spelling do too', () => {
    expect(made({ record_limit: 10, cluster_id: 'x', engine_timeout: 5 } as object).cluster.clusterId).toBe(
      'x',
    );
  });
});
