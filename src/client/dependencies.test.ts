import { afterEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { depend, dependent, require } from './conditions.ts';
import { Dependency } from './dependency.ts';
import {
  type AsyncResult,
  CompositeError,
  DependencyTimeout,
  ImpossibleDependency,
  InvalidDependency,
  TaskTimeout,
  UnmetDependency,
  ValueError,
} from './index.ts';
import { range } from './sequences.ts';

declare const engine: { readonly id: number; readonly properties: Record<string, unknown> };
declare const need: string;
declare function sleep(seconds: number): Promise<void>;

afterEach(closeClusters);

const fail = () => {
  throw new Error('no');
};

describe('Dependency', () => {
  it('L.242 takes ids, AsyncResults and lists of them', async () => {
    const { rc } = await testCluster({ n: 1 });
    const [a, b] = [rc.loadBalancedView().apply(() => 1), rc.loadBalancedView().apply(() => 2)];
    const ids = [a.msgId, b.msgId];
    expect(new Dependency(a.msgId).msgIds).toEqual([a.msgId]);
    expect(new Dependency([a, b.msgId, [a]]).msgIds).toEqual(ids);
    expect(new Dependency([new Dependency(a), b]).msgIds).toEqual(ids);
    expect(() => new Dependency([new Dependency(a, { failure: true }), b])).toThrow(
      '<Dependency: all of 1, on success or failure> in a list would lose its conditions',
    );
    expect(() => new Dependency(5 as never)).toThrow(TypeError);
    expect(() => new Dependency(a, { success: false })).toThrow(ValueError);
    expect(() => new Dependency(a, { bogus: 1 } as never)).toThrow(/unexpected option 'bogus'/);
    expect(String(new Dependency([a, b], { all: false }))).toBe('<Dependency: any of 2, on success>');
  });

  it('L.258 is refused when it is none', async () => {
    const { rc } = await testCluster({ n: 1 });
    const lview = rc.loadBalancedView();
    for (const after of [5, { a: 1 }, true]) {
      expect(() => lview.with({ after: after as never })).toThrow(/Invalid dependency/);
      expect(() => lview.with({ after: after as never })).toThrow(ValueError);
    }
    lview.after = null;
    expect(lview.after).toBeNull();
  });
});

describe('after and follow', () => {
  it('L.249 starts a task after another has completed', async () => {
    const { rc } = await testCluster({ n: 2 });
    const lview = rc.loadBalancedView();
    const first = lview.apply(() => sleep(0.05));
    const second = lview.with({ after: first }).apply(() => 1);
    expect(second.why()).toMatch(/waits for the task that it depends on to succeed: /);
    await second;
    expect(Number(second.started)).toBeGreaterThanOrEqual(Number(first.completed));
  });

  it('L.250 runs a task where another ran', async () => {
    const { rc } = await testCluster({ n: 4 });
    const lview = rc.loadBalancedView();
    const first = lview.apply(() => sleep(0.02).then(() => engine.id));
    const followers = range(5).map(() => lview.with({ follow: first }).apply(() => engine.id));
    const id = await first;
    expect(await Promise.all(followers)).toEqual(range(5).map(() => id));
  });

  it('L.252 is impossible where nothing ran all that is followed', async () => {
    const { rc } = await testCluster({ n: 2 });
    const on = (id: number) => rc.loadBalancedView([id]).apply(() => engine.id);
    const follower = rc
      .loadBalancedView()
      .with({ follow: [on(0), on(1)] })
      .apply(() => 1);
    await expect(follower).rejects.toThrow(ImpossibleDependency);
    await expect(follower).rejects.toThrow(/did not run on one engine/);
  });

  it('L.253 fails what comes after a failure, without running it', async () => {
    const { rc } = await testCluster({ n: 2 });
    const graph = rc.loadBalancedView().dag(
      range(5),
      [
        [0, 1],
        [0, 2],
        [1, 3],
        [1, 4],
        [2, 3],
      ],
      (node) => {
        if (node === 2) throw new Error('node 2');
        return node;
      },
    );
    await graph.all.wait();
    expect([...graph.values()].map((ar) => ar.status)).toEqual(['ok', 'ok', 'error', 'error', 'ok']);
    await expect(graph.get(3)).rejects.toThrow(ImpossibleDependency);
    expect(graph.get(3)?.started).toBeNull();
  });

  it('L.254 runs a task because another failed', async () => {
    const { rc } = await testCluster({ n: 2 });
    const lview = rc.loadBalancedView();
    const bad = lview.apply(fail);
    const good = lview.apply(() => 1);
    const onFailure = (jobs: typeof bad | typeof good) =>
      lview.with({ after: { jobs, failure: true, success: false } }).apply(() => 'cleaned');
    expect(await onFailure(bad)).toBe('cleaned');
    await expect(onFailure(good)).rejects.toThrow(ImpossibleDependency);
    await bad.wait();
  });

  it('L.268 refuses ids that are no tasks, and cycles', async () => {
    const { rc } = await testCluster({ n: 1 });
    const lview = rc.loadBalancedView();
    await expect(lview.with({ after: 'nobody_1' }).apply(() => 1)).rejects.toThrow(InvalidDependency);
    const next = `${rc.clientId}_${String(rc.history.length + 1)}`;
    await expect(lview.with({ after: next }).apply(() => 1)).rejects.toThrow(/depends on itself/);
    const cycle: [number, number][] = [
      [0, 1],
      [1, 2],
      [2, 1],
    ];
    expect(() => lview.dag([0, 1, 2], cycle, (x) => x)).toThrow(InvalidDependency);
    expect(() => lview.dag([0], [[0, 7]], (x) => x)).toThrow(ValueError);
  });

  it('L.256 gives up waiting when the timeout is over', async () => {
    const { rc } = await testCluster({ n: 2 });
    const lview = rc.loadBalancedView();
    const slow = lview.apply(() => sleep(60));
    const waiting = lview.with({ after: slow, timeout: 0.05 }).apply(() => 1);
    await expect(waiting).rejects.toThrow(DependencyTimeout);
    await expect(waiting).rejects.toThrow(TaskTimeout);
    expect(() => lview.with({ timeout: -1 })).toThrow(ValueError);
    expect(() => lview.with({ timeout: 'soon' as never })).toThrow(TypeError);
    expect(lview.with({ timeout: 0 }).timeout).toBe(0);
    slow.cancel();
    await slow.wait();
  });

  it('waits for tasks of direct views too', async () => {
    const { rc } = await testCluster({ n: 2 });
    const direct = rc.at(1).apply(() => sleep(0.02).then(() => engine.id));
    const after = rc
      .loadBalancedView()
      .with({ follow: direct })
      .apply(() => engine.id);
    expect(await after).toBe(1);
  });

  it('runs 128 edges over 32 nodes in order', async () => {
    const { rc } = await testCluster({ n: 4 });
    const random = seededRandom(3);
    const edges = new Set<string>();
    while (edges.size < 128) {
      const [a, b] = [Math.floor(random() * 32), Math.floor(random() * 32)];
      if (a < b) edges.add(`${String(a)} ${String(b)}`);
    }
    const pairs = [...edges].map((edge) => edge.split(' ').map(Number) as [number, number]);
    const graph = rc.loadBalancedView().dag(range(32), pairs, (node) => sleep(0.002).then(() => node));
    expect(await graph.all).toEqual(range(32));
    for (const [a, b] of pairs) {
      expect(Number(graph.get(b)?.started)).toBeGreaterThanOrEqual(Number(graph.get(a)?.completed));
    }
  });

  // The upstream example's table: for each kind of dependency, whether a task after one that succeeded and one
  // that failed can run, and whether it could still at the moment when only one of the two has ended.
  const rows = [
    { all: true, success: true, failure: false, good: true, bad: false, mixed: false },
    { all: false, success: true, failure: false, good: true, bad: false, mixed: true },
    { all: true, success: false, failure: true, good: false, bad: true, mixed: false },
    { all: false, success: false, failure: true, good: false, bad: true, mixed: true },
    { all: true, success: true, failure: true, good: true, bad: true, mixed: true },
    { all: false, success: true, failure: true, good: true, bad: true, mixed: true },
  ];
  it.each(rows)(
    'L.244 L.245 L.246 L.248 all $all, success $success, failure $failure',
    async ({ good, bad, mixed, ...options }) => {
      const { rc } = await testCluster({ n: 1 });
      const lview = rc.loadBalancedView();
      const ok = [lview.apply(() => 1), lview.apply(() => 1)];
      const failed = [lview.apply(fail), lview.apply(fail)];
      const runs = async (flag: 'after' | 'follow', jobs: (typeof ok)[number][]) => {
        const ar = lview.with({ [flag]: new Dependency(jobs, options) }).apply(() => true);
        return ar.catch((error: unknown) => {
          expect(error).toBeInstanceOf(ImpossibleDependency);
          return false;
        });
      };
      for (const flag of ['after', 'follow'] as const) {
        expect(await runs(flag, ok)).toBe(good);
        expect(await runs(flag, failed as never)).toBe(bad);
        expect(await runs(flag, [ok[0], failed[0]] as never)).toBe(mixed);
        expect(await runs(flag, [])).toBe(true);
      }
      for (const ar of failed) await ar.wait();
    },
  );
});

describe('conditions of functions', () => {
  it('L.260 L.261 L.262 require binds functions and values by name', async () => {
    const { rc } = await testCluster({ n: 1 });
    const lview = rc.loadBalancedView();
    function double(x: number) {
      return 2 * x;
    }
    const user = (x: number) => double(x) + 1;
    const missing = (x: number) => (globalThis as unknown as { twice: (x: number) => number }).twice(x);
    const direct = lview.apply((x: number) => (0, eval)('double')(x) as number, 3);
    await expect(direct).rejects.toThrow(/double is not defined/);
    expect(await lview.apply(require(double)(user), 3)).toBe(7);
    expect(await lview.apply(require({ twice: double })(missing), 3)).toBe(6);
    expect(() => require(5 as never)).toThrow(TypeError);
    expect(require(double)(user).name).toBe('user');
  });

  it('require says that it gives no module, where one is expected', () => {
    const fs = require('fs') as unknown as { readFileSync(name: string): string };
    expect(() => fs.readFileSync('x')).toThrow(
      /require\("fs"\) gives no module.*Node's modules are not here/,
    );
    expect(() => (require('fs/promises') as unknown as { readFile: unknown }).readFile).toThrow(
      /gives no module/,
    );
    expect(() => require('assert')(true as never)).toThrow(/write import assert from "assert"/);
    expect(() => (require('lodash') as unknown as { map: unknown }).map).toThrow(/await import\("lodash"\)/);
    expect(require('d3')(function f() {}).name).toBe('f');
  });

  it('require imports modules, and goes on where they are missing', async () => {
    const { rc } = await testCluster({ n: 1, importUrl: () => Promise.resolve({ one: 1 }) });
    const lview = rc.loadBalancedView();
    const read = require('https://example.org/lib.js')(
      () => Reflect.get(globalThis, 'lib') as { one: number },
    );
    expect(await lview.apply(read)).toMatchObject({ one: 1 });
  });

  it('L.264 L.265 depend sends a task on until an engine suits, once to each', async () => {
    const { rc } = await testCluster({ n: 4 });
    const lview = rc.loadBalancedView();
    await rc.directView().push({ visits: 0 });
    const isThird = () => {
      Reflect.set(globalThis, 'visits', Number(Reflect.get(globalThis, 'visits')) + 1);
      return engine.id === 2;
    };
    function where() {
      return engine.id;
    }
    expect(await lview.apply(depend(isThird)(where))).toBe(2);
    const named = dependent(where, (id: number) => engine.id === id, 3);
    expect(named.name).toBe('where');
    expect(await lview.apply(named)).toBe(3);
    const nowhere = lview.with({ timeout: 0.1 }).apply(dependent(where, isThird as never));
    await nowhere.wait();
    const never = lview.with({ timeout: 0.2 }).apply(depend(() => false)(where));
    await expect(never).rejects.toThrow(DependencyTimeout);
    const visits: unknown[] = await rc.directView().pull('visits');
    expect(Math.max(...visits.map(Number))).toBeLessThanOrEqual(2);
  });

  it('says who has refused a task', async () => {
    const { rc } = await testCluster({ n: 2 });
    const ar = rc.loadBalancedView().apply(depend(() => false)(() => 1));
    await expect.poll(() => ar.why()).toMatch(/waits for an engine that suits it; engines 0, 1 refused it/);
    await ar.abort();
    await ar.wait();
  });

  it('says why it has been refused, whatever refused it', async () => {
    const { rc } = await testCluster({ n: 2 });
    const lview = rc.loadBalancedView();
    const where = (f: (properties: Readonly<Record<string, unknown>>) => unknown) =>
      lview.with({ where: f }).apply(() => 1);
    const cases: readonly (readonly [AsyncResult, string])[] = [
      [
        lview.apply(require('http://localhost:1/none.js')(() => 1)),
        'none.js cannot be imported on this engine: ',
      ],
      [where((p) => p[need]), 'where(properties) threw on this engine: ReferenceError: need is not defined'],
      [where(() => false), 'where(properties) is false on this engine'],
      [lview.apply(depend(() => false)(() => 1)), 'depend: its condition is false on this engine'],
    ];
    for (const [ar, why] of cases) {
      await expect
        .poll(() => ar.why())
        .toContain('waits for an engine that suits it; engines 0, 1 refused it (');
      expect(ar.why()).toContain(why);
      await ar.abort();
      await ar.wait();
    }
  });

  it('L.266 on direct views an unmet dependency is an error', async () => {
    const { rc } = await testCluster({ n: 2 });
    const ar = rc.directView().apply(depend(() => engine.id === 0)(() => engine.id));
    const error: unknown = await ar.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CompositeError);
    await expect(rc.at(1).apply(depend(() => false)(() => 1))).rejects.toThrow(UnmetDependency);
  });

  it('L.269 where looks at the properties of engines; a change lets waiting tasks try again', async () => {
    const { rc } = await testCluster({ n: 2 });
    const lview = rc.loadBalancedView().with({ where: (properties) => Number(properties['RAM']) > 2 });
    const ar = lview.apply(() => engine.id);
    const throwing = rc.loadBalancedView().with({
      where: (properties) => (properties['gpu'] as { name: string }).name === 'x',
    });
    const second = throwing.map(() => engine.id, range(3));
    await expect.poll(() => ar.why()).toMatch(/suits/);
    await rc.setProperties({ RAM: 4, gpu: { name: 'x' } }, { targets: 1 });
    expect(await ar).toBe(1);
    expect(await second).toEqual([1, 1, 1]);
    expect(await rc.getProperties({ targets: 1 })).toEqual({ RAM: 4, gpu: { name: 'x' } });
    expect(await rc.getProperties()).toEqual([{}, { RAM: 4, gpu: { name: 'x' } }]);
  });

  it('clearBefore and clearAfter empty the namespace around a task', async () => {
    const { rc } = await testCluster({ n: 1 });
    const lview = rc.loadBalancedView();
    await rc.directView().push({ a: 5 });
    const has = () => 'a' in globalThis;
    expect(await lview.apply(has)).toBe(true);
    expect(await lview.with({ clearAfter: true }).apply(has)).toBe(true);
    expect(await lview.apply(has)).toBe(false);
    await rc.directView().push({ a: 5 });
    expect(await lview.with({ clearBefore: true }).apply(has)).toBe(false);
  });
});
