/** A line that looks like a magic or a question for help; whether it is one depends on what stands around it. */
export type MagicLook =
  | {
      readonly kind: 'line-magic';
      readonly name: string;
      readonly rest: string;
      /** Offset of `rest` in the line. */
      readonly restAt: number;
      readonly assign: string | null;
    }
  | { readonly kind: 'help'; readonly name: string; readonly detail: 1 | 2 };

const MAGIC = /^\s*%([A-Za-z_]\w*)(?=[\s;]|$)[^\S\n]*/;
const ASSIGNED =
  /^\s*(?:(?:const|let|var)\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=\s*%([A-Za-z_]\w*)(?=[\s;]|$)\s*/u;
const OBJECT = String.raw`%{0,2}[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*|\[\d+\])*`;
const ASKED_AFTER = new RegExp(String.raw`^\s*(${OBJECT})(\?\??)\s*;?\s*$`, 'u');
const ASKED_BEFORE = new RegExp(String.raw`^\s*(\?\??)\s*(${OBJECT})\s*;?\s*$`, 'u');
const CELL_MAGIC = /^%%([A-Za-z_]\w*)(?=\s|$)\s*/;

/** Null for a line that can be nothing but code. */
export function lookAtLine(line: string): MagicLook | null {
  // Nearly all lines are code and have neither sign.
  if (!line.includes('%') && !line.includes('?')) return null;
  return askedIn(line) ?? magicIn(line);
}

function magicIn(line: string): MagicLook | null {
  const plain = MAGIC.exec(line);
  if (plain?.[1] !== undefined) return magic(plain[1], null, line, plain[0].length);
  const assigned = ASSIGNED.exec(line);
  const [, target, name] = assigned ?? [];
  if (!assigned || target === undefined || name === undefined || isReserved(target)) return null;
  return magic(name, target, line, assigned[0].length);
}

function magic(name: string, assign: string | null, line: string, restAt: number): MagicLook {
  const rest = line.slice(restAt).trimEnd();
  return { kind: 'line-magic', name, rest: rest === ';' ? '' : rest, restAt, assign };
}

function askedIn(line: string): MagicLook | null {
  const [, nameBefore, marksAfter] = ASKED_AFTER.exec(line) ?? [];
  const [, marksBefore, nameAfter] = ASKED_BEFORE.exec(line) ?? [];
  const name = nameBefore ?? nameAfter;
  const marks = marksAfter ?? marksBefore;
  if (name === undefined || marks === undefined) return null;
  return { kind: 'help', name, detail: marks.length === 2 ? 2 : 1 };
}

/** `text` begins with the first thing in the cell that is no comment. */
export function lookAtOpening(
  text: string,
): { readonly name: string; readonly rest: string; readonly restAt: number } | null {
  const match = CELL_MAGIC.exec(text);
  if (match?.[1] === undefined) return null;
  return { name: match[1], rest: text.slice(match[0].length).trimEnd(), restAt: match[0].length };
}

const RESERVED = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false ' +
    'finally for function if import in instanceof new null return super switch this throw true try typeof ' +
    'var void while with undefined NaN Infinity globalThis eval let'
  ).split(' '),
);

function isReserved(name: string): boolean {
  return RESERVED.has(name);
}
