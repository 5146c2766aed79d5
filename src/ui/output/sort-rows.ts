import type { RowOrder, TableCell, TableForm } from '../../protocol/looking.ts';

export interface SortedRows {
  readonly rows: readonly (readonly TableCell[])[];
  readonly names: readonly string[];
}

/** Numbers before texts, what is missing last; equal ones stay in their order. */
export function sortRows({ rows, rowNames }: TableForm, order: RowOrder | null): SortedRows {
  const nameOf = (row: number): string => rowNames?.[row] ?? String(row);
  if (order === null) return { rows, names: rows.map((_row, i) => nameOf(i)) };
  const { column, descending } = order;
  const places = rows
    .map((_row, i) => i)
    .sort((a, b) => {
      const [x, y] = [rows[a]?.[column] ?? null, rows[b]?.[column] ?? null];
      if (x === null || y === null) return Number(x === null) - Number(y === null);
      return descending ? -compare(x, y) : compare(x, y);
    });
  return { rows: places.map((i) => rows[i] ?? []), names: places.map(nameOf) };
}

const words = new Intl.Collator('en', { numeric: true });

function compare(a: TableCell, b: TableCell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? -1 : 1;
  return words.compare(String(a), String(b));
}
