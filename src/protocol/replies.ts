import type { EngineId, EngineUuid, MsgId } from './ids.ts';
import type { MimeBundle } from './outputs.ts';
import type { Packed } from './packed.ts';
import type { WireError } from './errors.ts';

/** How a request ended. There is no fourth way: whatever happens, one of these is sent. */
export type Outcome =
  | { readonly status: 'ok'; readonly value: Packed }
  | { readonly status: 'error'; readonly error: WireError }
  /** It never started. `reason` is a sentence. */
  | { readonly status: 'aborted'; readonly reason: string };

/** One item of a `map` reply: the value, or under `returnExceptions` the error in its place. */
export type MapItem =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: WireError };

/** Facts about the run, by the engine. Times in milliseconds since 1970; null where it never ran. */
export interface RunFacts {
  readonly started: number | null;
  readonly completed: number | null;
  /** `Out[engine:n]`'s bundle; null when silent or when there was no value. */
  readonly executeResult: MimeBundle | null;
  /** The engine's count after this request. */
  readonly executionCount: number;
}

/** What the engine sends back. */
export interface EngineReply {
  readonly msgId: MsgId;
  readonly outcome: Outcome;
  readonly facts: RunFacts;
}

/** What the controller tells the client: the same, and who ran it. */
export interface Settlement {
  readonly msgId: MsgId;
  readonly outcome: Outcome;
  readonly facts: RunFacts;
  /** Null when no engine ever got it. */
  readonly engineId: EngineId | null;
  readonly engineUuid: EngineUuid | null;
}

export const NEVER_RAN: RunFacts = { started: null, completed: null, executeResult: null, executionCount: 0 };
