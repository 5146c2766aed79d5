import type { CommMessage, Ended, SentMembership } from './comm.ts';
import type { CallItems, Ends } from './calls.ts';
import type { ClientId, EngineId, EngineUuid, MsgId } from './ids.ts';
import type { InterruptFlag } from './interrupt-flag.ts';
import type { StreamEvent } from './outputs.ts';
import type { LookAnswer, LookQuestion } from './looking.ts';
import type { EngineRequest } from './requests.ts';
import type { EngineReply } from './replies.ts';

/** Controller to engine, in order of life. */
export type ToEngine =
  /** First message: who you are, and where interrupts are to be seen (null: no shared memory here). */
  | {
      readonly type: 'welcome';
      readonly engineId: EngineId;
      readonly engineUuid: EngineUuid;
      readonly interruptFlag: InterruptFlag | null;
      /** The memory that engines share, and this one's slot in it; -1: it has none. */
      readonly board?: { readonly memory: SharedArrayBuffer; readonly slot: number };
      /** Where it may write how tiny tasks have ended (see `reply-slate`); missing: nowhere. */
      readonly slate?: SharedArrayBuffer;
      /** Which items it may begin (see `item-claims`); missing: all. */
      readonly claims?: SharedArrayBuffer;
    }
  | {
      readonly type: 'request';
      readonly msgId: MsgId;
      readonly request: EngineRequest;
      readonly abortsQueueOnError: boolean;
      /** Same-client requests only are aborted by `abortsQueueOnError`. */
      readonly client: string;
      /** Of a call on several engines: the others. */
      readonly membership?: SentMembership;
    }
  /** Items of a call, each a request of its own: `first` is the number of the first one's id, `call` that of the call's
   * first. `items.f` is null where this life has that of the call: it is among the last `MOST_CALLS` that came. */
  | {
      readonly type: 'items';
      readonly client: ClientId;
      readonly call: number;
      readonly first: number;
      readonly items: CallItems;
    }
  /** Memory of a client's for large results, in the place of what it lent before; null: that of number `n` no more. */
  | {
      readonly type: 'lend';
      readonly client: string;
      readonly n: number;
      readonly memory: SharedArrayBuffer | null;
    }
  /** Queued requests among these reply `aborted`; the running one is not touched. */
  | { readonly type: 'abort'; readonly msgIds: readonly MsgId[] }
  /** Give back the queued ones among these items, unanswered: they are to run elsewhere. Answered with `returned`. */
  | { readonly type: 'recall'; readonly spans: readonly ItemSpan[] }
  /** Ask the request `msgId` to stop with KeyboardInterrupt, or not to begin; no effect when it has ended. */
  | { readonly type: 'interrupt'; readonly msgId: MsgId }
  /** A message of another engine, where engines share no memory. */
  | { readonly type: 'comm'; readonly message: CommMessage }
  /** Something has come through shared memory. */
  | { readonly type: 'comm-wake' }
  /** An engine of that group says nothing more, where engines share no memory. */
  | { readonly type: 'comm-ended'; readonly group: string; readonly ended: Ended }
  /** Empty the namespace, when what runs now has ended. Replied to with `cleared`. */
  | { readonly type: 'clear'; readonly token: number }
  /** Somebody looks into a value. Answered with `seen` of the same number, between two turns of what runs. */
  | { readonly type: 'look'; readonly n: number; readonly question: LookQuestion }
  /** The answer to `need-library`: an ES module's text, or why not. */
  | { readonly type: 'library'; readonly name: string; readonly module: LibraryAnswer };

/** Calls whose functions one life of an engine keeps. */
export const MOST_CALLS = 64;

/** Items whose ids follow each other: `MsgId.create(client, first)` and so on. */
export interface ItemSpan {
  readonly client: ClientId;
  readonly first: number;
  readonly count: number;
}

export type LibraryAnswer =
  { readonly ok: true; readonly source: string } | { readonly ok: false; readonly reason: string };

/**
 * Engine to controller, in order of life. No message says that a request has begun: an engine runs its requests
 * in the order in which it got them, so the controller knows that the oldest without a reply is the one that runs.
 */
export type FromEngine =
  /** The worker's code has loaded; it can take requests. `bootMs`: from its time origin. */
  | { readonly type: 'ready'; readonly bootMs: number }
  | { readonly type: 'event'; readonly msgId: MsgId | null; readonly event: StreamEvent }
  | {
      readonly type: 'reply';
      readonly reply: EngineReply;
      /** Names in the namespace, if they changed. */ readonly names?: readonly string[];
    }
  /** Items with ids that follow each other, from that number on, have ended well. */
  | {
      readonly type: 'items-done';
      readonly client: ClientId;
      readonly first: number;
      readonly ends: Ends;
    }
  /** Names in the namespace: they changed. */
  | { readonly type: 'names'; readonly names: readonly string[] }
  /** There is something on the slate, and nothing else to say for now. */
  | { readonly type: 'slate' }
  /** The answer to `recall`: these had not begun and will not, also where the controller believes that one of them
   * runs, since all before it have been replied to. Of the others, all but the one that runs have been replied to
   * before this. */
  | { readonly type: 'returned'; readonly spans: readonly ItemSpan[] }
  | { readonly type: 'cleared'; readonly token: number }
  /** `engine.properties` are others than before: tasks that were refused may suit now. */
  | { readonly type: 'properties-changed' }
  /** A message for another engine; dropped when that is gone. */
  | { readonly type: 'comm'; readonly to: EngineUuid; readonly message: CommMessage }
  /** The engine of that slot awaits what is there for it now. */
  | { readonly type: 'comm-wake'; readonly slot: number }
  | { readonly type: 'seen'; readonly n: number; readonly answer: LookAnswer }
  /** An import of a bundled library: the engine has no network and asks its host. */
  | { readonly type: 'need-library'; readonly name: string }
  /** User code said `close()` or the evaluator is beyond repair. */
  | { readonly type: 'exit'; readonly reason: string };
