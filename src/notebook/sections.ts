/**
 * Sections that are folded, as JupyterLab folds them and keeps it in the file. What a folded heading hides is nowhere
 * stored: it follows from the cells. The selected cell is never hidden, and only folding hides a cell.
 */
import type { CellId } from '../protocol/ids.ts';
import type { Cell } from './document.ts';
import type { ApplyResult, DocumentOperation, SessionData } from './session-types.ts';
import { headingOf, headingOver } from './headings.ts';
import { applied, changeCells, refused } from './session-steps.ts';

type Op<T extends DocumentOperation['type']> = Extract<DocumentOperation, { type: T }>;

// WHAT IS FOLDED

/** JupyterLab's. */
const FOLDED = 'jp-MarkdownHeadingCollapsed';

export function isFolded(cell: Cell): boolean {
  return cell.metadata[FOLDED] === true && headingOf(cell) !== null;
}

function withFolded(cell: Cell, folded: boolean): Cell {
  const others = Object.fromEntries(Object.entries(cell.metadata).filter(([key]) => key !== FOLDED));
  return { ...cell, metadata: folded ? { ...others, [FOLDED]: true } : others };
}

export interface Folds {
  /** Cells that a folded heading above them hides. */
  readonly hidden: ReadonlySet<CellId>;
  /** For each heading how many cells its section has beside it. */
  readonly sizes: ReadonlyMap<CellId, number>;
}

const FOLDS = new WeakMap<readonly Cell[], Folds>();

export function foldsOf(cells: readonly Cell[]): Folds {
  const known = FOLDS.get(cells);
  if (known) return known;
  const hidden = new Set<CellId>();
  const sizes = new Map<CellId, number>();
  let open: { readonly id: CellId; readonly level: number; readonly at: number }[] = [];
  let folded: number | null = null;
  const close = (level: number, end: number): void => {
    for (const section of open) if (section.level >= level) sizes.set(section.id, end - section.at - 1);
    open = open.filter((section) => section.level < level);
  };
  cells.forEach((cell, at) => {
    const level = headingOf(cell)?.level ?? null;
    if (level !== null) {
      close(level, at);
      open.push({ id: cell.id, level, at });
      if (folded !== null && level <= folded) folded = null;
    }
    if (folded !== null) hidden.add(cell.id);
    else if (level !== null && isFolded(cell)) folded = level;
  });
  close(0, cells.length);
  const folds = { hidden, sizes };
  FOLDS.set(cells, folds);
  return folds;
}

/** These cells in document order, and with each folded heading among them what it hides. */
export function withSections(cells: readonly Cell[], ids: readonly CellId[]): readonly CellId[] {
  const { sizes } = foldsOf(cells);
  const taken = new Set(ids);
  cells.forEach((cell, at) => {
    if (!taken.has(cell.id) || !isFolded(cell)) return;
    for (const { id } of cells.slice(at + 1, at + 1 + (sizes.get(cell.id) ?? 0))) taken.add(id);
  });
  return cells.flatMap(({ id }) => (taken.has(id) ? [id] : []));
}

/** Where `move-cells` puts them so that they pass one cell that is to be seen, or one folded section. A folded section
 * passes another section, since a cell that came to stand behind it would belong to it. */
export function indexPast(cells: readonly Cell[], ids: readonly CellId[], by: 1 | -1): number {
  const { hidden, sizes } = foldsOf(cells);
  const moved = new Set(withSections(cells, ids));
  const first = cells.findIndex(({ id }) => moved.has(id));
  const last = cells.findLastIndex(({ id }) => moved.has(id));
  const isSeen = ({ id }: Cell): boolean => !hidden.has(id) && !moved.has(id);
  const amongOthers = (end: number): number => cells.slice(0, end).filter(({ id }) => !moved.has(id)).length;
  const tail = cells.findLast(({ id }) => moved.has(id) && !hidden.has(id));
  const level = tail && isFolded(tail) ? levelOf(tail) : 0;
  const above = cells.slice(0, Math.max(0, first));
  if (by === -1) {
    const head = above.findLastIndex((cell) => levelOf(cell) <= level);
    return amongOthers(Math.max(0, head < 0 ? above.findLastIndex(isSeen) : head));
  }
  const next = cells.findIndex((cell, at) => at > last && isSeen(cell));
  const passed = cells[next];
  if (passed === undefined) return amongOthers(Math.max(0, first));
  if (level === 0) return amongOthers(next + 1 + (isFolded(passed) ? (sizes.get(passed.id) ?? 0) : 0));
  const end = cells.findIndex((cell, at) => at > next && levelOf(cell) <= level);
  return amongOthers(end < 0 ? cells.length : end);
}

/** 7 for what is no heading. */
function levelOf(cell: Cell): number {
  return headingOf(cell)?.level ?? 7;
}

// OPERATIONS

/** A selected cell that is hidden by it gives the selection to the heading. */
export function setFolded(data: SessionData, { ids, folded }: Op<'set-folded'>): ApplyResult {
  const meant = data.document.cells.filter((cell) => ids.includes(cell.id) && headingOf(cell) !== null);
  if (meant.length === 0) return refused('no-heading');
  const next = changeCells(data, (cell) =>
    meant.includes(cell) && isFolded(cell) !== folded ? withFolded(cell, folded) : cell,
  );
  const { cells } = next.document;
  const { hidden } = foldsOf(cells);
  const seen = (id: CellId): CellId => {
    const at = cells.findIndex((cell) => cell.id === id);
    return hidden.has(id) ? (cells.slice(0, at).findLast((cell) => !hidden.has(cell.id))?.id ?? id) : id;
  };
  return applied({
    ...next,
    selectedCell: seen(next.selectedCell),
    selectionAnchor: seen(next.selectionAnchor),
  });
}

/** Nothing but folding hides a cell: where an edit brings one that was to be seen under a folded heading, or the
 * selected one, the heading unfolds. */
export function keepInSight(before: SessionData, data: SessionData): SessionData {
  const isSame =
    data.document.cells === before.document.cells &&
    data.selectedCell === before.selectedCell &&
    data.selectionAnchor === before.selectionAnchor;
  const { hidden } = foldsOf(data.document.cells);
  if (isSame || hidden.size === 0) return data;
  const old = foldsOf(before.document.cells).hidden;
  const swallowed = before.document.cells.flatMap(({ id }) => (hidden.has(id) && !old.has(id) ? [id] : []));
  return [...swallowed, data.selectedCell, data.selectionAnchor].reduce(unfoldedAbove, data);
}

function unfoldedAbove(data: SessionData, id: CellId): SessionData {
  const { cells } = data.document;
  if (!foldsOf(cells).hidden.has(id)) return data;
  const above = new Set<CellId>();
  for (let cell = headingOver(cells, id); cell; cell = headingOver(cells, cell.id)) {
    above.add(cell.id);
  }
  return changeCells(data, (cell) => (above.has(cell.id) && isFolded(cell) ? withFolded(cell, false) : cell));
}
