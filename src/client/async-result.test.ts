import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { AsyncResult } from './async-result/async-result.ts';
import { CompositeError } from './composite-error.ts';
import * as errors from './errors.ts';
import { RemoteError } from './errors.ts';
import { range } from './sequences.ts';

declare const engine: { readonly id: number };
declare function sleep(seconds: number): Promise<void>;
declare function publishData(values: object): void;

afterEach(closeClusters);

async function views(n = 4) {
  const cluster = await testCluster({ n });
  const { rc } = cluster;
  return { ...cluster, dview: rc.slice(), e0: rc.at(0), lview: rc.loadBalancedView() };
}

const failOnOdd = () => {
  if (engine.id % 2 === 1) throw new TypeError('odd');
  return engine.id;
};

describe('an AsyncResult', () => {
  it('I.168 is returned at once, and awaiting it is getting it', async () => {
    const { dview } = await views(2);
    const ar = dview.applyAsync(() => 5);
    expect(ar).toBeInstanceOf(AsyncResult);
    expect(ar.ready()).toBe(false);
    expect(await ar).toEqual([5, 5]);
    expect(await ar.get()).toBe(await ar);
  });

  it('I.169 I.170 get in time or TimeoutError, and later again', async () => {
    const { e0 } = await views(1);
    const ar = e0.apply(() => sleep(0.02).then(() => 1));
    await expect(ar.get(0)).rejects.toThrow(new errors.TimeoutError('Result not ready.'));
    await expect(ar.get({ timeout: 0.001 })).rejects.toThrow('Result not ready.');
    expect(await ar.get(-1)).toBe(1);
    expect(await ar.get(null)).toBe(1);
  });

  it('I.172 I.173 say whether it is ready, and whether it went well', async () => {
    const { e0 } = await views(1);
    const ar = e0.apply(() => 1);
    expect([ar.ready(), ar.done()]).toEqual([false, false]);
    expect(() => ar.successful()).toThrow(errors.RuntimeError);
    await ar;
    expect([ar.ready(), ar.done(), ar.successful()]).toEqual([true, true, true]);
    const bad = e0.execute('throw 1');
    await bad.wait();
    expect(bad.successful()).toBe(false);
  });

  it('I.174 wait tells whether it is ready, and never throws the task’s error', async () => {
    const { e0 } = await views(1);
    const ar = e0.execute('await sleep(0.02); throw new Error("late")');
    expect(await ar.wait(0)).toBe(false);
    expect(await ar.wait()).toBe(true);
    expect(await ar.wait(-1)).toBe(true);
  });

  it('I.176 getDict is by engine, unless one engine ran several', async () => {
    const { dview, e0 } = await views(2);
    expect(await dview.apply(() => engine.id * 2).getDict()).toEqual({ 0: 0, 1: 2 });
    expect(await e0.apply(() => 7).getDict()).toEqual({ 0: 7 });
    const twice = AsyncResult.join(
      e0.apply(() => 1),
      e0.apply(() => 2),
    );
    await expect(twice.getDict()).rejects.toThrow('Cannot build dict, 2 jobs ran on engine #0');
  });

  it('I.177 of one engine is not iterable, of several it is', async () => {
    const { dview, e0 } = await views(3);
    const single = e0.apply(() => 1);
    expect(() => single[Symbol.asyncIterator]()).toThrow(/single result is not iterable/);
    const seen: number[] = [];
    for await (const id of dview.apply(() => engine.id)) seen.push(id);
    expect(seen).toEqual([0, 1, 2]);
  });

  it('I.178 its length is 1 on a load-balanced view, else the number of engines', async () => {
    const { dview, lview } = await views(3);
    expect([lview.apply(() => 1).length, dview.apply(() => 1).length]).toEqual([1, 3]);
  });

  it('I.180 I.181 I.182 measure times in seconds', async () => {
    const { dview } = await views(2);
    const ar = dview.apply(() => sleep(0.05));
    expect(ar.elapsed).toBeGreaterThanOrEqual(0);
    expect(() => ar.wallTime).toThrow(errors.TimeoutError);
    expect(() => ar.serialTime).toThrow('Result not ready.');
    await ar;
    expect(ar.elapsed).toBe(ar.wallTime);
    expect(ar.wallTime).toBeGreaterThan(0.04);
    expect(ar.wallTime).toBeLessThan(5);
    expect(ar.serialTime).toBeGreaterThan(0.09);
    expect(ar.speedup).toBeCloseTo(ar.serialTime / ar.wallTime, 9);
    expect(ar.timedelta(ar.submitted, ar.received)).toBeCloseTo(ar.wallTime, 2);
  });

  it('I.184 has its metadata as properties, null before they are known', async () => {
    const { dview, e0 } = await views(2);
    const ar = dview.apply(() => 1);
    expect(ar.completed).toEqual([null, null]);
    await ar;
    expect(ar.completed.every((date) => date instanceof Date)).toBe(true);
    expect(ar.engineId).toEqual([0, 1]);
    const single = e0.apply(() => 1);
    expect(single.completed).toBeNull();
    await single;
    expect(single.metadata).toMatchObject({
      engineId: 0,
      status: 'ok',
      method: 'apply',
      stdout: '',
      error: null,
    });
    expectTypeOf(single.completed).toEqualTypeOf<Date | null>();
    expectTypeOf(ar.completed).toEqualTypeOf<(Date | null)[]>();
  });

  it('I.185 refuses keys that are no metadata', async () => {
    const { e0 } = await views(1);
    const ar = e0.apply(() => 1);
    expect(() => ar.meta('foo')).toThrow(errors.KeyError);
    expect(Reflect.get(ar, 'foo')).toBeUndefined();
    expect(ar.meta('engine_id')).toBe(0);
    await ar;
  });

  it('I.186 lists its metadata and methods for completion', async () => {
    const { e0 } = await views(1);
    const names: string[] = [];
    let owner: object | null = e0.apply(() => 1);
    for (; owner; owner = Object.getPrototypeOf(owner) as object | null)
      names.push(...Object.getOwnPropertyNames(owner));
    expect(names).toEqual(
      expect.arrayContaining(['stdout', 'get', 'engineId', 'engine_id', 'wait', 'abort']),
    );
  });

  it('I.188 its times are in order', async () => {
    const { e0 } = await views(1);
    const ar = e0.apply(() => sleep(0.01));
    await ar;
    const times = [ar.submitted, ar.started, ar.completed, ar.received].map((date) => date?.getTime() ?? NaN);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('S.353 sent without being awaited; what is not sent yet cannot be waited for in no time', async () => {
    const { e0, lview, rc } = await views(1);
    expect(e0.apply((x: Uint8Array) => x.length, new Uint8Array(8)).sent).toBe(true);
    const blocker = e0.apply(() => sleep(0.05));
    await e0.wait(blocker, 0);
    const tracked = lview.with({ track: true }).apply((x: Uint8Array) => x.length, new Uint8Array(8));
    expect([tracked.sent, tracked.tracker.done]).toEqual([false, false]);
    await expect(tracked.waitForSend(0)).rejects.toThrow(new errors.TimeoutError('Still waiting to be sent'));
    await tracked.waitForSend();
    expect([tracked.sent, tracked.tracker.done]).toEqual([true, true]);
    expect(await tracked).toBe(8);
    expect(await rc.wait()).toBe(true);
  });

  it('J.210 fails only when all engines have answered', async () => {
    const { dview } = await views(2);
    const ar = dview.execute('if (engine.id === 0) throw new Error("first"); await sleep(0.05); slow = true');
    const error = await ar.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(ar.ready()).toBe(true);
    expect(error).toMatchObject({ elist: [{ evalue: 'first' }] });
    expect(await dview.pull('typeof slow')).toEqual(['undefined', 'boolean']);
  });

  it('J.213 joined failures are rendered as one, tbLimit of them in full', async () => {
    const { e0 } = await views(1);
    const all = range(10).map((i) => e0.execute(`throw new RangeError("number ${String(i)}")`));
    const error: unknown = await AsyncResult.join(...all).catch((thrown: unknown) => thrown);
    if (!(error instanceof CompositeError)) throw new Error('expected a CompositeError');
    const lines = error.renderTraceback();
    expect(lines.at(-1)).toBe('... 5 more exceptions ...');
    expect(lines.filter((line) => line.startsWith('RangeError'))).toHaveLength(CompositeError.tbLimit);
    expect(String(error)).toMatch(/\.\.\.\. 5 more exceptions \.\.\.$/);
    expect(error.elist).toHaveLength(10);
  });

  it('I.189 cannot be aborted when it is done', async () => {
    const { e0 } = await views(1);
    const ar = e0.apply(() => 1);
    await ar;
    expect(() => ar.abort()).toThrow(new errors.RuntimeError("Can't abort, I am already done!"));
    expect(ar.cancel()).toBe(false);
  });

  it('N.285 aborts what has not started; what runs goes on', async () => {
    const { e0 } = await views(1);
    const running = e0.apply(() => sleep(0.05).then(() => 'ran'));
    const queued = e0.apply(() => 'never');
    await queued.abort();
    await expect(queued).rejects.toThrow(errors.TaskAborted);
    expect(queued.status).toBe('aborted');
    expect(await running).toBe('ran');
  });

  it('cancel interrupts what runs', async () => {
    const { e0 } = await views(1);
    const ar = e0.apply(() => sleep(60));
    await ar.wait(0.05);
    expect(ar.cancel()).toBe(true);
    await expect(ar).rejects.toMatchObject({ ename: 'KeyboardInterrupt' });
    expect(await e0.apply(() => 'alive')).toBe('alive');
  });

  it('I.192 wait tells what is done and what is pending', async () => {
    const { dview } = await views(3);
    const ar = dview.apply(async () => {
      if (engine.id === 1) throw new Error('first');
      await sleep(0.1);
      return engine.id;
    });
    const first = await ar.wait({ returnWhen: 'FIRST_EXCEPTION' });
    expect([...first.done].map((part) => part.engineId)).toContainEqual([1]);
    expect(first.pending.size).toBeGreaterThan(0);
    await ar.wait();
    expect((await ar.wait({ returnWhen: 'FIRST_EXCEPTION' })).pending.size).toBe(0);
    await expect(ar.wait({ returnWhen: 'NEVER' as never })).rejects.toThrow(errors.ValueError);
  });

  it('I.193 get can fail at the first failure, without the rest', async () => {
    const { dview } = await views(2);
    const ar = dview.apply(async () => {
      if (engine.id === 0) throw new Error('first');
      await sleep(0.2);
    });
    await expect(ar.get({ returnWhen: 'FIRST_EXCEPTION' })).rejects.toMatchObject({
      elist: [{ evalue: 'first' }],
    });
    expect(ar.ready()).toBe(false);
    await ar.wait();
  });

  it('I.194 FIRST_COMPLETED warns and waits for all', async () => {
    const { dview } = await views(2);
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(await dview.apply(() => 1).get({ returnWhen: 'FIRST_COMPLETED' })).toEqual([1, 1]);
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });

  it('I.197 joining nothing is an error, joining some is one result', async () => {
    const { e0, dview } = await views(2);
    expect(() => AsyncResult.join()).toThrow(errors.ValueError);
    const joined = AsyncResult.join<unknown>(
      e0.apply(() => 7),
      e0.execute('1', { silent: false }),
    );
    expect((await joined).map(String)).toEqual(['7', '<ExecuteReply[1]: 1>']);
    expect(await dview.apply(() => 1).split()[1]).toEqual([1]);
  });

  it('I.198 returnExceptions puts errors in place, even after a failing get', async () => {
    const { dview } = await views(3);
    const ar = dview.apply(failOnOdd);
    await expect(ar.get()).rejects.toThrow(CompositeError);
    const values: unknown[] = await ar.get({ returnExceptions: true });
    expect(values.map((value) => (value instanceof RemoteError ? value.ename : value))).toEqual([
      0,
      'TypeError',
      2,
    ]);
  });

  it('has results by place once it is ready', async () => {
    const { dview } = await views(3);
    const ar = dview.apply(() => engine.id);
    expect(() => ar.at(0)).toThrow(errors.TimeoutError);
    await ar;
    expect([ar.at(0), ar.at(-1), ar.slice(1)]).toEqual([0, 2, [1, 2]]);
    expect(() => ar.at(3)).toThrow(errors.IndexError);
  });

  it('I.204 I.205 data merges what was published, while the task runs', async () => {
    const { dview, e0 } = await views(2);
    const ar = dview.apply(() => {
      for (let i = 0; i < 5; i++) publishData({ i });
      publishData({ done: true });
    });
    expect(ar.data).toEqual([{}, {}]);
    await ar;
    expect(ar.data).toEqual([
      { i: 4, done: true },
      { i: 4, done: true },
    ]);
    const live = e0.apply(async () => {
      publishData({ step: 1 });
      await sleep(0.1);
      publishData({ step: 2 });
    });
    const steps = new Set<unknown>();
    while (!live.ready()) {
      steps.add(live.data['step']);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([...steps]).toEqual(expect.arrayContaining([1]));
    expect(live.data).toEqual({ step: 2 });
  });

  it('I.206 calls back when it is done, and after, but never at once', async () => {
    const { e0 } = await views(1);
    const ar = e0.apply(() => 3);
    const calls: string[] = [];
    ar.addDoneCallback((result) => calls.push(`before: ${String(result.at(0))}`));
    await ar;
    ar.addDoneCallback(() => calls.push('after'));
    expect(calls).toEqual(['before: 3']);
    await Promise.resolve();
    expect(calls).toEqual(['before: 3', 'after']);
  });

  it('I.208 a failure that nobody awaits is told to the environment and rejects nothing', async () => {
    const { e0, unawaited } = await views(1);
    const rejections: unknown[] = [];
    const note = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', note);
    const ar = e0.execute('throw new Error("unseen")');
    while (!ar.ready()) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(rejections).toEqual([]);
    expect(unawaited).toMatchObject([{ name: 'execute', error: { evalue: 'unseen' }, msgIds: ar.msgIds }]);
    expect(unawaited[0]?.isAwaited()).toBe(false);
    await expect(ar).rejects.toThrow('unseen');
    expect(unawaited[0]?.isAwaited()).toBe(true);
  });

  it('settles synchronously, in the moment in which the message is handled', async () => {
    const { e0 } = await views(1);
    const ar = e0.apply(() => 1);
    const states: unknown[] = [];
    ar.onSettled((error) => states.push(error, ar.ready(), ar.status, ar.completed instanceof Date));
    await ar;
    expect(states).toEqual([null, true, 'ok', true]);
  });

  it('says what it waits for', async () => {
    const { rc, e0, lview } = await views(1);
    const running = e0.apply(function dig() {
      return sleep(0.3);
    });
    const queued = e0.apply(() => 1);
    const balanced = lview.apply(() => 1);
    while (rc.engines[0]?.running === null) await new Promise((resolve) => setImmediate(resolve));
    expect(running.why()).toMatch(/^Engine 0 has been running dig \(\w+_1\) for \d+\.\d s\.$/);
    expect(queued.why()).toMatch(/is in the queue of engine 0, which is running dig\.$/);
    expect(balanced.why()).toMatch(/waits for a free engine; all 1 are busy\.$/);
    expect(AsyncResult.join<unknown>(running, balanced).why()).toMatch(/; 1 more are pending\.$/);
    await Promise.all([running, queued, balanced]);
    expect(running.why()).toBe('It is done; it waits for nothing.');
  });

  it('shows itself by its function', async () => {
    const { dview, lview } = await views(1);
    expect(String(dview.apply(function f() {}))).toBe('<AsyncResult: f>');
    expect(String(dview.apply(() => 1))).toBe('<AsyncResult: <anonymous>>');
    expect(String(lview.map((x) => x, range(2)))).toBe('<AsyncMapResult: <anonymous>>');
    await dview.wait();
  });
});

describe('outputs', () => {
  const chatter = `console.log('out', engine.id); console.error('err'); display(engine.id); display(99); 7`;

  it('I.201 groups them by type, engine or order, with lanes for several engines', async () => {
    const { dview } = await views(2);
    const ar = dview.execute(chatter, { silent: false });
    await ar;
    const lanes = (groupBy: 'type' | 'engine' | 'order') =>
      ar.collectOutputs(groupBy).map((output) => {
        const kind = output.type === 'stream' ? output.name : output.type;
        const text = output.type === 'display' ? String(output.bundle.data['text/plain']) : '';
        return `${kind}:${String(output.lane)}${text && ` ${text}`}`;
      });
    const streams = ['stdout:0', 'stdout:1', 'stderr:0', 'stderr:1'];
    const results = ['result:0', 'result:1'];
    expect(lanes('type')).toEqual([
      ...streams,
      'display:0 0',
      'display:0 99',
      'display:1 1',
      'display:1 99',
      ...results,
    ]);
    const groups = (groupBy: 'type' | 'engine' | 'order') =>
      ar.collectOutputs(groupBy).map((output) => ('group' in output ? output.group : 0));
    expect(groups('type')).toEqual([0, 0, 1, 1, 2, 2, 2, 2, 3, 3]);
    expect(groups('order')).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    expect(new Set(groups('engine'))).toEqual(new Set([0]));
    expect(lanes('order')).toEqual([
      ...streams,
      'display:0 0',
      'display:1 1',
      'display:0 99',
      'display:1 99',
      ...results,
    ]);
    expect(lanes('engine').slice(0, 5)).toEqual([
      'stdout:0',
      'stderr:0',
      'display:0 0',
      'display:0 99',
      'result:0',
    ]);
    expect(() => ar.collectOutputs('odd' as never)).toThrow(errors.ValueError);
  });

  it('a single result has no lane, and empty streams leave nothing', async () => {
    const { e0, shown } = await views(1);
    const ar = e0.execute('console.log("hi")');
    expect(() => ar.displayOutputs()).toThrow(errors.TimeoutError);
    await ar;
    ar.displayOutputs();
    expect(shown).toEqual([{ type: 'stream', lane: null, name: 'stdout', text: 'hi\n' }]);
  });

  it('I.202 shows what was printed before an error, not the error', async () => {
    const { e0 } = await views(1);
    const ar = e0.execute('console.log("before"); throw new Error("no")');
    await ar.wait();
    expect(ar.collectOutputs()).toEqual([{ type: 'stream', lane: null, name: 'stdout', text: 'before\n' }]);
    expect(ar.stdout).toBe('before\n');
  });

  it('streams what was printed so far, then what comes', async () => {
    const { dview, shown } = await views(1);
    const ar = dview.execute('console.log(1); await sleep(0.1); console.log(2)');
    while (ar.stdout[0] === '') await new Promise((resolve) => setImmediate(resolve));
    {
      using stream = ar.streamOutput();
      expect(stream).toBeDefined();
      await ar;
    }
    expect(shown.map((output) => output.type === 'stream' && [output.lane, output.text])).toEqual([
      [0, '1\n'],
      [0, '2\n'],
    ]);
  });
});
