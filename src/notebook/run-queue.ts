import type { CellId, RunId } from '../protocol/ids.ts';
import type { Action, Applied, SessionData, WaitingRun } from './session-types.ts';
import { IDLE } from './cells.ts';
import { applied, changeCell, changeCells, findCell } from './session-steps.ts';

/** Runs wait in the page and go to the kernel one at a time, so that each can be cancelled until its turn,
 * and so that none is lost in a kernel that is starting or has died. */

export function enqueue(data: SessionData, run: WaitingRun): SessionData {
  const { inFlight, waiting } = data.runQueue;
  const next: SessionData = { ...data, runQueue: { inFlight, waiting: [...waiting, run] } };
  const place = notStarted(next).length;
  return changeCell(next, run.cellId, (cell) => ({
    ...cell,
    run: { status: 'queued', runId: run.runId, place },
  }));
}

/** Takes a run out of the waiting ones; its cell is idle then. */
export function dequeue(data: SessionData, id: CellId): SessionData {
  const { inFlight, waiting } = data.runQueue;
  if (!waiting.some((run) => run.cellId === id)) return data;
  const rest = waiting.filter((run) => run.cellId !== id);
  const next: SessionData = { ...data, runQueue: { inFlight, waiting: rest } };
  return changeCell(next, id, (cell) => ({ ...cell, run: IDLE }));
}

/** Forgets the waiting runs of cells that are gone, or that have been put at rest. */
export function dropOrphans(data: SessionData): SessionData {
  const { inFlight, waiting } = data.runQueue;
  const queued = new Set(data.document.cells.map(({ run }) => (run.status === 'queued' ? run.runId : null)));
  const left = waiting.filter(({ runId }) => queued.has(runId));
  return left.length === waiting.length ? data : { ...data, runQueue: { inFlight, waiting: left } };
}

/** Forgets all that wait; those cells are idle then. */
export function abortWaiting(data: SessionData): SessionData {
  return data.runQueue.waiting.reduce((next, run) => dequeue(next, run.cellId), data);
}

export function isQueued(data: SessionData, id: CellId): boolean {
  const status = findCell(data, id)?.run.status;
  return status === 'queued' || status === 'running';
}

/** The run has ended or is lost: the kernel is free for the next one. */
export function land(data: SessionData, runId: RunId): SessionData {
  const { inFlight, waiting } = data.runQueue;
  return inFlight?.runId === runId ? { ...data, runQueue: { inFlight: null, waiting } } : data;
}

/** The last step of every operation: sends the next run when the kernel is free, and tells each queued cell
 * its place. */
export function advance(before: SessionData, result: Applied): Applied {
  const { data, actions } = sendNext(result);
  return data.runQueue === before.runQueue ? { ...result, data } : applied(tellPlaces(data), ...actions);
}

function sendNext(result: Applied): Applied {
  const { data } = result;
  const [next, ...waiting] = data.runQueue.waiting;
  const isReady = data.kernel.status === 'idle' || data.kernel.status === 'busy';
  if (!isReady || data.runQueue.inFlight !== null || next === undefined) return result;
  const sent: SessionData = { ...data, runQueue: { inFlight: { ...next, startedAt: null }, waiting } };
  return applied(
    changeCell(sent, next.cellId, (cell) => (cell.stale ? { ...cell, stale: false } : cell)),
    ...result.actions,
    sendAction(data, next),
  );
}

function sendAction(data: SessionData, run: WaitingRun): Action {
  const index = data.document.cells.findIndex((cell) => cell.id === run.cellId);
  const source = data.document.cells[index]?.source ?? '';
  return { type: 'send-run', run: { ...run, cellNumber: index + 1, source } };
}

function tellPlaces(data: SessionData): SessionData {
  const places = new Map(notStarted(data).map((run, i) => [run.runId, i + 1]));
  return changeCells(data, (cell) => {
    if (cell.run.status !== 'queued') return cell;
    const place = places.get(cell.run.runId) ?? cell.run.place;
    return place === cell.run.place ? cell : { ...cell, run: { ...cell.run, place } };
  });
}

/** In the order in which they will start. */
export function notStarted(data: SessionData): readonly WaitingRun[] {
  const { inFlight, waiting } = data.runQueue;
  return inFlight?.startedAt === null ? [inFlight, ...waiting] : waiting;
}
