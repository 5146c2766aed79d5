import { afterEach, describe, expect, it } from 'vitest';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { depend } from './conditions.ts';
import { EngineError, RemoteError, TaskAborted, TaskTimeout, ValueError } from './index.ts';
import { range } from './sequences.ts';

declare const engine: { readonly id: number };
declare function sleep(seconds: number): Promise<void>;
declare function close(): void;

afterEach(closeClusters);

const fail = () => {
  throw new Error(`no, says ${String(engine.id)}`);
};

describe('retries', () => {
  it('M.270 M.274 are none by default, and a whole number', async () => {
    const { rc } = await testCluster({ n: 2 });
    const lview = rc.loadBalancedView();
    expect(lview.retries).toBe(0);
    await expect(lview.apply(fail)).rejects.toThrow(/no, says/);
    const status = (await rc.queueStatus()) as Record<number, { completed: number }>;
    expect((status[0]?.completed ?? 0) + (status[1]?.completed ?? 0)).toBe(1);
    expect(() => lview.with({ retries: 1.5 })).toThrow(TypeError);
    expect(() => lview.with({ retries: -1 })).toThrow(ValueError);
  });

  it('prefer engines that have not failed the task', async () => {
    const { rc } = await testCluster({ n: 3 });
    const onlyTwo = () => {
      if (engine.id !== 2) throw new Error('not here');
      return engine.id;
    };
    expect(await rc.loadBalancedView().with({ retries: 2 }).apply(onlyTwo)).toBe(2);
  });

  it('M.272 with a timeout, a task waits for a fresh engine for that long', async () => {
    const { rc } = await testCluster({ n: 2 });
    const ar = rc.loadBalancedView().with({ retries: 3, timeout: 0.1 }).apply(fail);
    await expect(ar).rejects.toThrow(TaskTimeout);
  });

  it('M.273 without one, it goes on with engines that have failed it', async () => {
    const { rc } = await testCluster({ n: 2 });
    const ar = rc.loadBalancedView().with({ retries: 5 }).apply(fail);
    await expect(ar).rejects.toThrow(/no, says/);
    const status = (await rc.queueStatus()) as Record<number, { completed: number }>;
    expect((status[0]?.completed ?? 0) + (status[1]?.completed ?? 0)).toBe(6);
  });

  it('L.257 the timeout counts waiting only', async () => {
    const { rc } = await testCluster({ n: 2 });
    const slow = () => sleep(0.25).then(() => Promise.reject(new Error('my own')));
    await expect(rc.loadBalancedView().with({ retries: 1, timeout: 0.2 }).apply(slow)).rejects.toThrow(
      /my own/,
    );
  });

  it('M.276 an aborted task is not tried again', async () => {
    const { rc } = await testCluster({ n: 1 });
    const lview = rc.loadBalancedView().with({ retries: 3 });
    const running = lview.apply(() => sleep(60));
    const queued = lview.apply(() => 1);
    await queued.abort();
    await expect(queued).rejects.toThrow(TaskAborted);
    await running.wait(0.05);
    running.cancel();
    await expect(running).rejects.toThrow(RemoteError);
  });

  it('M.277 a task that kills its engines stops after its retries', async () => {
    const { rc, controller } = await testCluster({ n: 2 });
    const ar = rc
      .loadBalancedView()
      .with({ retries: 2 })
      .apply(() => close());
    await expect(ar).rejects.toThrow(EngineError);
    await expect(ar).rejects.toThrow(/died while running task/);
    expect(controller.story(ar.msgId).filter(({ what }) => what === 'sent').length).toBe(3);
    await rc.waitForEngines(2);
    expect(await rc.directView().apply(() => 1)).toEqual([1, 1]);
  });

  it('an engine that dies costs a retry only', async () => {
    const { rc, kill } = await testCluster({ n: 2 });
    const ar = rc
      .loadBalancedView()
      .with({ retries: 1 })
      .apply(() => sleep(0.2).then(() => engine.id));
    await ar.wait(0.05);
    kill(ar.engineId ?? -1);
    expect([0, 1]).toContain(await ar);
    expect(rc.ids).toEqual([0, 1]);
  });
});

describe('the time that a task may run', () => {
  it('ends it with TaskTimeout, and keeps the engine if it obeys', async () => {
    const { rc } = await testCluster({ n: 1 });
    await rc.directView().push({ a: 1 });
    const ar = rc
      .loadBalancedView()
      .with({ runTimeout: 0.05 })
      .apply(() => sleep(60));
    await expect(ar).rejects.toThrow(TaskTimeout);
    await expect(ar).rejects.toThrow(/ran longer than its runTimeout of 0.05 s/);
    expect(await rc.at(0).pull('a')).toBe(1);
    expect(
      await rc
        .loadBalancedView()
        .with({ runTimeout: 60 })
        .apply(() => 1),
    ).toBe(1);
  });

  it('holds for direct views too, for each engine and each of their calls', async () => {
    const { rc } = await testCluster({ n: 2 });
    const view = rc.directView('all', { runTimeout: 0.05 });
    await view.push({ a: 1 });
    const slow = view.apply(() => (engine.id === 1 ? sleep(60) : sleep(0)));
    await expect(slow).rejects.toMatchObject({ elist: [{ ename: 'TaskTimeout' }] });
    await expect(view.execute('await sleep(60)')).rejects.toMatchObject({
      elist: [{ ename: 'TaskTimeout' }, { ename: 'TaskTimeout' }],
    });
    expect(await view.pull('a')).toEqual([1, 1]);
    view.runTimeout = null;
    expect(await view.apply(() => sleep(0.06).then(() => 2))).toEqual([2, 2]);
    expect(() => view.with({ runTimeout: -1 })).toThrow(/runTimeout must not be negative/);
  });
});

describe('order', () => {
  it('goes by priority, then by arrival', async () => {
    const { rc } = await testCluster({ n: 1 });
    const lview = rc.loadBalancedView();
    const seen = (name: string) => {
      const log = (Reflect.get(globalThis, 'log') ?? []) as string[];
      Reflect.set(globalThis, 'log', [...log, name]);
    };
    const first = lview.apply(() => sleep(0.05));
    const all = [
      lview.apply(seen, 'a'),
      lview.with({ priority: -1 }).apply(seen, 'later'),
      lview.apply(seen, 'b'),
      lview.with({ priority: 5 }).apply(seen, 'urgent'),
      lview.apply(seen, 'c'),
    ];
    await Promise.all([first, ...all]);
    expect(await rc.at(0).pull('log')).toEqual(['urgent', 'a', 'b', 'c', 'later']);
  });

  it('gives concurrent maps equal parts', async () => {
    const { rc } = await testCluster({ n: 1 });
    const lview = rc.loadBalancedView();
    const seen = (name: string) => {
      const log = (Reflect.get(globalThis, 'log') ?? []) as string[];
      Reflect.set(globalThis, 'log', [...log, name]);
      return sleep(0.001);
    };
    const first = lview.apply(() => sleep(0.05));
    const a = lview.map(
      seen,
      range(20).map(() => 'a'),
    );
    const b = lview.map(
      seen,
      range(20).map(() => 'b'),
    );
    await Promise.all([first, a, b]);
    const log: unknown = await rc.at(0).pull('log');
    expect((log as string[]).slice(0, 20).filter((name) => name === 'b').length).toBeGreaterThanOrEqual(9);
  });
});

describe('schemes', () => {
  it('a function of the loads chooses the engine', async () => {
    const { rc } = await testCluster({ n: 3, hub: { scheme: (loads) => loads.length - 1, hwm: 0 } });
    const used = await rc.loadBalancedView().map(() => engine.id, range(6), { chunksize: 6 });
    expect(new Set(used).size).toBe(1);
  });

  it('a function that gives no place loses no task', async () => {
    const { rc } = await testCluster({ n: 2, hub: { scheme: () => 99 } });
    expect(await rc.loadBalancedView().map((x) => x, range(6))).toEqual(range(6));
  });

  it.each(['leastload', 'lru', 'plainrandom', 'twobin', 'weighted'] as const)(
    'K.230 %s runs all',
    async (scheme) => {
      const { rc } = await testCluster({ n: 3, hub: { scheme, hwm: 0 } });
      expect(await rc.loadBalancedView().map((x) => x, range(30))).toEqual(range(30));
    },
  );
});

describe('buffers of a task that may run again', () => {
  it('are copied, so that there is something to send', async () => {
    const { rc } = await testCluster({ n: 2 });
    const sum = (data: Float64Array) => data.reduce((total, x) => total + x, 0);
    const one = depend(() => engine.id === 1)(sum);
    const data = Float64Array.from(range(1000));
    expect(await rc.loadBalancedView().apply(one, data)).toBe(499_500);
  });
});
