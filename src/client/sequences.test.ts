import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { product, range } from './sequences.ts';

afterEach(closeClusters);

describe('range', () => {
  it('counts as in Python', () => {
    expect(range(3)).toEqual([0, 1, 2]);
    expect(range(2, 8, 3)).toEqual([2, 5]);
    expect(range(3, 0, -1)).toEqual([3, 2, 1]);
    expect(range(5, 2)).toEqual([]);
    expect(() => range(0, 3, 0)).toThrow('step must not be zero');
  });
});

describe('product', () => {
  it('gives every combination, the last changing fastest', () => {
    expect(product([1, 2], 'ab')).toEqual([
      [1, 'a'],
      [1, 'b'],
      [2, 'a'],
      [2, 'b'],
    ]);
    expect(product([1, 2], [])).toEqual([]);
    expect(product()).toEqual([[]]);
  });

  it('knows the types of its combinations', () => {
    expectTypeOf(product([1, 2], 'ab')).toEqualTypeOf<[number, string][]>();
  });

  it('turns the nested loops of the load-balancing notebook into twelve areas', () => {
    const areas = product(range(1, 4), range(6, 10)).map(([width, height]) => width * height);
    expect(areas).toEqual([6, 7, 8, 9, 12, 14, 16, 18, 18, 21, 24, 27]);
  });
});

describe('sequences that never end', () => {
  const endless = (value: number): Iterable<number> => {
    const same = { value, done: false };
    return { [Symbol.iterator]: () => ({ next: () => same }) };
  };
  function* counting(): Generator<number, void> {
    for (let i = 0; ; i++) yield i;
  }

  it('1 beside one that ends, in maps: the shortest decides, and closes the others', async () => {
    const { rc } = await testCluster({ n: 2 });
    for (const view of [rc.slice(), rc.loadBalancedView()]) {
      expect(await view.map((x: number, k: number) => x * k, range(100), endless(2))).toEqual(
        range(0, 200, 2),
      );
      const it = counting();
      expect(await view.map((k: number, x: number) => x + k, it, new Set([1, 2, 3]))).toEqual([1, 3, 5]);
      expect(it.next().done).toBe(true);
      expect(await view.map((a: number, b: number) => a + b, Float64Array.of(1, 2), counting())).toEqual([
        1, 3,
      ]);
      expect(await view.map((a: number, b: number) => a + b, [], counting())).toEqual([]);
    }
  });

  const ENDLESS = expect.objectContaining({
    name: 'RangeError',
    message: expect.stringContaining('has more than 10,000,000 items, and may never end') as string,
  }) as Error;

  it('1 alone, they are refused with a sentence', async () => {
    const { rc } = await testCluster({ n: 1 });
    const lview = rc.loadBalancedView();
    const refusals: readonly (() => unknown)[] = [
      () => lview.map((x: number) => x, endless(1)),
      () => lview.map((x: number, y: number) => x + y, endless(1), endless(2)),
      () => rc.slice().scatter('a', endless(1)),
      () => product(endless(1), [1]),
    ];
    // Each reads ten million items, once.
    for (const refused of refusals) expect(refused).toThrow(ENDLESS);
    const holes: number[] = Object.assign([], { [4e9]: 1 });
    expect(() => lview.map((x: number) => x, holes)).toThrow(
      '4,000,000,001 places, and most of them are holes',
    );
    expect(() => rc.slice().scatter('a', holes)).toThrow(RangeError);
    expect(() => range(1e12)).toThrow('range would have 1,000,000,000,000 numbers');
    expect(() => product(range(1e5), range(1e5))).toThrow('product would have 10,000,000,000 items');
  }, 60_000);

  it('1 an imap of them without a limit leaves others their turn, and can be cancelled', async () => {
    const { rc } = await testCluster({ n: 1 });
    const map = rc.loadBalancedView().imap((x: number) => x, counting(), { maxOutstanding: 0 });
    expect((await map.next()).value).toBe(0);
    map.cancel();
    expect((await map.next()).done).toBe(true);
  });
});
