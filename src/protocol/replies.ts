import type { CalledCollectives } from './comm.ts';
import type { EngineId, EngineUuid, MsgId } from './ids.ts';
import type { MimeBundle, ShownEvent } from './outputs.ts';
import type { Packed } from './packed.ts';
import type { WireError } from './errors.ts';

/** How a request ended. There is no fourth way: whatever happens, one of these is sent. */
export type Outcome =
  | { readonly status: 'ok'; readonly value: Packed }
  /** `items` packs what the items of a `map` gave, `MapItem`s: some have failed, and the first error is `error`. */
  | { readonly status: 'error'; readonly error: WireError; readonly items?: Packed }
  /** It never started. `reason` is a sentence. */
  | { readonly status: 'aborted'; readonly reason: string };

/** One item of a `map` that has failed under `returnExceptions`: its value, or its error. */
export type MapItem =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: WireError };

/** What the outcome carries, to be moved, counted and kept: the value, or the items of a map that has failed. */
export function payloadOf(outcome: Outcome): Packed | null {
  switch (outcome.status) {
    case 'ok':
      return outcome.value;
    case 'error':
      return outcome.items ?? null;
    case 'aborted':
      return null;
  }
}

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
  /** Of a request that has ended well, beside others; missing: it has called none. */
  readonly called?: CalledCollectives;
}

/** What the controller tells the client: the same, and who ran it. */
export interface Settlement {
  readonly msgId: MsgId;
  readonly outcome: Outcome;
  readonly facts: RunFacts;
  /** Null when no engine ever got it. */
  readonly engineId: EngineId | null;
  readonly engineUuid: EngineUuid | null;
  /** What the task has printed and displayed: for those who ask later, and did not hear it as it happened. */
  readonly shown?: readonly ShownEvent[];
}

export const NEVER_RAN: RunFacts = { started: null, completed: null, executeResult: null, executionCount: 0 };
