/**
 * Undo and redo of edits of cells, without end. A step back puts the order of cells and what the edit had
 * changed as it was before; cells that the edit left alone stay as they are now, so nothing typed or put out
 * since is lost; and no cell comes back running or queued. What stands now is kept for the way forward.
 */
import type { Cell } from './document.ts';
import type { ApplyResult, CellEdit, CellsMoment, SessionData } from './session-types.ts';
import { momentOf, rearrange, withSource } from './cell-edits.ts';
import { atRest } from './cells.ts';
import { applied, refused } from './session-steps.ts';

export function undo(data: SessionData): ApplyResult {
  const { undo: done, redo } = data.history;
  const last = done.at(-1);
  if (!last) return refused('nothing-to-undo');
  const { next, found } = travel(data, last.after, last.before);
  const back: CellEdit = { before: momentOf(next), after: found };
  return applied({ ...next, history: { undo: done.slice(0, -1), redo: [...redo, back] } });
}

export function redo(data: SessionData): ApplyResult {
  const { undo: done, redo: undone } = data.history;
  const last = undone.at(-1);
  if (!last) return refused('nothing-to-redo');
  const { next, found } = travel(data, last.before, last.after);
  const forth: CellEdit = { before: found, after: momentOf(next) };
  return applied({ ...next, history: { undo: [...done, forth], redo: undone.slice(0, -1) } });
}

function travel(data: SessionData, from: CellsMoment, to: CellsMoment) {
  const found = momentOf(data);
  const now = byId(found.cells);
  const left = byId(from.cells);
  const cells = to.cells.map((cell) => {
    const current = now.get(cell.id);
    return current ? changedBack(current, left.get(cell.id) ?? current, cell) : atRest(cell);
  });
  const next = rearrange(data, { ...to, cells });
  return { next, found };
}

function byId(cells: readonly Cell[]): ReadonlyMap<Cell['id'], Cell> {
  return new Map(cells.map((cell) => [cell.id, cell]));
}

function changedBack(now: Cell, from: Cell, to: Cell): Cell {
  if (from.source === to.source && from.kind === to.kind) return now;
  if (now.kind !== to.kind) return { ...atRest(to), metadata: now.metadata };
  const hasRunSince =
    now.run !== from.run || now.outputs !== from.outputs || now.executionCount !== from.executionCount;
  const isAtWork = now.run.status === 'running' || now.run.status === 'queued';
  if (hasRunSince || isAtWork) return withSource(now, to.source);
  return { ...atRest(to), metadata: now.metadata };
}
