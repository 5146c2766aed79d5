import type { Match } from '../../notebook/find.ts';
import type { CellId } from '../../protocol/ids.ts';

/**
 * Marks matches in what is on the screen, without touching a node: by the browser's own highlights over ranges.
 * A source on the screen is the source, letter by letter; outputs and rendered Markdown are searched as they
 * are shown. A browser without highlights still counts and scrolls.
 */
export interface Marks {
  /** Marks all, and brings the current one into view when `reveal`. */
  readonly show: (matches: readonly Match[], pattern: RegExp, current: Match | null, reveal: boolean) => void;
  readonly clear: () => void;
}

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
    show(matches, pattern, current, reveal) {
      clear();
      const cells = cellsOn(root);
      const seen = new Map<Element, readonly Range[]>();
      const ranges: Range[] = [];
      let here: Range | null = null;
      for (const match of matches) {
        const region = regionOf(cells.get(match.cell), match.part);
        if (!region) continue;
        let found = seen.get(region);
        if (!found) {
          found = rangesIn(region, pattern);
          seen.set(region, found);
        }
        const range = found[match.nth];
        if (range) ranges.push(range);
        if (match === current) here = range ?? null;
      }
      registry?.set(ALL, new Highlight(...ranges));
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

function rangesIn(region: Element, pattern: RegExp): readonly Range[] {
  const walker = document.createTreeWalker(region, NodeFilter.SHOW_TEXT);
  const nodes: { readonly node: Text; readonly start: number }[] = [];
  let text = '';
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    nodes.push({ node: node as Text, start: text.length });
    text += (node as Text).data;
  }
  const at = (offset: number): { node: Text; offset: number } | null => {
    const entry = nodes.findLast(({ start }) => start <= offset);
    return entry ? { node: entry.node, offset: Math.min(offset - entry.start, entry.node.length) } : null;
  };
  return [...text.matchAll(pattern)].flatMap((found) => {
    const start = found[0] === '' ? null : at(found.index);
    const end = at(found.index + found[0].length - 1);
    if (!start || !end) return [];
    const range = document.createRange();
    range.setStart(start.node, start.offset);
    range.setEnd(end.node, end.offset + 1);
    return [range];
  });
}

/** Scrolls what holds the match, and nothing else: `scrollIntoView` would move the page under its bar. */
function scrollTo(range: Range | null, cell: Element | undefined): void {
  const target = range ?? cell;
  const inside = range?.startContainer.parentElement ?? cell;
  const inner = inside?.closest<HTMLElement>('.scrolls');
  if (inner && target) centre(inner, target);
  const scroller = inside?.closest<HTMLElement>('.notebook-scroller');
  if (scroller && target) centre(scroller, target);
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
