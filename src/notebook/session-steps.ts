import type { CellId, RunId } from '../protocol/ids.ts';
import type { Cell } from './document.ts';
import type { Action, Applied, Refusal, RefusalReason, SessionData } from './session-types.ts';

/** The small steps that operations are made of. */

export function applied(data: SessionData, ...actions: readonly Action[]): Applied {
  return { type: 'applied', data, actions };
}

const SENTENCES: Readonly<Record<RefusalReason, string>> = {
  'needs-consent': 'This notebook came from elsewhere. Press "Run this notebook" to allow its code to run.',
  'no-such-cell': 'This cell is no longer in the notebook.',
  'id-taken': 'The notebook has a cell of this id already.',
  'already-queued': 'This cell is running or queued already.',
  'not-queued': 'This cell is not waiting to run. Interrupt stops a cell that runs.',
  'unknown-run': 'No cell of the notebook belongs to this run any more.',
  'bin-empty': 'There is no deleted cell to bring back.',
  'nothing-to-undo': 'There is no edit of cells to undo.',
  'nothing-to-redo': 'There is no edit of cells to do again.',
  'nothing-to-merge': 'There is no other cell to merge with.',
  'no-heading': 'Headings of Markdown cells can be folded, nothing else.',
  folded: 'A folded section lies between. Unfold it first.',
  'wrong-kind': 'A cell of this kind cannot do that.',
};

export function refused(reason: RefusalReason, ...actions: readonly Action[]): Refusal {
  return { type: 'refused', reason, message: SENTENCES[reason], actions };
}

export function findCell(data: SessionData, id: CellId): Cell | undefined {
  return data.document.cells.find((cell) => cell.id === id);
}

/** The cell that shows this run, be it still on or over. */
export function cellOfRun(data: SessionData, runId: RunId): Cell | undefined {
  return data.document.cells.find((cell) => 'runId' in cell.run && cell.run.runId === runId);
}

export function withCells(data: SessionData, cells: readonly Cell[]): SessionData {
  return { ...data, document: { ...data.document, cells } };
}

/** Replaces one cell; the data stay the same object when `change` returns the cell it was given. */
export function changeCell(data: SessionData, id: CellId, change: (cell: Cell) => Cell): SessionData {
  return changeCells(data, (cell) => (cell.id === id ? change(cell) : cell));
}

export function changeCells(data: SessionData, change: (cell: Cell) => Cell): SessionData {
  const cells = data.document.cells.map((cell) => change(cell));
  return cells.every((cell, i) => cell === data.document.cells[i]) ? data : withCells(data, cells);
}

/** The same list when the value is not in it. */
export function without<T>(list: readonly T[], value: T): readonly T[] {
  return list.includes(value) ? list.filter((item) => item !== value) : list;
}

export function including<T>(list: readonly T[], value: T): readonly T[] {
  return list.includes(value) ? list : [...list, value];
}
