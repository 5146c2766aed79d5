import type { Adapt } from './adapt.ts';
import type { CallSubmission, ItemsSettled } from './calls.ts';
import type { ClientId, EngineId, EngineUuid, MsgId, RunId } from './ids.ts';
import type { StreamEvent } from './outputs.ts';
import type { Submission } from './requests.ts';
import type { Settlement } from './replies.ts';

/**
 * The seam between a client and a cluster (`ControllerPort`): the in-page controller speaks it, and so will
 * the gateway to a real ipyparallel cluster.
 */

/** Client to controller. Many of these travel in one message per turn of the event loop. */
export type ToController =
  | { readonly type: 'connect'; readonly clientId: ClientId }
  | { readonly type: 'disconnect'; readonly clientId: ClientId }
  | { readonly type: 'submit'; readonly submission: Submission }
  /** A call of many tasks; each is settled, alone or with others. */
  | { readonly type: 'submit-call'; readonly call: CallSubmission }
  /** Not yet started ones settle as `aborted`; running and finished ones are untouched. */
  | { readonly type: 'abort'; readonly msgIds: readonly MsgId[] }
  /** Queued ones abort; running ones are interrupted, then (after a grace) their engine is respawned. */
  | { readonly type: 'cancel'; readonly msgIds: readonly MsgId[] }
  /** Null: all engines. Interrupts what runs there; a SIGINT. */
  | { readonly type: 'interrupt'; readonly engines: readonly EngineId[] | null }
  /** Remembered tasks of any client, run again under new ids of this one; each is `settled` like a submission. */
  | {
      readonly type: 'resubmit';
      readonly clientId: ClientId;
      readonly tasks: readonly Resubmission[];
      /** Milliseconds since 1970, by the client's clock. */
      readonly submitted: number;
      readonly runId: RunId | null;
    }
  /** Memory for large results, in the place of what was lent before; null: that of number `n` no more. */
  | {
      readonly type: 'lend';
      readonly clientId: ClientId;
      readonly n: number;
      readonly memory: SharedArrayBuffer | null;
    }
  /** Answered with an `answer` of the same number. */
  | { readonly type: 'ask'; readonly clientId: ClientId; readonly n: number; readonly question: Question };

export interface Resubmission {
  readonly from: MsgId;
  /** The new id. */
  readonly to: MsgId;
}

export type Question =
  /** `verbose`: message ids in place of counts. */
  | {
      readonly type: 'queue-status';
      readonly engines: readonly EngineId[] | null;
      readonly verbose?: boolean;
    }
  | { readonly type: 'clear'; readonly engines: readonly EngineId[] | null }
  /** Stops engines (for good, or with `restart` to come back under the same id, empty). */
  /** `if-respawned`: they end as if they had died, and come back if the cluster replaces engines that die. */
  | {
      readonly type: 'shutdown';
      readonly engines: readonly EngineId[] | null;
      readonly restart: boolean | 'if-respawned';
    }
  | { readonly type: 'start-engines'; readonly n: number }
  /** Adapt the number of engines to the queue from now on (null: no more); missing: how is it? */
  | { readonly type: 'adapt'; readonly adapt?: Adapt | null }
  /** Settlements of these, even of other clients. */
  | { readonly type: 'results'; readonly msgIds: readonly MsgId[] }
  /** What the hub noted about one task, oldest line first. */
  | { readonly type: 'story'; readonly msgId: MsgId }
  /** All msgIds the hub knows, by time of submission. */
  | { readonly type: 'history' }
  /** `TaskRecord`s that match, by time of submission, with these keys (null: all but the payloads). */
  | { readonly type: 'db-query'; readonly query: unknown; readonly keys: readonly string[] | null }
  /** Forget finished tasks: these (null: all), those of these engines (null: of all), or `all`. */
  | {
      readonly type: 'purge';
      readonly msgIds: readonly MsgId[] | null;
      readonly engines: readonly EngineId[] | null;
      readonly all: boolean;
    };

/** Controller to client. */
export type FromController =
  /** Sent on connecting and at every change; the whole list, by id. */
  | { readonly type: 'engines'; readonly engines: readonly EngineState[] }
  | {
      readonly type: 'assigned';
      readonly clientId: ClientId;
      readonly msgId: MsgId;
      readonly engineId: EngineId;
    }
  /** The same of several tasks of one call; untold where they end at the same time. `numbers`: of the ids. */
  | {
      readonly type: 'items-assigned';
      readonly clientId: ClientId;
      readonly engineId: EngineId;
      readonly numbers: Float64Array;
    }
  /** A task that an engine had waits for an engine again. */
  | {
      readonly type: 'requeued';
      readonly clientId: ClientId;
      readonly msgId: MsgId;
      readonly engineId: EngineId;
      readonly cause: RequeueCause;
      /** Of what it failed there, or why it was refused: a clause. */
      readonly why: string;
    }
  | {
      readonly type: 'event';
      readonly clientId: ClientId;
      readonly msgId: MsgId;
      readonly engineId: EngineId;
      readonly event: StreamEvent;
      /** The task has ended before: the cell run that had submitted it, which its client may have forgotten. */
      readonly late?: { readonly runId: RunId | null };
    }
  | { readonly type: 'settled'; readonly clientId: ClientId; readonly settlement: Settlement }
  /** Tasks of one call that ended well on one engine, with small values. */
  | ({ readonly type: 'items-settled' } & ItemsSettled)
  /** It is settled, but a client that is blocked cannot have that before it gives up its turn. Made on the way. */
  | {
      readonly type: 'out-of-reach';
      readonly clientId: ClientId;
      readonly msgId: MsgId;
      readonly reason: string;
    }
  | { readonly type: 'answer'; readonly clientId: ClientId; readonly n: number; readonly answer: Answer };

export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly ename: string; readonly evalue: string };

/** Why a task waits for an engine again: it failed there and is tried again, or that engine does not suit it. */
export type RequeueCause = 'failed' | 'unmet';

/** `starting` until the worker says ready; `dead` engines leave the list when the client has been told once. */
export type EngineStatus = 'starting' | 'idle' | 'busy' | 'dead';

/** What engines of a real cluster run. */
export type Language = 'javascript' | 'python';

export interface EngineState {
  readonly id: EngineId;
  readonly uuid: EngineUuid;
  /** 1 for the first life, +1 at every respawn. */
  readonly generation: number;
  readonly status: EngineStatus;
  /** Sent to the engine and not replied, the running one included. */
  readonly outstanding: number;
  /** Waiting in the hub for this engine (direct route). */
  readonly queued: number;
  /** Requests that ended here, well or badly. */
  readonly completed: number;
  readonly failed: number;
  /** What runs now: label, function name or method, and since when (ms since 1970). */
  readonly running: { readonly msgId: MsgId; readonly name: string; readonly since: number } | null;
  /** Why it died, as a sentence; null while it lives. */
  readonly death: string | null;
  /** Top-level names in its namespace at the end of the last request. */
  readonly names: readonly string[];
  /** What it runs; missing: JavaScript. */
  readonly language?: Language;
  /** The machine that it runs on; missing: this one, or not known. */
  readonly host?: string;
}
