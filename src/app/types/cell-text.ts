import { splitMagics, type CellPart } from '../../lang/magics.ts';
import { blank, lineStarts } from '../../lang/positions.ts';
import { FLAG_VALUE } from '../../protocol/px-language.ts';

/** A cell as TypeScript can read it: every character stands where it stood, magics are spaces. */
export interface CellText {
  readonly code: string;
  /** Names that magics give a value: `ar = %px …`, `%%px -o ar`. */
  readonly results: readonly string[];
}

/** Names of magics, for lines that could be JavaScript too. */
export const KNOWN_MAGICS: ReadonlySet<string> = new Set(
  'px autopx pxresult result pxconfig time timeit debug who whos reset run load lsmagic magic'.split(' '),
);

/** Never throws. */
export function cellText(source: string): CellText {
  const parts = splitMagics(source, { known: KNOWN_MAGICS });
  if (parts.every(({ kind }) => kind === 'js')) return { code: source, results: [] };
  const starts = lineStarts(source);
  const startOf = (line: number): number => starts[line - 1] ?? source.length;
  let code = source.slice(0, startOf(parts[0]?.line ?? 1));
  const results: string[] = [];
  parts.forEach((part, i) => {
    const from = startOf(part.line);
    const next = parts[i + 1];
    const text = source.slice(from, next ? startOf(next.line) : source.length);
    const read = readPart(part, text, startOf);
    code += read.code;
    results.push(...read.results);
  });
  return { code, results };
}

/** `text` is all of the part's lines. */
function readPart(part: CellPart, text: string, startOf: (line: number) => number): CellText {
  switch (part.kind) {
    case 'js':
      return { code: text, results: [] };
    case 'help':
      return { code: askedName(part.name, text), results: [] };
    case 'line-magic': {
      const code = takesCode(part.name) ? codeFrom(text, part.restColumn - 1, part.name) : blank(text);
      const results = part.assign === null ? outNames(part.rest) : [part.assign, ...outNames(part.rest)];
      return { code, results: isRemote(part.name) ? results : [] };
    }
    case 'cell-magic': {
      const bodyAt = startOf(part.bodyLine) - startOf(part.line);
      const body = takesCode(part.name)
        ? cellText(text.slice(bodyAt))
        : { code: blank(text.slice(bodyAt)), results: [] };
      const results = isRemote(part.name) ? [...outNames(part.rest), ...body.results] : body.results;
      return { code: blank(text.slice(0, bodyAt)) + body.code, results };
    }
  }
}

/** `rc.ids?`: the name stays, so that it can be pointed at. */
function askedName(name: string, text: string): string {
  const at = text.indexOf(name);
  if (name.startsWith('%') || at < 0) return blank(text);
  return blank(text.slice(0, at)) + name + blank(text.slice(at + name.length));
}

/** `%px`, `%px0`, `%pxslow`: what is activated under a suffix too. */
export function isRemote(name: string): boolean {
  return name.startsWith('px') || name === 'result';
}

/** What stands behind its flags, or below it, is code. */
export function takesCode(name: string): boolean {
  return (name.startsWith('px') && name !== 'pxresult' && name !== 'pxconfig') || name.startsWith('time');
}

const PX_VALUE = '--targets|-t|--out|-o|--group-outputs|-g|--progress-after|--signal-on-interrupt';
const FLAGS = {
  px: new RegExp(
    String.raw`^(?:(?:(?:${PX_VALUE})(?:=|\s+)${FLAG_VALUE}|-[tog]-?\d\S*|--?[a-z][\w-]*)(?=\s|$)\s*)*`,
  ),
  time: /^(?:-[nr]\s*\d+\s*|-[a-z]+(?=\s|$)\s*)*/,
};

/** The magic and its flags go, and so do the signs that make its lines one. */
function codeFrom(text: string, restAt: number, name: string): string {
  const flags = (name.startsWith('time') ? FLAGS.time : FLAGS.px).exec(text.slice(restAt))?.[0] ?? '';
  const at = restAt + flags.length;
  return blank(text.slice(0, at)) + text.slice(at).replace(/\\(?=\s*[\n\r])/g, ' ');
}

function outNames(rest: string): readonly string[] {
  const name = /(?:^|\s)(?:--out|-o)(?:=|\s+)([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(rest)?.[1];
  return name === undefined ? [] : [name];
}
