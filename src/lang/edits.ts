import { lineStarts, type ColumnShift, type ShiftLayer } from './positions.ts';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** At one offset: what closes comes before what opens, and both before a replacement. */
  readonly rank: number;
}

const PREFIX = -1;
const CLOSING = 0;
const OPENING = 1;
const REPLACEMENT = 2;

export interface EditedText {
  readonly text: string;
  readonly shifts: ShiftLayer;
  /** Where an offset of the source went. What opens there is counted as standing behind it. */
  readonly generated: (offset: number) => number;
}

/** A list of changes to a text, none of which adds or removes a line break. */
export class Edits {
  readonly source: string;
  readonly #edits: Edit[] = [];

  constructor(source: string) {
    this.source = source;
  }

  /** Before everything else. */
  prefix(text: string): void {
    this.#edits.push({ start: 0, end: 0, text, rank: PREFIX });
  }

  /** Belongs to what stands before `offset`. */
  close(offset: number, text: string): void {
    this.#edits.push({ start: offset, end: offset, text, rank: CLOSING });
  }

  /** Belongs to what stands behind `offset`. */
  open(offset: number, text: string): void {
    this.#edits.push({ start: offset, end: offset, text, rank: OPENING });
  }

  /** `text` must have as many line breaks as what it replaces. */
  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text, rank: REPLACEMENT });
  }

  apply(): EditedText {
    const edits = this.#edits.toSorted((a, b) => a.start - b.start || a.rank - b.rank);
    let text = '';
    let at = 0;
    // By how much the text behind each edit has moved.
    const moves: number[] = [];
    for (const edit of edits) {
      text += this.source.slice(at, edit.start) + edit.text;
      at = edit.end;
      moves.push(text.length - at);
    }
    text += this.source.slice(at);
    const generated = (offset: number) => offset + (moves[countBefore(edits, offset) - 1] ?? 0);
    return { text, shifts: shiftsOf(this.source, edits), generated };
  }
}

/** How many of the sorted edits belong to the text before `offset`. */
function countBefore(edits: readonly Edit[], offset: number): number {
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const edit = edits[middle];
    const isBehind = edit && (edit.end > offset || (edit.start === offset && edit.rank === OPENING));
    if (isBehind) high = middle;
    else low = middle + 1;
  }
  return low;
}

function shiftsOf(source: string, edits: readonly Edit[]): ShiftLayer {
  const starts = lineStarts(source);
  const shifts: ColumnShift[] = [];
  let line = 0;
  // How far the text behind the last edit of this line has moved to the right.
  let shift = 0;
  for (const edit of edits) {
    const from = line;
    while ((starts[line + 1] ?? Infinity) <= edit.end) line++;
    const startsHere = edit.start >= (starts[line] ?? 0);
    if (!startsHere) shift = tailLength(edit.text) - (edit.end - (starts[line] ?? 0));
    else shift = (line === from ? shift : 0) + edit.text.length - (edit.end - edit.start);
    const column = edit.end - (starts[line] ?? 0) + shift + 1;
    const last = shifts.at(-1);
    if (last?.[0] === line + 1 && last[1] === column) shifts.pop();
    const isNews = deltaBefore(shifts, line + 1) !== -shift && hasCode(source, edit.end, starts[line + 1]);
    if (isNews) shifts.push([line + 1, column, -shift]);
  }
  return shifts;
}

/** No frame points at white space and semicolons. */
function hasCode(source: string, start: number, end = source.length): boolean {
  return /[^\s;]/.test(source.slice(start, end));
}

function deltaBefore(shifts: readonly ColumnShift[], line: number): number {
  const last = shifts.at(-1);
  return last?.[0] === line ? last[2] : 0;
}

/** Length of the last line of a text. */
function tailLength(text: string): number {
  return text.length - (lineStarts(text).at(-1) ?? 0);
}
