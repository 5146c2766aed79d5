import { afterEach, describe, expect, it, vi } from 'vitest';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { AsyncResult } from './async-result/async-result.ts';
import type { Client } from './client.ts';
import { RemoteError } from './errors.ts';
import { range } from './sequences.ts';

/** `returnExceptions` is about what `get` gives: everywhere else an item that has failed has failed. */

declare function sleep(seconds: number): Promise<void>;
declare const engine: { readonly id: number };

afterEach(closeClusters);

const oneFails = (x: number) => {
  if (x === 1) throw new RangeError('one');
  return x * 10;
};

/** Errors by what they say. */
function inShort(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inShort);
  return value instanceof RemoteError ? value.evalue : value;
}

/** Each way to make a map of 0, 1, 2 … of which item 1 fails, and how many tasks fail of how many. */
const MAPS = [
  {
    how: 'one task for each item',
    start: (rc: Client) => rc.loadBalancedView().mapAsync(oneFails, range(4), { returnExceptions: true }),
    chunks: [[0], ['one'], [20], [30]],
  },
  {
    how: 'chunks',
    start: (rc: Client) =>
      rc.loadBalancedView().mapAsync(oneFails, range(4), { returnExceptions: true, chunksize: 2 }),
    chunks: [
      [0, 'one'],
      [20, 30],
    ],
  },
  {
    how: 'a direct view',
    start: (rc: Client) => rc.slice().mapAsync(oneFails, range(4), { returnExceptions: true }),
    chunks: [
      [0, 'one'],
      [20, 30],
    ],
  },
] as const;

describe.each(MAPS)('a map with returnExceptions, $how', ({ start, chunks }) => {
  const items = chunks.flat();
  const statuses = chunks.map((chunk) => ((chunk as readonly unknown[]).includes('one') ? 'error' : 'ok'));
  const failing = statuses.indexOf('error');

  it('39 40 get gives errors in place; the tasks have failed for everybody', async () => {
    const { rc } = await testCluster({ n: 2 });
    const map = start(rc);
    expect(inShort(await map)).toEqual(items);
    expect(map.successful()).toBe(false);
    expect(map.status).toEqual(statuses);
    expect(map.error.map(inShort)).toEqual(statuses.map((status) => (status === 'error' ? 'one' : null)));
    expect((await map.exception())?.message).toMatch(/one or more exceptions/);
    const records = await rc.dbQuery({}, ['status', 'error']);
    expect(records.map(({ status }) => status)).toEqual(statuses);
    expect(records[failing]?.error).toMatchObject({ ename: 'RangeError', evalue: 'one' });
    await expect(map.get({ returnExceptions: false })).rejects.toMatchObject({ elist: [{ evalue: 'one' }] });
    expect(inShort([...map.slice()])).toEqual(items);
    await expect(
      rc
        .loadBalancedView()
        .with({ after: map })
        .apply(() => 1),
    ).rejects.toMatchObject({
      name: 'ImpossibleDependency',
    });
    const status = await rc.resultStatus(map, { statusOnly: false });
    expect(status.results?.[map.msgIds[failing]!]).toBeInstanceOf(RemoteError);
  });

  it('41 the same messages, got in another way, are lists of values and errors', async () => {
    const { rc, connect } = await testCluster({ n: 2 });
    const map = start(rc);
    await map.wait();
    const other = connect();
    expect(inShort(await rc.getResult(map.msgIds))).toEqual(chunks);
    expect(inShort(await other.getResult(map.msgIds))).toEqual(chunks);
    expect(inShort(await other.getResult(map.msgIds[failing] ?? ''))).toEqual(chunks[failing]);
    expect(inShort(await rc.resubmit(map))).toEqual(chunks);
    expect(inShort(await other.resubmit(map.msgIds))).toEqual(chunks);
    expect(inShort(await map.resubmitFailed())).toEqual(items);
    expect(inShort(await AsyncResult.join(map))).toEqual(chunks);
    expect(inShort(await Promise.all(map.split()))).toEqual(chunks.map((chunk) => [chunk]));
    const strangers = other.getResult(map.msgIds);
    expect(await strangers.wait()).toBe(true);
    expect(strangers.successful()).toBe(false);
  });

  it('a join throws the errors of those calls alone that did not ask for them', async () => {
    const { rc } = await testCluster({ n: 2 });
    const map = start(rc);
    const bad = rc.at(0).apply(() => {
      throw new Error('thrown');
    });
    await expect(AsyncResult.join<unknown>(map, bad)).rejects.toMatchObject({
      elist: [{ evalue: 'thrown' }],
    });
  });
});

it('39 retries try a failing item again, and the whole chunk', async () => {
  const { rc } = await testCluster({ n: 1 });
  await rc.at(0).push({ k: 0, runs: [] });
  const flaky = (x: number) => {
    const here = globalThis as unknown as { k: number; runs: number[] };
    here.runs.push(x);
    if (x === 1 && ++here.k < 3) throw new Error(`flaky ${String(here.k)}`);
    return `ok ${String(x)}`;
  };
  const view = rc.loadBalancedView([0]).with({ retries: 5 });
  expect(await view.map(flaky, [1], { returnExceptions: true })).toEqual(['ok 1']);
  await rc.at(0).push({ k: 0, runs: [] });
  const chunked = await view.map(flaky, range(3), { returnExceptions: true, chunksize: 3 });
  expect(chunked).toEqual(['ok 0', 'ok 1', 'ok 2']);
  expect(await rc.at(0).pull('runs')).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  await rc.at(0).push({ k: -9, runs: [] });
  expect(inShort(await view.with({ retries: 1 }).map(flaky, [1], { returnExceptions: true }))).toEqual([
    'flaky -7',
  ]);
});

it('a refused chunk goes elsewhere, at whichever item it was refused', async () => {
  const { rc } = await testCluster({ n: 2 });
  await rc.slice().push({ refuses: false });
  await rc.at(0).push({ refuses: true });
  const choosy = (x: number) => {
    if (x === 1 && Reflect.get(globalThis, 'refuses') === true)
      throw Object.assign(new Error('not here'), { name: 'UnmetDependency' });
    return x;
  };
  const lview = rc.loadBalancedView();
  expect(await lview.map(choosy, range(4), { returnExceptions: true, chunksize: 2 })).toEqual(range(4));
});

describe('stopOn', () => {
  const slow = async (x: number) => {
    await sleep(x === 0 ? 0 : 0.3);
    if (x === 0) throw new RangeError('zero');
    return x;
  };

  it("40 'error' stops a map that returns its exceptions", async () => {
    const { rc } = await testCluster({ n: 2 });
    const map = rc.loadBalancedView().mapAsync(slow, range(12), { returnExceptions: true, stopOn: 'error' });
    const list = inShort(await map) as unknown[];
    expect(list[0]).toBe('zero');
    expect(list.length).toBeLessThan(12);
  });

  it.each([
    {
      how: 'throws',
      stopOn: () => {
        throw new RangeError('so');
      },
      error: new RangeError('so'),
    },
    {
      how: 'throws what is no error',
      stopOn: () => {
        throw 'so';
      },
      error: new Error('so'),
    },
    {
      how: 'is async',
      stopOn: (() => Promise.resolve(false)) as unknown as () => boolean,
      error: new TypeError('stopOn must say true or false at once: it cannot be async'),
    },
  ])('51 that $how fails the map with its error, returned exceptions or not', async ({ stopOn, error }) => {
    const { rc } = await testCluster({ n: 2 });
    const lview = rc.loadBalancedView();
    for (const returnExceptions of [false, true]) {
      const map = lview.mapAsync((x: number) => x, range(8), { stopOn, returnExceptions });
      await expect(map).rejects.toThrow(error);
      expect(map.successful()).toBe(false);
      expect(await map.exception()).toEqual(error);
      await expect(
        (async () => {
          for await (const item of map) expect(item).toBeTypeOf('number');
        })(),
      ).rejects.toThrow(error);
    }
    const lazily = lview.imap((x: number) => x, range(8), { stopOn });
    await expect(lazily.next()).rejects.toThrow();
    expect(await lazily.next()).toEqual({ done: true, value: undefined });
  });
});

describe('getDict', () => {
  it('46 has the items of each engine, of maps and gathers', async () => {
    const { rc } = await testCluster({ n: 4 });
    const dview = rc.slice();
    const here = (x: number) => `${String(x)}@${String(engine.id)}`;
    expect(await dview.map(here, range(8)).getDict()).toEqual({
      0: ['0@0', '1@0'],
      1: ['2@1', '3@1'],
      2: ['4@2', '5@2'],
      3: ['6@3', '7@3'],
    });
    await dview.scatter('a', range(6));
    expect(await dview.gather('a').getDict()).toEqual({ 0: [0, 1], 1: [2, 3], 2: [4], 3: [5] });
    await dview.scatter('b', Float64Array.of(1, 2, 3, 4));
    expect(await dview.gather('b').getDict()).toEqual({
      0: Float64Array.of(1),
      1: Float64Array.of(2),
      2: Float64Array.of(3),
      3: Float64Array.of(4),
    });
    const partial = await dview.map(oneFails, range(8), { returnExceptions: true }).getDict();
    expect(inShort(partial[0])).toEqual([0, 'one']);
    await expect(dview.map(oneFails, range(8)).getDict()).rejects.toThrow(/one or more exceptions/);
    await expect(
      rc
        .loadBalancedView([0])
        .map((x) => x, range(3))
        .getDict(),
    ).rejects.toThrow('Cannot build dict, 3 jobs ran on engine #0');
    expect(await dview.map((x) => x, []).getDict()).toEqual({});
  });
});

describe('wait', () => {
  const step = async (how: string) => {
    if (how === 'waits') await sleep(60);
    if (how === 'fails') throw new Error(how);
    return how;
  };

  it.each([
    { returnWhen: 'FIRST_COMPLETED', steps: ['waits', 'ends', 'waits'], done: [1] },
    { returnWhen: 'FIRST_COMPLETED', steps: ['waits', 'waits', 'fails'], done: [2] },
    { returnWhen: 'FIRST_EXCEPTION', steps: ['waits', 'fails', 'waits'], done: [1] },
    { returnWhen: 'FIRST_EXCEPTION', steps: ['ends', 'ends', 'ends'], done: [0, 1, 2] },
    { returnWhen: 'ALL_COMPLETED', steps: ['ends', 'fails', 'ends'], done: [0, 1, 2] },
  ] as const)('43 for $returnWhen of $steps is over then', async ({ returnWhen, steps, done }) => {
    const { rc } = await testCluster({ n: 3 });
    for (const map of [rc.slice().mapAsync(step, steps), rc.loadBalancedView().mapAsync(step, steps)]) {
      const [ended, pending] = await map.wait(60, { returnWhen });
      const ids = [...(ended ?? [])].flatMap((part) => part.msgIds);
      expect(ids).toEqual(done.map((i) => map.msgIds[i]));
      expect(pending?.size).toBe(3 - done.length);
      const again = await map.wait({ returnWhen });
      expect([again.done.size, again.pending.size]).toEqual([done.length, 3 - done.length]);
      await map.waitInteractive({ returnWhen });
      map.cancel();
      await map.wait();
    }
    expect(await rc.slice().map(step, []).wait({ returnWhen })).toMatchObject({ done: new Set() });
  });
});

it('43 get of the first warns, and gets all', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const { rc } = await testCluster({ n: 2 });
  expect(
    await rc
      .slice()
      .apply(() => 1)
      .get({ returnWhen: 'FIRST_COMPLETED' }),
  ).toEqual([1, 1]);
  expect(warn).toHaveBeenCalledOnce();
  warn.mockRestore();
});
