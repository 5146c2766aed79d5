import type { RowOrder, TableCell } from '../../protocol/looking.ts';
import { originOf } from '../../protocol/origins.ts';
import { isSparse } from '../../protocol/list-copy.ts';
import { containerOf, dataOf, isList, isPlainObject, keysOf } from './kinds.ts';
import { lineOf } from './summary.ts';

/** Rows that are looked at to learn what columns there are. */
const ROWS_LOOKED_AT = 1000;
const MOST_COLUMNS = 100;
const LONGEST_CELL = 500;

/** The column of what has no columns, as `console.table` calls it. */
export const VALUES = 'Values';

/** A value seen as a table; it is read when it is asked. */
export interface RowSource {
  readonly columns: readonly string[];
  readonly total: number;
  /** What stands before a row; null where that is its number. */
  readonly name: ((row: number) => string) | null;
  cell(row: number, column: number): unknown;
}

/** Lists of records, those of several engines as one, and records of equally long columns of numbers; null for what
 * would be no good table. */
export function tableIn(value: unknown): RowSource | null {
  try {
    if (Array.isArray(value) && isSparse(value)) return null;
    return ofEngines(value) ?? (Array.isArray(value) ? recordsIn(value) : columnsIn(value));
  } catch {
    return null;
  }
}

/** Results of engines, in a list or by their ids, each a record or a list of records: with a column that says whose
 * each row is. */
function ofEngines(value: unknown): RowSource | null {
  const results = resultsIn(value);
  if (results.length === 0 || !results.every((result) => originOf(result) !== undefined)) return null;
  const rows = results.flatMap((result) =>
    (Array.isArray(result) ? result : [result]).map((row: unknown) => ({ row, engine: originOf(result) })),
  );
  const table = recordsIn(rows.map(({ row }) => row));
  if (!table) return null;
  const name = table.columns.includes('engine') ? 'from engine' : 'engine';
  return {
    ...table,
    columns: [name, ...table.columns],
    cell: (row, column) => (column === 0 ? `e${String(rows[row]?.engine)}` : table.cell(row, column - 1)),
  };
}

function resultsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isPlainObject(value)) return [];
  const entries = Object.entries(value);
  return entries.every(([id, result]) => id === String(originOf(result)))
    ? entries.map(([, result]) => result)
    : [];
}

function recordsIn(list: readonly unknown[]): RowSource | null {
  if (list.length < 2) return null;
  const first = list.slice(0, 50);
  if (!first.every(isPlainObject)) return null;
  const columns = columnsOf(list);
  if (columns.length === 0 || columns.length > MOST_COLUMNS) return null;
  const cells = first.flatMap((row) => columns.map((column) => dataOf(row, column)));
  // Records of lists and records are better looked into than laid out.
  if (cells.filter((cell) => typeof cell !== 'object' || cell === null).length * 2 < cells.length)
    return null;
  return {
    columns,
    total: list.length,
    name: null,
    cell: (row, column) => cellOf(list[row], columns[column] ?? ''),
  };
}

function columnsIn(value: unknown): RowSource | null {
  if (!isPlainObject(value)) return null;
  const columns = Object.keys(value);
  if (columns.length === 0 || columns.length > MOST_COLUMNS) return null;
  const lists = columns.map((column) => dataOf(value, column));
  if (!lists.every(isColumn) || !lists.some((list) => ArrayBuffer.isView(list))) return null;
  const [first] = lists;
  const total = first?.length ?? 0;
  if (total < 2 || lists.some((list) => list.length !== total)) return null;
  return { columns, total, name: null, cell: (row, column) => lists[column]?.[row] };
}

function isColumn(value: unknown): value is ArrayLike<unknown> {
  return isList(value) || containerOf(value)?.type === 'array';
}

/** Whatever `console.table` takes; null for what is no table. */
export function consoleTable(data: unknown, wanted?: readonly string[]): RowSource | null {
  const container = containerOf(data);
  if (!container) return null;
  switch (container.type) {
    case 'array':
      return sourceOf(container.list.length, null, (row) => container.list[row], wanted);
    case 'map': {
      const entries = [...container.map];
      return sourceOf(
        entries.length,
        (row) => nameText(entries[row]?.[0]),
        (row) => entries[row]?.[1],
        wanted,
      );
    }
    case 'set': {
      const items = [...container.set];
      return sourceOf(items.length, null, (row) => items[row], wanted);
    }
    case 'object': {
      const keys = Object.keys(container.object);
      return sourceOf(
        keys.length,
        (row) => keys[row] ?? '',
        (row) => dataOf(container.object, keys[row] ?? ''),
        wanted,
      );
    }
  }
}

function sourceOf(
  total: number,
  name: RowSource['name'],
  item: (row: number) => unknown,
  wanted: readonly string[] | undefined,
): RowSource {
  const looked = Array.from({ length: Math.min(total, ROWS_LOOKED_AT) }, (_none, row) => item(row));
  const hasValues = looked.some((row) => !isRecord(row));
  const columns = [...(wanted ?? columnsOf(looked.filter(isRecord))), ...(hasValues ? [VALUES] : [])];
  return {
    columns,
    total,
    name,
    cell: (row, column) => {
      const value = item(row);
      const isValue = hasValues && column === columns.length - 1;
      if (isRecord(value)) return isValue ? undefined : cellOf(value, columns[column] ?? '');
      return isValue ? value : undefined;
    },
  };
}

function nameText(key: unknown): string {
  return typeof key === 'string' ? key : lineOf(key).text;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function columnsOf(rows: readonly unknown[]): readonly string[] {
  const columns = new Set<string>();
  for (const row of rows.slice(0, ROWS_LOOKED_AT)) {
    if (!isRecord(row)) continue;
    for (const key of keysOf(row))
      if (typeof key === 'string' && columns.size <= MOST_COLUMNS) columns.add(key);
  }
  return [...columns];
}

function cellOf(row: unknown, column: string): unknown {
  return isRecord(row) ? dataOf(row, column) : undefined;
}

/** What stands in a table: numbers and words as they are, everything else in a line. */
export function tableCell(value: unknown): TableCell {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'string':
      return value.length > LONGEST_CELL ? `${value.slice(0, LONGEST_CELL)}…` : value;
    case 'undefined':
      return null;
    default:
      return value === null ? 'null' : lineOf(value).text;
  }
}

/** The numbers of the rows, sorted by a column: numbers before texts, what is missing last. */
export function sortedRows(source: RowSource, { column, descending }: RowOrder): Uint32Array {
  const keys = Array.from({ length: source.total }, (_none, row) => tableCell(source.cell(row, column)));
  const collator = new Intl.Collator('en', { numeric: true });
  const compare = (a: TableCell, b: TableCell): number => {
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? -1 : 1;
    return collator.compare(String(a), String(b));
  };
  const rows = Uint32Array.from(keys.keys());
  return rows.sort((a, b) => {
    const [x, y] = [keys[a] ?? null, keys[b] ?? null];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || a - b;
    return (descending ? -compare(x, y) : compare(x, y)) || a - b;
  });
}
