import { inspect } from './format.ts';

const MOST_ROWS = 1000;

type Row = readonly [index: string, cells: ReadonlyMap<string, string>];

const INDEX = '(index)';
const VALUES = 'Values';

/** What `console.table` prints: a box of rows and columns; null for what is no table. */
export function tableText(data: unknown, columns?: readonly string[]): string | null {
  if (typeof data !== 'object' || data === null) return null;
  const entries = entriesOf(data);
  const rows = entries.slice(0, MOST_ROWS).map(([key, value]): Row => [String(key), cellsOf(value)]);
  const found = new Set(rows.flatMap(([, cells]) => [...cells.keys()]));
  const hasValues = found.delete(VALUES);
  const shown = columns ?? [...found];
  const names = [INDEX, ...shown, ...(hasValues ? [VALUES] : [])];
  const lines = rows.map(([index, cells]) => [index, ...names.slice(1).map((name) => cells.get(name) ?? '')]);
  const hidden = entries.length - rows.length;
  return box([names, ...lines]) + (hidden > 0 ? `\n... ${String(hidden)} more rows` : '');
}

function entriesOf(data: object): readonly (readonly [unknown, unknown])[] {
  if (data instanceof Map) return [...data];
  return data instanceof Set ? [...data].map((item, i) => [i, item] as const) : Object.entries(data);
}

function cellsOf(value: unknown): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[VALUES, inspect(value)]]);
  return new Map(Object.entries(value).map(([key, cell]) => [key, inspect(cell).replaceAll('\n', ' ')]));
}

function box(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map(
    (_name, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)) + 2,
  );
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => '─'.repeat(width)).join(middle) + right;
  const line = (row: readonly string[]) =>
    `│${row.map((cell, column) => ` ${cell}`.padEnd(widths[column] ?? 0)).join('│')}│`;
  const [head = [], ...body] = rows;
  return [rule('┌', '┬', '┐'), line(head), rule('├', '┼', '┤'), ...body.map(line), rule('└', '┴', '┘')].join(
    '\n',
  );
}
