import { TABLE_MIME, type TableCell, type TableForm } from '../protocol/looking.ts';
import type { Output } from '../protocol/outputs.ts';
import { readTable } from './table-form.ts';

/** The table that an output shows; null: it shows something else. */
export function tableOf(output: Output): TableForm | null {
  if (output.type !== 'display' && output.type !== 'result') return null;
  const table = output.bundle.data[TABLE_MIME];
  return table === undefined ? null : readTable(table);
}

/** A table as it is searched: a line for its head, and one for each row that has come along. */
export function tableText({ columns, rows, rowNames }: TableForm): string {
  const lines = rows.map((row, i) => lineOf([rowNames?.[i] ?? i, ...row]));
  return [lineOf(columns), ...lines].join('\n');
}

function lineOf(cells: readonly TableCell[]): string {
  return cells.map((cell) => String(cell ?? '').replaceAll('\n', ' ')).join('\t');
}

/** Where in the searched text of a cell's outputs its tables are. */
export interface TableSpan {
  /** Offset of the head, then of each row. */
  readonly lines: readonly number[];
  readonly end: number;
}

export interface TablePlace {
  /** The how-manieth table of the cell. */
  readonly table: number;
  /** -1: its head. */
  readonly row: number;
}

/** `texts`: what is searched of each output; they stand there one in a line. */
export function tableSpans(outputs: readonly Output[], texts: readonly string[]): readonly TableSpan[] {
  const spans: TableSpan[] = [];
  let start = 0;
  for (const [i, text] of texts.entries()) {
    const output = outputs[i];
    const end = start + text.length;
    if (output && tableOf(output)) {
      const breaks = [...text.matchAll(/\n/g)].map(({ index }) => start + index + 1);
      spans.push({ lines: [start, ...breaks], end });
    }
    start = end + 1;
  }
  return spans;
}

/** Null: in no table. */
export function tablePlace(spans: readonly TableSpan[], offset: number): TablePlace | null {
  const table = spans.findIndex(({ lines, end }) => offset >= (lines[0] ?? 0) && offset < end);
  const lines = spans[table]?.lines;
  return lines ? { table, row: countUpTo(lines, offset) - 2 } : null;
}

/** How many of these, which are in order, are no more than `most`: asked once for each match. */
export function countUpTo(ordered: readonly number[], most: number): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle] ?? Infinity) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}
