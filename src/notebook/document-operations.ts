import type { CellId } from '../protocol/ids.ts';
import type { Cell, CellKind } from './document.ts';
import type { ApplyResult, DocumentOperation, InsertPlace, SessionData } from './session-types.ts';
import { assertNever } from '../base/assert.ts';
import { atRest, IDLE, newCell } from './cells.ts';
import { dequeue } from './run-queue.ts';
import {
  applied,
  changeCell,
  changeCells,
  findCell,
  including,
  refused,
  withCells,
  without,
} from './session-steps.ts';

type Op<T extends DocumentOperation['type']> = Extract<DocumentOperation, { type: T }>;

/** The bin forgets the oldest beyond this. */
export const MAX_BIN = 100;

export function applyToDocument(data: SessionData, operation: DocumentOperation): ApplyResult {
  switch (operation.type) {
    case 'load':
      return load(data, operation);
    case 'rename':
      return applied({ ...data, document: { ...data.document, name: operation.name } });
    case 'insert-cell':
      return insertCell(data, operation);
    case 'delete-cell':
      return deleteCell(data, operation);
    case 'restore-cell':
      return restoreCell(data);
    case 'accept-foreign':
      return applied({ ...data, document: { ...data.document, origin: 'own' } });
    case 'clear-outputs':
      return clearOutputs(data, operation.id);
    case 'move-cell':
    case 'set-kind':
    case 'set-source':
    case 'select-cell':
    case 'open-markdown':
      return applyToCell(data, operation);
    default:
      return assertNever(operation);
  }
}

function applyToCell(
  data: SessionData,
  operation: Op<'move-cell' | 'set-kind' | 'set-source' | 'select-cell' | 'open-markdown'>,
): ApplyResult {
  const cell = findCell(data, operation.id);
  if (cell === undefined) return refused('no-such-cell');
  switch (operation.type) {
    case 'move-cell':
      return applied(moveCell(data, cell, operation.index));
    case 'set-kind':
      return applied(setKind(data, cell, operation.kind));
    case 'set-source':
      return applied(changeCell(data, cell.id, () => withSource(cell, operation.source)));
    case 'select-cell':
      return applied({ ...data, selectedCell: cell.id });
    case 'open-markdown':
      if (cell.kind !== 'markdown') return refused('wrong-kind');
      return applied({ ...data, openMarkdown: including(data.openMarkdown, cell.id) });
    default:
      return assertNever(operation);
  }
}

function load(data: SessionData, { document }: Op<'load'>): ApplyResult {
  const cells = document.cells.map(atRest);
  const selectedCell = cells[0]?.id ?? data.selectedCell;
  return applied({
    ...data,
    document: { ...document, cells },
    selectedCell,
    runQueue: { inFlight: data.runQueue.inFlight, waiting: [] },
    openMarkdown: [],
    pendingClears: [],
    bin: [],
  });
}

// CELLS COME, GO AND MOVE

function insertCell(data: SessionData, { id, place, kind, source }: Op<'insert-cell'>): ApplyResult {
  if (isTaken(data, id)) return refused('id-taken');
  const index = indexOf(data, place);
  if (index < 0) return refused('no-such-cell');
  const cells = data.document.cells.toSpliced(index, 0, newCell(id, kind, source));
  const openMarkdown = kind === 'markdown' ? [...data.openMarkdown, id] : data.openMarkdown;
  return applied({ ...withCells(data, cells), selectedCell: id, openMarkdown });
}

function isTaken(data: SessionData, id: CellId): boolean {
  return findCell(data, id) !== undefined || data.bin.some(({ cell }) => cell.id === id);
}

function indexOf(data: SessionData, place: InsertPlace): number {
  const { cells } = data.document;
  if ('index' in place) return clamp(place.index, cells.length);
  if ('above' in place) return cells.findIndex(({ id }) => id === place.above);
  const index = cells.findIndex(({ id }) => id === place.below);
  return index < 0 ? index : index + 1;
}

function clamp(index: number, max: number): number {
  return Math.max(0, Math.min(max, Math.trunc(index)));
}

function deleteCell(data: SessionData, { id, spareId }: Op<'delete-cell'>): ApplyResult {
  const index = data.document.cells.findIndex((cell) => cell.id === id);
  if (index < 0) return refused('no-such-cell');
  const isLast = data.document.cells.length === 1;
  if (isLast && isTaken(data, spareId)) return refused('id-taken');
  const left = data.document.cells.toSpliced(index, 1);
  const cells = isLast ? [newCell(spareId, 'code', '')] : left;
  const heir = cells[Math.min(index, cells.length - 1)]?.id ?? spareId;
  return applied({
    ...withCells(dequeue(data, id), cells),
    selectedCell: data.selectedCell === id ? heir : data.selectedCell,
    openMarkdown: without(data.openMarkdown, id),
    pendingClears: without(data.pendingClears, id),
    bin: [...data.bin, ...binned(data, index)].slice(-MAX_BIN),
  });
}

function binned(data: SessionData, index: number): SessionData['bin'] {
  return data.document.cells.slice(index, index + 1).map((cell) => ({ cell: atRest(cell), index }));
}

function restoreCell(data: SessionData): ApplyResult {
  const last = data.bin.at(-1);
  if (last === undefined) return refused('bin-empty');
  const index = clamp(last.index, data.document.cells.length);
  const cells = data.document.cells.toSpliced(index, 0, last.cell);
  return applied({ ...withCells(data, cells), selectedCell: last.cell.id, bin: data.bin.slice(0, -1) });
}

function moveCell(data: SessionData, cell: Cell, index: number): SessionData {
  const { cells } = data.document;
  const from = cells.indexOf(cell);
  const to = clamp(index, cells.length - 1);
  return to === from ? data : withCells(data, cells.toSpliced(from, 1).toSpliced(to, 0, cell));
}

// ONE CELL

function setKind(data: SessionData, cell: Cell, kind: CellKind): SessionData {
  if (cell.kind === kind) return data;
  const changed: Cell = {
    ...cell,
    kind,
    outputs: [],
    executionCount: null,
    run: IDLE,
    targets: undefined,
    stale: false,
  };
  const next = changeCell(dequeue(data, cell.id), cell.id, () => changed);
  return {
    ...next,
    pendingClears: without(next.pendingClears, cell.id),
    openMarkdown:
      kind === 'markdown' ? including(next.openMarkdown, cell.id) : without(next.openMarkdown, cell.id),
  };
}

/** A code cell that has been sent, now or in an earlier sitting, is stale once it is edited. */
function withSource(cell: Cell, source: string): Cell {
  if (cell.source === source) return cell;
  const hasRun = cell.executionCount !== null || cell.run.status !== 'idle';
  return { ...cell, source, stale: cell.stale || (cell.kind === 'code' && hasRun) };
}

function clearOutputs(data: SessionData, id: CellId | null): ApplyResult {
  if (id !== null && findCell(data, id) === undefined) return refused('no-such-cell');
  return applied(changeCells(data, (cell) => (id === null || cell.id === id ? withoutOutputs(cell) : cell)));
}

/** A running cell keeps its count: it is still at it. */
export function withoutOutputs(cell: Cell): Cell {
  const executionCount = cell.run.status === 'running' ? cell.executionCount : null;
  if (cell.outputs.length === 0 && cell.executionCount === executionCount) return cell;
  return { ...cell, outputs: [], executionCount };
}
