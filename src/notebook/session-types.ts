import type { CellId, EngineId, RunId } from '../protocol/ids.ts';
import type { CellRun } from '../protocol/kernel-messages.ts';
import type { MimeBundle, Output } from '../protocol/outputs.ts';
import type { KernelStatus } from '../protocol/runtime-messages.ts';
import type { Cell, CellKind, NotebookDocument } from './document.ts';

/** A run on its way: sent to the kernel, and started once the kernel has said so. */
export interface InFlightRun {
  readonly runId: RunId;
  /** The cell may have been deleted since; the run goes on and what it says is dropped. */
  readonly cellId: CellId;
  /** Milliseconds since 1970; null until the kernel has started it. */
  readonly startedAt: number | null;
}

export interface WaitingRun {
  readonly runId: RunId;
  readonly cellId: CellId;
}

/** A deleted cell in the bin, with the place it had. */
interface DeletedCell {
  readonly cell: Cell;
  readonly index: number;
}

/** Everything the notebook page knows about its notebook. Immutable: `apply` makes the next one, and what
 * has not changed keeps its identity. */
export interface SessionData {
  readonly document: NotebookDocument;
  /** Always one of the document's. */
  readonly selectedCell: CellId;
  readonly kernel: {
    readonly status: KernelStatus;
    /** Why, for `dead` and restarts. */ readonly reason: string | null;
  };
  /** The engines that %autopx sends cells to, in words; null when it is off. */
  readonly autopx: string | null;
  /** Runs go to the kernel one at a time; the others wait here, where each can still be cancelled. */
  readonly runQueue: { readonly inFlight: InFlightRun | null; readonly waiting: readonly WaitingRun[] };
  /** Markdown cells that show their source; all others are shown rendered. Running one closes it. */
  readonly openMarkdown: readonly CellId[];
  /** Cells whose outputs go when their next output comes: `clearOutput(true)`. */
  readonly pendingClears: readonly CellId[];
  /** Deleted cells, the latest last; at most 100. */
  readonly bin: readonly DeletedCell[];
}

export type Operation = DocumentOperation | RunOperation | KernelOperation;

/** Where a new cell goes; an index is that of the new cell. */
export type InsertPlace =
  { readonly index: number } | { readonly above: CellId } | { readonly below: CellId };

/** What the reader does to the document. */
export type DocumentOperation =
  /** Another notebook takes the place of this one. Bin and waiting runs are forgotten; the kernel is left as it
   * is, so a run that it has begun must end before one of the new notebook's is sent. */
  | { readonly type: 'load'; readonly document: NotebookDocument }
  | { readonly type: 'rename'; readonly name: string }
  /** The new cell becomes the selected one. */
  | {
      readonly type: 'insert-cell';
      readonly id: CellId;
      readonly place: InsertPlace;
      readonly kind: CellKind;
      readonly source: string;
    }
  /** `spareId` names the empty cell that takes the place of the last one. */
  | { readonly type: 'delete-cell'; readonly id: CellId; readonly spareId: CellId }
  /** Brings back what was deleted last, to where it stood, as it was, run state excepted. */
  | { readonly type: 'restore-cell' }
  /** `index` is where the cell stands afterwards; clamped. */
  | { readonly type: 'move-cell'; readonly id: CellId; readonly index: number }
  /** Outputs go when a code cell becomes another kind. */
  | { readonly type: 'set-kind'; readonly id: CellId; readonly kind: CellKind }
  | { readonly type: 'set-source'; readonly id: CellId; readonly source: string }
  | { readonly type: 'select-cell'; readonly id: CellId }
  /** Show a markdown cell's source. */
  | { readonly type: 'open-markdown'; readonly id: CellId }
  /** Null: those of all cells. */
  | { readonly type: 'clear-outputs'; readonly id: CellId | null }
  /** The reader pressed "Run this notebook": what came from elsewhere may run from now on. */
  | { readonly type: 'accept-foreign' };

/** What the reader asks to be run or stopped. */
export type RunOperation =
  /** A markdown cell is shown rendered; an empty code cell loses its outputs; neither is sent. */
  | { readonly type: 'run-cell'; readonly id: CellId; readonly runId: RunId }
  /** All cells in document order. `runIds`: one for each cell of the notebook, of any kind. */
  | { readonly type: 'run-all'; readonly runIds: readonly RunId[] }
  /** Takes a cell that has not been sent out of the queue. */
  | { readonly type: 'cancel-queued'; readonly id: CellId }
  /** Stops the running cell and forgets those that wait. */
  | { readonly type: 'interrupt' };

/** What the runtime tells. `operationsFrom` makes these out of its events. `at`: milliseconds since 1970. */
export type KernelOperation =
  | {
      readonly type: 'kernel-status-changed';
      readonly status: KernelStatus;
      readonly reason: string | null;
      readonly at: number;
    }
  /** The kernel was terminated or restarted under what ran: that cell fails, those that wait are forgotten. */
  | { readonly type: 'kernel-lost'; readonly reason: string; readonly at: number }
  | {
      readonly type: 'cell-started';
      readonly runId: RunId;
      readonly executionCount: number;
      readonly at: number;
    }
  | { readonly type: 'outputs-added'; readonly runId: RunId; readonly outputs: readonly Output[] }
  | { readonly type: 'output-cleared'; readonly runId: RunId; readonly wait: boolean }
  | { readonly type: 'display-updated'; readonly displayId: string; readonly bundle: MimeBundle }
  | {
      readonly type: 'cell-finished';
      readonly runId: RunId;
      readonly status: 'ok' | 'error';
      readonly at: number;
    }
  | { readonly type: 'cell-targets'; readonly runId: RunId; readonly targets: readonly EngineId[] | null }
  | { readonly type: 'autopx-changed'; readonly targets: string | null };

/** What the app has to do. */
export type Action =
  | { readonly type: 'send-run'; readonly run: CellRun }
  | { readonly type: 'interrupt' }
  /** Draw the reader's eye to the banner "Run this notebook". */
  | { readonly type: 'ask-consent' }
  /** Bring the cell into view: it failed, and what waited behind it was forgotten. */
  | { readonly type: 'reveal-cell'; readonly id: CellId };

export type RefusalReason =
  | 'needs-consent'
  | 'no-such-cell'
  | 'id-taken'
  | 'already-queued'
  | 'not-queued'
  | 'unknown-run'
  | 'bin-empty'
  | 'wrong-kind';

/** A normal answer: the operation does not, or no longer, apply. The data stay as they were. */
export interface Refusal {
  readonly type: 'refused';
  readonly reason: RefusalReason;
  /** For the reader. */
  readonly message: string;
  readonly actions: readonly Action[];
}

export interface Applied {
  readonly type: 'applied';
  readonly data: SessionData;
  readonly actions: readonly Action[];
}

export type ApplyResult = Applied | Refusal;
