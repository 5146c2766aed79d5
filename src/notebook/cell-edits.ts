/**
 * Edits of cells as one: which cells there are, in which order, of which kind, and what split, merge and replace
 * make of their sources. Each becomes one step of the history, and goes through `rearrange`, so queue, bin and
 * open cells never point at what is not there.
 */
import type { CellId } from '../protocol/ids.ts';
import type { Cell, CellKind } from './document.ts';
import type { ApplyResult, CellsMoment, DocumentOperation, SessionData } from './session-types.ts';
import { atRest, IDLE, newCell } from './cells.ts';
import { dropOrphans } from './run-queue.ts';
import { foldsOf, withSections } from './sections.ts';
import { applied, findCell, including, refused } from './session-steps.ts';

type Op<T extends DocumentOperation['type']> = Extract<DocumentOperation, { type: T }>;

/** The bin forgets the oldest beyond this. */
export const MAX_BIN = 100;

// THE ONE WAY IN

/** The cells that `moment` says, and nothing left that belongs to others. */
export function rearrange(data: SessionData, moment: CellsMoment): SessionData {
  const { cells } = moment;
  const ids = new Set(cells.map((cell) => cell.id));
  const kinds = new Map(cells.map((cell) => [cell.id, cell.kind]));
  const first = cells[0]?.id ?? moment.selectedCell;
  const selectedCell = ids.has(moment.selectedCell) ? moment.selectedCell : first;
  return dropOrphans({
    ...data,
    document: { ...data.document, cells },
    selectedCell,
    selectionAnchor: ids.has(moment.selectionAnchor) ? moment.selectionAnchor : selectedCell,
    openMarkdown: data.openMarkdown.filter((id) => kinds.get(id) === 'markdown'),
    pendingClears: data.pendingClears.filter((id) => kinds.get(id) === 'code'),
    bin: data.bin.filter(({ cell }) => !ids.has(cell.id)),
  });
}

/** The same as one step of the history; what had been undone cannot be done again after it. */
export function edit(data: SessionData, cells: readonly Cell[], selectedCell: CellId, anchor = selectedCell) {
  const after: CellsMoment = { cells, selectedCell, selectionAnchor: anchor };
  const next = rearrange(data, after);
  return { ...next, history: { undo: [...data.history.undo, { before: momentOf(data), after }], redo: [] } };
}

export function momentOf({ document, selectedCell, selectionAnchor }: SessionData): CellsMoment {
  return { cells: document.cells, selectedCell, selectionAnchor };
}

/** The selected cells, in document order: those that are to be seen from the anchor to the active cell. */
export function selectionOf(data: Pick<SessionData, 'document' | 'selectedCell' | 'selectionAnchor'>) {
  const ids = data.document.cells.map((cell) => cell.id);
  const ends = [ids.indexOf(data.selectionAnchor), ids.indexOf(data.selectedCell)];
  const { hidden } = foldsOf(data.document.cells);
  return ids.slice(Math.min(...ends), Math.max(...ends) + 1).filter((id) => !hidden.has(id));
}

function chosen(data: SessionData, ids: readonly CellId[]): readonly Cell[] {
  return data.document.cells.filter((cell) => ids.includes(cell.id));
}

// CELLS COME AND GO

export function insertCell(data: SessionData, { id, place, kind, source }: Op<'insert-cell'>): ApplyResult {
  if (isTaken(data, id)) return refused('id-taken');
  const index = indexOf(data, place);
  if (index < 0) return refused('no-such-cell');
  const next = edit(data, data.document.cells.toSpliced(index, 0, newCell(id, kind, source)), id);
  return applied(kind === 'markdown' ? { ...next, openMarkdown: [...next.openMarkdown, id] } : next);
}

export function pasteCells(data: SessionData, { cells, place }: Op<'paste-cells'>): ApplyResult {
  const index = indexOf(data, place);
  const [first, last] = [cells[0], cells.at(-1)];
  if (index < 0 || !first || !last) return refused('no-such-cell');
  const distinct = new Set(cells.map(({ id }) => id)).size === cells.length;
  if (!distinct || cells.some(({ id }) => isTaken(data, id))) return refused('id-taken');
  const pasted = cells.map(atRest);
  // Of a folded section the heading is selected: it is what one sees.
  const { hidden } = foldsOf(pasted);
  const seen = pasted.findLast(({ id }) => !hidden.has(id)) ?? last;
  return applied(edit(data, data.document.cells.toSpliced(index, 0, ...pasted), seen.id, first.id));
}

function isTaken(data: SessionData, id: CellId): boolean {
  return findCell(data, id) !== undefined || data.bin.some(({ cell }) => cell.id === id);
}

function indexOf(data: SessionData, place: Op<'insert-cell'>['place']): number {
  const { cells } = data.document;
  if ('index' in place) return clamp(place.index, cells.length);
  if ('above' in place) return cells.findIndex(({ id }) => id === place.above);
  const index = cells.findIndex(({ id }) => id === place.below);
  return index < 0 ? index : index + 1;
}

function clamp(index: number, max: number): number {
  return Math.max(0, Math.min(max, Math.trunc(index)));
}

export function deleteCells(data: SessionData, { ids, spareId }: Op<'delete-cells'>): ApplyResult {
  const { cells } = data.document;
  const gone = chosen(data, withSections(cells, ids));
  const [first] = gone;
  if (!first) return refused('no-such-cell');
  if (gone.length === cells.length && isTaken(data, spareId)) return refused('id-taken');
  const rest = cells.filter((cell) => !gone.includes(cell));
  const left = rest.length > 0 ? rest : [newCell(spareId, 'code', '')];
  const heir = left[Math.min(cells.indexOf(first), left.length - 1)]?.id ?? spareId;
  const stays = (id: CellId): boolean => left.some((cell) => cell.id === id);
  const active = stays(data.selectedCell) ? data.selectedCell : heir;
  const anchor = stays(data.selectionAnchor) && active !== heir ? data.selectionAnchor : active;
  const binned = gone.map((cell) => ({ cell: atRest(cell), index: cells.indexOf(cell) }));
  const next = edit(data, left, active, anchor);
  return applied({ ...next, bin: [...next.bin, ...binned].slice(-MAX_BIN) });
}

export function restoreCell(data: SessionData): ApplyResult {
  const last = data.bin.at(-1);
  if (last === undefined) return refused('bin-empty');
  const index = clamp(last.index, data.document.cells.length);
  return applied(edit(data, data.document.cells.toSpliced(index, 0, last.cell), last.cell.id));
}

export function moveCells(data: SessionData, { ids, index }: Op<'move-cells'>): ApplyResult {
  const { cells } = data.document;
  const moved = chosen(data, withSections(cells, ids));
  if (moved.length === 0) return refused('no-such-cell');
  const others = cells.filter((cell) => !moved.includes(cell));
  const order = others.toSpliced(clamp(index, others.length), 0, ...moved);
  if (order.every((cell, i) => cell === cells[i])) return applied(data);
  return applied(edit(data, order, data.selectedCell, data.selectionAnchor));
}

// WHAT THEY ARE

export function setKinds(data: SessionData, { ids, kind }: Op<'set-kind'>): ApplyResult {
  return turnInto(data, ids, kind, (source) => source);
}

export function setHeadings(data: SessionData, { ids, level }: Op<'set-heading'>): ApplyResult {
  const mark = '#'.repeat(Math.max(1, Math.min(6, level)));
  return turnInto(data, ids, 'markdown', (source) => `${mark} ${source.replace(/^#+\s*|^\s+/, '')}`);
}

function turnInto(
  data: SessionData,
  ids: readonly CellId[],
  kind: CellKind,
  write: (source: string) => string,
): ApplyResult {
  const turned = chosen(data, ids);
  if (turned.length === 0) return refused('no-such-cell');
  const cells = data.document.cells.map((cell) =>
    turned.includes(cell) ? withSource(ofKind(cell, kind), write(cell.source)) : cell,
  );
  if (cells.every((cell, i) => cell === data.document.cells[i])) return applied(data);
  const next = edit(data, cells, data.selectedCell, data.selectionAnchor);
  if (kind !== 'markdown') return applied(next);
  const opened = turned.filter((cell) => cell.kind !== 'markdown').map((cell) => cell.id);
  return applied({ ...next, openMarkdown: opened.reduce(including<CellId>, next.openMarkdown) });
}

function ofKind(cell: Cell, kind: CellKind): Cell {
  return cell.kind === kind ? cell : { ...emptied(cell), kind };
}

/** As if it had never run. */
function emptied(cell: Cell): Cell {
  return { ...cell, outputs: [], executionCount: null, run: IDLE, targets: undefined, stale: false };
}

/** A code cell that has been sent, now or in an earlier sitting, is stale once it is edited. */
export function withSource(cell: Cell, source: string): Cell {
  if (cell.source === source) return cell;
  const hasRun = cell.executionCount !== null || cell.run.status !== 'idle';
  return { ...cell, source, stale: cell.stale || (cell.kind === 'code' && hasRun) };
}

// WHAT THEY SAY

export function splitCell(data: SessionData, { id, offsets, newIds }: Op<'split-cell'>): ApplyResult {
  const cell = findCell(data, id);
  if (!cell) return refused('no-such-cell');
  const isUsable = newIds.length >= offsets.length && new Set(newIds).size === newIds.length;
  if (!isUsable || newIds.some((taken) => isTaken(data, taken))) return refused('id-taken');
  const marks = [0, ...offsets.map((at) => clamp(at, cell.source.length)), cell.source.length];
  const pieces = marks.slice(1).map((end, i) => cell.source.slice(marks[i], end).replace(/^\n+|\n+$/g, ''));
  const rest = withSource(cell, pieces.at(-1) ?? '');
  const { metadata } = cell;
  const heads = pieces.slice(0, -1).flatMap((source, i) => {
    const newId = newIds[i];
    return newId === undefined ? [] : [{ ...newCell(newId, cell.kind, source), metadata }];
  });
  const cells = data.document.cells.flatMap((other) => (other === cell ? [...heads, rest] : [other]));
  const next = edit(data, cells, id);
  const isOpen = data.openMarkdown.includes(id);
  const opened = isOpen ? heads.map((head) => head.id) : [];
  return applied({ ...next, openMarkdown: [...next.openMarkdown, ...opened] });
}

export function mergeCells(data: SessionData, { ids, into }: Op<'merge-cells'>): ApplyResult {
  const merged = chosen(data, ids);
  const kept = merged.find((cell) => cell.id === into);
  if (!kept) return refused('no-such-cell');
  if (merged.length < 2) return refused('nothing-to-merge');
  const { hidden } = foldsOf(data.document.cells);
  if (merged.some(({ id }) => hidden.has(id))) return refused('folded');
  const whole: Cell = { ...emptied(kept), source: merged.map(({ source }) => source).join('\n\n') };
  const [first] = merged;
  const cells = data.document.cells.flatMap((cell) =>
    cell === first ? [whole] : merged.includes(cell) ? [] : [cell],
  );
  const next = edit(data, cells, into);
  return applied(
    kept.kind === 'markdown' ? { ...next, openMarkdown: including(next.openMarkdown, into) } : next,
  );
}

export function restoreVersion(data: SessionData, { cells }: Op<'restore-version'>): ApplyResult {
  const ids = new Set(cells.map(({ id }) => id));
  const [first] = cells;
  if (!first) return refused('no-such-cell');
  if (ids.size < cells.length) return refused('id-taken');
  const restored = cells.map((cell) => {
    const now = findCell(data, cell.id);
    const isAtWork = now?.run.status === 'running' || now?.run.status === 'queued';
    return isAtWork && now.kind === cell.kind ? withSource(now, cell.source) : atRest(cell);
  });
  return applied(edit(data, restored, ids.has(data.selectedCell) ? data.selectedCell : first.id));
}

export function replaceSources(data: SessionData, { sources }: Op<'replace-sources'>): ApplyResult {
  const texts = new Map(sources.map(({ id, source }) => [id, source]));
  const cells = data.document.cells.map((cell) => withSource(cell, texts.get(cell.id) ?? cell.source));
  if (cells.every((cell, i) => cell === data.document.cells[i])) return applied(data);
  return applied(edit(data, cells, data.selectedCell, data.selectionAnchor));
}
