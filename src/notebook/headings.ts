/**
 * Headings of Markdown cells. A cell with a heading begins a section, which reaches to the next heading of the same
 * or a higher level; of several headings in a cell the highest counts, as in JupyterLab.
 */
import MarkdownIt from 'markdown-it';
import type { CellId } from '../protocol/ids.ts';
import type { Cell } from './document.ts';

export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  readonly text: string;
}

const blocks = new MarkdownIt();
blocks.core.ruler.enableOnly(['normalize', 'block']);

/** The headings of a Markdown text, in order; not those inside quotes and lists. */
export function headingsOf(source: string): readonly Heading[] {
  if (!/^ {0,3}(?:#|=+\s*$|-+\s*$)/m.test(source)) return [];
  const tokens = blocks.parse(source, {});
  return tokens.flatMap((token, i) => {
    const text = tokens[i + 1]?.content ?? '';
    return token.type === 'heading_open' && token.level === 0 && text !== ''
      ? [{ level: Number(token.tag.slice(1)), text: text.replace(/[*_`]/g, '') }]
      : [];
  });
}

const KNOWN = new WeakMap<Cell, Heading | null>();

/** The heading that begins a section; null for a cell that begins none. */
export function headingOf(cell: Cell): Heading | null {
  if (cell.kind !== 'markdown') return null;
  const known = KNOWN.get(cell);
  if (known !== undefined) return known;
  const heading = headingsOf(cell.source).reduce<Heading | null>(
    (best, each) => (best && best.level <= each.level ? best : each),
    null,
  );
  KNOWN.set(cell, heading);
  return heading;
}

/** The heading in whose section this cell, be it a heading itself, lies. */
export function headingOver(cells: readonly Cell[], id: CellId): Cell | undefined {
  const at = cells.findIndex((cell) => cell.id === id);
  const own = (cells[at] && headingOf(cells[at])?.level) ?? 7;
  return cells.slice(0, Math.max(0, at)).findLast((cell) => (headingOf(cell)?.level ?? 7) < own);
}

/** Where in the notebook a heading is: in this cell, the how-manieth of it. */
export interface HeadingPlace {
  readonly cell: CellId;
  readonly nth: number;
}

/**
 * The heading that a link `#name` means: by its text with hyphens for blanks, as JupyterLab has it, by GitHub's name
 * (small letters, no punctuation, `-1` behind the second of its kind), or by the text itself.
 */
export function placeOfHeading(cells: readonly Cell[], name: string): HeadingPlace | null {
  const headings = cells
    .filter(({ kind }) => kind === 'markdown')
    .flatMap((cell) => headingsOf(cell.source).map(({ text }, nth) => ({ cell: cell.id, nth, text })));
  const index = headingNamed(
    headings.map(({ text }) => plainText(text)),
    name,
  );
  const found = headings[index];
  return found ? { cell: found.cell, nth: found.nth } : null;
}

/** The same over the texts of headings: which one, or -1. */
export function headingNamed(texts: readonly string[], name: string): number {
  const asTyped = texts.findIndex((text) => inJupyter(text) === inJupyter(name));
  if (asTyped >= 0) return asTyped;
  const wanted = name.toLowerCase();
  const counts = new Map<string, number>();
  return texts.findIndex((text) => {
    const slug = onGitHub(text);
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    const own = count === 0 ? slug : `${slug}-${String(count)}`;
    return own === wanted || inJupyter(text).toLowerCase() === inJupyter(wanted);
  });
}

function inJupyter(text: string): string {
  return text.trim().replaceAll(' ', '-');
}

function onGitHub(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

/** Of links the words, of tags nothing. */
function plainText(text: string): string {
  return text.replace(/!?\[([^\][]*)\]\([^()]*\)/g, '$1').replace(/<[^<>]*>/g, '');
}

// THE WAY FROM HEADING TO HEADING, as the arrows of JupyterLab go it

/** The heading that this cell belongs to; of a heading the one above it of the same or a higher level. */
export function headingAbove(cells: readonly Cell[], id: CellId): Cell | null {
  const at = cells.findIndex((cell) => cell.id === id);
  const own = cells[at] ? headingOf(cells[at]) : null;
  const reach = own?.level ?? 6;
  return cells.slice(0, Math.max(0, at)).findLast((cell) => (headingOf(cell)?.level ?? 7) <= reach) ?? null;
}

export function headingBelow(cells: readonly Cell[], id: CellId): Cell | null {
  const at = cells.findIndex((cell) => cell.id === id);
  return cells.find((cell, index) => index > at && headingOf(cell) !== null) ?? null;
}

/** A new heading beside the section of this cell: its level, and its index above the cell or behind the section. */
export function besideSection(
  cells: readonly Cell[],
  id: CellId,
  where: 'above' | 'below',
): { readonly level: number; readonly index: number } {
  const at = cells.findIndex((cell) => cell.id === id);
  const head = cells.slice(0, at + 1).findLast((cell) => headingOf(cell) !== null);
  const level = (head && headingOf(head)?.level) ?? 1;
  if (where === 'above') return { level, index: head ? at : 0 };
  const next = cells.findIndex((cell, index) => index > at && (headingOf(cell)?.level ?? 7) <= level);
  return { level, index: next < 0 ? cells.length : next };
}
