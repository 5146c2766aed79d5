import type { RunId } from '../protocol/ids.ts';
import type { Output } from '../protocol/outputs.ts';
import type { Cell, RunState } from './document.ts';
import type { ApplyResult, InFlightRun, KernelOperation, SessionData } from './session-types.ts';
import { assertNever } from '../base/assert.ts';
import { addOutputs, updateDisplay } from './cell-outputs.ts';
import { mayFail } from './cells.ts';
import { abortWaiting, land } from './run-queue.ts';
import { applied, cellOfRun, changeCell, changeCells, including, refused, without } from './session-steps.ts';

type Op<T extends KernelOperation['type']> = Extract<KernelOperation, { type: T }>;

export function applyFromKernel(data: SessionData, operation: KernelOperation): ApplyResult {
  switch (operation.type) {
    case 'kernel-status-changed':
      return changeStatus(data, operation);
    case 'kernel-lost':
      return applied(lose({ ...data, kernel: { status: 'dead', reason: operation.reason } }, operation));
    case 'autopx-changed':
      return applied({ ...data, autopx: operation.targets });
    case 'display-updated':
      return applied(changeCells(data, (cell) => withDisplay(cell, operation)));
    case 'cell-started':
      return start(data, operation);
    case 'cell-finished':
      return finish(data, operation);
    case 'outputs-added':
    case 'output-cleared':
    case 'cell-targets':
      return applyToRun(data, operation);
    default:
      return assertNever(operation);
  }
}

// THE KERNEL'S LIFE

function changeStatus(data: SessionData, { status, reason, at }: Op<'kernel-status-changed'>): ApplyResult {
  const next: SessionData = { ...data, kernel: { status, reason } };
  const isLost = status === 'starting' || status === 'dead';
  return applied(isLost ? lose(next, { reason, at }) : next);
}

/** The kernel's namespace is gone, %autopx with it. A run that was in its hands fails, and what waited behind
 * that is forgotten. Runs that only waited for the kernel to start keep waiting, unless it will not start. */
function lose(data: SessionData, how: { readonly reason: string | null; readonly at: number }): SessionData {
  const { inFlight } = data.runQueue;
  const next: SessionData = data.autopx === null ? data : { ...data, autopx: null };
  if (inFlight === null) return data.kernel.status === 'dead' ? abortWaiting(next) : next;
  const failed = changeRun(next, inFlight.runId, (cell) => ({
    ...cell,
    outputs: addOutputs(inFlight.startedAt === null ? [] : cell.outputs, [lossOutput(how.reason)]),
    run: ended('error', inFlight, how.at),
  }));
  return abortWaiting(land(failed, inFlight.runId));
}

function lossOutput(reason: string | null): Output {
  const ename = 'KernelRestarted';
  const what = reason ?? 'The kernel was restarted before this cell had finished. Its variables are gone.';
  const evalue = `${what} Run the cells that you still need again.`;
  const error = { ename, evalue, traceback: [`${ename}: ${evalue}`], frames: [], engineInfo: null };
  return { type: 'error', lane: null, error };
}

// A RUN'S LIFE

function start(data: SessionData, { runId, executionCount, at }: Op<'cell-started'>): ApplyResult {
  const { inFlight, waiting } = data.runQueue;
  if (inFlight?.runId !== runId || inFlight.startedAt !== null) return refused('unknown-run');
  const started: SessionData = {
    ...data,
    runQueue: { inFlight: { ...inFlight, startedAt: at }, waiting },
    pendingClears: without(data.pendingClears, inFlight.cellId),
  };
  return applied(
    changeRun(started, runId, (cell) => ({
      ...cell,
      outputs: [],
      executionCount,
      run: { status: 'running', runId, startedAt: at },
    })),
  );
}

function finish(data: SessionData, { runId, status, at }: Op<'cell-finished'>): ApplyResult {
  const { inFlight, waiting } = data.runQueue;
  if (inFlight?.runId !== runId) return refused('unknown-run');
  const cell = cellOfRun(data, runId);
  const landed = changeRun(land(data, runId), runId, (ran) => ({ ...ran, run: ended(status, inFlight, at) }));
  // Nobody waits for a cell that has been deleted, so its failure stops nothing.
  if (status === 'ok' || cell === undefined || mayFail(cell) || waiting.length === 0) return applied(landed);
  return applied(abortWaiting(landed), { type: 'reveal-cell', id: cell.id });
}

function ended(status: 'ok' | 'error', { runId, startedAt }: InFlightRun, at: number): RunState {
  return { status, runId, duration: startedAt === null ? 0 : Math.max(0, at - startedAt) / 1000 };
}

function changeRun(data: SessionData, runId: RunId, change: (cell: Cell) => Cell): SessionData {
  const cell = cellOfRun(data, runId);
  return cell === undefined ? data : changeCell(data, cell.id, change);
}

// WHAT A RUN SAYS, WHILE IT IS ON AND LATER

function applyToRun(
  data: SessionData,
  operation: Op<'outputs-added' | 'output-cleared' | 'cell-targets'>,
): ApplyResult {
  const cell = cellOfRun(data, operation.runId);
  if (cell === undefined || cell.run.status === 'queued') return refused('unknown-run');
  switch (operation.type) {
    case 'outputs-added':
      return applied(append(data, cell, operation.outputs));
    case 'output-cleared':
      return applied(clear(data, cell, operation.wait));
    case 'cell-targets':
      return applied(changeCell(data, cell.id, () => ({ ...cell, targets: operation.targets })));
    default:
      return assertNever(operation);
  }
}

function append(data: SessionData, cell: Cell, added: readonly Output[]): SessionData {
  if (added.length === 0) return data;
  const before = data.pendingClears.includes(cell.id) ? [] : cell.outputs;
  const outputs = addOutputs(before, added);
  const next = changeCell(data, cell.id, () => ({ ...cell, outputs }));
  return { ...next, pendingClears: without(next.pendingClears, cell.id) };
}

function clear(data: SessionData, cell: Cell, wait: boolean): SessionData {
  if (wait) return { ...data, pendingClears: including(data.pendingClears, cell.id) };
  const cleared = changeCell(data, cell.id, () => ({ ...cell, outputs: [] }));
  return { ...cleared, pendingClears: without(cleared.pendingClears, cell.id) };
}

function withDisplay(cell: Cell, { displayId, bundle }: Op<'display-updated'>): Cell {
  const outputs = updateDisplay(cell.outputs, displayId, bundle);
  return outputs === cell.outputs ? cell : { ...cell, outputs };
}
