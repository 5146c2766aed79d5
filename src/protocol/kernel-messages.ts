import type { FromController, ToController } from './client-messages.ts';
import type { LibraryAnswer } from './engine-messages.ts';
import type { WireError } from './errors.ts';
import type { CellId, EngineId, RunId } from './ids.ts';
import type { MimeBundle, Output } from './outputs.ts';

/** Frame to kernel worker: the page's commands and the controller's messages share the worker's channel. */
export type ToKernel =
  | { readonly type: 'run-cell'; readonly run: CellRun }
  /** Ask the running cell to stop with KeyboardInterrupt. Answered by `cell-finished`, unless it is stuck. */
  | { readonly type: 'interrupt' }
  | { readonly type: 'controller'; readonly message: FromController }
  | { readonly type: 'library'; readonly name: string; readonly module: LibraryAnswer };

export interface CellRun {
  readonly runId: RunId;
  readonly cellId: CellId;
  /** Its place among all cells, counted from 1, when it was sent. */
  readonly cellNumber: number;
  readonly source: string;
}

/** Kernel worker to frame. `KernelEvent`s go on to the page. */
export type FromKernel =
  | { readonly type: 'kernel'; readonly event: KernelEvent }
  | { readonly type: 'controller'; readonly message: ToController }
  | { readonly type: 'need-library'; readonly name: string };

export type KernelEvent =
  /** The kernel's code has loaded; its namespace is empty. */
  | { readonly type: 'ready' }
  | { readonly type: 'cell-started'; readonly runId: RunId; readonly executionCount: number }
  | { readonly type: 'output'; readonly runId: RunId; readonly output: Output }
  | { readonly type: 'clear-output'; readonly runId: RunId; readonly wait: boolean }
  /** Replaces every display of this id, in whichever cell it stands. */
  | { readonly type: 'update-display'; readonly displayId: string; readonly bundle: MimeBundle }
  | {
      readonly type: 'cell-finished';
      readonly runId: RunId;
      /** `error`: an `output` of type error or composite-error came before. */
      readonly status: 'ok' | 'error';
      /** Set when the cell did not parse: where; nothing of it ran. */
      readonly syntaxError?: WireError;
    }
  /** The kernel has heard the interrupt: it is not stuck, even if engines still have to stop. */
  | { readonly type: 'interrupt-received' }
  /** %autopx: the engines that cells run on now, in words (`all`, `[0, 2]`), or null for off. */
  | { readonly type: 'autopx'; readonly targets: string | null }
  /** For the badge of a cell, told when its magics have been read: null is the kernel itself. */
  | { readonly type: 'cell-targets'; readonly runId: RunId; readonly targets: readonly EngineId[] | null };
