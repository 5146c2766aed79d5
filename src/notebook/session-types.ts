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
  /** The active cell; always one of the document's. */
  readonly selectedCell: CellId;
  /** The other end of the selection, which reaches from here to the active cell; mostly the same cell. */
  readonly selectionAnchor: CellId;
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
  /** Edits of cells that can be undone and done again, the latest last. Typing is not among them: each editor
   * has its own. */
  readonly history: { readonly undo: readonly CellEdit[]; readonly redo: readonly CellEdit[] };
}

/** The cells as they stood at one moment, with the selection. */
export interface CellsMoment {
  readonly cells: readonly Cell[];
  readonly selectedCell: CellId;
  readonly selectionAnchor: CellId;
}

/** One edit of cells: what it found and what it left. */
export interface CellEdit {
  readonly before: CellsMoment;
  readonly after: CellsMoment;
}

export type Operation = DocumentOperation | RunOperation | KernelOperation;

export type CellPart = 'input' | 'output';

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
  /** Copied or cut cells, under new ids; the last of them becomes the active one, all of them selected. */
  | { readonly type: 'paste-cells'; readonly cells: readonly Cell[]; readonly place: InsertPlace }
  /** A folded heading takes its section along. `spareId` names the empty cell that takes the place of the last one. */
  | { readonly type: 'delete-cells'; readonly ids: readonly CellId[]; readonly spareId: CellId }
  /** Brings back what was deleted last, to where it stood, as it was, run state excepted. */
  | { readonly type: 'restore-cell' }
  /** A folded heading takes its section along. `index` is where the first of them stands afterwards; clamped. */
  | { readonly type: 'move-cells'; readonly ids: readonly CellId[]; readonly index: number }
  /** At these offsets of the source, ascending; `newIds` are those of the pieces before the last, which stays
   * the cell that it was, with its outputs. */
  | {
      readonly type: 'split-cell';
      readonly id: CellId;
      readonly offsets: readonly number[];
      readonly newIds: readonly CellId[];
    }
  /** Into `into`, which is one of them, of its kind, without outputs; an empty line between the sources. */
  | { readonly type: 'merge-cells'; readonly ids: readonly CellId[]; readonly into: CellId }
  /** Outputs go when a code cell becomes another kind. */
  | { readonly type: 'set-kind'; readonly ids: readonly CellId[]; readonly kind: CellKind }
  /** Makes them Markdown headings of this level, 1 to 6. */
  | { readonly type: 'set-heading'; readonly ids: readonly CellId[]; readonly level: number }
  /** Find and replace: one edit, undone as one. */
  | {
      readonly type: 'replace-sources';
      readonly sources: readonly { readonly id: CellId; readonly source: string }[];
    }
  /** A picture, in base64, becomes an attachment of a Markdown cell, and a mention of it takes the place of what stands
   * there; offsets beyond the source are its end. Undone as one. */
  | {
      readonly type: 'attach-picture';
      readonly id: CellId;
      readonly name: string;
      readonly mime: string;
      readonly data: string;
      readonly start: number;
      readonly end: number;
    }
  /** The last edit of cells is taken back, or done again. Nothing that has been typed since in other cells is
   * lost, and no cell is running or queued because of it. */
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  /** The cells of another version of this notebook take the place of these: one edit, undone as one. What is at work
   * goes on. */
  | { readonly type: 'restore-version'; readonly cells: readonly Cell[] }
  /** Hides or shows a part of these cells; kept in the file as JupyterLab keeps it. */
  | {
      readonly type: 'set-hidden';
      readonly ids: readonly CellId[];
      readonly part: CellPart;
      readonly hidden: boolean;
    }
  /** Folds or unfolds the sections of these headings; kept in the file as JupyterLab keeps it. */
  | { readonly type: 'set-folded'; readonly ids: readonly CellId[]; readonly folded: boolean }
  | { readonly type: 'set-source'; readonly id: CellId; readonly source: string }
  | { readonly type: 'select-cell'; readonly id: CellId }
  /** All cells from `anchor` to `active`. */
  | { readonly type: 'select-cells'; readonly anchor: CellId; readonly active: CellId }
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
  /** These, in document order, each that is not on its way already. `runIds`: one for each. */
  | { readonly type: 'run-cells'; readonly ids: readonly CellId[]; readonly runIds: readonly RunId[] }
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
  | 'nothing-to-undo'
  | 'nothing-to-redo'
  | 'nothing-to-merge'
  | 'no-heading'
  | 'folded'
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
