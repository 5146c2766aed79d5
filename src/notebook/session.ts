/**
 * The brain of the notebook page: all that can happen to a notebook is an operation, and `apply` says what
 * the notebook is afterwards and what the app has to do. It exists so that every rule of running cells (one
 * at a time, stop at the first failure, nothing of a stranger's before consent, nothing lost when the kernel
 * dies) stands in one place without I/O, and can be tried by the thousand in a test.
 *
 * It promises: no clock and no chance (ids and times come in), data that are never changed in place, parts
 * that keep their identity when nothing in them changed, and no throw for an operation that no longer applies
 * (a delete that raced with a run is answered with a refusal). After every operation a run that can be sent
 * has been sent. Rejected: sending all of "Run all" at once and letting the kernel queue, since then a cell
 * could not be cancelled, and a dead kernel would take the queue with it.
 */
import type { NotebookDocument } from './document.ts';
import type { ApplyResult, Operation, SessionData } from './session-types.ts';
import { assertExists, assertNever } from '../base/assert.ts';
import { opened } from './living-forms.ts';
import { applyToDocument } from './document-operations.ts';
import { applyFromKernel } from './kernel-operations.ts';
import { advance } from './run-queue.ts';
import { applyRun } from './run-operations.ts';
import { keepInSight } from './sections.ts';

/** A notebook just opened, and a kernel that is not there yet. */
export function openSession(document: NotebookDocument): SessionData {
  const first = assertExists(document.cells[0], 'A notebook has at least one cell');
  return {
    document: { ...document, cells: document.cells.map(opened) },
    selectedCell: first.id,
    selectionAnchor: first.id,
    kernel: { status: 'starting', reason: null },
    autopx: null,
    runQueue: { inFlight: null, waiting: [] },
    openMarkdown: [],
    pendingClears: [],
    bin: [],
    history: { undo: [], redo: [] },
  };
}

/** What `operation` makes of `data`. The caller performs the actions, of a refusal too, in order. */
export function apply(data: SessionData, operation: Operation): ApplyResult {
  const result = applyOne(data, operation);
  if (result.type === 'refused') return result;
  const isOther = operation.type === 'set-folded' || operation.type === 'load';
  return advance(data, isOther ? result : { ...result, data: keepInSight(data, result.data) });
}

function applyOne(data: SessionData, operation: Operation): ApplyResult {
  switch (operation.type) {
    case 'load':
    case 'rename':
    case 'insert-cell':
    case 'paste-cells':
    case 'delete-cells':
    case 'restore-cell':
    case 'restore-version':
    case 'move-cells':
    case 'split-cell':
    case 'merge-cells':
    case 'set-kind':
    case 'set-heading':
    case 'replace-sources':
    case 'attach-picture':
    case 'undo':
    case 'redo':
    case 'set-hidden':
    case 'set-folded':
    case 'set-source':
    case 'select-cell':
    case 'select-cells':
    case 'open-markdown':
    case 'clear-outputs':
    case 'accept-foreign':
      return applyToDocument(data, operation);
    case 'run-cell':
    case 'run-all':
    case 'run-cells':
    case 'cancel-queued':
    case 'interrupt':
      return applyRun(data, operation);
    case 'kernel-status-changed':
    case 'kernel-lost':
    case 'cell-started':
    case 'outputs-added':
    case 'output-cleared':
    case 'display-updated':
    case 'cell-finished':
    case 'cell-targets':
    case 'autopx-changed':
      return applyFromKernel(data, operation);
    default:
      return assertNever(operation);
  }
}
