import type { TableCell } from '../../protocol/looking.ts';

/** Pixels. */
export const GRID_ROW = 26;
export const TALLEST_GRID = 420;
/** Browsers draw no boxes much taller than this. */
const TALLEST_BODY = 15_000_000;

/** Rows beyond are not drawn. */
export const MOST_ROWS = Math.floor(TALLEST_BODY / GRID_ROW);

/** What a grid of so many rows takes, so that the place is kept before it comes. */
export function gridHeight(rows: number): number {
  // A line for the head, and the frame.
  return Math.min(TALLEST_GRID, (rows + 1) * GRID_ROW + 2);
}

/** Wide enough for what is in the first rows; the first column holds the names of the rows. */
export function columnWidths(
  columns: readonly string[],
  rows: readonly (readonly TableCell[])[],
  rowNames: readonly string[] | null,
  count: number,
): readonly string[] {
  const sample = rows.slice(0, 100);
  const widths = columns.map((name, column) =>
    Math.max(Math.min(MOST_WIDTH, name.length) + 2, ...sample.map((row) => lengthOf(row[column] ?? ''))),
  );
  const longestName = rowNames
    ? Math.max(...rowNames.slice(0, 100).map((name) => name.length))
    : String(count).length;
  const names = inCharacters(Math.min(24, longestName + 1));
  return [
    names,
    ...widths.map((width) => `minmax(${inCharacters(Math.min(MOST_WIDTH, Math.max(5, width)))}, 1fr)`),
  ];
}

const MOST_WIDTH = 32;

function lengthOf(cell: TableCell): number {
  return typeof cell === 'string' ? cell.length : String(cell).length;
}

function inCharacters(n: number): string {
  return `calc(${String(n)}ch + 20px)`;
}

/** Whether a column holds numbers, as far as its first rows tell. */
export function isNumeric(rows: readonly (readonly TableCell[])[], column: number): boolean {
  const cells = rows.slice(0, 100).map((row) => row[column] ?? null);
  return cells.some((cell) => typeof cell === 'number') && !cells.some((cell) => typeof cell === 'string');
}
