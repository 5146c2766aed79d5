import type { FromController, ToController } from './client-messages.ts';
import type { LibraryAnswer } from './engine-messages.ts';
import type { WireError } from './errors.ts';
import type { SentHubOptions } from './hub-options.ts';
import type { CellId, EngineId, RunId } from './ids.ts';
import type { InterruptFlag } from './interrupt-flag.ts';
import type { LookAnswer, LookQuestion } from './looking.ts';
import type { MimeBundle, Output } from './outputs.ts';

/** Which of the kernel's clusters is spoken to, or speaks; without one it is the notebook's own. */
export type ClusterNumber = number;

/** Frame to kernel worker: the page's commands and the controller's messages share the worker's channel. */
export type ToKernel =
  /** First message: where interrupts are to be seen. Null: no shared memory here. */
  | { readonly type: 'welcome'; readonly interruptFlag: InterruptFlag | null }
  | { readonly type: 'run-cell'; readonly run: CellRun }
  /** Ask the running cell to stop with KeyboardInterrupt. Answered by `cell-finished`, unless it is stuck. */
  | { readonly type: 'interrupt' }
  /** What could stand at `cursor` (an offset in `code`, a whole cell). Answered by `completions` of the same
   * number, from a look at the namespace that runs none of the user's code; late while a cell holds the thread. */
  | { readonly type: 'complete'; readonly n: number; readonly code: string; readonly cursor: number }
  /** What the name at `cursor` is. Answered by `inspection` of the same number. */
  | { readonly type: 'inspect'; readonly n: number; readonly code: string; readonly cursor: number }
  | { readonly type: 'controller'; readonly message: FromController; readonly cluster?: ClusterNumber }
  /** A cluster that cells have started or joined is gone; why, as a clause or a sentence. Nothing more comes from its controller. */
  | { readonly type: 'cluster-lost'; readonly cluster: ClusterNumber; readonly reason: string }
  /** The cluster that a cell has asked to join is there. */
  | { readonly type: 'cluster-joined'; readonly cluster: ClusterNumber; readonly place: JoinedPlace }
  /** Somebody looks into a value of the kernel's. Answered with `seen` of the same number. */
  | { readonly type: 'look'; readonly n: number; readonly question: LookQuestion }
  | { readonly type: 'library'; readonly name: string; readonly module: LibraryAnswer };

/** A real cluster that was joined. */
export interface JoinedPlace {
  /** Of its gateway, with the port. */
  readonly host: string;
  readonly role: 'client' | 'observer';
}

export interface CellRun {
  readonly runId: RunId;
  readonly cellId: CellId;
  /** Its place among all cells, counted from 1, when it was sent; 0: a line of the page's own, which is no cell and
   * is not counted. */
  readonly cellNumber: number;
  readonly source: string;
}

export type CompletionKind =
  | 'function'
  | 'class'
  | 'variable'
  | 'property'
  | 'magic'
  | 'flag'
  /** A variable that engines have. */
  | 'engine-variable';

export interface Completion {
  /** What replaces the text from `from` to `to`. */
  readonly name: string;
  readonly kind: CompletionKind;
  /** A few words: a type, what a flag does, which engines have it. */
  readonly detail?: string;
}

/** Kernel worker to frame. `KernelEvent`s go on to the page. */
export type FromKernel =
  | { readonly type: 'kernel'; readonly event: KernelEvent }
  | { readonly type: 'controller'; readonly message: ToController; readonly cluster?: ClusterNumber }
  /** A cell starts a cluster: a controller without engines, which is spoken to under this number from now on. */
  | {
      readonly type: 'open-cluster';
      readonly cluster: ClusterNumber;
      readonly clusterId: string;
      readonly options: SentHubOptions;
    }
  /**
   * A cell asks to join the real cluster that `link` leads to (empty: the reader is asked for a link). Answered with
   * `cluster-joined`, or `cluster-lost`; what is said to it before waits for that.
   */
  | {
      readonly type: 'join-cluster';
      readonly cluster: ClusterNumber;
      readonly link: string;
      /** The run that asks; null: none does. */
      readonly runId: RunId | null;
    }
  /** Answered with `cluster-lost`. A cluster that was joined is left. */
  | { readonly type: 'close-cluster'; readonly cluster: ClusterNumber }
  | { readonly type: 'seen'; readonly n: number; readonly answer: LookAnswer }
  | { readonly type: 'need-library'; readonly name: string }
  /** A cell has called `close()`: another kernel is to take this one's place. */
  | { readonly type: 'exit' };

/** `all`: those that there are at each call. */
export type PxTargets = 'all' | readonly EngineId[];

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
  /** The engines that `%px` goes to when nobody says where: told at the start, and when it has changed. */
  | { readonly type: 'px-targets'; readonly targets: PxTargets }
  /** For the badge of a cell, told when its magics have been read: null is the kernel itself. */
  | { readonly type: 'cell-targets'; readonly runId: RunId; readonly targets: readonly EngineId[] | null }
  /** %load: the text that is to stand in the cell instead of its own. */
  | { readonly type: 'replace-source'; readonly runId: RunId; readonly source: string }
  /** The answer to `complete`; best first. `from` and `to` are offsets in its code. */
  | {
      readonly type: 'completions';
      readonly n: number;
      readonly from: number;
      readonly to: number;
      readonly items: readonly Completion[];
    }
  /** The answer to `inspect`; null when there is nothing to tell. */
  | {
      readonly type: 'inspection';
      readonly n: number;
      readonly found: {
        readonly from: number;
        readonly to: number;
        /** Lines as `name?` prints them; none for a name on engines. */
        readonly text: string;
        /** The name, as a path from a variable of the user's; empty for what is none. */
        readonly path: readonly string[];
        /** Where it is looked up: on these engines; none: in the kernel. */
        readonly engines: readonly EngineId[];
      } | null;
    };
