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

/** All matches in document order, the source of a cell before its outputs. Empty matches are none. A regular
 * expression may take for ever: let it run where it can be ended. */
export function findMatches(texts: readonly CellTexts[], query: FindQuery): readonly Match[] {
  const pattern = patternOf(query);
  if (!(pattern instanceof RegExp)) return [];
  const matches: Match[] = [];
  for (const { id, source, output } of texts) {
    addMatches(matches, id, 'source', source, pattern);
    addMatches(matches, id, 'output', output, pattern);
    if (matches.length >= MAX_MATCHES) break;
  }
  return matches.slice(0, MAX_MATCHES);
}

function addMatches(
  matches: Match[],
  cell: CellId,
  part: Match['part'],
  text: string,
  pattern: RegExp,
): void {
  let nth = 0;
  for (const found of text.matchAll(pattern)) {
    if (found[0] === '') continue;
    matches.push({ cell, part, nth: nth++, start: found.index, end: found.index + found[0].length });
    if (matches.length >= MAX_MATCHES) return;
  }
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

/** The new sources of all cells in which something is replaced; `only` limits it to one match. A regular
 * expression's `$1` and `$<name>` stand for its groups; otherwise the replacement is taken as it is. */
export function replaceMatches(
  document: NotebookDocument,
  query: FindQuery,
  replacement: string,
  only: Match | null,
): readonly { readonly id: CellId; readonly source: string }[] {
  const pattern = patternOf(query);
  if (!(pattern instanceof RegExp)) return [];
  return document.cells.flatMap(({ id, source }) => {
    if (only && (only.cell !== id || only.part !== 'source')) return [];
    let nth = -1;
    const replaced = source.replace(pattern, (...found: unknown[]) => {
      const whole = String(found[0]);
      if (whole === '') return whole;
      nth++;
      if (only && only.nth !== nth) return whole;
      return query.regexp ? expand(replacement, found) : replacement;
    });
    return replaced === source ? [] : [{ id, source: replaced }];
  });
}

/** The arguments of a replacer: whole, groups …, offset, text, and named groups if there are any. */
function expand(replacement: string, found: readonly unknown[]): string {
  const last = found.at(-1);
  const named = typeof last === 'object' && last !== null ? (last as Record<string, unknown>) : null;
  const groups = found.slice(0, named ? -3 : -2);
  return replacement.replace(/\$(\$|&|\d{1,2}|<([^>]+)>)/g, (all: string, code: string, name?: string) => {
    if (code === '$') return '$';
    if (code === '&') return String(groups[0]);
    const value = name === undefined ? groups[Number(code)] : named?.[name];
    const exists = name === undefined ? Number(code) < groups.length : named !== null && name in named;
    if (!exists) return all;
    return typeof value === 'string' ? value : '';
  });
}
