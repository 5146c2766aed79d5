/**
 * Python's sequences for cells and engines alike, as arrays. What the client documents under these names is made of
 * them; engines have them besides.
 */

/** `badStep` makes the error for a step of 0. @throws TypeError for what is no number. */
export function rangeOf(
  startOrStop: number,
  stop: number | undefined,
  step: number,
  badStep: (message: string) => Error,
): number[] {
  for (const given of [startOrStop, stop ?? 0, step] as readonly unknown[]) {
    if (typeof given !== 'number' || !Number.isFinite(given)) {
      throw new TypeError(
        `range takes numbers: range(stop) or range(start, stop, step), not ${String(given)}`,
      );
    }
  }
  if (step === 0) throw badStep('range() step must not be zero');
  const [first, last] = stop === undefined ? [0, startOrStop] : [startOrStop, stop];
  const length = Math.max(0, Math.ceil((last - first) / step));
  return Array.from({ length }, (_, i) => first + i * step);
}

/** Every combination of one item of each sequence, the last changing fastest. @throws TypeError. */
export function productOf(sequences: readonly unknown[]): unknown[][] {
  return sequences.reduce<unknown[][]>(
    (rows, sequence) => {
      const items = itemsOf(sequence);
      return rows.flatMap((row) => items.map((item) => [...row, item]));
    },
    [[]],
  );
}

function itemsOf(sequence: unknown): readonly unknown[] {
  const isIterable =
    typeof sequence === 'string' ||
    (typeof sequence === 'object' && sequence !== null && Symbol.iterator in sequence);
  if (!isIterable) throw new TypeError(`product takes sequences, not ${String(sequence)}`);
  return [...(sequence as Iterable<unknown>)];
}
