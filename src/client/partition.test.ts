import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinPartitions, materialise, partition, partitionSizes, type Dist } from './partition.ts';
import { range } from './sequences.ts';

describe('partition', () => {
  it('D.101 ten items over four engines are 3, 3, 2, 2; 101 are 26, 25, 25, 25', () => {
    expect(partition(range(10), 4)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7],
      [8, 9],
    ]);
    expect(partitionSizes(101, 4)).toEqual([26, 25, 25, 25]);
  });

  it('D.102 three items over four engines leave the last one empty', () => {
    expect(partition([1, 2, 3], 4)).toEqual([[1], [2], [3], []]);
  });

  it('D.113 round robin deals the items out one by one', () => {
    expect(partition(range(10), 4, 'r')).toEqual([
      [0, 4, 8],
      [1, 5, 9],
      [2, 6],
      [3, 7],
    ]);
  });

  it('keeps typed arrays of their class', () => {
    expect(partition(new Float32Array([1, 2, 3]), 2)).toEqual([
      new Float32Array([1, 2]),
      new Float32Array([3]),
    ]);
    expect(partition(new Uint8Array([1, 2, 3]), 2, 'r')).toEqual([
      new Uint8Array([1, 3]),
      new Uint8Array([2]),
    ]);
  });

  it('is undone by joining, whatever the length, the parts and the dist', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer()),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom<Dist>('b', 'r'),
        (items, n, dist) => {
          const parts = partition(items, n, dist);
          expect(parts.map((part) => part.length)).toEqual(partitionSizes(items.length, n));
          expect(joinPartitions(parts, dist)).toEqual(items);
          const typed = new Int32Array(items);
          expect(joinPartitions(partition(typed, n, dist), dist)).toEqual(typed);
        },
      ),
    );
  });
});

describe('joinPartitions', () => {
  it('lets the first part decide: arrays are chained, scalars are listed', () => {
    expect(joinPartitions([[1], [2, 3], []])).toEqual([1, 2, 3]);
    expect(joinPartitions([1, 2, []])).toEqual([1, 2, []]);
  });

  it('joins typed arrays of mixed classes into one of the first', () => {
    expect(joinPartitions([new Float64Array([1.5]), [2.5]])).toEqual(new Float64Array([1.5, 2.5]));
  });
});

describe('joinPartitions of many parts', () => {
  it('puts round robin together however many there are', () => {
    const parts = range(200_000).map((i) => [i]);
    expect(joinPartitions(parts, 'r')).toHaveLength(200_000);
  });
});

describe('materialise', () => {
  it('takes anything iterable and nothing else', () => {
    expect(materialise(new Set([1, 2]))).toEqual([1, 2]);
    expect(materialise('ab')).toEqual(['a', 'b']);
    expect(() => materialise({ length: 3 })).toThrow(/not a sequence: an object that is not iterable/);
    expect(() => materialise(5)).toThrow(TypeError);
  });
});
