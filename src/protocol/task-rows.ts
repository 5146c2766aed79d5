import type { CellId, EngineId, MsgId } from './ids.ts';

/**
 * What the frame tells the page about tasks, for the task stream. Ten thousand tasks a second may pass, so facts
 * travel as rows of numbers in one array, and texts by their place in a list that grows.
 */
export interface TaskBatch {
  /** Texts new since the batch before; the first of them has the number `firstText`. */
  readonly texts: readonly string[];
  readonly firstText: number;
  /** Ids of the tasks whose `submitted` rows are in this batch, in order. */
  readonly msgIds: readonly MsgId[];
  /** `ROW_LENGTH` numbers for each fact, in the order in which they happened. */
  readonly rows: Float64Array;
}

export const ROW_LENGTH = 10;
/** Rows in one batch, at most: the page takes them in within a frame. */
export const MOST_ROWS = 2048;
/** Texts there are at most; later ones are all the first, `…`. */
export const MOST_TEXTS = 4096;

/** First number of a row. The others, in order: see `readRow`. */
export const ROW = {
  submitted: 0,
  depends: 1,
  again: 2,
  assigned: 3,
  requeued: 4,
  running: 5,
  settled: 6,
  engine: 7,
  cluster: 8,
  named: 9,
} as const;

/** Of how many engines the numbers are kept apart. */
const ENGINES = 2 ** 20;

/**
 * Engines of several clusters stand in one list: what rows, lanes and tasks call an engine is its place there. The
 * notebook's own cluster is number 0, so its engines' places are their ids; those of cells are counted from 1.
 */
export function placeAt(cluster: number, engine: EngineId): EngineId {
  return cluster * ENGINES + engine;
}

export function clusterAt(place: EngineId): number {
  return Math.floor(place / ENGINES);
}

/** Its id in its cluster. */
export function engineAt(place: EngineId): EngineId {
  return place % ENGINES;
}

/** In place of a number or a text that is not there. */
export const NONE = -1;

export const METHODS = ['apply', 'map', 'execute', 'push', 'pull', 'clear'] as const;
export const OUTCOMES = ['ok', 'error', 'aborted'] as const;
export const REQUEUE_CAUSES = ['failed', 'unmet'] as const;
const LIVES = ['starting', 'alive', 'dead'] as const;

export type TaskOutcome = (typeof OUTCOMES)[number];
export type EngineLife = (typeof LIVES)[number];

/** Times in milliseconds since 1970; `n` numbers the tasks in the order of their submission. */
export type TaskFact =
  | {
      readonly type: 'submitted';
      readonly n: number;
      /** By the client's clock. */
      readonly at: number;
      readonly msgId: MsgId;
      readonly name: string;
      readonly label: string | null;
      /** The engine that was asked for; null: whichever is free. */
      readonly aim: EngineId | null;
      /** The cell whose run submitted it. */
      readonly cell: CellId | null;
      /** Of the request, about. */
      readonly bytes: number;
      readonly method: string;
      /** How often it may be tried again. */
      readonly retries: number;
    }
  /** The task waits for another, or is to run where that ran. */
  | { readonly type: 'depends'; readonly n: number; readonly on: number; readonly how: 'after' | 'follow' }
  /** The task is an earlier one, resubmitted. */
  | { readonly type: 'again'; readonly n: number; readonly from: number }
  | { readonly type: 'assigned'; readonly n: number; readonly at: number; readonly engine: EngineId }
  /** Its engine has it no more, and it waits again. */
  | {
      readonly type: 'requeued';
      readonly n: number;
      readonly at: number;
      readonly engine: EngineId;
      readonly cause: (typeof REQUEUE_CAUSES)[number];
    }
  | {
      readonly type: 'running';
      readonly n: number;
      readonly at: number;
      readonly engine: EngineId;
      /** By the hub's clock. */
      readonly since: number;
    }
  | {
      readonly type: 'settled';
      readonly n: number;
      /** By the frame's clock, as the next. */
      readonly at: number;
      readonly engine: EngineId | null;
      /** By the engine's clock; null: it never ran. */
      readonly started: number | null;
      readonly completed: number | null;
      readonly outcome: TaskOutcome;
      readonly ename: string | null;
      /** Of the result, about; null: there is none. */
      readonly bytes: number | null;
    }
  | {
      readonly type: 'engine';
      readonly at: number;
      readonly engine: EngineId;
      readonly generation: number;
      readonly life: EngineLife;
    }
  /** The notebook has gone over to another cluster: engines are others, though their ids may be the same. */
  | { readonly type: 'cluster'; readonly at: number }
  /** Cells have started or joined this cluster. */
  | { readonly type: 'named'; readonly cluster: number; readonly name: string };

/** Hands on the facts of a batch; `texts` are all there are. Rows of no known kind are left out. */
export function readRows(batch: TaskBatch, texts: readonly string[], hear: (fact: TaskFact) => void): void {
  let ids = 0;
  for (let i = 0; i + ROW_LENGTH <= batch.rows.length; i += ROW_LENGTH) {
    const isSubmission = batch.rows[i] === ROW.submitted;
    const fact = readRow(batch.rows, i, texts, isSubmission ? batch.msgIds[ids++] : undefined);
    if (fact !== null) hear(fact);
  }
}

function orNull(value: number): number | null {
  return value === NONE ? null : value;
}

function textAt(texts: readonly string[], place: number): string | null {
  return place === NONE ? null : (texts[place] ?? '…');
}

function readRow(
  rows: Float64Array,
  i: number,
  texts: readonly string[],
  msgId: MsgId | undefined,
): TaskFact | null {
  const n = rows[i + 1] ?? 0;
  const at = rows[i + 2] ?? 0;
  const a = rows[i + 3] ?? NONE;
  const b = rows[i + 4] ?? NONE;
  const c = rows[i + 5] ?? NONE;
  const d = rows[i + 6] ?? NONE;
  const e = rows[i + 7] ?? NONE;
  const f = rows[i + 8] ?? NONE;
  const g = rows[i + 9] ?? NONE;
  switch (rows[i]) {
    case ROW.submitted:
      return {
        type: 'submitted',
        n,
        at,
        msgId: msgId ?? ('' as MsgId),
        name: textAt(texts, a) ?? '…',
        label: textAt(texts, b),
        aim: orNull(c),
        cell: textAt(texts, d) as CellId | null,
        bytes: e,
        method: METHODS[f] ?? 'apply',
        retries: g,
      };
    case ROW.depends:
      return { type: 'depends', n, on: a, how: b === 0 ? 'after' : 'follow' };
    case ROW.again:
      return { type: 'again', n, from: a };
    case ROW.assigned:
      return { type: 'assigned', n, at, engine: a };
    case ROW.requeued:
      return { type: 'requeued', n, at, engine: a, cause: REQUEUE_CAUSES[b] ?? 'failed' };
    case ROW.running:
      return { type: 'running', n, at, engine: a, since: b };
    case ROW.settled:
      return {
        type: 'settled',
        n,
        at,
        engine: orNull(a),
        started: orNull(b),
        completed: orNull(c),
        outcome: OUTCOMES[d] ?? 'error',
        ename: textAt(texts, e),
        bytes: orNull(f),
      };
    case ROW.engine:
      return {
        type: 'engine',
        at,
        engine: a,
        generation: b,
        life: LIVES[c] ?? 'alive',
      };
    case ROW.cluster:
      return { type: 'cluster', at };
    case ROW.named:
      return { type: 'named', cluster: n, name: textAt(texts, a) ?? '…' };
    default:
      return null;
  }
}

export function lifeOf(status: 'starting' | 'idle' | 'busy' | 'dead'): number {
  return status === 'starting' ? 0 : status === 'dead' ? 2 : 1;
}
