/**
 * Python's sequences for cells and engines alike, as arrays. What the client documents under these names is made of
 * them; engines have them besides.
 */

/** So many items are read of what does not say how many it has; what has more may never end. */
export const MOST_ITEMS = 10_000_000;

/** The items of anything iterable; `what`: for the error. @throws RangeError for what does not seem to end. */
export function listOf(items: Iterable<unknown>, what: string): unknown[] {
  if (Array.isArray(items) || typeof items === 'string' || items instanceof Set || items instanceof Map)
    return [...(items as Iterable<unknown>)];
  const list: unknown[] = [];
  for (const item of items) {
    if (list.length >= MOST_ITEMS) throw endless(what);
    list.push(item);
  }
  return list;
}

export function endless(what: string): RangeError {
  return new RangeError(
    `${what} has more than ${MOST_ITEMS.toLocaleString('en')} items, and may never end. Give a sequence that ends; ` +
      'lview.imap(f, items) reads endless ones as it needs them',
  );
}

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
  if (length > MOST_NUMBERS)
    throw new RangeError(
      `range would have ${length.toLocaleString('en')} numbers, which do not fit into memory`,
    );
  return Array.from({ length }, (_, i) => first + i * step);
}

/** Of an array that `range` makes. */
const MOST_NUMBERS = 100_000_000;

/** Every combination of one item of each sequence, the last changing fastest. @throws TypeError. */
export function productOf(sequences: readonly unknown[]): unknown[][] {
  const lists = sequences.map(itemsOf);
  const count = lists.reduce((total, list) => total * list.length, 1);
  if (count > MOST_ITEMS)
    throw new RangeError(
      `product would have ${count.toLocaleString('en')} items, which do not fit into memory`,
    );
  return lists.reduce<unknown[][]>(
    (rows, items) => rows.flatMap((row) => items.map((item) => [...row, item])),
    [[]],
  );
}

function itemsOf(sequence: unknown): readonly unknown[] {
  const isIterable =
    typeof sequence === 'string' ||
    (typeof sequence === 'object' && sequence !== null && Symbol.iterator in sequence);
  if (!isIterable) throw new TypeError(`product takes sequences, not ${String(sequence)}`);
  return listOf(sequence as Iterable<unknown>, 'A sequence of product');
}
