import { MAX_MATCHES, type Match } from '../../notebook/find.ts';
import type { CellId } from '../../protocol/ids.ts';

/**
 * Marks matches in what is on the screen, without touching a node: by the browser's own highlights over ranges.
 * A source on the screen is the source, letter by letter; outputs (trees, tables, HTML and SVG too) and rendered
 * Markdown are searched as they are shown. A browser without highlights still counts and scrolls.
 */
export interface Marks {
  /** Marks all, and brings the current one into view when `reveal`. */
  readonly show: (matches: readonly Match[], shown: Shown, current: Match | null, reveal: boolean) => void;
  readonly clear: () => void;
}

/** What to look for on the screen in this part of a cell. It has to come to an end: the page waits for it. */
export type Shown = (cell: CellId, part: Match['part']) => RegExp;

const ALL = 'find-match';
const CURRENT = 'find-current';

export function createMarks(root: ParentNode): Marks {
  const registry = (CSS as { highlights?: HighlightRegistry }).highlights;
  const clear = (): void => {
    registry?.delete(ALL);
    registry?.delete(CURRENT);
  };
  return {
    clear,
    show(matches, shown, current, reveal) {
      clear();
      const cells = cellsOn(root);
      const all = new Set<Range>();
      let here: Range | null = null;
      for (const [key, some] of Map.groupBy(matches, ({ cell, part }) => `${part} ${cell}`)) {
        const [first] = some;
        const region = first && regionOf(cells.get(first.cell), first.part);
        if (!region) continue;
        const found = region.matches('pre')
          ? rangesAt(region, some)
          : rangesIn(region, shown(first.cell, first.part));
        for (const range of found) if (all.size < MAX_MATCHES) all.add(range);
        if (current && key === `${current.part} ${current.cell}`)
          here = found[current.nth] ?? found.at(-1) ?? null;
      }
      registry?.set(ALL, new Highlight(...all));
      if (here) registry?.set(CURRENT, new Highlight(here));
      if (reveal && current) scrollTo(here, cells.get(current.cell));
    },
  };
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
}

/** Of a source, which stands there as it is. */
function rangesAt(region: Element, matches: readonly Match[]): readonly Range[] {
  const [piece] = piecesOf(region);
  return matches.flatMap(({ start, end }) => rangeOf(piece, start, end));
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
    if (text !== '') pieces.push({ text, nodes });
    nodes = [];
    text = '';
  };
  const walker = document.createTreeWalker(region, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Text) {
      if (node.parentElement?.localName === 'style') continue;
      nodes.push({ node, start: text.length });
      text += node.data;
    } else if (node instanceof Element && node.shadowRoot) {
      end();
      pieces.push(...piecesOf(node.shadowRoot));
    }
  }
  end();
  return pieces;
}

function rangeOf(piece: Piece | undefined, start: number, end: number): readonly Range[] {
  const at = (offset: number): { readonly node: Text; readonly offset: number } | null => {
    const entry = piece?.nodes.findLast((one) => one.start <= offset);
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
