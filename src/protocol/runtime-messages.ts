import type { Adapt } from './adapt.ts';
import type { EngineState } from './client-messages.ts';
import type { FileChange, WorkspaceFile } from './file-messages.ts';
import type { LookAnswer, LookQuestion } from './looking.ts';
import type { EngineId, RunId } from './ids.ts';
import type { StoredEntry } from './stored-task.ts';
import type { CellRun, JoinedPlace, KernelEvent } from './kernel-messages.ts';
import type { TaskBatch } from './task-rows.ts';

/**
 * Page and runtime frame. The page calls `RuntimeControl` (over Comlink) and listens to `RuntimeEvent`s on a
 * port of their own. The frame is hostile: the page checks every event before it believes it, and never
 * exposes an object of its own.
 */
export interface RuntimeControl {
  /** Starts the kernel and `engines` engines; resolves when the kernel is ready. */
  start(options: RuntimeOptions): Promise<void>;
  /** Resolves at once: the frame's main thread is free. */
  answer(): Promise<void>;
  /** On: `tasks` events tell what is known of the latest tasks, and then what happens to them. */
  watchTasks(on: boolean): Promise<void>;
  /** Queued behind the cells already sent. Its life is told in events. */
  runCell(run: CellRun): Promise<void>;
  /** Forget a cell that has been sent and has not started. */
  cancelRun(runId: RunId): Promise<void>;
  /**
   * Stop what runs, in the kernel and on the engines, with KeyboardInterrupt. What has not stopped within
   * `grace` seconds is terminated and started anew, with an empty namespace; events say so.
   */
  interrupt(): Promise<void>;
  /** A new kernel worker: an empty namespace, an unbroken cluster. */
  restartKernel(): Promise<void>;
  /** New workers under the same ids; null: all. What ran there fails with EngineError. */
  restartEngines(engines: readonly EngineId[] | null): Promise<void>;
  interruptEngines(engines: readonly EngineId[] | null): Promise<void>;
  startEngines(n: number): Promise<void>;
  stopEngines(engines: readonly EngineId[]): Promise<void>;
  /** The number of engines follows the queue from now on, told by an `adapting` event; null: it is set by hand. */
  adaptEngines(adapt: Adapt | null): Promise<void>;
  /**
   * The notebook's clients go over to a real cluster, and come back when that is left or gone. `source` is the text
   * of the module that can; `port` leads to the page, which owns the connection.
   */
  joinCluster(source: string, port: object): Promise<void>;
  /** The answer to `join-asked`: the gateway has let us in, and `port` leads there. `source` as in `joinCluster`. */
  cellJoined(n: number, place: JoinedPlace, source: string, port: object): Promise<void>;
  /** The other answer; `reason` is a sentence. */
  cellJoinRefused(n: number, reason: string): Promise<void>;
  /** Finished tasks are forgotten, here and in what is kept for later visits. */
  purgeHistory(): Promise<void>;
  /** Answered by a `completions` event of the kernel with the same `n`; late while a cell holds its thread. */
  complete(n: number, code: string, cursor: number): Promise<void>;
  /** What the name at `cursor` is. Answered by an `inspection` event of the kernel with the same `n`. */
  inspect(n: number, code: string, cursor: number): Promise<void>;
  /** Looks into a value of an engine, or of the kernel (null). Answered by a `seen` event of the same `n`; late while
   * code holds the thread there. */
  look(n: number, engine: EngineId | null, question: LookQuestion): Promise<void>;
  /** All files of the workspace; kernel and engines see them before whatever is sent after this. */
  setFiles(files: readonly WorkspaceFile[]): Promise<void>;
  /** The answer to a `change-file` event: a sentence why not, or null. */
  fileChanged(n: number, failure: string | null): Promise<void>;
  /** The answer to a `need-library` event. */
  provideLibrary(
    name: string,
    module: { ok: true; source: string } | { ok: false; reason: string },
  ): Promise<void>;
}

export interface RuntimeOptions {
  /** How many engines to start with. */
  readonly engines: number;
  /** Seconds that an interrupted cell or task has before its worker is terminated. Default 2. */
  readonly grace: number;
  /** Of the notebook that is open; null: tasks do not outlive the page. */
  readonly history: RestoredHistory | null;
  /** Text of the two workers, one self-contained script each. */
  readonly kernelSource: string;
  readonly engineSource: string;
}

export interface RestoredHistory {
  readonly book: number;
  /** The hub checks each. */
  readonly tasks: readonly unknown[];
}

export type KernelStatus = 'starting' | 'idle' | 'busy' | 'dead';

/** Who came back with an empty namespace. */
export type LostNames = 'kernel' | 'engines';

export type RuntimeEvent =
  | { readonly type: 'kernel'; readonly event: KernelEvent }
  | {
      readonly type: 'kernel-status';
      readonly status: KernelStatus;
      /** Why, for `dead` and restarts. */ readonly reason: string | null;
    }
  | { readonly type: 'engines'; readonly engines: readonly EngineState[] }
  /** How the number of engines is adapted to the queue; null: it is not. */
  | { readonly type: 'adapting'; readonly adapt: Adapt | null }
  /** Facts about tasks, at most ten times a second. */
  | ({ readonly type: 'tasks' } & TaskBatch)
  /** The answer to `look`. */
  | { readonly type: 'seen'; readonly n: number; readonly answer: LookAnswer }
  /** Tasks to keep for later visits, and ids of those to forget. */
  | {
      readonly type: 'history';
      readonly book: number;
      readonly kept: readonly StoredEntry[];
      readonly gone: readonly string[];
    }
  /** Sentences for the reader: an engine died, a namespace is gone. */
  | {
      readonly type: 'notice';
      readonly level: 'info' | 'warning';
      readonly text: string;
      /** Whose variables are gone, if that is what it tells: the page offers to run cells again. */
      readonly lost?: LostNames;
    }
  /** A cell asks to join a real cluster beside the notebook's own. `link` may be anything; empty: the reader is to give
   * one. `runId`: the run that asks. Answered by `cellJoined` or `cellJoinRefused`. */
  | { readonly type: 'join-asked'; readonly n: number; readonly link: string; readonly runId: RunId | null }
  /** Whoever asked is gone. */
  | { readonly type: 'join-withdrawn'; readonly n: number }
  /** Code wants a file of the workspace written or removed. */
  | { readonly type: 'change-file'; readonly n: number; readonly change: FileChange }
  /** One of the names in the page's own list of bundled libraries; anything else is refused there. */
  | { readonly type: 'need-library'; readonly name: string };
