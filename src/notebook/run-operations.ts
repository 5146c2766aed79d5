import type { RunId } from '../protocol/ids.ts';
import type { Cell } from './document.ts';
import type { ApplyResult, RunOperation, SessionData } from './session-types.ts';
import { assertNever } from '../base/assert.ts';
import { IDLE } from './cells.ts';
import { withoutOutputs } from './document-operations.ts';
import { abortWaiting, dequeue, enqueue, isQueued } from './run-queue.ts';
import { applied, changeCell, findCell, refused, without } from './session-steps.ts';

export function applyRun(data: SessionData, operation: RunOperation): ApplyResult {
  switch (operation.type) {
    case 'run-cell':
      return runCell(data, operation);
    case 'run-all':
      return runAll(data, operation.runIds);
    case 'run-cells':
      return runCells(data, operation);
    case 'cancel-queued':
      return cancelQueued(data, operation);
    case 'interrupt':
      // Engines may be at work when no cell is, so this is passed on always.
      return applied(abortWaiting(data), { type: 'interrupt' });
    default:
      return assertNever(operation);
  }
}

function runCell(data: SessionData, { id, runId }: Extract<RunOperation, { type: 'run-cell' }>): ApplyResult {
  const cell = findCell(data, id);
  if (cell === undefined) return refused('no-such-cell');
  if (needsConsent(data) && cell.kind === 'code') return refused('needs-consent', { type: 'ask-consent' });
  if (isQueued(data, id)) return refused('already-queued');
  return applied(run(data, cell, runId));
}

function runAll(data: SessionData, runIds: readonly RunId[]): ApplyResult {
  if (needsConsent(data)) return refused('needs-consent', { type: 'ask-consent' });
  const next = data.document.cells.reduce((before, cell, index) => {
    const runId = runIds[index];
    return runId === undefined || isQueued(before, cell.id) ? before : run(before, cell, runId);
  }, data);
  return applied(next);
}

function runCells(
  data: SessionData,
  { ids, runIds }: Extract<RunOperation, { type: 'run-cells' }>,
): ApplyResult {
  const chosen = new Map(ids.map((id, i) => [id, runIds[i]]));
  const cells = data.document.cells.filter((cell) => chosen.has(cell.id));
  if (needsConsent(data) && cells.some((cell) => cell.kind === 'code'))
    return refused('needs-consent', { type: 'ask-consent' });
  const next = cells.reduce((before, cell) => {
    const runId = chosen.get(cell.id);
    return runId === undefined || isQueued(before, cell.id) ? before : run(before, cell, runId);
  }, data);
  return applied(next);
}

function needsConsent(data: SessionData): boolean {
  return data.document.origin === 'elsewhere';
}

function run(data: SessionData, cell: Cell, runId: RunId): SessionData {
  if (cell.kind === 'markdown') return { ...data, openMarkdown: without(data.openMarkdown, cell.id) };
  if (cell.kind === 'raw') return data;
  if (cell.source.trim() !== '') return enqueue(data, { runId, cellId: cell.id });
  const emptied: Cell = { ...withoutOutputs(cell), run: IDLE, stale: false };
  return changeCell(data, cell.id, () => emptied);
}

function cancelQueued(
  data: SessionData,
  { id }: Extract<RunOperation, { type: 'cancel-queued' }>,
): ApplyResult {
  const isWaiting = data.runQueue.waiting.some((waiting) => waiting.cellId === id);
  return isWaiting ? applied(dequeue(data, id)) : refused('not-queued');
}
