import { productOf, rangeOf } from '../protocol/sequences.ts';
import { ValueError } from './errors.ts';

/**
 * Python's `range`, as an array of numbers: `range(3)` is [0, 1, 2], `range(2, 8, 3)` is [2, 5],
 * `range(3, 0, -1)` is [3, 2, 1]. Engines have it, too.
 * @throws ValueError when `step` is 0; TypeError for what is no number.
 */
export function range(startOrStop: number, stop?: number, step = 1): number[] {
  return rangeOf(startOrStop, stop, step, (message) => new ValueError(message));
}

/**
 * Every combination of one item of each sequence, the last changing fastest:
 * `product([1, 2], 'ab')` is [[1, 'a'], [1, 'b'], [2, 'a'], [2, 'b']]. Engines have it, too.
 * @throws TypeError for what is no sequence.
 */
export function product<Lists extends readonly Iterable<unknown>[]>(
  ...sequences: Lists
): Combination<Lists>[] {
  return productOf(sequences) as Combination<Lists>[];
}

type Combination<Lists extends readonly Iterable<unknown>[]> = {
  -readonly [K in keyof Lists]: Lists[K] extends Iterable<infer Item> ? Item : never;
};
