/** Both count from 1; columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** From `column` of `line` on, up to the next entry of that line: add `delta` to get the column before. */
export type ColumnShift = readonly [line: number, column: number, delta: number];

/** What one rewriting step did to columns, in order of position. Lines never change. */
export type ShiftLayer = readonly ColumnShift[];

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/g;

/** Offsets at which lines begin, by the language's own idea of a line. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const match of text.matchAll(LINE_BREAK)) starts.push(match.index + match[0].length);
  return starts;
}

export function positionAt(text: string, offset: number): Position {
  const starts = lineStarts(text.slice(0, offset));
  return { line: starts.length, column: offset - (starts.at(-1) ?? 0) + 1 };
}

/** Where a position in compiled code (a stack frame's, counted from 1) stands in the cell as typed. */
export function originalPosition(
  compiled: { readonly shifts: readonly ShiftLayer[] },
  line: number,
  column: number,
): Position {
  const original = compiled.shifts.reduce((at, layer) => at + deltaAt(layer, line, at), column);
  return { line, column: Math.max(1, original) };
}

function deltaAt(layer: ShiftLayer, line: number, column: number): number {
  let low = 0;
  let high = layer.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const [entryLine = 0, entryColumn = 0] = layer[middle] ?? [];
    if (entryLine < line || (entryLine === line && entryColumn <= column)) low = middle + 1;
    else high = middle;
  }
  const entry = layer[low - 1];
  return entry?.[0] === line ? entry[2] : 0;
}

/** Moves a piece of a cell back to where it stood, so that its own lines and columns are the cell's. */
export function padTo(text: string, line: number, column = 1): string {
  return '\n'.repeat(Math.max(0, line - 1)) + ' '.repeat(Math.max(0, column - 1)) + text;
}

/** Spaces of the same shape: every line break stays, everything else goes. */
export function blank(text: string): string {
  return text.replace(/[^\n\r\u2028\u2029]/g, ' ');
}

/** Only the line breaks of a text. */
export function breaksOf(text: string): string {
  return (text.match(LINE_BREAK) ?? []).join('');
}
