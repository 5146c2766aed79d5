import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { CompositeError } from './composite-error.ts';
import * as errors from './errors.ts';
import { range } from './sequences.ts';
import type { DirectView } from './views/direct-view.ts';

declare const engine: { readonly id: number };
declare function sleep(seconds: number): Promise<void>;

afterEach(closeClusters);

describe('engines and targets', () => {
  it('A.1 A.2 A.6 ids are a sorted list, a new one each time', async () => {
    const { rc } = await testCluster({ n: 4 });
    rc.ids.pop();
    expect(rc.ids).toEqual([0, 1, 2, 3]);
    expect(rc.length).toBe(4);
    expect([...rc].map((view) => view.targets)).toEqual([0, 1, 2, 3]);
  });

  it('A.4 ids are never given twice', async () => {
    const { rc } = await testCluster({ n: 4 });
    await rc.shutdown(3);
    await rc.scale(4);
    await rc.waitForEngines(4);
    expect(rc.ids).toEqual([0, 1, 2, 4]);
    expect(rc.at(-1).targets).toBe(4);
  });

  it('adapts their number to the queue while it is asked to', async () => {
    const { rc } = await testCluster({ n: 1 });
    expect(await rc.adapt()).toBeNull();
    expect(await rc.adapt({ max: 3, idle: 0 })).toEqual({ min: 1, max: 3, idle: 0 });
    const gate = rc.loadBalancedView().map(() => sleep(30), [1, 2, 3, 4]);
    await expect.poll(() => rc.length, { timeout: 20_000 }).toBe(3);
    rc.cancel(gate);
    await expect.poll(() => rc.length, { timeout: 20_000 }).toBe(1);
    await rc.scale(2);
    expect(await rc.adapt()).toBeNull();
    await expect(rc.adapt({ max: 0 })).rejects.toThrow(/adapt.max must be/);
  });

  it('A.8 A.9 A.10 A.12 A.13 A.14 A.16 indexing is as in Python', async () => {
    const { rc } = await testCluster({ n: 4 });
    expect(rc.at(2).targets).toBe(2);
    expect(rc.at(-1).targets).toBe(3);
    expect(rc.slice(2, 4).targets).toEqual([2, 3]);
    expect(rc.slice(-1).targets).toEqual([3]);
    expect(rc.view([2, 3]).targets).toEqual([2, 3]);
    expect(rc[0]).toMatchObject({ targets: 0 });
    expect(rc[-1]).toMatchObject({ targets: 3 });
    expect(rc[[0, 2] as never]).toMatchObject({ targets: [0, 2] });
    expect(rc[':']).toMatchObject({ targets: [0, 1, 2, 3] });
    expect(rc['1:3']).toMatchObject({ targets: [1, 2] });
    expect(rc['::2']).toMatchObject({ targets: [0, 2] });
    expect(rc['all']).toMatchObject({ targets: 'all' });
    expect(rc['noSuchThing']).toBeUndefined();
    expect(() => rc.view(null)).toThrow(/targets must be a number.*not null/);
    expect(() => rc.at(null as never)).toThrow(TypeError);
    expect(() => rc.view('even')).toThrow("'even' not valid str target, must be 'all'");
    expect(() => rc.at(99)).toThrow(new errors.IndexError('No such engine: 99'));
    expect(() => rc[7]).toThrow('No such engine: 7');
    for (const key of ['a:b', '1.5', 'NaN', '0,x', '1:2:3:4'])
      expect(() => (rc as never as Record<string, unknown>)[key]).toThrow(`'${key}' not valid str target`);
    expect((rc as never as Record<string, unknown>)['nothing']).toBeUndefined();
    expect(await rc.view([3]).apply(() => engine.id)).toEqual([3]);
    expect(await rc.at(3).apply(() => engine.id)).toBe(3);
  });

  it('A.17 A.18 views made by name', async () => {
    const { rc } = await testCluster({ n: 4 });
    expect(rc.directView().targets).toBe('all');
    expect(rc.directView(-1).targets).toBe(3);
    expect(rc.loadBalancedView().targets).toBeNull();
    expect(rc.loadBalancedView('all').targets).toBeNull();
    expect(rc.loadBalancedView(-1).targets).toEqual([3]);
    expect(rc.directView('all', { label: 'x', block: true })).toMatchObject({ label: 'x', block: true });
    expect(() => rc.directView('all', { bogus: 1 } as never)).toThrow(errors.KeyError);
  });

  it('A.20 over one engine, all of these still give lists', async () => {
    const { rc } = await testCluster({ n: 1 });
    for (const targets of ['all', null, [0]])
      expect(await rc.directView(targets).apply(() => 5)).toEqual([5]);
  });

  it('"all" is looked up at each call, a slice is fixed', async () => {
    const { rc } = await testCluster({ n: 1 });
    const [all, fixed] = [rc.directView(), rc.slice()];
    await rc.scale(2);
    expect(await all.apply(() => engine.id)).toEqual([0, 1]);
    expect(await fixed.apply(() => engine.id)).toEqual([0]);
  });

  it('new views take the client’s block', async () => {
    const { rc } = await testCluster({ n: 1 });
    expect(rc.at(0).block).toBe(false);
    rc.block = true;
    expect(rc.at(0).block).toBe(true);
    expect(() => rc.at(0).apply(() => 1)).toThrow(errors.BlockingUnavailableError);
  });

  it('A.34 engines that were shut down are gone', async () => {
    const { rc } = await testCluster({ n: 4 });
    await rc.shutdown(3);
    expect(rc.ids).toEqual([0, 1, 2]);
    expect(() => rc.at(3)).toThrow(errors.IndexError);
    expect(() => rc.view([3])).toThrow(errors.IndexError);
    await rc.shutdown();
    expect(() => rc.directView().apply(() => 1)).toThrow(errors.NoEnginesRegistered);
    expect(() => rc.loadBalancedView().apply(() => 1)).toThrow(errors.NoEnginesRegistered);
  });

  it('restarted engines come back empty, under the same ids', async () => {
    const { rc } = await testCluster({ n: 2 });
    await rc.slice().push({ a: 1 });
    await rc.shutdown(1, { restart: true });
    expect(rc.ids).toEqual([0, 1]);
    expect(await rc.slice().pull('typeof a')).toEqual(['number', 'undefined']);
  });

  it('knows whether a view is of one engine', async () => {
    const { rc } = await testCluster({ n: 1 });
    expectTypeOf(await rc.at(0).apply(() => 'x')).toEqualTypeOf<string>();
    expectTypeOf(await rc.slice().apply(async (x: number) => x, 1)).toEqualTypeOf<number[]>();
    expectTypeOf(rc.view(0)).toEqualTypeOf<DirectView<'one'>>();
    expectTypeOf(rc.view('::2')).toEqualTypeOf<DirectView<'many'>>();
  });
});

describe('waiting', () => {
  it('A.25 nothing outstanding is nothing to wait for', async () => {
    const { rc } = await testCluster({ n: 1 });
    expect(await rc.wait()).toBe(true);
  });

  it('A.26 A.28 wait tells whether it is over, and throws no task’s error', async () => {
    const { rc } = await testCluster({ n: 1 });
    const ar = rc.at(0).execute('await sleep(0.1); throw new Error("x")');
    expect(await rc.wait(ar, 0.01)).toBe(false);
    expect(await rc.wait([ar, ar.msgIds[0] ?? '', -1])).toBe(true);
    expect(() => rc.wait({} as never)).toThrow(/jobs must be AsyncResults/);
    expect(() => rc.wait(9)).toThrow(errors.IndexError);
  });

  it('A.30 waitForEngines resolves at once, or says how many there are', async () => {
    const { rc } = await testCluster({ n: 2 });
    await expect(rc.waitForEngines(2)).resolves.toBeUndefined();
    await expect(rc.waitForEngines()).resolves.toBeUndefined();
    await expect(rc.waitForEngines(5, { timeout: 0.05 })).rejects.toThrow(
      new errors.TimeoutError('5 engines not ready in 0.05 seconds. Currently ready: 2'),
    );
  });

  it('A.32 waitForEngines gives up when an engine dies meanwhile', async () => {
    const { rc, kill } = await testCluster({ n: 2, hub: { respawn: false } });
    const waiting = rc.waitForEngines(3);
    kill(1);
    await expect(waiting).rejects.toThrow(errors.EngineError);
    await expect(waiting).rejects.toThrow(/Engine 1 is gone\. It died: it crashed/);
  });

  it('waitForEngines ends with the cluster, or the client', async () => {
    const { rc, connect, cut } = await testCluster({ n: 0 });
    const other = connect();
    const [waiting, othersWaiting] = [rc.waitForEngines(1), other.waitForEngines(1)];
    rc.close();
    await expect(waiting).rejects.toThrow(errors.RuntimeError);
    cut('it fell over');
    await expect(othersWaiting).rejects.toThrow(new errors.EngineError('The cluster is gone: it fell over'));
    expect(() => other.waitForEngines(1)).toThrow(errors.EngineError);
    expect(() => rc.waitForEngines(1)).toThrow(errors.RuntimeError);
  });

  it('scale refuses what is no number of engines, and stops none', async () => {
    const { rc } = await testCluster({ n: 2 });
    for (const n of [-1, 1.5, NaN, '1'])
      await expect(rc.scale(n as number)).rejects.toThrow(errors.ValueError);
    await expect(rc.scale(10_000)).rejects.toThrow(
      /^A cluster in a page has at most 128 engines, not 10000: .* join a real cluster/,
    );
    expect(rc.ids).toEqual([0, 1]);
  });

  it('A.33 without a cluster that knows its size, a number is needed', async () => {
    const { rc } = await testCluster({ n: 1, environment: { clusterSize: () => null } });
    expect(() => rc.waitForEngines()).toThrow(TypeError);
  });
});

describe('history and results', () => {
  it('A.24 lists ids in order of submission, one for each message', async () => {
    const { rc } = await testCluster({ n: 3 });
    const first = rc.slice().apply(() => 1);
    const second = rc.loadBalancedView().apply(() => 2);
    expect(rc.history).toEqual([...first.msgIds, ...second.msgIds]);
    expect(rc.outstanding).toEqual(new Set(rc.history));
    await rc.wait();
    expect(rc.outstanding.size).toBe(0);
    expect(Object.values(rc.results)).toEqual([1, 1, 1, 2]);
    expect(rc.metadata[second.msgIds[0] as never]).toMatchObject({ status: 'ok' });
    expect(await rc.hubHistory()).toEqual(rc.history);
  });

  it('getResult gives the last one, or those asked for', async () => {
    const { rc } = await testCluster({ n: 2 });
    expect(() => rc.getResult()).toThrow(errors.IndexError);
    const view = rc.slice();
    const ar = view.apply(() => engine.id);
    const last = rc.at(0).apply(() => 'last');
    expect(await rc.getResult()).toBe('last');
    expect(await rc.getResult(0)).toBe(0);
    expect(await rc.getResult(ar.msgIds)).toEqual([0, 1]);
    expect(await rc.getResult(ar)).toEqual([0, 1]);
    expect(await view.getResult(-1)).toBe(1);
    expect(rc.getResult(last).owner).toBe(false);
  });

  it('A.40 I.200 another client can have a result that it did not ask for, with its times', async () => {
    const { rc, connect } = await testCluster({ n: 2 });
    const ar = rc.slice().apply(() => sleep(0.02).then(() => engine.id));
    await ar;
    const copy = connect().getResult(ar.msgIds);
    expect(await copy).toEqual([0, 1]);
    expect(copy.serialTime).toBe(ar.serialTime);
    expect(copy.elapsed).toBeGreaterThan(0);
  });

  it('the results of a view are its own, not those of another client that happen to have the same numbers', async () => {
    const { rc, connect } = await testCluster({ n: 1 });
    const other = connect();
    const [view, others] = [rc.directView(), other.directView()];
    const mine = view.apply(() => 'mine');
    const theirs = others.apply(() => sleep(60));
    await mine;
    const seen = rc.getResult(theirs.msgIds);
    expect(view.outstanding.size).toBe(0);
    await view.abort();
    expect(await view.wait(null, 5)).toBe(true);
    theirs.cancel();
    await seen.wait();
    expect(Object.keys(view.results)).toEqual(mine.msgIds);
  });

  it('resultStatus tells what has ended, of any client, without waiting', async () => {
    const { rc, connect } = await testCluster({ n: 1 });
    const other = connect();
    const [good, bad] = [other.at(0).apply(() => 5), other.at(0).execute('throw new Error("no")')];
    await other.wait();
    const slow = other.at(0).apply(() => sleep(0.05));
    const ids = [...good.msgIds, ...bad.msgIds, ...slow.msgIds];
    const [a, b, c] = ids;
    expect(await rc.resultStatus(ids)).toEqual({ pending: [c], completed: [a, b] });
    const { results } = await rc.resultStatus(ids, { statusOnly: false });
    expect(results).toEqual({ [a!]: 5, [b!]: expect.any(errors.RemoteError) });
    await slow;
    expect(await other.resultStatus([good, slow])).toEqual({ pending: [], completed: [a, c] });
    await expect(rc.resultStatus('nope')).rejects.toThrow(new errors.KeyError('No such message: nope'));
  });

  it('A.41 an unknown id rejects with KeyError', async () => {
    const { rc } = await testCluster({ n: 1 });
    await expect(rc.getResult('nobody_7')).rejects.toThrow(errors.KeyError);
    await expect(rc.getResult('nobody_7')).rejects.toThrow(/No such message/);
  });

  it('forgets results that nobody holds', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { rc } = await testCluster({ n: 2 });
    const held = rc.at(0).apply(() => 'held');
    await held;
    await rc.loadBalancedView().map((x) => x, range(50));
    for (let tries = 0; tries < 50 && Object.keys(rc.metadata).length > 1; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      collect();
    }
    expect(Object.keys(rc.results)).toEqual(held.msgIds);
    expect(rc.history).toHaveLength(51);
    expect(await rc.getResult(-1)).toEqual([49]);
  });

  it('aborts by id, by result, all, or on some engines', async () => {
    const { rc } = await testCluster({ n: 2 });
    const running = rc.slice().apply(() => sleep(0.1));
    const queued = rc.slice().apply(() => engine.id);
    await rc.abort(queued, 1);
    const values: unknown[] = await queued.get({ returnExceptions: true });
    expect(values.map((value) => (value instanceof errors.TaskAborted ? 'aborted' : value))).toEqual([
      0,
      'aborted',
    ]);
    await running;
  });
});

describe('the cluster', () => {
  it('A.21 clear empties namespaces, and builtins stay', async () => {
    const { rc } = await testCluster({ n: 3 });
    await rc.slice().push({ a: 1 });
    await rc.clear(2);
    expect(await rc.slice().pull('typeof a')).toEqual(['number', 'number', 'undefined']);
    await rc.clear();
    for (const view of rc) await expect(view.get('a')).rejects.toMatchObject({ ename: 'ReferenceError' });
    expect(await rc.at(0).pull('typeof display')).toBe('function');
  });

  it('A.36 A.38 queueStatus counts, for all or one', async () => {
    const { rc } = await testCluster({ n: 2 });
    await rc.slice().apply(() => 1);
    expect(await rc.queueStatus({ targets: 0 })).toEqual({ queue: 0, completed: 1, tasks: 0 });
    expect(await rc.queueStatus()).toMatchObject({ 0: { completed: 1 }, 1: { completed: 1 }, unassigned: 0 });
    await rc.shutdown();
    expect(await rc.queueStatus()).toEqual({ unassigned: 0 });
  });

  it('N.290 interrupt stops what waits, and the namespace stays', async () => {
    const { rc } = await testCluster({ n: 2 });
    await rc.slice().push({ a: 1 });
    const ar = rc.slice().apply(() => sleep(60));
    await ar.wait(0.05);
    rc.interrupt();
    await expect(ar).rejects.toMatchObject({
      elist: [{ ename: 'KeyboardInterrupt' }, { ename: 'KeyboardInterrupt' }],
    });
    expect(await rc.slice().pull('a')).toEqual([1, 1]);
  });

  it('signals interrupt, or end engines that come back empty', async () => {
    const { rc } = await testCluster({ n: 2 });
    const ar = rc.at(0).apply(() => sleep(60));
    await ar.wait(0.05);
    await rc.sendSignal('SIGINT', { targets: 0 });
    await expect(ar).rejects.toMatchObject({ ename: 'KeyboardInterrupt' });
    await rc.slice().push({ a: 1 });
    await rc.sendSignal(9, { targets: 1 });
    expect(await rc.slice().pull('typeof a')).toEqual(['number', 'undefined']);
    await expect(rc.sendSignal('SIGHUP')).rejects.toThrow(errors.ValueError);
  });

  it('A.42 a closed client refuses work, and closing twice is fine', async () => {
    const { rc } = await testCluster({ n: 1 });
    const pending = rc.at(0).apply(() => sleep(60));
    const view = rc.at(0);
    rc.close();
    rc.close();
    await expect(pending).rejects.toThrow(errors.RuntimeError);
    expect(() => view.apply(() => 1)).toThrow('Client cannot be used after its sockets have been closed');
  });

  it('several clients share a port, and each gets its own results', async () => {
    const { rc, connect } = await testCluster({ n: 2 });
    const second = connect();
    expect(second.ids).toEqual([0, 1]);
    const [mine, theirs] = [rc.slice().apply(() => 'mine'), second.slice().apply(() => 'theirs')];
    expect([await mine, await theirs]).toEqual([
      ['mine', 'mine'],
      ['theirs', 'theirs'],
    ]);
    second.close();
    expect(await rc.at(0).apply(() => 1)).toBe(1);
  });

  it('when the cluster goes, nothing stays pending', async () => {
    const { rc, cut } = await testCluster({ n: 1 });
    const ar = rc.at(0).apply(() => sleep(60));
    const question = rc.hubHistory();
    cut();
    await expect(ar).rejects.toThrow('The cluster is gone: the controller crashed');
    await expect(question).rejects.toThrow(errors.EngineError);
    expect(rc.ids).toEqual([]);
    expect(() => rc.loadBalancedView().apply(() => 1)).toThrow(errors.TuttiError);
  });

  it('K.237 when an engine dies, only its own entry is an EngineError', async () => {
    const { rc, kill } = await testCluster({ n: 3 });
    const ar = rc.slice().apply(async () => {
      await sleep(engine.id === 1 ? 60 : 0);
      return engine.id;
    });
    await ar.wait(0.05);
    kill(1);
    const error: unknown = await ar.exception();
    expect(error).toBeInstanceOf(CompositeError);
    expect((error as CompositeError).errors.map((one) => one.name)).toEqual(['EngineError']);
    expect((error as CompositeError).elist[0]).toMatchObject({
      evalue: expect.stringMatching(/^Engine 1 died while running task/) as string,
      engineInfo: { engineId: 1, method: 'apply' },
    });
    const values: unknown[] = await ar.get({ returnExceptions: true });
    expect(values.map((value) => (value instanceof errors.EngineError ? 'lost' : value))).toEqual([
      0,
      'lost',
      2,
    ]);
  });

  it('A.44 activate makes a blocking view, and tells whoever has magics', async () => {
    const activated: unknown[] = [];
    const { rc } = await testCluster({
      n: 2,
      environment: { activate: (view, suffix) => activated.push([(view as DirectView).toString(), suffix]) },
    });
    expect(rc.activate(-1, '0')).toMatchObject({ block: true, targets: 1 });
    rc.activate('all', 'all');
    expect(activated).toEqual([
      ['<DirectView 1>', '0'],
      ['<DirectView all>', 'all'],
    ]);
  });

  it('has IPython’s spelling too', async () => {
    const { rc } = await testCluster({ n: 2 });
    const lview = (Reflect.get(rc, 'load_balanced_view') as typeof rc.loadBalancedView).call(rc);
    expect(String(lview)).toBe('<LoadBalancedView null>');
    expect(await (Reflect.get(rc, 'queue_status') as typeof rc.queueStatus).call(rc)).toMatchObject({
      unassigned: 0,
    });
  });
});
