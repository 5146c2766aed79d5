import { afterEach, describe, expect, it } from 'vitest';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { RemoteError } from './errors.ts';
import { range } from './sequences.ts';

declare function sleep(seconds: number): Promise<void>;

afterEach(closeClusters);

function counting() {
  const state = { taken: 0, isClosed: false };
  function* inputs() {
    try {
      for (;;) yield state.taken++;
    } finally {
      state.isClosed = true;
    }
  }
  return { state, inputs: inputs() };
}

async function take<T>(items: AsyncIterable<T>, n: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) if (taken.push(item) === n) break;
  return taken;
}

describe('imap', () => {
  it('F.142 reads endless input as far as maxOutstanding lets it', async () => {
    const { rc } = await testCluster({ n: 4 });
    const { state, inputs } = counting();
    const results = rc.loadBalancedView().imap((x) => x * 2, inputs, { maxOutstanding: 5 });
    expect((await results.next()).value).toBe(0);
    expect(state.taken).toBeGreaterThanOrEqual(5);
    expect((await results.next()).value).toBe(2);
    results.cancel();
    expect(await results.next()).toEqual({ done: true, value: undefined });
    expect(state.isClosed).toBe(true);
  });

  it('stops its input when the consumer does', async () => {
    const { rc } = await testCluster({ n: 2 });
    const { state, inputs } = counting();
    expect(
      await take(
        rc.loadBalancedView().imap((x) => x, inputs),
        5,
      ),
    ).toEqual(range(5));
    expect(state.isClosed).toBe(true);
    expect(await rc.wait(null, 5)).toBe(true);
  });

  it('F.144 unordered, gives what finishes first', async () => {
    const { rc } = await testCluster({ n: 2 });
    const f = (x: number) => sleep(x === 0 ? 0.2 : 0).then(() => x);
    const results = rc.loadBalancedView().imap(f, range(4), { ordered: false, maxOutstanding: 2 });
    expect(await take(results, 4)).toEqual([1, 2, 3, 0]);
  });

  it('unordered, ends with the result that is enough, whatever else has finished', async () => {
    const { rc } = await testCluster({ n: 2 });
    const options = { ordered: false, maxOutstanding: 4, stopOn: () => true };
    const results = rc.loadBalancedView().imap((x) => x, range(4), options);
    await rc.wait();
    expect(await take(results, 4)).toHaveLength(1);
  });

  it('unordered, ends when it is cancelled, without the errors of what was cancelled', async () => {
    const { rc } = await testCluster({ n: 2 });
    const options = { ordered: false, maxOutstanding: 2 };
    const results = rc.loadBalancedView().imap((x) => (x > 0 ? sleep(60) : x), range(2), options);
    expect(await results.next()).toEqual({ done: false, value: 0 });
    results.cancel();
    await rc.wait();
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  it('ends the plain inputs beside an asynchronous one', async () => {
    const { rc } = await testCluster({ n: 2 });
    const { state, inputs } = counting();
    async function* others() {
      for (let i = 0; ; i++) yield await Promise.resolve(i);
    }
    expect(
      await take(
        rc.loadBalancedView().imap((x, y) => x + y, inputs, others()),
        2,
      ),
    ).toEqual([0, 2]);
    await expect.poll(() => state.isClosed).toBe(true);
  });

  it('F.145 returnExceptions gives errors in place; else the first one is thrown', async () => {
    const { rc } = await testCluster({ n: 2 });
    const lview = rc.loadBalancedView();
    const f = (x: number) => {
      if (x === 1) throw new RangeError('one');
      return x;
    };
    const results = await take(lview.imap(f, range(3), { returnExceptions: true }), 3);
    expect(results.map((x: unknown) => (x instanceof RemoteError ? x.ename : x))).toEqual([
      0,
      'RangeError',
      2,
    ]);
    await expect(take(lview.imap(f, range(3)), 3)).rejects.toMatchObject({ ename: 'RangeError' });
  });

  it('F.146 maxOutstanding 0 submits everything, the default as many as there are engines', async () => {
    const { rc } = await testCluster({ n: 3 });
    const lview = rc.loadBalancedView();
    const all = lview.imap(() => sleep(0.01), range(20), { maxOutstanding: 0 });
    expect(lview.history).toHaveLength(20);
    await take(all, 20);
    const few = lview.imap(() => sleep(0.01), range(20));
    expect(lview.history).toHaveLength(23);
    await take(few, 20);
  });

  it('F.148 reads new input when a task completes, whether or not results are consumed', async () => {
    const { rc } = await testCluster({ n: 2 });
    const lview = rc.loadBalancedView();
    const results = lview.imap((x) => x, range(10));
    while (lview.history.length < 10) await new Promise((resolve) => setImmediate(resolve));
    expect(await take(results, 10)).toEqual(range(10));
  });

  it('F.149 takes async iterables, several of them, the shortest deciding', async () => {
    const { rc } = await testCluster({ n: 2 });
    async function* letters() {
      for (const letter of 'abc') {
        await Promise.resolve();
        yield letter;
      }
    }
    const results = rc.loadBalancedView().imap((x: string, y: number) => x + String(y), letters(), range(9));
    expect(await take(results, 9)).toEqual(['a0', 'b1', 'c2']);
  });

  it('throws the producer’s error after the results of what came before', async () => {
    const { rc } = await testCluster({ n: 1 });
    function* broken() {
      yield 1;
      throw new Error('out of input');
    }
    const results = rc.loadBalancedView().imap((x) => x, broken());
    expect((await results.next()).value).toBe(1);
    await expect(results.next()).rejects.toThrow('out of input');
  });

  it('stopOn ends the map with the result that it says true of', async () => {
    const { rc } = await testCluster({ n: 2 });
    const { inputs } = counting();
    const results = rc.loadBalancedView().imap((x) => x, inputs, { stopOn: (x) => x === 3 });
    expect(await take(results, 99)).toEqual([0, 1, 2, 3]);
  });
});
