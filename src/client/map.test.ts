import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { itemRequest, type CallItems } from '../protocol/calls.ts';
import { Reference } from '../protocol/reference.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import type { AsyncMapResult } from './async-result/async-map-result.ts';
import { AsyncResult } from './async-result/async-result.ts';
import { RemoteError } from './errors.ts';
import { range } from './sequences.ts';
import { callItems, mapRequest, mapRequests } from './views/view-requests.ts';

declare function sleep(seconds: number): Promise<void>;

afterEach(closeClusters);

async function views(n = 4) {
  const { rc } = await testCluster({ n });
  return { rc, dview: rc.slice(), e0: rc.at(0), lview: rc.loadBalancedView() };
}

const oddOnesFail = (x: number) => {
  if (x % 2 === 1) throw new RangeError(`odd: ${String(x)}`);
  return x;
};

describe('map on a direct view', () => {
  it('E.129 iteration goes engine by engine, each as soon as it is done', async () => {
    const { dview } = await views();
    // The first engine is the last to finish.
    const ar = dview.mapAsync((x: number) => sleep(x < 4 ? 0.05 : 0).then(() => x), range(16));
    const seen: number[] = [];
    for await (const x of ar) seen.push(x);
    expect(seen).toEqual(range(16));
    const unordered = dview.mapAsync((x: number) => sleep(x < 4 ? 0.05 : 0).then(() => x), range(16), {
      ordered: false,
    });
    const chunks: number[] = [];
    for await (const x of unordered) chunks.push(Math.floor(x / 4));
    expect(chunks.slice(-4)).toEqual([0, 0, 0, 0]);
    expect(chunks.filter((chunk, i) => chunk !== chunks[i - 1])).toHaveLength(4);
  });

  it('E.116 equals the local map', async () => {
    const { dview } = await views();
    expect(await dview.map((x) => x ** 10, range(32))).toEqual(range(32).map((x) => x ** 10));
  });

  it('E.117 counts items, and sends one message for each engine', async () => {
    const { dview } = await views();
    const ar = dview.mapAsync((x) => x, range(16));
    expect([ar.length, ar.msgIds.length, ar.progress]).toEqual([16, 4, 0]);
    await ar;
    expect(ar.progress).toBe(16);
  });

  it('E.118 takes any iterable, of any length, and keeps the order', async () => {
    const { dview } = await views();
    expect(await dview.map((x) => x * 2, new Set(range(101)))).toEqual(range(101).map((x) => x * 2));
    expect(await dview.map((x) => x + 0.5, Float64Array.of(1, 2, 3))).toEqual([1.5, 2.5, 3.5]);
  });

  it('E.120 of nothing is an empty result that is ready', async () => {
    const { dview, lview } = await views(2);
    for (const view of [dview, lview]) {
      const ar = view.mapAsync((x: number) => x, []);
      expect(ar.ready()).toBe(true);
      expect(await ar).toEqual([]);
      expect(ar.length).toBe(0);
    }
  });

  it('E.121 of no sequences is an error', async () => {
    const { dview, lview } = await views(1);
    expect(() => dview.map(Reference('f'))).toThrow(new TypeError('must have some sequences to map onto!'));
    expect(() => lview.map(Reference('f'))).toThrow(new TypeError('must have some sequences to map onto!'));
  });

  it('E.122 on one engine is still a list', async () => {
    const { e0 } = await views(1);
    expect(await e0.map((x) => -x, range(1, 5))).toEqual([-1, -2, -3, -4]);
  });

  it('E.124 takes several sequences, and a Reference as its function', async () => {
    const { dview } = await views();
    await dview.execute('f = (x, y) => x * y');
    expect(await dview.map(Reference('f'), range(5), range(10, 15))).toEqual([0, 11, 24, 39, 56]);
  });

  it('E.125 References among the items are resolved on their engine', async () => {
    const { dview } = await views();
    await dview.scatter('rank', range(4), { flatten: true });
    const ranks: Reference[] = Array.from({ length: 4 }, () => new Reference('rank'));
    expect(await dview.map((x: number) => x * 2, ranks)).toEqual([0, 2, 4, 6]);
  });

  it('E.126 the two that say whether they block take no block', async () => {
    const { dview } = await views(1);
    expect(() => dview.mapAsync((x) => x, [1], { block: true })).toThrow(/unexpected option 'block'/);
    expect(() => dview.mapSync((x) => x, [1], { block: true })).toThrow(TypeError);
  });

  it('E.128 f gets the elements only', async () => {
    const { dview, lview } = await views(2);
    expect(await dview.map(parseInt, ['10', '10', '10'])).toEqual([10, 10, 10]);
    expect(await lview.map(parseInt, ['10', '10', '10'])).toEqual([10, 10, 10]);
    expect(await lview.map(Math.sqrt, [4, 9])).toEqual([2, 3]);
    expect(await dview.map((...args: unknown[]) => args.length, range(3))).toEqual([1, 1, 1]);
  });

  it('refuses options of other views', async () => {
    const { dview } = await views(1);
    expect(() => dview.map((x) => x, [1], { chunksize: 2 })).toThrow(/unexpected option 'chunksize'/);
  });

  it('fails with the errors of all engines, named after the function', async () => {
    const { dview } = await views();
    await expect(dview.map(oddOnesFail, range(8))).rejects.toMatchObject({
      msg: 'one or more exceptions raised in: oddOnesFail',
      elist: range(4).map(() => ({ ename: 'RangeError' })),
    });
  });
});

describe('map on a load-balanced view', () => {
  it('F.130 makes one task for each item, results in order', async () => {
    const { lview } = await views();
    const ar = lview.mapAsync((x) => x ** 2, range(16));
    expect(ar.msgIds).toHaveLength(16);
    expect(await ar).toEqual(range(16).map((x) => x ** 2));
  });

  it('F.132 the shortest sequence decides', async () => {
    const { lview } = await views(2);
    for (const [left, right] of [
      [10, 4],
      [4, 10],
    ] as const) {
      const ar = lview.mapAsync((x: number, y: number) => x + y, range(left), range(right));
      expect(ar.length).toBe(4);
      expect(await ar).toEqual([0, 2, 4, 6]);
    }
  });

  it('F.133 chunksize makes fewer tasks, as even as they can be', async () => {
    const { lview } = await views();
    expect(lview.mapAsync((x) => x, range(32), { chunksize: 4 }).msgIds).toHaveLength(8);
    const ar = lview.mapAsync((x) => x, range(10), { chunksize: 4 });
    const chunks = await Promise.all(ar.split().map((part) => part.get()));
    expect(chunks).toEqual([[[0, 1, 2, 3]], [[4, 5, 6]], [[7, 8, 9]]]);
    expect(await ar).toEqual(range(10));
  });

  it('F.134 a hundred items by four are twenty-five tasks; auto makes a few for each engine', async () => {
    const { lview } = await views();
    expect(lview.mapAsync((x) => x, range(100), { chunksize: 4 }).msgIds).toHaveLength(25);
    expect(lview.mapAsync((x) => x, range(100), { chunksize: 'auto' }).msgIds).toHaveLength(15);
    expect(() => lview.map((x) => x, [1], { chunksize: 0 })).toThrow(/chunksize must be a positive integer/);
  });

  it('F.136 F.137 unordered, iteration is in order of completion; get is not', async () => {
    const { lview } = await views(2);
    const ar = lview.mapAsync(
      async (seconds) => {
        await sleep(seconds);
        return seconds;
      },
      [0.15, 0],
      { ordered: false },
    );
    const seen: number[] = [];
    for await (const seconds of ar) seen.push(seconds);
    expect(seen).toEqual([0, 0.15]);
    expect(await ar).toEqual([0.15, 0]);
  });

  it('F.138 yields items before all are there', async () => {
    const { lview } = await views(2);
    const ar = lview.mapAsync((x) => sleep(x === 3 ? 0.2 : 0).then(() => x), range(4));
    let readyAtFirst: boolean | null = null;
    const seen: number[] = [];
    for await (const x of ar) {
      readyAtFirst ??= ar.ready();
      seen.push(x);
    }
    expect(readyAtFirst).toBe(false);
    expect(seen).toEqual([0, 1, 2, 3]);
  });

  it('F.140 returnExceptions puts errors in place, in iteration and in get', async () => {
    const { lview } = await views(2);
    const ar = lview.mapAsync(oddOnesFail, [0, 2, 3, 4], { returnExceptions: true });
    const seen: unknown[] = [];
    for await (const x of ar) seen.push(x);
    for (const list of [seen, await ar]) {
      expect(list.map((x) => (x instanceof RemoteError ? x.ename : x))).toEqual([0, 2, 'RangeError', 4]);
    }
    expect(await ar).toBe(await ar.get());
  });

  it('F.141 in a chunk, a failing item replaces only itself', async () => {
    const { lview, dview } = await views(2);
    const chunked = await lview.map(oddOnesFail, range(6), { returnExceptions: true, chunksize: 3 });
    const direct = await dview.map(oddOnesFail, range(6), { returnExceptions: true });
    for (const list of [chunked, direct]) {
      expect(list.map((x: unknown) => (x instanceof RemoteError ? x.evalue : x))).toEqual([
        0,
        'odd: 1',
        2,
        'odd: 3',
        4,
        'odd: 5',
      ]);
    }
  });

  it('a lost engine’s items each become its error, so that the list keeps its length', async () => {
    const { rc, kill } = await testCluster({ n: 2 });
    const ar = rc
      .slice()
      .mapAsync((x) => sleep(x < 2 ? 30 : 0).then(() => x), range(4), { returnExceptions: true });
    await ar.wait(0.05);
    kill(0);
    expect((await ar).map((x: unknown) => (x instanceof Error ? x.name : x))).toEqual([
      'EngineError',
      'EngineError',
      2,
      3,
    ]);
  });

  it('I.196 splits into plain results', async () => {
    const { lview } = await views(2);
    const parts = lview.mapAsync((x) => x, range(3)).split();
    expect(parts.every((part) => part.constructor === AsyncResult)).toBe(true);
    expect(await Promise.all(parts)).toEqual([[[0]], [[1]], [[2]]]);
  });

  it('knows its types', async () => {
    const { dview, lview } = await views(1);
    const ar = lview.map((x) => String(x), range(3));
    expectTypeOf(ar).toEqualTypeOf<AsyncMapResult<string>>();
    expectTypeOf(await ar).toEqualTypeOf<string[]>();
    expectTypeOf(ar.at(0)).toEqualTypeOf<string>();
    expectTypeOf(await dview.map(async (x, y) => [x, y] as const, 'ab', [1])).toEqualTypeOf<
      (readonly [string, number])[]
    >();
    expectTypeOf<ReturnType<typeof dview.mapSync<number, boolean>>>().toEqualTypeOf<boolean[]>();
    for await (const x of ar) expectTypeOf(x).toEqualTypeOf<string>();
    // @ts-expect-error: the elements are numbers
    await lview.map((x: string) => x, range(3)).catch(() => null);
  });
});

describe('the requests of a map', () => {
  const plain = (x: unknown) => x;
  const withField = Object.assign((x: unknown) => x, { factor: 3 });
  const withObject = Object.assign((x: unknown) => x, { table: { a: 1 } });
  class Mine {
    readonly x = 1;
  }

  it.each<[string, unknown, readonly (readonly unknown[])[][]]>([
    ['primitives', plain, [[[1]], [['two']], [[null]], [[undefined]], [[3n]], [[NaN]], [[true]], [['']]]],
    [
      'several sequences',
      plain,
      [
        [[1], ['a']],
        [[2], ['bc']],
        [[3], [4]],
      ],
    ],
    ['objects among them', plain, [[[1]], [[{ a: 1 }]], [[2]], [[[3]]], [[new Date(0)]], [[plain]]]],
    ['an object first', plain, [[[{ a: 1 }]], [[2]], [[3]]]],
    ['several items to a task', plain, [[[1, 2]], [[3, 4]], [[5]]]],
    ['holes', plain, [[[1]], [new Array(1)]]],
    ['a function with a field', withField, [[[1]], [[2]]]],
    ['a function with an object', withObject, [[[1]], [[2]]]],
    ['a class', Mine, [[[1]], [[2]]]],
    ['a Reference', Reference('f'), [[[1]], [[2]]]],
    ['nothing', plain, []],
  ])('are what each would be by itself: %s', (_, f, pieces) => {
    const alone = pieces.map((piece) => mapRequest(f, piece, false, false));
    const together = mapRequests(f, pieces, false, false);
    expect(together).toEqual(alone);
    const callees = together.map((one) =>
      'call' in one ? (one.call.value as { readonly f: unknown }).f : null,
    );
    expect(new Set(callees).size).toBe(callees.length);
  });

  it.each<[string, unknown, readonly (readonly unknown[] | Float32Array | BigInt64Array)[]]>([
    ['numbers', plain, [[1, -0, NaN, Infinity, 0.1, 2 ** 60, -5, 0]]],
    ['primitives', plain, [[1, 'two', null, undefined, 3n, NaN, true, '']]],
    ['several sequences', plain, [range(8), ['a', 'bc', '', 'd', 'e', 'f', 'g', 'h']]],
    ['objects among them', plain, [[1, { a: 1 }, 2, [3], new Date(0), (x: number) => x + 1, new Map(), 'x']]],
    ['an object first', plain, [[{ a: 1 }, 2, 3, 4, 5, 6, 7, 8], range(8)]],
    ['References', plain, [range(8).map(() => Reference('a'))]],
    ['a class', Mine, [range(8)]],
    ['a Reference', Reference('f'), [range(8)]],
    ['big integers of an array of them', plain, [BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n)]],
  ])('as one call are what each would be by itself: %s', (_, f, columns) => {
    const items = callItems(f, { columns, length: 8 }, true);
    expect(items).not.toBeNull();
    const together = range(8).map((i) => itemRequest(items as CallItems, i));
    const alone = range(8).map((i) =>
      mapRequest(
        f,
        columns.map((column) => [column[i]]),
        true,
        false,
      ),
    );
    expect(together).toEqual(alone);
  });

  it('of numbers travel as numbers, whatever array they came in', () => {
    const of = (column: Float32Array | number[]) =>
      callItems(plain, { columns: [column], length: 8 }, false)?.columns;
    const numbers = Float64Array.from(range(8));
    expect([of(range(8)), of(Float32Array.from(range(8)))]).toEqual([[numbers], [numbers]]);
  });

  it.each<[string, unknown, readonly unknown[]]>([
    ['few items', plain, range(7)],
    ['a function with a field', withField, range(8)],
    ['buffers', plain, [...range(7), new Uint8Array(8)]],
    ['holes', plain, Object.assign(new Array<unknown>(8), range(7))],
  ])('are no call: %s', (_, f, column) => {
    expect(callItems(f, { columns: [column], length: column.length }, false)).toBeNull();
  });

  it('of one call that cannot be sent are refused with their place', () => {
    const column = [...range(8), { a: Symbol('s') }];
    expect(() => callItems(plain, { columns: [column], length: 9 }, false)).toThrow(
      /columns\[0\]\[0\]\.a is a symbol/,
    );
  });

  it('move each piece once', () => {
    const pieces = [0, 1, 2].map((n) => [Float64Array.of(n)]);
    const requests = mapRequests(plain, pieces, false, true);
    expect(requests).toHaveLength(3);
    expect(pieces.map(([column]) => column?.byteLength)).toEqual([0, 0, 0]);
  });

  it('that cannot be sent are refused with their place', () => {
    expect(() => mapRequests(plain, [[[1]], [[Symbol('s')]]], false, false)).toThrow(
      /columns\[0\]\[0\] is a symbol/,
    );
  });
});
