import { lookAtLine, lookAtOpening, type MagicLook } from './magic-lines.ts';
import { parseCell, type Language } from './parse-cell.ts';
import { lineStarts, padTo } from './positions.ts';
import { StatementLevel } from './statement-level.ts';
import { lineEnd, skipTrivia } from './trivia.ts';

/**
 * Tells magics from JavaScript, in which `%` is an operator.
 *
 * The rule: JavaScript is never taken for a magic.
 * 1. A cell whose first line of substance is `%%name …` is a cell magic, all of it.
 * 2. A cell that parses as it stands (as JavaScript or TypeScript) has no magics in it.
 * 3. In any other cell, `%name …`, `x = %name …`, `name?` and `?name` (and with `??`) are magics where they
 *    are a line of their own, outside of brackets, strings, template literals and comments, and the code
 *    before them, back to the last magic, is complete. A line that could also continue the statement before
 *    it stays JavaScript, unless it names one of the `known` magics.
 *
 * So `x = 10` followed by `%px y` is a magic (`10 % px y` is no JavaScript), and followed by `%px` alone it
 * is none, unless something else in the cell shows that it is not all JavaScript and `px` is known.
 */
export type CellPart =
  | {
      readonly kind: 'js';
      /** Ready for `compileCell`: padded with line breaks so that its lines are the cell's. */
      readonly source: string;
      /** The line it begins on. */
      readonly line: number;
    }
  | {
      readonly kind: 'line-magic';
      readonly name: string;
      /** What stands behind the name, as typed; lines that end in `\` go on in the next one. */
      readonly rest: string;
      readonly line: number;
      /** Of the `%`, or of the name assigned to. */
      readonly column: number;
      /** Of `rest`: `padTo(rest, line, restColumn)` is ready for `compileCell`. */
      readonly restColumn: number;
      /** For `x = %name …`: the name that gets the magic's value. Else null. */
      readonly assign: string | null;
    }
  | {
      readonly kind: 'cell-magic';
      readonly name: string;
      readonly rest: string;
      /** Everything below the first line, as typed; `padTo(body, bodyLine)` is ready for `compileCell`. */
      readonly body: string;
      readonly line: number;
      readonly restColumn: number;
      readonly bodyLine: number;
    }
  | {
      readonly kind: 'help';
      /** A path (`rc.ids`), or a magic with its signs (`%px`). */
      readonly name: string;
      /** 2 for `??`: the source too. */
      readonly detail: 1 | 2;
      readonly line: number;
      readonly column: number;
    };

export interface SplitOptions {
  /** Names of the magics there are. Default none. They matter only where rule 3 says so. */
  readonly known?: ReadonlySet<string>;
  readonly language?: Language;
}

/** The parts of a cell, in order; a cell without magics is one `js` part. Never throws. */
export function splitMagics(source: string, options: SplitOptions = {}): readonly CellPart[] {
  const opening = cellMagic(source);
  if (opening) return [opening];
  const lines = linesOf(source);
  const hasMagics = lines.some((line) => line.look) && !parses(source, options);
  return hasMagics ? new Splitter(source, lines, options).split() : [js(source, 1)];
}

function js(text: string, line: number): CellPart {
  return { kind: 'js', source: padTo(text, line), line };
}

function cellMagic(source: string): CellPart | null {
  const start = skipTrivia(source, 0);
  const end = lineEnd(source, start);
  const opening = lookAtOpening(source.slice(start, end));
  if (!opening) return null;
  const { name, rest, restAt } = opening;
  const starts = lineStarts(source);
  const line = starts.findLastIndex((at) => at <= start) + 1;
  const restColumn = start - (starts[line - 1] ?? 0) + restAt + 1;
  const body = source.slice(starts[line] ?? source.length);
  return { kind: 'cell-magic', name, rest, body, line, restColumn, bodyLine: line + 1 };
}

interface Line {
  /** Offsets; `next` is where the next line begins. */
  readonly start: number;
  readonly next: number;
  readonly text: string;
  readonly look: MagicLook | null;
}

function linesOf(source: string): readonly Line[] {
  const starts = lineStarts(source);
  return starts.map((start, index) => {
    const next = starts[index + 1] ?? source.length;
    const text = source.slice(start, next).replace(/[\n\r\u2028\u2029]+$/, '');
    return { start, next, text, look: lookAtLine(text) };
  });
}

function parses(text: string, options: SplitOptions): boolean {
  return parsed(text, options) !== null;
}

function parsed(text: string, { language = 'ts' }: SplitOptions) {
  try {
    return parseCell(text, language);
  } catch {
    return null;
  }
}

/** About a second's worth. */
const MOST_READ = 3_000_000;

/** Walks down the lines of a cell that has magics in it. */
class Splitter {
  readonly #source: string;
  readonly #lines: readonly Line[];
  readonly #options: SplitOptions;
  readonly #parts: CellPart[] = [];
  /** Where the code that belongs to no part yet begins, as offset and as index of its line. */
  #from = 0;
  #fromIndex = 0;
  /** How many characters have been read to find out what lines are. */
  #read = 0;
  #level: StatementLevel;

  constructor(source: string, lines: readonly Line[], options: SplitOptions) {
    this.#source = source;
    this.#lines = lines;
    this.#options = options;
    this.#level = new StatementLevel(source);
  }

  split(): readonly CellPart[] {
    this.#lines.forEach((line, index) => {
      if (line.look && line.start >= this.#from && this.#isMagic(line, line.look, index)) {
        this.#takeCode(line.start);
        this.#takeMagic(line, line.look, index);
      }
    });
    this.#takeCode(this.#source.length);
    return this.#parts;
  }

  #isMagic(line: Line, look: MagicLook, index: number): boolean {
    const begin = line.start + line.text.search(/\S/);
    if (!this.#level.holdsAt(begin - this.#from)) return false;
    // All that is before the line is read for each of them: in a long cell there may be too many.
    this.#read += line.start - this.#from;
    if (this.#read > MOST_READ)
      return look.kind === 'line-magic' && this.#options.known?.has(look.name) === true;
    const before = parsed(this.#source.slice(this.#from, line.start), this.#options);
    if (!before) return false;
    if (before.program.body.length === 0 || !this.#canContinue(line, index)) return true;
    return look.kind === 'line-magic' && this.#options.known?.has(look.name) === true;
  }

  /** Whether the line, alone or with those up to the next suspect, goes on with the code before it. */
  #canContinue(line: Line, index: number): boolean {
    const suspect = this.#lines.findIndex((other, at) => at > index && other.look !== null);
    const end = this.#lines[suspect]?.start ?? this.#source.length;
    return [line.next, end].some((to) => parses(this.#source.slice(this.#from, to), this.#options));
  }

  /** Code of comments and white space alone is no part. */
  #takeCode(end: number): void {
    const text = this.#source.slice(this.#from, end);
    if (skipTrivia(text, 0) < text.length) this.#parts.push(js(text, this.#fromIndex + 1));
  }

  #takeMagic(line: Line, look: MagicLook, index: number): void {
    const column = line.text.search(/\S/) + 1;
    let last = index;
    if (look.kind === 'help') {
      this.#parts.push({ ...look, line: index + 1, column });
    } else {
      const { kind, name, assign, restAt } = look;
      let rest = look.rest;
      for (; rest.endsWith('\\') && this.#lines[last + 1]; last++)
        rest = `${rest.slice(0, -1)} \n${this.#lines[last + 1]?.text.trimEnd() ?? ''}`;
      this.#parts.push({ kind, name, rest, line: index + 1, column, restColumn: restAt + 1, assign });
    }
    this.#fromIndex = last + 1;
    this.#from = this.#lines[last]?.next ?? this.#source.length;
    this.#level = new StatementLevel(this.#source.slice(this.#from));
  }
}
