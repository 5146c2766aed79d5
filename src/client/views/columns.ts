import { ValueError } from '../errors.ts';
import { materialise, partition, partitionSizes, type Dist, type Sequence } from '../partition.ts';

/** The items of a map, one array per sequence, all of one length. */
export interface Columns {
  readonly columns: readonly Sequence[];
  readonly length: number;
}

/** Sequences of a map side by side; the shortest decides. @throws TypeError when there are none. */
export function zipSequences(sequences: readonly unknown[]): Columns {
  const lists = materialiseAll(sequences);
  const length = Math.min(...lists.map((list) => list.length));
  const columns = lists.map((list) => (list.length === length ? list : list.slice(0, length)));
  return { columns, length };
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
