import type { Adapt } from '../protocol/adapt.ts';
import type { Ended, Seat } from '../protocol/comm.ts';
import type { EngineState, FromController, Question, Resubmission } from '../protocol/client-messages.ts';
import type { CallSubmission, Ends } from '../protocol/calls.ts';
import type { ItemSpan, ToEngine } from '../protocol/engine-messages.ts';
import type { ClientId, EngineId, EngineUuid, MsgId, RunId } from '../protocol/ids.ts';
import type { StreamEvent } from '../protocol/outputs.ts';
import type { EngineReply } from '../protocol/replies.ts';
import type { Submission } from '../protocol/requests.ts';
import type { StoredTask } from '../protocol/stored-task.ts';

/**
 * What can happen to the hub, each a fact with its time (`at`, milliseconds since 1970). Engines are named by
 * uuid, one life each, so that what an earlier life says late is told from what the present one says.
 */
export type HubEvent = { readonly at: number } & (
  | { readonly type: 'client-connected'; readonly clientId: ClientId }
  | { readonly type: 'client-disconnected'; readonly clientId: ClientId }
  /** All that came in one piece: those that share one `request` object must be in one event. */
  | { readonly type: 'submitted'; readonly submissions: readonly Submission[] }
  | { readonly type: 'call-submitted'; readonly call: CallSubmission }
  | { readonly type: 'abort-asked'; readonly msgIds: readonly MsgId[] }
  | { readonly type: 'cancel-asked'; readonly msgIds: readonly MsgId[] }
  /** `submitted` by the client's clock, as in a submission. */
  | {
      readonly type: 'resubmit-asked';
      readonly clientId: ClientId;
      readonly tasks: readonly Resubmission[];
      readonly submitted: number;
      readonly runId: RunId | null;
    }
  /** Null: all engines. */
  | { readonly type: 'interrupt-asked'; readonly engines: readonly EngineId[] | null }
  | { readonly type: 'asked'; readonly clientId: ClientId; readonly n: number; readonly question: Question }
  /** One more engine, under `requestedId` if nobody has that; else, and for null, under the next free id. */
  | { readonly type: 'engine-asked'; readonly requestedId: EngineId | null }
  | { readonly type: 'engine-ready'; readonly uuid: EngineUuid }
  | {
      readonly type: 'streamed';
      readonly uuid: EngineUuid;
      readonly msgId: MsgId | null;
      readonly event: StreamEvent;
    }
  | {
      readonly type: 'replied';
      readonly uuid: EngineUuid;
      readonly reply: EngineReply;
      /** Names in the namespace; null when they have not changed. */
      readonly names: readonly string[] | null;
    }
  /** Items that follow each other have ended well, from that one on. */
  | {
      readonly type: 'items-done';
      readonly uuid: EngineUuid;
      readonly client: ClientId;
      readonly first: number;
      readonly ends: Ends;
    }
  /** Those in the namespace have changed. */
  | { readonly type: 'names-changed'; readonly uuid: EngineUuid; readonly names: readonly string[] }
  /** The answer to a recall: these items are no longer the engine's. */
  | { readonly type: 'returned'; readonly uuid: EngineUuid; readonly spans: readonly ItemSpan[] }
  | { readonly type: 'cleared'; readonly uuid: EngineUuid; readonly token: number }
  /** Tasks that the engine has refused may suit it now. */
  | { readonly type: 'properties-changed'; readonly uuid: EngineUuid }
  /** `reason`: a clause that says why, e.g. `its thread ended (code 1)`. */
  | { readonly type: 'engine-lost'; readonly uuid: EngineUuid; readonly reason: string }
  | { readonly type: 'timer-reached'; readonly timer: Timer }
  /** All events of this turn of the event loop have been handled: what was held back for it goes out. */
  | { readonly type: 'turn-ended' }
  /** Tasks of earlier visits. */
  | { readonly type: 'history-restored'; readonly tasks: readonly StoredTask[] }
  /** The cluster is stopped for good. */
  | { readonly type: 'closed' }
);

/** What the shell is to do, in order. */
export type HubEffect =
  | {
      readonly type: 'send';
      readonly uuid: EngineUuid;
      readonly message: ToEngine;
      /** Of a request of a call on several engines: its place, and who has ended by the time it is sent. */
      readonly beside?: { readonly seat: Seat; readonly ended: readonly Ended[] };
      /** Buffers to move. */
      readonly transfer: readonly ArrayBuffer[];
      /** The message must be cloned before any later effect is performed: one of them moves its buffers. */
      readonly now: boolean;
    }
  | {
      readonly type: 'tell';
      readonly clientId: ClientId;
      readonly message: FromController;
      readonly transfer: readonly ArrayBuffer[];
    }
  /** Launch a worker and bid it welcome. Where that fails, an `engine-lost` is the answer. */
  | {
      readonly type: 'start-engine';
      readonly engineId: EngineId;
      readonly uuid: EngineUuid;
      readonly generation: number;
    }
  /** End the worker, if it still runs, and forget it: nothing is to be heard of this life any more. */
  | { readonly type: 'terminate-engine'; readonly uuid: EngineUuid }
  /** `delay` in seconds. A timer that is set already is not set again. */
  | { readonly type: 'set-timer'; readonly timer: Timer; readonly delay: number }
  | { readonly type: 'cancel-timer'; readonly timer: Timer }
  /** Tell all clients, and whoever listens, the list of engines. */
  | { readonly type: 'publish'; readonly engines: readonly EngineState[] }
  /** How the number of engines is adapted from now on; null: by hand. */
  | { readonly type: 'adapting'; readonly adapt: Adapt | null }
  /** Write these to the store, and take those out of it. */
  | { readonly type: 'record'; readonly kept: readonly StoredTask[]; readonly gone: readonly MsgId[] }
  /** One request of a call on several engines has ended, in `uuid`'s hands; `others` have others of it. */
  | {
      readonly type: 'member-ended';
      readonly group: string;
      readonly ended: Ended;
      readonly uuid: EngineUuid | null;
      readonly others: readonly EngineUuid[];
    }
  /** A sentence for the reader. */
  /** `losesNames`: it tells that an engine's variables are gone. */
  | {
      readonly type: 'notice';
      readonly level: 'info' | 'warning';
      readonly text: string;
      readonly losesNames?: true;
    };

export type Timer =
  /** The time that an interrupted task has to stop. */
  | { readonly type: 'grace'; readonly uuid: EngineUuid }
  /** The time that an engine has to get ready. */
  | { readonly type: 'boot'; readonly uuid: EngineUuid }
  /** The time that a task may wait in the hub. */
  | { readonly type: 'wait'; readonly msgId: MsgId }
  /** The time that a task may run. */
  | { readonly type: 'run'; readonly msgId: MsgId }
  /** The list of engines has changed a little since it was last told. */
  | { readonly type: 'publish' }
  /** The number of engines may have to be adapted to the queue. */
  | { readonly type: 'adapt' }
  /** Something is to be written to the store. */
  | { readonly type: 'journal' };

export function timerKey(timer: Timer): string {
  if (timer.type === 'publish' || timer.type === 'journal' || timer.type === 'adapt') return timer.type;
  return `${timer.type} ${'uuid' in timer ? timer.uuid : timer.msgId}`;
}

export const NOTHING_TO_MOVE: readonly ArrayBuffer[] = [];
