import type { CellId, EngineId, MsgId } from '../../protocol/ids.ts';
import type { EngineLife } from '../../protocol/task-rows.ts';

/** Where a task stands. `lost`: with the engine that ran it. `cancelled`: aborted, or interrupted. */
export type TaskState = 'waiting' | 'sent' | 'running' | 'done' | 'failed' | 'lost' | 'cancelled';

/** Tasks of one function, or of one cell's code, have one colour. */
export interface TaskKind {
  /** The label, the function's name, or the method. */
  readonly name: string;
  /** Set where the name says nothing: the kind is what this cell runs. */
  readonly cell: CellId | null;
  readonly slot: number;
  total: number;
  done: number;
  failed: number;
  lost: number;
  cancelled: number;
  /** Milliseconds that runs took which have ended. */
  spent: number;
  runs: number;
}

/** One task. `TaskLog` alone changes it. Times in milliseconds since 1970; NaN: not yet, or never. */
export interface TaskItem {
  readonly n: number;
  readonly msgId: MsgId;
  kind: TaskKind;
  name: string;
  label: string | null;
  method: string;
  readonly cell: CellId | null;
  /** Direct: the engine that was asked for. */
  readonly aim: EngineId | null;
  readonly retries: number;
  state: TaskState;
  /** The engine that has it or had it last. */
  engine: EngineId | null;
  readonly submitted: number;
  /** An engine was chosen. */
  sent: number;
  started: number;
  completed: number;
  /** Its client was told. */
  settled: number;
  /** About; null: not known. */
  bytesOut: number;
  bytesIn: number | null;
  ename: string | null;
  /** The engine's own times were of no use: these are the hub's. */
  byHub: boolean;
  /** It has been counted as waiting no more. */
  left: boolean;
  /** Tasks that it waits for, or runs where they ran. */
  readonly links: Link[];
  /** Tasks that wait for it. */
  readonly heirs: number[];
  /** The task that it runs again; and the task that ran it again. */
  from: number | null;
  again: number | null;
  /** Tries that did not end it. */
  readonly tries: Try[];
}

export function isOpen({ state }: TaskItem): boolean {
  return state === 'waiting' || state === 'sent' || state === 'running';
}

export interface Link {
  readonly on: number;
  readonly how: 'after' | 'follow';
}

export interface Try {
  readonly engine: EngineId;
  readonly at: number;
  readonly cause: 'failed' | 'unmet';
}

/** How a stretch of time on an engine is drawn. */
export type Look = 'done' | 'failed' | 'lost' | 'cancelled' | 'retried' | 'running';

/** A run of a task on an engine. */
export interface Bar {
  readonly task: TaskItem;
  readonly start: number;
  readonly end: number;
  readonly look: Look;
  /** From when on it was on its way there; `start` where that is not known. */
  readonly sent: number;
  /** When the result was here; `end` where that is not known. */
  readonly got: number;
}

/** Something that befell an engine itself. */
export interface LaneMark {
  readonly at: number;
  readonly what: 'started' | 'died' | 'renewed';
}

/** One engine and what it ran, by the time of its start. */
export interface Lane {
  readonly engine: EngineId;
  generation: number;
  life: EngineLife;
  readonly bars: Bar[];
  readonly marks: LaneMark[];
  /** Tasks that ended here without having run. */
  readonly never: TaskItem[];
  /** What it has been given and has not ended, oldest first. */
  readonly held: TaskItem[];
  /** What it runs now. */
  running: { readonly task: TaskItem; readonly start: number } | null;
  readonly clock: ClockFit;
}

/**
 * How far an engine's clock may be behind ours: a task cannot start before it was sent, nor end after its result came.
 * Workers of this machine agree within a fraction of a millisecond; machines of a cluster need not.
 */
export interface ClockFit {
  low: number;
  high: number;
}
