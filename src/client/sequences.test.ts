import { describe, expect, expectTypeOf, it } from 'vitest';
import { product, range } from './sequences.ts';

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
