import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Comm } from '../engine/comm/comm.ts';
import { buildEngineThread, closeThreads, threadCluster } from '../testing/thread-cluster.ts';

/** Messages between engines, over real threads. What is applied runs there, where `comm` is. */
declare const comm: Comm;
declare const a: number[];

beforeAll(buildEngineThread, 60_000);
afterEach(closeThreads);

describe('blocking', () => {
  test('psum: the parts of a scattered range(16) add up to 120 on each rank', async () => {
    const { rc } = await threadCluster(4);
    const view = rc.directView();
    await view.scatter(
      'a',
      Array.from({ length: 16 }, (_, i) => i),
    );
    const psum = () => [comm.rank, comm.size, comm.allreduce(a.reduce((x, y) => x + y))];
    expect(await view.apply(psum)).toEqual([0, 1, 2, 3].map((rank) => [rank, 4, 120]));
    expect(await rc.directView([2, 0]).apply(() => [comm.rank, comm.size])).toEqual([
      [0, 2],
      [1, 2],
    ]);
    expect(await rc.at(1).apply(() => [comm.rank, comm.size, comm.allreduce(5)])).toEqual([0, 1, 5]);
  });

  test('collectives, with other roots, numbers of ranks and operations', async () => {
    const { rc } = await threadCluster(3);
    const result = await rc.directView().apply(() => {
      const { rank, size } = comm;
      comm.barrier();
      const last = size - 1;
      return {
        bcast: comm.bcast(rank === last ? { from: rank } : null, last),
        scatter: comm.scatter(rank === 1 ? ['x', 'y', 'z'] : null, 1),
        gather: comm.gather(rank * rank, 1),
        allgather: comm.allgather(String(rank)),
        reduce: comm.reduce(rank + 1, 'prod', 2),
        text: comm.allreduce(String(rank), (x, y) => `${x}${y}`),
        max: comm.allreduce([rank, 10 - rank], 'max'),
        typed: comm.allreduce(Float64Array.of(rank, 1)),
      };
    });
    const same = { allgather: ['0', '1', '2'], bcast: { from: 2 }, text: '012', max: [2, 10] };
    expect(result).toEqual([
      { ...same, scatter: 'x', gather: null, reduce: null, typed: Float64Array.of(3, 3) },
      { ...same, scatter: 'y', gather: [0, 1, 4], reduce: null, typed: Float64Array.of(3, 3) },
      { ...same, scatter: 'z', gather: null, reduce: 6, typed: Float64Array.of(3, 3) },
    ]);
  });

  test('tags and sources choose; messages of one sender keep their order', async () => {
    const { rc } = await threadCluster(3);
    const result = await rc.directView().apply(() => {
      if (comm.rank > 0) {
        comm.send(`a${String(comm.rank)}`, 0, 1);
        comm.send(`b${String(comm.rank)}`, 0, 2);
        comm.send(`c${String(comm.rank)}`, 0, 1);
        return null;
      }
      const status: { source?: number; tag?: number } = {};
      const list = [comm.recv(2, 2), comm.recv(2), comm.recv(1, 1), comm.recv(1, 1), comm.recv(2)];
      const last = comm.recv(comm.ANY_SOURCE, comm.ANY_TAG, status);
      return [...list, last, status.source, status.tag];
    });
    expect(result[0]).toEqual(['b2', 'a2', 'a1', 'c1', 'c2', 'b1', 1, 2]);
  });

  test('values of all kinds, and arrays much larger than a ring, both ways at once', async () => {
    const { rc } = await threadCluster(2);
    const result = await rc.directView().apply(() => {
      const other = 1 - comm.rank;
      const n = 1_000_003;
      const mine = new Float64Array(n).fill(comm.rank + 1).subarray(1);
      comm.send(mine, other);
      const got: Float64Array = comm.recv(other);
      const value = {
        m: new Map([[1, new Set([2n])]]),
        d: new Date(7),
        u: undefined,
        f: (x: number) => x + 1,
      };
      const back = comm.sendrecv<typeof value>(value, other, other);
      return [got.length, got[0], got[n - 2], back.m.get(1)?.has(2n), back.d.getTime(), back.f(1)];
    });
    expect(result).toEqual([
      [1_000_002, 2, 2, true, 7, 2],
      [1_000_002, 1, 1, true, 7, 2],
    ]);
  });

  test('one call hears nothing of another, even of one that was cut short', async () => {
    const { rc } = await threadCluster(2);
    const view = rc.directView();
    await view.apply(() => {
      comm.send('old', 1 - comm.rank);
    });
    expect(await view.apply(() => comm.sendrecv(comm.rank, 1 - comm.rank, 1 - comm.rank))).toEqual([1, 0]);
  });
});

describe('what goes wrong', () => {
  test('a deadlock can be explained, and interrupted; the namespace stays', async () => {
    const { rc } = await threadCluster(2);
    const view = rc.directView();
    await view.push({ x: 42 });
    const ar = view.apply(() => comm.recv(1 - comm.rank, 3));
    await expect
      .poll(() => ar.why(), { timeout: 5000 })
      .toBe(
        'Engine 0 waits in comm.recv(source=1, tag=3), engine 1 waits in comm.recv(source=0, tag=3): ' +
          'each waits for another, a deadlock.',
      );
    rc.interrupt();
    await expect(ar.get()).rejects.toMatchObject({
      elist: [{ ename: 'KeyboardInterrupt' }, { ename: 'KeyboardInterrupt' }],
    });
    expect(await view.pull('x')).toEqual([42, 42]);
    expect(rc.engines.map(({ generation }) => generation)).toEqual([1, 1]);
  });

  test('partners of a rank that throws, ends or dies get a CommError', async () => {
    const { rc, workers } = await threadCluster(3);
    const view = rc.directView();
    const thrown = view.apply(() => {
      if (comm.rank === 1) throw new TypeError('no');
      return comm.recv(1);
    });
    await expect(thrown.get()).rejects.toMatchObject({
      elist: [
        {
          ename: 'CommError',
          evalue: 'comm.recv(source=1, tag=any) waits for rank 1 (engine 1), which has failed',
        },
        { ename: 'TypeError' },
        { ename: 'CommError' },
      ],
    });
    const ended = view.apply(() => (comm.rank === 0 ? comm.recv() : 0));
    await expect(ended.get()).rejects.toMatchObject({ elist: [{ ename: 'CommError' }] });
    const died = view.apply(() => {
      for (;;)
        if (comm.rank !== 2) {
          comm.barrier();
          return;
        }
    });
    await expect.poll(() => rc.engines.every(({ status }) => status === 'busy')).toBe(true);
    await workers[2]?.terminate();
    await expect(died.get()).rejects.toMatchObject({
      elist: [{ ename: 'CommError' }, { ename: 'CommError' }, { ename: 'EngineError' }],
    });
    await rc.waitForEngines(3);
    await expect.poll(() => rc.engines.map(({ status }) => status)).toEqual(['idle', 'idle', 'idle']);
    expect(await view.apply(() => comm.allreduce(1))).toEqual([3, 3, 3]);
  });

  test('ranks and tags that do not exist are refused', async () => {
    const { rc } = await threadCluster(1);
    const say = (f: () => unknown) => rc.at(0).apply(f).get();
    await expect(say(() => comm.send(1, 1))).rejects.toThrow(
      'dest must be a rank: there is only rank 0; it is 1',
    );
    await expect(say(() => comm.recv(0, -3))).rejects.toThrow('tag must be a whole number');
    await expect(say(() => comm.reduce(1, 'mean' as 'sum'))).rejects.toThrow('op must be a function');
    await expect(say(() => comm.recv())).rejects.toThrow('nobody can send');
  });
});

describe.each([true, false])('awaited, shared memory: %s', (shared) => {
  test('the same operations, mixed and at once', async () => {
    const { rc } = await threadCluster(4, { shared });
    const result = await rc.directView().apply(async () => {
      const { rank, size } = comm;
      const right = (rank + 1) % size;
      const left = (rank + size - 1) % size;
      const big = new Float32Array(200_000).fill(rank);
      const [, got, word] = await Promise.all([
        comm.async.send(big, right, 1),
        comm.async.recv<Float32Array>(left, 1),
        comm.async.sendrecv(`from ${String(rank)}`, left, right, 2, 2),
      ]);
      await comm.async.barrier();
      const list = await comm.async.allgather({ rank });
      return [got[199_999], word, list.length, await comm.async.allreduce(rank)];
    });
    expect(result).toEqual([0, 1, 2, 3].map((r) => [(r + 3) % 4, `from ${String((r + 1) % 4)}`, 4, 6]));
  });

  test('a wait is explained, interrupted, and ends when its partner has failed', async () => {
    const { rc } = await threadCluster(2, { shared });
    const view = rc.directView();
    await view.push({ x: 1 });
    const ar = view.apply(() => comm.async.recv(1 - comm.rank));
    await expect.poll(() => ar.why(), { timeout: 5000 }).toContain('waits in comm.recv(source=0, tag=any)');
    rc.interrupt();
    await expect(ar.get()).rejects.toMatchObject({ elist: [{ ename: 'KeyboardInterrupt' }, {}] });
    const lonely = view.apply(async () => {
      if (comm.rank === 0) await comm.async.recv(1);
      else throw new RangeError('no');
    });
    await expect(lonely.get()).rejects.toMatchObject({
      elist: [{ ename: 'CommError' }, { ename: 'RangeError' }],
    });
    expect(await view.pull('x')).toEqual([1, 1]);
  });
});

/** Calls of rank 0 and of the others that do not match; `both`: what the error names. */
const MISMATCHES = [
  { here: 'allgather(1)', there: 'allreduce(5)', both: ['comm.allgather()', 'comm.allreduce()'] },
  { here: 'barrier()', there: 'bcast(1, 0)', both: ['comm.barrier()', 'comm.bcast(root=0)'] },
  { here: 'bcast(1, 0)', there: 'barrier()', both: ['comm.bcast(root=0)', 'comm.barrier()'] },
  { here: 'bcast(1, 0)', there: 'bcast(1, 1)', both: ['comm.bcast(root=0)', 'comm.bcast(root=1)'] },
  { here: 'bcast(1, 1)', there: 'bcast(1, 0)', both: ['comm.bcast(root=1)', 'comm.bcast(root=0)'] },
  { here: 'gather(1, 0)', there: 'gather(1, 1)', both: ['comm.gather(root=0)', 'comm.gather(root=1)'] },
  { here: 'scatter([1, 2, 3], 1)', there: 'scatter([1, 2, 3], 0)', both: ['root=1', 'root=0'] },
  { here: 'reduce(1)', there: "reduce(1, 'max')", both: ['reduce(root=0)', 'reduce(op=max, root=0)'] },
  { here: 'allreduce(1)', there: "allreduce(1, 'prod')", both: ['allreduce()', 'allreduce(op=prod)'] },
  { here: 'allreduce([1, 2])', there: 'allreduce([1])', both: ['a list of 2', 'a list of 1'] },
  { here: 'scatter([1, 2], 0)', there: 'scatter(null, 0)', both: ['one value for each', 'has failed'] },
  { here: 'rank', there: 'barrier()', both: ['comm.barrier()', 'rank 0 (engine 0), which has ended'] },
] as const;

describe.each([true, false])('collectives that do not match, shared memory: %s', (shared) => {
  test('47 fail, and name both', async () => {
    const { rc } = await threadCluster(3, { shared });
    const view = rc.directView();
    await view.push({ ready: true });
    const modes = shared ? ['comm', 'comm.async'] : ['comm.async'];
    for (const { here, there, both } of MISMATCHES) {
      for (const mode of modes) {
        const [mine, others] = [here, there].map((call) => `${call === 'rank' ? 'comm' : mode}.${call}`);
        const text = `comm.rank === 0 ? ${String(mine)} : ${String(others)}`;
        const error = (await view.pull(text).exception(60)) as Error & {
          elist: readonly { readonly evalue: string }[];
        };
        const said = error.elist.map(({ evalue }) => evalue).join('\n');
        for (const name of both) expect(said, `${mode}: ${here} and ${there}`).toContain(name);
      }
    }
    expect(await view.apply(() => comm.async.allreduce(1))).toEqual([3, 3, 3]);
  });
});

test('a sender that blocks reaches a receiver that awaits, and the other way round', async () => {
  const { rc } = await threadCluster(2);
  const result = await rc.directView().apply(async () => {
    const big = new Float64Array(100_000).fill(3);
    if (comm.rank === 0) {
      comm.send(big, 1);
      return comm.recv<Float64Array>(1)[99_999];
    }
    const got: Float64Array = await comm.async.recv(0);
    await comm.async.send(got, 0);
    return got.length;
  });
  expect(result).toEqual([3, 100_000]);
});

test('without shared memory blocking calls name their twins', async () => {
  const { rc } = await threadCluster(2, { shared: false });
  await expect(
    rc
      .directView()
      .apply(() => comm.barrier())
      .get(),
  ).rejects.toMatchObject({
    elist: [
      {
        ename: 'BlockingUnavailableError',
        evalue: expect.stringContaining('await comm.async.barrier') as string,
      },
      {},
    ],
  });
});
