import type { SessionData } from './session-types.ts';
import { assert } from '../base/assert.ts';
import { isCellId } from './cells.ts';
import { MAX_BIN } from './cell-edits.ts';
import { notStarted } from './run-queue.ts';
import { foldsOf } from './sections.ts';

/** Throws InvariantError when `data` could not have come about: a bug of ours. For tests. */
export function validate(data: SessionData): void {
  validateCells(data);
  validateQueue(data);
  validateRunStates(data);
  validateBin(data);
}

function validateCells(data: SessionData): void {
  const { cells } = data.document;
  const ids = new Set(cells.map((cell) => cell.id));
  assert(cells.length > 0, 'a notebook has at least one cell');
  assert(ids.size === cells.length, 'cell ids are unique');
  assert(
    cells.every((cell) => isCellId(cell.id)),
    'cell ids are what nbformat allows',
  );
  assert(ids.has(data.selectedCell), 'the selected cell is in the notebook');
  assert(ids.has(data.selectionAnchor), 'the selection begins in the notebook');
  const { hidden } = foldsOf(cells);
  assert(!hidden.has(data.selectedCell), 'the selected cell is to be seen');
  assert(!hidden.has(data.selectionAnchor), 'the selection begins where it is to be seen');
  for (const cell of cells) {
    if (cell.kind === 'code') continue;
    assert(cell.outputs.length === 0 && cell.executionCount === null, 'only code cells have outputs');
    assert(cell.run.status === 'idle' && !cell.stale, 'only code cells run');
  }
  const markdown = new Set(cells.filter((cell) => cell.kind === 'markdown').map((cell) => cell.id));
  assert(
    data.openMarkdown.every((id) => markdown.has(id)),
    'open markdown cells are markdown cells',
  );
  assert(new Set(data.openMarkdown).size === data.openMarkdown.length, 'a cell is open once');
  assert(
    data.pendingClears.every((id) => ids.has(id)),
    'pending clears are of cells in the notebook',
  );
}

function validateQueue(data: SessionData): void {
  const { inFlight, waiting } = data.runQueue;
  const isReady = data.kernel.status === 'idle' || data.kernel.status === 'busy';
  assert(waiting.length === 0 || inFlight !== null || !isReady, 'no run waits for a free kernel');
  assert(inFlight === null || isReady, 'nothing is in the hands of a dead kernel');
  assert(waiting.length === 0 || data.document.origin === 'own', 'nothing is queued without consent');
  const runIds = [...(inFlight ? [inFlight] : []), ...waiting].map((run) => run.runId);
  assert(new Set(runIds).size === runIds.length, 'a run is queued once');
}

function validateRunStates(data: SessionData): void {
  const { inFlight, waiting } = data.runQueue;
  const runs = new Map(data.document.cells.map((cell) => [cell.id, cell.run]));
  for (const run of waiting) {
    const state = runs.get(run.cellId);
    assert(state?.status === 'queued' && state.runId === run.runId, 'the cell of a waiting run is queued');
  }
  const ahead = notStarted(data);
  for (const { run } of data.document.cells) {
    if (run.status === 'queued') {
      assert(ahead[run.place - 1]?.runId === run.runId, 'a queued cell tells its place in the queue');
    } else if (run.status === 'running') {
      assert(inFlight?.runId === run.runId, 'a running cell is the one in flight');
      assert(inFlight.startedAt === run.startedAt, 'a running cell has been started');
    }
  }
}

function validateBin(data: SessionData): void {
  const ids = new Set(data.document.cells.map((cell) => cell.id));
  const binned = data.bin.map(({ cell }) => cell.id);
  assert(data.bin.length <= MAX_BIN, 'the bin is bounded');
  assert(
    binned.every((id) => !ids.has(id)),
    'a cell in the bin is not in the notebook',
  );
  assert(new Set(binned).size === binned.length, 'a cell is in the bin once');
  assert(
    data.bin.every(({ cell }) => cell.run.status === 'idle'),
    'nothing in the bin runs',
  );
}
