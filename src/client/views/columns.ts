import { ValueError } from '../errors.ts';
import { endless, MOST_ITEMS } from '../../protocol/sequences.ts';
import {
  isIterable,
  isTypedArray,
  materialise,
  partition,
  partitionSizes,
  type Dist,
  type Sequence,
} from '../partition.ts';

/** The items of a map, one array per sequence, all of one length. */
export interface Columns {
  readonly columns: readonly Sequence[];
  readonly length: number;
}

/**
 * Sequences of a map side by side; the shortest decides, and of others no more is read. @throws TypeError when there are
 * none; RangeError when none seems to end.
 */
export function zipSequences(sequences: readonly unknown[]): Columns {
  const isKnown = (sequence: unknown) => Array.isArray(sequence) || isTypedArray(sequence);
  const lists =
    sequences.every(isKnown) || sequences.length < 2 ? materialiseAll(sequences) : readTogether(sequences);
  const length = Math.min(...lists.map((list) => list.length));
  const columns = lists.map((list) => (list.length === length ? list : list.slice(0, length)));
  return { columns, length };
}

/** Row by row, so that none is read further than the shortest goes. */
function readTogether(sequences: readonly unknown[]): Sequence[] {
  const iterators = sequences.map(iteratorOf);
  const lists = sequences.map((): unknown[] => []);
  try {
    for (let n = 0; ; n++) {
      const row = iterators.map((iterator) => iterator.next());
      if (row.some(({ done }) => done === true)) break;
      if (n >= MOST_ITEMS) throw endless('Each sequence of the map');
      row.forEach(({ value }, i) => lists[i]?.push(value));
    }
  } finally {
    for (const iterator of iterators) iterator.return?.();
  }
  // Typed arrays stay what they are.
  return sequences.map((sequence, i) => {
    const length = lists[i]?.length ?? 0;
    return isTypedArray(sequence) ? sequence.slice(0, length) : (lists[i] ?? []);
  });
}

function iteratorOf(sequence: unknown): Iterator<unknown> {
  // Tells what is no sequence in the same words.
  if (!isIterable(sequence)) materialise(sequence);
  return (sequence as Iterable<unknown>)[Symbol.iterator]();
}

/** For the call form of `parallel`, which cannot pad. @throws ValueError for unequal lengths. */
export function equalSequences(sequences: readonly unknown[]): Columns {
  const columns = materialiseAll(sequences);
  const lengths = columns.map((column) => column.length);
  const [length = 0] = lengths;
  if (lengths.some((other) => other !== length)) {
    throw new ValueError(`all sequences must have equal length, but have [${lengths.join(', ')}]`);
  }
  return { columns, length };
}

function materialiseAll(sequences: readonly unknown[]): Sequence[] {
  if (sequences.length === 0) throw new TypeError('must have some sequences to map onto!');
  return sequences.map(materialise);
}

/** The columns in `parts` pieces, none empty, and how many items each has. */
export function splitColumns(
  { columns, length }: Columns,
  parts: number,
  dist: Dist = 'b',
): { readonly pieces: readonly (readonly Sequence[])[]; readonly sizes: readonly number[] } {
  const count = Math.min(parts, length);
  const perColumn = columns.map((column) => partition(column, count, dist));
  const pieces = Array.from({ length: count }, (_, part) => perColumn.map((of) => of[part] ?? []));
  return { pieces, sizes: partitionSizes(length, count) };
}
