import { MAX_MATCHES, type Match } from '../../notebook/find.ts';
import { countUpTo, type TablePlace } from '../../notebook/table-text.ts';
import type { CellId } from '../../protocol/ids.ts';
import { GRID_ROW } from '../output/grid-sizes.ts';

/**
 * Marks matches in what is on the screen, without touching a node: by the browser's own highlights over ranges.
 * A source on the screen is the source, letter by letter; outputs (trees, tables, HTML and SVG too) and rendered
 * Markdown are searched as they are shown. A browser without highlights still counts and scrolls.
 */
export interface Marks {
  /** Marks all, and brings the current one into view when `reveal`; again when a table draws other rows. */
  readonly show: (found: ToMark, reveal: boolean) => void;
  readonly clear: () => void;
}

export interface ToMark {
  readonly matches: readonly Match[];
  readonly current: Match | null;
  readonly shown: Shown;
  /** The row of a table that a match in the outputs of a cell is in. */
  readonly places: (cell: CellId) => (offset: number) => TablePlace | null;
}

/** What to look for on the screen in this part of a cell. It has to come to an end: the page waits for it. */
export type Shown = (cell: CellId, part: Match['part']) => RegExp;

const ALL = 'find-match';
const CURRENT = 'find-current';

export function createMarks(root: ParentNode): Marks {
  const registry = (CSS as { highlights?: HighlightRegistry }).highlights;
  /** What is to be marked; `late`: the current one is in a row that is not drawn yet. */
  let last: { readonly found: ToMark; readonly late: boolean } | null = null;
  const drawn = new MutationObserver(() => {
    if (last) show(last.found, last.late);
  });
  const clear = (): void => {
    last = null;
    drawn.disconnect();
    registry?.delete(ALL);
    registry?.delete(CURRENT);
  };
  const show = (found: ToMark, reveal: boolean): void => {
    clear();
    const { matches, current, shown } = found;
    const cells = cellsOn(root);
    const all = new Set<Range>();
    let here: Range | 'late' | null = null;
    for (const [key, some] of Map.groupBy(matches, ({ cell, part }) => `${part} ${cell}`)) {
      const [first] = some;
      const region = first && regionOf(cells.get(first.cell), first.part);
      if (!region) continue;
      const theirs = region.matches('pre')
        ? rangesAt(region, some)
        : rangesIn(region, shown(first.cell, first.part));
      for (const range of theirs) if (range && all.size < MAX_MATCHES) all.add(range);
      if (current && key === `${current.part} ${current.cell}`)
        here = rangeOfCurrent(region, some, current, theirs, found.places(current.cell), reveal);
    }
    registry?.set(ALL, new Highlight(...all));
    if (here instanceof Range) registry?.set(CURRENT, new Highlight(here));
    if (reveal && current) scrollTo(here instanceof Range ? here : null, cells.get(current.cell));
    last = { found, late: here === 'late' };
    for (const body of root.querySelectorAll('.grid-body'))
      drawn.observe(body, { childList: true, characterData: true, subtree: true });
  };
  return { clear, show };
}

/**
 * What of the ranges on the screen is the current match. A table has only the rows in sight: theirs are counted row by
 * row, and a row that is not drawn is scrolled to first.
 */
function rangeOfCurrent(
  region: Element,
  matches: readonly Match[],
  current: Match,
  ranges: readonly (Range | null)[],
  placeOf: (offset: number) => TablePlace | null,
  reveal: boolean,
): Range | 'late' | null {
  const grids = [...region.querySelectorAll<HTMLElement>('.grid-scroll')];
  if (grids.length === 0) {
    const isPlace = current.start === current.end;
    return ranges[current.nth] ?? (isPlace ? null : (ranges.at(-1) ?? null));
  }
  const place = placeOf(current.start);
  const isIn = (grid: Element, range: Range | null): boolean => grid.contains(range?.startContainer ?? null);
  const before = matches.filter(({ nth, start }) => nth < current.nth && isSame(placeOf(start), place));
  if (place === null)
    return ranges.filter((range) => !grids.some((grid) => isIn(grid, range)))[before.length] ?? null;
  const grid = grids[place.table] ?? grids.at(-1);
  // Which row stands where in an order of the reader's, only the table knows.
  if (!grid || grid.querySelector('[aria-sort="ascending"], [aria-sort="descending"]')) return null;
  const row = grid.querySelector(place.row < 0 ? '.grid-head' : `[aria-rowindex="${String(place.row + 2)}"]`);
  if (row) return ranges.filter((range) => isIn(row, range))[before.length] ?? null;
  if (!reveal) return null;
  grid.scrollTop = (place.row + 1) * GRID_ROW - grid.clientHeight / 2;
  return 'late';
}

function isSame(a: TablePlace | null, b: TablePlace | null): boolean {
  return a?.table === b?.table && a?.row === b?.row;
}

function cellsOn(root: ParentNode): ReadonlyMap<string, Element> {
  const cells = [...root.querySelectorAll<HTMLElement>('.cell')];
  return new Map(cells.map((cell) => [cell.dataset['cell'] ?? '', cell]));
}

function regionOf(cell: Element | undefined, part: Match['part']): Element | null {
  if (part === 'output') return cell?.querySelector('.cell-output') ?? null;
  const selector = '.cell-prose, .cell-input:not(.visually-hidden) .plain-editor pre, .view-lines';
  return cell?.querySelector(selector) ?? null;
}

/** The text of a part of the page; nothing in it lies behind another root. */
interface Piece {
  readonly text: string;
  readonly nodes: readonly { readonly node: Text; readonly start: number }[];
  /** Of the nodes. */
  readonly starts: readonly number[];
}

/** Of a source, which stands there as it is. A place without a letter (`^`, `$`) is seen by the letter beside it, in an
 * empty line by nothing. */
function rangesAt(region: Element, matches: readonly Match[]): readonly (Range | null)[] {
  const [piece] = piecesOf(region);
  return matches.map(({ start, end }) => {
    if (start < end) return rangeOf(piece, start, end)[0] ?? null;
    const beside = [start, start - 1].find((at) => /[^\n]/.test(piece?.text.charAt(at) ?? ''));
    return beside === undefined ? null : (rangeOf(piece, beside, beside + 1)[0] ?? null);
  });
}

/** As many as are counted: the screen may have more of them than the matches that were looked for. */
function rangesIn(region: Element, pattern: RegExp): readonly Range[] {
  const ranges: Range[] = [];
  for (const piece of piecesOf(region)) {
    for (const { index, 0: match } of piece.text.matchAll(pattern)) {
      ranges.push(...rangeOf(piece, index, index + match.length));
      if (ranges.length >= MAX_MATCHES) return ranges;
    }
  }
  return ranges;
}

/** In the order of the page. HTML and SVG of outputs stand in roots of their own, which no range can leave. */
function piecesOf(region: Node): readonly Piece[] {
  const pieces: Piece[] = [];
  let nodes: { readonly node: Text; readonly start: number }[] = [];
  let text = '';
  const end = (): void => {
    if (text !== '') pieces.push({ text, nodes, starts: nodes.map(({ start }) => start) });
    nodes = [];
    text = '';
  };
  const walker = document.createTreeWalker(region, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Text) {
      if (node.parentElement?.matches('style, .visually-hidden') === true) continue;
      nodes.push({ node, start: text.length });
      text += node.data;
    } else if (node instanceof Element && node.shadowRoot) {
      end();
      pieces.push(...piecesOf(node.shadowRoot));
    } else if (node instanceof Element && node.matches('.grid-row > *, .grid-note')) end();
  }
  end();
  return pieces;
}

function rangeOf(piece: Piece | undefined, start: number, end: number): readonly Range[] {
  const at = (offset: number): { readonly node: Text; readonly offset: number } | null => {
    const entry = piece?.nodes[countUpTo(piece.starts, offset) - 1];
    return entry ? { node: entry.node, offset: Math.min(offset - entry.start, entry.node.length) } : null;
  };
  const first = start < end ? at(start) : null;
  const last = at(end - 1);
  if (!first || !last) return [];
  const range = document.createRange();
  range.setStart(first.node, first.offset);
  range.setEnd(last.node, Math.min(last.offset + 1, last.node.length));
  return [range];
}

/** Scrolls what holds the match, and nothing else: `scrollIntoView` would move the page under its bar. */
function scrollTo(range: Range | null, cell: Element | undefined): void {
  const target = range ?? cell;
  const inside = range ? outsideRoots(range.startContainer) : cell;
  const inner = inside?.closest<HTMLElement>('.scrolls');
  if (inner && target) centre(inner, target);
  const scroller = inside?.closest<HTMLElement>('.notebook-scroller');
  if (scroller && target) centre(scroller, target);
}

/** The element of the page itself that shows the node. */
function outsideRoots(node: Node): Element | undefined {
  const root = node.getRootNode();
  return root instanceof ShadowRoot ? root.host : (node.parentElement ?? undefined);
}

function centre(scroller: HTMLElement, target: Range | Element): void {
  const view = scroller.getBoundingClientRect();
  const { top, bottom } = target.getBoundingClientRect();
  if (top >= view.top && bottom <= view.bottom) return;
  scroller.scrollTop += (top + bottom) / 2 - (view.top + view.bottom) / 2;
}

/** The first match in the selected cell or below it. */
export function firstFrom(
  matches: readonly Match[],
  order: ReadonlyMap<CellId, number>,
  selected: CellId,
): number {
  const from = order.get(selected) ?? 0;
  const index = matches.findIndex((match) => (order.get(match.cell) ?? 0) >= from);
  return Math.max(0, index);
}
