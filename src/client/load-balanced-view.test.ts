import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { Reference } from '../protocol/reference.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { EngineError, ValueError } from './errors.ts';
import { range } from './sequences.ts';

declare const engine: { readonly id: number };
declare function sleep(seconds: number): Promise<void>;

afterEach(closeClusters);

describe('a load-balanced view', () => {
  it('K.225 runs each task on one engine, and gives the bare value', async () => {
    const { rc } = await testCluster({ n: 4 });
    const lview = rc.loadBalancedView();
    const ar = lview.apply(() => engine.id);
    expectTypeOf(await ar).toEqualTypeOf<number>();
    expect([0, 1, 2, 3]).toContain(await ar);
    const used = await Promise.all(range(8).map(() => lview.apply(() => sleep(0.02).then(() => engine.id))));
    expect(new Set(used)).toEqual(new Set([0, 1, 2, 3]));
  });

  it('K.232 limited to some engines, never runs on others', async () => {
    const { rc } = await testCluster({ n: 4 });
    const used = await rc.loadBalancedView([1, 3]).map(() => engine.id, range(12));
    expect([...new Set(used)].sort()).toEqual([1, 3]);
  });

  it('H.166 uses what lives on whichever engine runs it', async () => {
    const { rc } = await testCluster({ n: 3 });
    await rc.slice().push({ A: [1, 2, 3] });
    const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
    expect(await rc.loadBalancedView().apply(dot, new Reference('A'), [4, 5, 6])).toBe(32);
  });

  it('K.236 a task whose engine dies fails with EngineError, others go on', async () => {
    const { rc, kill } = await testCluster({ n: 2 });
    const lview = rc.loadBalancedView();
    const doomed = lview.apply(() => sleep(60));
    const queued = lview.map((x) => x, range(6));
    await doomed.wait(0.05);
    kill(doomed.engineId ?? -1);
    await expect(doomed).rejects.toThrow(EngineError);
    await expect(doomed).rejects.toThrow(/died while running task/);
    expect(await queued).toEqual(range(6));
  });

  it('F.150 keeps all engines busy', async () => {
    const { rc } = await testCluster({ n: 4 });
    const ar = rc.loadBalancedView().map(() => sleep(0.05), range(12));
    await ar;
    expect(ar.serialTime).toBeGreaterThan(0.55);
    expect(ar.wallTime).toBeLessThan(ar.serialTime);
    expect(ar.speedup).toBeGreaterThan(1.5);
  });

  it('has flags, and no variables', async () => {
    const { rc } = await testCluster({ n: 1 });
    const lview = rc.loadBalancedView();
    expect(await lview.with({ label: 'x' }).apply(() => 1)).toBe(1);
    expect(rc.getResult().label).toBe('x');
    expect(() => Reflect.set(lview, 'a', 5)).toThrow(/has no flag 'a', and no variables/);
    expect(Reflect.get(lview, 'a')).toBeUndefined();
  });
});

describe('remote functions', () => {
  it('G.152 run on their view, and say what they wrap', async () => {
    const { rc } = await testCluster({ n: 2 });
    function twice(x: number) {
      return 2 * x;
    }
    const remote = rc.slice().remote(twice);
    expect(await remote(4)).toEqual([8, 8]);
    expect(remote.name).toBe('twice');
    expect(String(remote)).toMatch(/^RemoteFunction wrapping:\nfunction twice/);
    const named = rc.loadBalancedView().remote({ label: 'named' })(twice);
    expect(await named(4)).toBe(8);
    expect(rc.getResult().label).toBe('named');
    expect(() => rc.slice().remote(twice, { bogus: 1 } as never)).toThrow(/Invalid name/);
  });

  it('decorate methods', async () => {
    const { rc } = await testCluster({ n: 2 });
    // What the compiler makes of `@view.remote square() { … }`.
    const context = {
      kind: 'method',
      name: 'square',
      addInitializer: () => undefined,
    } as unknown as DecoratorContext;
    const square = rc.slice().remote((x: number) => x * x, context);
    expect(await square(3)).toEqual([9, 9]);
    const negate = rc.loadBalancedView().parallel((xs: number[]) => xs.map((x) => -x), context);
    expect(await negate([1, 2])).toEqual([-1, -2]);
  });
});

describe('parallel functions', () => {
  it('G.153 called, get a part for each engine; mapped, every item', async () => {
    const { rc } = await testCluster({ n: 4 });
    const echo = rc.slice().parallel((x: unknown) => String(x));
    expect(await echo(range(5))).toEqual(['0,1', '2', '3', '4']);
    expect(await echo.map(range(5))).toEqual(['0', '1', '2', '3', '4']);
  });

  it('G.154 join lists', async () => {
    const { rc } = await testCluster({ n: 2 });
    const double = rc.slice().parallel((x: number[]) => x.concat(x));
    expect(await double([1, 2, 3, 4])).toEqual([1, 2, 1, 2, 3, 4, 3, 4]);
  });

  it('deal out round robin and put together again', async () => {
    const { rc } = await testCluster({ n: 2 });
    const same = rc.slice().parallel((x: number[]) => x, { dist: 'r' });
    expect(await same(range(5))).toEqual(range(5));
    expect(await same(Float32Array.of(1, 2, 3))).toEqual(Float32Array.of(1, 2, 3));
  });

  it('G.156 called, want equal lengths; mapped, take the shortest', async () => {
    const { rc } = await testCluster({ n: 2 });
    const add = rc.loadBalancedView().parallel((x: number, y: number) => x * y);
    expect(() => add([1, 2], [1])).toThrow(
      new ValueError('all sequences must have equal length, but have [2, 1]'),
    );
    expect(await add.map([1, 2, 3], [1, 2])).toEqual([1, 4]);
  });

  it('G.157 map on a load-balanced view', async () => {
    const { rc } = await testCluster({ n: 2 });
    const foo = rc.loadBalancedView().parallel((x: number) => 5 * x);
    expect(await foo.map([1, 2, 3])).toEqual([5, 10, 15]);
  });

  it('G.158 refuse options that do not exist', async () => {
    const { rc } = await testCluster({ n: 1 });
    expect(() => rc.slice().parallel((x: unknown) => x, { bogus: 1 } as never)).toThrow(TypeError);
  });
});

describe('executors', () => {
  it('Q.333 Q.334 submit and map over their view', async () => {
    const { rc } = await testCluster({ n: 2 });
    const executor = rc.executor();
    expect(String(executor.view)).toBe('<LoadBalancedView null>');
    expect(executor.maxWorkers).toBe(2);
    expect(await executor.submit((x: number, y: number) => x * y, 2, 3)).toBe(6);
    const results: number[] = [];
    for await (const x of executor.map((x: number) => x + 1, range(4))) results.push(x);
    expect(results).toEqual([1, 2, 3, 4]);
  });

  it('Q.333 Q.337 ignore a timeout, with a warning; every view has one', async () => {
    const { rc } = await testCluster({ n: 2 });
    const { executor } = rc.slice();
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const results: number[] = [];
    for await (const x of executor.map((x: number) => -x, [1, 2], { timeout: 1 })) results.push(x);
    expect(results).toEqual([-1, -2]);
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
    await executor.shutdown();
    expect(() => executor.submit(() => 1)).toThrow(/was shut down/);
  });

  it('Q.338 pools map and run over their view', async () => {
    const { rc } = await testCluster({ n: 2 });
    const pool = rc.loadBalancedView().asPool();
    expect(pool.effectiveJobs).toBe(2);
    const squares = await pool.map((x: number) => -(x * x), range(1000));
    expect(squares.reduce((sum, x) => sum + x)).toBe(-332833500);
    expect(await pool.exec((x: number, y: number) => x + y, [1, 2])).toBe(3);
  });

  it('Q.336 leaving one waits for its work and leaves the engines running', async () => {
    const { rc } = await testCluster({ n: 2 });
    let ar;
    {
      await using executor = rc.executor();
      ar = executor.submit(() => sleep(0.05));
    }
    expect(ar.ready()).toBe(true);
    expect(await rc.at(0).apply(() => 'alive')).toBe('alive');
  });
});

describe('a broadcast view', () => {
  it('R.340 does all that a direct view does', async () => {
    const { rc } = await testCluster({ n: 3 });
    const view = rc.broadcastView();
    expect(view).toBeInstanceOf(rc.directView().constructor);
    await view.push({ a: 5 });
    expect(await view.pull('a')).toEqual([5, 5, 5]);
    expect((await view.execute('a + engine.id', { silent: false })).map(String)).toEqual([
      '<ExecuteReply[1]: 5>',
      '<ExecuteReply[1]: 6>',
      '<ExecuteReply[1]: 7>',
    ]);
    await view.scatter('part', range(7));
    expect(await view.apply(Reference('(() => part.length)'))).toEqual([3, 2, 2]);
    expect(await view.gather('part')).toEqual(range(7));
    expect(await view.map((x) => x * 2, range(7))).toEqual(range(7).map((x) => x * 2));
    expect(await view.get('nope').catch((error: unknown) => String(error))).toMatch(/ReferenceError: nope/);
    expect(await view.with({ targets: [2, 0] }).apply(() => engine.id)).toEqual([2, 0]);
  });

  it('R.341 function and arguments are read once, for all engines', async () => {
    const { rc } = await testCluster({ n: 4 });
    let reads = 0;
    const argument = {
      get value() {
        reads += 1;
        return 7;
      },
    };
    expect(await rc.broadcastView().apply((x: { value: number }) => x.value, argument)).toEqual([7, 7, 7, 7]);
    expect(reads).toBe(1);
  });

  it('R.342 keeps the order of its targets, and errors per engine', async () => {
    const { rc } = await testCluster({ n: 3 });
    const view = rc.broadcastView([2, 0, 1]);
    expect(String(view)).toBe('<BroadcastView [2, 0, 1]>');
    expect(await view.apply(() => engine.id)).toEqual([2, 0, 1]);
    const ar = view.execute('if (engine.id === 0) throw new Error("zero")');
    await expect(ar).rejects.toMatchObject({ elist: [{ engineInfo: { engineId: 0 } }] });
    await view.scatter('a', range(4));
    expect(await view.gather('a')).toEqual(range(4));
  });
});
