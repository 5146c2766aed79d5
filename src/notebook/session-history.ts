import type { CellId, RunId } from '../protocol/ids.ts';
import type { Output } from '../protocol/outputs.ts';
import type { Cell, NotebookDocument } from './document.ts';
import type { ApplyResult, Operation, SessionData } from './session-types.ts';
import { newCell } from './cells.ts';
import { apply, openSession } from './session.ts';
import { validate } from './session-invariants.ts';

/** For tests: sessions built by what has happened in them, and checked after every step. */

export const id = (text: string) => text as CellId;
export const run = (text: string) => text as RunId;

/** `a`, `b` … are code cells whose source is their id; `m:x` is a markdown cell `x`, `r:x` a raw one. */
export function notebook(...names: readonly string[]): NotebookDocument {
  const cells = names.map((name) => {
    const [kind, bare] = name.includes(':') ? name.split(':') : ['c', name];
    const cellId = id(bare ?? '');
    return newCell(cellId, kind === 'm' ? 'markdown' : kind === 'r' ? 'raw' : 'code', bare ?? '');
  });
  return { id: 'doc', name: 'Test', cells, metadata: {}, foreign: {}, origin: 'own' };
}

export const KERNEL_READY: Operation = {
  type: 'kernel-status-changed',
  status: 'idle',
  reason: null,
  at: 0,
};

/** Applies, and checks what must always hold. */
export function step(data: SessionData, operation: Operation): ApplyResult {
  const result = apply(data, operation);
  if (result.type === 'applied') validate(result.data);
  return result;
}

/** The session after `operations`, each of which must apply. */
export function after(data: SessionData, ...operations: readonly Operation[]): SessionData {
  return operations.reduce((before, operation) => {
    const result = step(before, operation);
    if (result.type === 'refused') throw new Error(`${operation.type} was refused: ${result.message}`);
    return result.data;
  }, data);
}

/** A session whose kernel is ready. */
export function session(...names: readonly string[]): SessionData {
  return after(openSession(notebook(...names)), KERNEL_READY);
}

export function cellOf(data: SessionData, name: string): Cell {
  const cell = data.document.cells.find((candidate) => candidate.id === name);
  if (cell === undefined) throw new Error(`no cell ${name}`);
  return cell;
}

export const order = (data: SessionData) => data.document.cells.map((cell) => cell.id).join(' ');

// OPERATIONS in short

export const runCell = (name: string, runId: string): Operation => ({
  type: 'run-cell',
  id: id(name),
  runId: run(runId),
});

export const runAll = (...runIds: readonly string[]): Operation => ({
  type: 'run-all',
  runIds: runIds.map(run),
});

export const started = (runId: string, at = 1000, executionCount = 1): Operation => ({
  type: 'cell-started',
  runId: run(runId),
  executionCount,
  at,
});

export const finished = (runId: string, status: 'ok' | 'error' = 'ok', at = 2000): Operation => ({
  type: 'cell-finished',
  runId: run(runId),
  status,
  at,
});

export const outputs = (runId: string, ...added: readonly Output[]): Operation => ({
  type: 'outputs-added',
  runId: run(runId),
  outputs: added,
});

export const text = (written: string, lane: number | null = null): Output => ({
  type: 'stream',
  lane,
  name: 'stdout',
  text: written,
});
