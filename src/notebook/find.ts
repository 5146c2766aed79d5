/** Find and replace over the text of a notebook: what its cells say and what they have put out. Pure. */
import type { CellId } from '../protocol/ids.ts';
import type { MimeBundle, Output } from '../protocol/outputs.ts';
import type { Cell, NotebookDocument } from './document.ts';
import { assertNever } from '../base/assert.ts';
import { textOfMarkup } from './markup-scan.ts';
import { tableOf, type TablePlace, tablePlace, tableSpans, tableText } from './table-text.ts';

export interface FindQuery {
  readonly text: string;
  readonly matchCase: boolean;
  readonly wholeWords: boolean;
  /** `text` is a regular expression. */
  readonly regexp: boolean;
  readonly inOutputs: boolean;
}

export interface Match {
  readonly cell: CellId;
  readonly part: 'source' | 'output';
  /** The how-manieth of its part of the cell, from 0. */
  readonly nth: number;
  /** Offsets in the source; of an output, in the joined text of all of them. */
  readonly start: number;
  readonly end: number;
}

/** More are not counted: nobody walks through them, and a page that marks them would stand still. */
export const MAX_MATCHES = 5000;

/** Null for an empty query; a sentence when the regular expression is none. */
export function patternOf(query: FindQuery): RegExp | string | null {
  if (query.text === '') return null;
  const text = query.regexp ? query.text : escaped(query.text);
  const whole = query.wholeWords ? `(?<![\\p{L}\\p{N}_$])(?:${text})(?![\\p{L}\\p{N}_$])` : text;
  try {
    return new RegExp(whole, query.matchCase ? 'gmu' : 'gimu');
  } catch (error) {
    return error instanceof Error
      ? error.message.replace(/^Invalid regular expression: /, '')
      : String(error);
  }
}

/** Finds these texts, the longer ones first; never slow. */
export function literally(texts: readonly string[]): RegExp {
  const longestFirst = [...new Set(texts)].filter((text) => text !== '').sort((a, b) => b.length - a.length);
  return longestFirst.length === 0 ? /(?!)/g : new RegExp(longestFirst.map(escaped).join('|'), 'gu');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** What is searched of a cell. */
export interface CellTexts {
  readonly id: CellId;
  readonly source: string;
  /** Empty when outputs are not searched. */
  readonly output: string;
}

export function textsOf(document: NotebookDocument, inOutputs: boolean): readonly CellTexts[] {
  return document.cells.map((cell) => ({
    id: cell.id,
    source: cell.source,
    output: inOutputs ? outputText(cell) : '',
  }));
}

/** All matches in document order, the source of a cell before its outputs. Places (`^`, `$`) are matches in sources,
 * where something can be put in their stead. A regular expression may take for ever: let it run where it can be ended. */
export function findMatches(texts: readonly CellTexts[], query: FindQuery): readonly Match[] {
  const matches: Match[] = [];
  for (const { id, source, output } of texts) {
    addMatches(matches, id, 'source', source, query);
    addMatches(matches, id, 'output', output, query);
    if (matches.length >= MAX_MATCHES) break;
  }
  return matches;
}

function addMatches(
  matches: Match[],
  cell: CellId,
  part: Match['part'],
  text: string,
  query: FindQuery,
): void {
  let nth = 0;
  for (const { start, groups } of foundIn(text, query)) {
    const end = start + groups[0].length;
    if (start === end && part === 'output') continue;
    if (matches.length >= MAX_MATCHES) return;
    matches.push({ cell, part, nth: nth++, start, end });
  }
}

interface Found {
  readonly start: number;
  readonly groups: RegExpExecArray;
}

/**
 * As VS Code finds: an expression that names no line break is held against each line by itself, so that `\s+$` takes
 * the blanks at the end of a line and not the lines below.
 */
function* foundIn(text: string, query: FindQuery): Generator<Found, void> {
  const pattern = patternOf(query);
  if (!(pattern instanceof RegExp)) return;
  if (!query.regexp || namesLineBreak(query.text)) {
    for (const groups of text.matchAll(pattern)) yield { start: groups.index, groups };
    return;
  }
  let from = 0;
  for (const line of text.split('\n')) {
    const shown = line.endsWith('\r') ? line.slice(0, -1) : line;
    for (const groups of shown.matchAll(pattern)) yield { start: from + groups.index, groups };
    from += line.length + 1;
  }
}

function namesLineBreak(expression: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*(?:\n|\\[nrW])/.test(expression);
}

/** What a reader sees of the outputs, as text. */
export function outputText(cell: Cell): string {
  return cell.outputs.map(textOf).join('\n');
}

/** Which of a cell's tables, and which of its rows, offsets into its outputs' text mean. */
export function tablesIn(cell: Cell): (offset: number) => TablePlace | null {
  const spans = tableSpans(cell.outputs, cell.outputs.map(textOf));
  return (offset) => tablePlace(spans, offset);
}

function textOf(output: Output): string {
  switch (output.type) {
    case 'stream':
      return withoutColours(output.text);
    case 'display':
    case 'result':
      return shownTable(output) ?? bundleText(output.bundle);
    case 'error':
      return `${output.error.ename}: ${output.error.evalue}`;
    case 'composite-error':
      return output.errors.map(({ ename, evalue }) => `${ename}: ${evalue}`).join('\n');
    default:
      return assertNever(output);
  }
}

/** Of a table all rows that have come along, of which its text names a few. */
function shownTable(output: Output): string | null {
  const table = tableOf(output);
  return table && tableText(table);
}

function bundleText({ data }: MimeBundle): string {
  const html = data['text/html'];
  if (typeof html === 'string') return textOfMarkup(html);
  const svg = data['text/plain'] === undefined ? data['image/svg+xml'] : undefined;
  if (typeof svg === 'string') return textOfMarkup(svg);
  const value = data['text/markdown'] ?? data['text/plain'] ?? data['text/latex'] ?? data['application/json'];
  if (value === undefined) return '';
  if (typeof value === 'string') return withoutColours(value);
  return Array.isArray(value) && value.every((part) => typeof part === 'string')
    ? withoutColours(value.join(''))
    : JSON.stringify(value);
}

const COLOURS = /\u001b\[[0-9;]*m/g;

function withoutColours(text: string): string {
  return text.replace(COLOURS, '');
}

/** The new sources of all cells in which something is replaced; `only` limits it to one match. The replacement of a
 * regular expression is read by `expand`; otherwise it is taken as it is. */
export function replaceMatches(
  document: NotebookDocument,
  query: FindQuery,
  replacement: string,
  only: Match | null,
): readonly { readonly id: CellId; readonly source: string }[] {
  return document.cells.flatMap(({ id, source }) => {
    if (only && (only.cell !== id || only.part !== 'source')) return [];
    const replaced = replaceIn(source, query, replacement, only);
    return replaced === source ? [] : [{ id, source: replaced }];
  });
}

function replaceIn(source: string, query: FindQuery, replacement: string, only: Match | null): string {
  let replaced = '';
  let done = 0;
  for (const { start, groups } of foundIn(source, query)) {
    if (only && only.start !== start) continue;
    replaced += source.slice(done, start) + (query.regexp ? expand(replacement, groups) : replacement);
    done = start + groups[0].length;
    if (only) break;
  }
  return replaced + source.slice(done);
}

/** Which match follows `offset` in the source of `cell`, round and round; -1: there is none. A place just there does
 * not count: something has been put into it. */
export function matchBehind(
  matches: readonly Match[],
  order: ReadonlyMap<CellId, number>,
  { cell, offset }: { readonly cell: CellId; readonly offset: number },
): number {
  const at = order.get(cell) ?? 0;
  const index = matches.findIndex((match) => {
    const there = order.get(match.cell) ?? 0;
    if (there !== at || match.part === 'output') return there >= at;
    return match.start > offset || (match.start === offset && match.end > offset);
  });
  return index < 0 ? Math.min(0, matches.length - 1) : index;
}

/**
 * The replacement of a regular expression, read as VS Code reads it: `$1` to `$99`, `$&` or `$0`, `$$` and
 * `$<name>`; `\n`, `\t` and `\\`; `\u`, `\U`, `\l`, `\L` write the group behind them, its first letter or all of
 * it, in capitals or small letters. Anything else stands for itself.
 */
function expand(replacement: string, found: RegExpExecArray): string {
  let cases: string[] = [];
  return replacement.replace(
    /\\(?<sign>[\\ntuUlL])|\$(?:(?<one>[$&])|<(?<name>[^>]+)>|(?<digits>0|[1-9]\d?))/g,
    (all: string, ...rest: readonly unknown[]) => {
      const { sign, one, name, digits } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
      if (sign !== undefined) {
        if (/[uUlL]/.test(sign)) cases.push(sign);
        return SIGNS[sign] ?? '';
      }
      if (one === '$') return '$';
      const group =
        one === '&' ? found[0] : name === undefined ? numbered(digits ?? '', found) : named(name, found);
      if (group === null) return all;
      const written = inCases(group, cases);
      cases = [];
      return written;
    },
  );
}

const SIGNS: Readonly<Record<string, string>> = { '\\': '\\', n: '\n', t: '\t' };

/** `$12` is the twelfth group, or the first and a 2. */
function numbered(digits: string, found: RegExpExecArray): string | null {
  const whole = Number(digits);
  if (whole < found.length) return found[whole] ?? '';
  const first = Number(digits.charAt(0));
  return digits.length === 2 && first < found.length ? (found[first] ?? '') + digits.charAt(1) : null;
}

function named(name: string, { groups }: RegExpExecArray): string | null {
  return groups && name in groups ? (groups[name] ?? '') : null;
}

/** `u` and `l` are about one letter each, `U` and `L` about all that are left. */
function inCases(text: string, cases: readonly string[]): string {
  let written = text;
  let done = 0;
  for (const one of cases) {
    const end = /[UL]/.test(one) ? written.length : done + 1;
    const part = written.slice(done, end);
    const changed = /[uU]/.test(one) ? part.toUpperCase() : part.toLowerCase();
    written = written.slice(0, done) + changed + written.slice(end);
    done += changed.length;
  }
  return written;
}
