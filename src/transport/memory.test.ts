import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { share } from '../protocol/share.ts';
import { buildEngineThread, closeThreads, threadCluster } from '../testing/thread-cluster.ts';

/** What happens to memory on its way to engines and back, over real threads. */
declare const data: Float64Array;
declare const part: Float64Array;

beforeAll(buildEngineThread, 60_000);
afterEach(closeThreads);

const N = 1 << 18;
const total = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0);

describe('without track', () => {
  test('S.348 what is pushed is a copy; the array stays the caller’s, and sent is true at once', async () => {
    const { rc } = await threadCluster(2);
    const view = rc.directView();
    const array = new Float64Array(N).fill(1);
    const ar = view.push({ data: array });
    array.fill(2);
    expect(ar.sent).toBe(true);
    await ar;
    expect(await view.apply(() => data[0])).toEqual([1, 1]);
    expect(array.length).toBe(N);
  });
});

describe('track', () => {
  test('S.353 apply and push move: the array is detached, and all targets have it when sent says so', async () => {
    const { rc } = await threadCluster(3);
    const view = rc.directView().with({ track: true });
    for (const call of [
      (x: Float64Array) => view.push({ data: x }),
      (x: Float64Array) => view.apply(total, x),
      (x: Float64Array) => view.apply(({ deep }: { deep: Float64Array[] }) => deep[0]?.length, { deep: [x] }),
      (x: Float64Array) =>
        view.apply((x: Float64Array, y: Uint8Array) => y.length - x.length, x, new Uint8Array(x.buffer)),
    ]) {
      const array = new Float64Array(N).fill(1);
      const ar = call(array);
      expect([array.length, ar.sent, ar.tracker.done]).toEqual([0, false, false]);
      await ar.waitForSend(20);
      expect([ar.sent, ar.tracker.done]).toEqual([true, true]);
      await ar;
    }
    expect(await view.apply(() => data.length + (data.at(-1) ?? 0))).toEqual([N + 1, N + 1, N + 1]);
  });

  test('a view on a part of a buffer: the buffer moves whole, and the part arrives', async () => {
    const { rc } = await threadCluster(2);
    const view = rc.directView().with({ track: true });
    const whole = Float64Array.from({ length: 10 }, (_, i) => i);
    const part = whole.subarray(2, 5);
    await view.push({ data: part });
    expect([whole.length, part.length]).toEqual([0, 0]);
    expect(await view.apply(() => [...data])).toEqual([
      [2, 3, 4],
      [2, 3, 4],
    ]);
  });

  test('the same buffer twice is one buffer there, and the same array one array', async () => {
    const { rc } = await threadCluster(2);
    const view = rc.directView().with({ track: true });
    const array = new Float64Array([1, 2]);
    const bytes = new Uint8Array(array.buffer, 8);
    const same = (x: Float64Array, y: Uint8Array, again: { x: Float64Array }) =>
      x.buffer === y.buffer && again.x === x && y.byteOffset === 8 && x[1] === 2;
    expect(await view.apply(same, array, bytes, { x: array })).toEqual([true, true]);
    expect([array.length, bytes.length]).toEqual([0, 0]);
  });

  test('a detached array used again gives a clear error, and nothing is sent', async () => {
    const { rc } = await threadCluster(1);
    const view = rc.at(0).with({ track: true });
    const array = new Float64Array(8);
    await view.push({ data: array });
    expect(() => view.push({ b: { c: array } })).toThrow(
      'b.c is on a detached ArrayBuffer: its bytes were moved away before. Send a copy.',
    );
    expect(await view.pull('data.length')).toBe(8);
  });

  test('scatter and map send their parts once; the array stays the caller’s', async () => {
    const { rc } = await threadCluster(3);
    const view = rc.directView().with({ track: true });
    const array = Float64Array.from({ length: 10 }, (_, i) => i);
    const ar = view.scatter('part', array);
    await ar.waitForSend(20);
    await ar;
    expect(array.length).toBe(10);
    expect(await view.apply(() => part.length)).toEqual([4, 3, 3]);
    expect(await view.gather('part')).toEqual(array);
    expect(await view.map((x: number) => x * 2, array)).toEqual([...array].map((x) => 2 * x));
    expect(
      await rc
        .loadBalancedView()
        .with({ track: true })
        .map((x: number) => x + 1, array),
    ).toHaveLength(10);
  });
});

describe('share', () => {
  test('all engines and the caller have one memory; scatter gives them parts of it', async () => {
    const { rc } = await threadCluster(3);
    const view = rc.directView();
    const shared = share(new Float64Array(9));
    await view.push({ data: shared });
    await view.apply(() => {
      data[comm.rank] = comm.rank + 1;
    });
    expect([...shared.subarray(0, 4)]).toEqual([1, 2, 3, 0]);
    await view.scatter('part', shared);
    await view.apply(() => part.fill(7));
    expect([...shared]).toEqual(new Array(9).fill(7));
    expect(share(shared)).toBe(shared);
    expect([...share([1, 2])]).toEqual([1, 2]);
    expect(() => share('abc' as never)).toThrow('share takes a typed array');
  });

  test('sent turns true when the tasks that use it are done', async () => {
    const { rc } = await threadCluster(1);
    const gate = share(new Int32Array(1));
    const ar = rc
      .at(0)
      .with({ track: true })
      .apply((gate: Int32Array) => Atomics.wait(gate, 0, 0), gate);
    await expect.poll(() => rc.engines[0]?.status).toBe('busy');
    expect(ar.sent).toBe(false);
    await expect(ar.waitForSend(0)).rejects.toThrow('Still waiting to be sent');
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    await ar;
    expect(ar.sent).toBe(true);
  });
});

test('return transfer(array): the engine’s own array is moved, not copied', async () => {
  const { rc } = await threadCluster(1);
  const e0 = rc.at(0);
  await e0.execute(`globalThis.big = new Float64Array(${String(N)}).fill(3)`);
  expect(await e0.pull<Float64Array>('transfer(big)')).toHaveLength(N);
  expect(await e0.pull('big.length')).toBe(0);
});

declare const comm: { readonly rank: number };

test('items of a call behind one that suddenly holds its thread run elsewhere, and nobody waits for it', async () => {
  const { rc } = await threadCluster(2);
  const items = Array.from({ length: 2000 }, (_, i) => i);
  const spin = (x: number) => {
    if (x === 1500) for (const end = Date.now() + 2000; Date.now() < end;);
    return x;
  };
  const ar = rc.loadBalancedView().map(spin, items);
  expect(await ar).toEqual(items);
  const completed = ar.completed.map((date) => date?.getTime() ?? NaN);
  const last = Math.max(...completed.filter((_, i) => i !== 1500));
  expect(completed[1500]).toBeGreaterThan(last);
});
