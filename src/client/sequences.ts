import { ValueError } from './errors.ts';

/**
 * Python's `range`, as an array of numbers: `range(3)` is [0, 1, 2], `range(2, 8, 3)` is [2, 5],
 * `range(3, 0, -1)` is [3, 2, 1].
 * @throws ValueError when `step` is 0.
 */
export function range(startOrStop: number, stop?: number, step = 1): number[] {
  if (step === 0) throw new ValueError('range() step must not be zero');
  const [first, last] = stop === undefined ? [0, startOrStop] : [startOrStop, stop];
  const length = Math.max(0, Math.ceil((last - first) / step));
  return Array.from({ length }, (_, i) => first + i * step);
}

/**
 * Every combination of one item of each sequence, the last changing fastest:
 * `product([1, 2], 'ab')` is [[1, 'a'], [1, 'b'], [2, 'a'], [2, 'b']].
 */
export function product<Lists extends readonly Iterable<unknown>[]>(
  ...sequences: Lists
): Combination<Lists>[] {
  const start: unknown[][] = [[]];
  let rows = start;
  for (const sequence of sequences) {
    const items: unknown[] = Array.from<unknown>(sequence);
    rows = rows.flatMap((row) => items.map((item) => [...row, item]));
  }
  return rows as Combination<Lists>[];
}

type Combination<Lists extends readonly Iterable<unknown>[]> = {
  -readonly [K in keyof Lists]: Lists[K] extends Iterable<infer Item> ? Item : never;
};
