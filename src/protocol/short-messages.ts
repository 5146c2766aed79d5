import type { FromController, ToController } from './client-messages.ts';
import type { FromEngine, ToEngine } from './engine-messages.ts';
import { MsgId, type ClientId, type EngineId, type EngineUuid } from './ids.ts';
import type { Packed } from './packed.ts';
import type { Outcome, RunFacts } from './replies.ts';
import type { EngineRequest, Submission } from './requests.ts';
import { isSmallData } from './small-data.ts';

/**
 * A single call and its answer are four messages, each a tree of a dozen objects, whose names a structured clone writes
 * and reads each time: it costs as much as the message itself. So the plain ones among them (a function, a few
 * arguments, a value) cross as one list each, and are what they were where they arrive.
 */

type Of<Union, Type extends string> = Extract<Union, { readonly type: Type }>;
type Submit = Of<ToController, 'submit'>;
type Request = Of<ToEngine, 'request'>;
type Reply = Of<FromEngine, 'reply'>;
type Settled = Of<FromController, 'settled'>;
type Apply = Extract<EngineRequest, { readonly method: 'apply' }>;

/** What a list is of: its first item. The second is how it was addressed, the others by kind. */
const [SUBMIT, REQUEST, REPLY, SETTLED] = ['!s', '!q', '!r', '!e'] as const;
const KINDS: readonly unknown[] = [SUBMIT, REQUEST, REPLY, SETTLED];

/** Bare; on the way through a kernel: of the notebook's cluster, or of one of its own by number. */
const [BARE, OWN] = [-2, -1];

/** The message as a list, or itself when it has anything of its own. */
export function shortened(whole: unknown): unknown {
  const outer = whole as {
    readonly type?: unknown;
    readonly message?: unknown;
    readonly cluster?: number;
  } | null;
  if (typeof outer !== 'object' || outer === null) return whole;
  const isAddressed = outer.type === 'controller';
  const address = isAddressed ? (outer.cluster ?? OWN) : BARE;
  const message = (isAddressed ? outer.message : whole) as Submit | Request | Reply | Settled | undefined;
  try {
    return listOf(message, address) ?? whole;
  } catch {
    // It only looks like one of ours.
    return whole;
  }
}

function listOf(message: Submit | Request | Reply | Settled | undefined, address: number): unknown[] | null {
  switch (message?.type) {
    case 'submit':
      return ofSubmission(message.submission, address);
    case 'request': {
      const { msgId, request, abortsQueueOnError, client } = message;
      if (!has(message, REQUEST_KEYS) || !isPlainApply(request)) return null;
      return [REQUEST, address, ...idOf(msgId), ...callOf(request), abortsQueueOnError, client];
    }
    case 'reply': {
      const { msgId, outcome, facts } = message.reply;
      if (!has(message, REPLY_KEYS) || !has(message.reply, END_KEYS)) return null;
      if (!isPlainEnd(outcome, facts)) return null;
      return [REPLY, address, ...idOf(msgId), ...endOf(outcome.value, facts)];
    }
    case 'settled': {
      const { msgId, outcome, facts, engineId, engineUuid } = message.settlement;
      if (!has(message.settlement, SETTLEMENT_KEYS) || !isPlainEnd(outcome, facts)) return null;
      return [
        SETTLED,
        address,
        ...idOf(msgId),
        ...endOf(outcome.value, facts),
        message.clientId,
        engineId,
        engineUuid,
      ];
    }
    default:
      return null;
  }
}

/** Of messages that lists say all of. What gets a further field crosses as itself until it is told of here. */
const REQUEST_KEYS = 5;
const REPLY_KEYS = 2;
const END_KEYS = 3;
const FACTS_KEYS = 4;
const SETTLEMENT_KEYS = 5;
const SUBMISSION_KEYS = 8;

/** So many fields with a value. */
function has(object: object, count: number): boolean {
  let fields = 0;
  for (const key in object) if (Reflect.get(object, key) !== undefined) fields++;
  return fields === count;
}

function ofSubmission(submission: Submission, address: number): unknown[] | null {
  const { msgId, clientId, route, request, label, submitted, runId, abortsQueueOnError } = submission;
  const isPlain = route.type === 'direct' && route.runTimeout === undefined;
  if (!isPlain || !has(submission, SUBMISSION_KEYS) || !isPlainApply(request)) return null;
  const rest = [clientId, route.engine, label, submitted, runId, abortsQueueOnError];
  return [SUBMIT, address, ...idOf(msgId), ...callOf(request), ...rest];
}

/** What is packed has another form where its parts lead to each other. */
function isPlainApply(request: EngineRequest): request is Apply {
  if (request.method !== 'apply' || request.around !== undefined || !isBare(request.call)) return false;
  const value = request.call.value as object;
  return Object.keys(value).join() === 'f,args';
}

function isPlainEnd(
  outcome: Outcome,
  facts: RunFacts,
): outcome is Extract<Outcome, { readonly status: 'ok' }> {
  if (!has(facts, FACTS_KEYS)) return false;
  // What cannot be carried to a kernel that blocks (a Blob) is told of in another way: see `standInForKernel`.
  if (outcome.status !== 'ok' || facts.executeResult !== null) return false;
  return isBare(outcome.value) && isSmallData(outcome.value.value);
}

function isBare({ buffers, shared, lent }: Packed): boolean {
  return buffers.length === 0 && shared === undefined && lent === undefined;
}

function idOf(msgId: MsgId): readonly [ClientId, number] {
  const [client, n] = [MsgId.client(msgId), MsgId.number(msgId)];
  if (MsgId.create(client, n) !== msgId) throw new Error('an id of another kind');
  return [client, n];
}

function callOf({ call, name }: Apply): readonly unknown[] {
  const { f, args } = call.value as { readonly f: unknown; readonly args: readonly unknown[] };
  return [name, f, args, call.bytes, call.canned];
}

function endOf({ value, bytes, canned }: Packed, { started, completed, executionCount }: RunFacts) {
  return [value, bytes, canned, started, completed, executionCount];
}

/**
 * The message that a list was; itself for a message that is a list (other links have such); undefined for what only
 * begins like one of ours, which code of users can post.
 */
export function restored(list: readonly unknown[]): unknown {
  const [kind, address, client, n] = list;
  if (!KINDS.includes(kind)) return list;
  if (typeof client !== 'string' || typeof n !== 'number' || typeof address !== 'number') return undefined;
  const message = messageOf(kind, MsgId.create(client as ClientId, n), list.slice(4));
  if (message === undefined || address === BARE) return message;
  return address === OWN
    ? { type: 'controller', message }
    : { type: 'controller', message, cluster: address };
}

function messageOf(kind: unknown, msgId: MsgId, rest: readonly unknown[]): unknown {
  switch (kind) {
    case SUBMIT: {
      const [clientId, engine, label, submitted, runId, abortsQueueOnError] = rest.slice(5);
      const route = { type: 'direct', engine: engine as EngineId };
      const request = requestOf(rest);
      const submission = { msgId, clientId, route, request, label, submitted, runId, abortsQueueOnError };
      return { type: 'submit', submission };
    }
    case REQUEST: {
      const [abortsQueueOnError, client] = rest.slice(5);
      return { type: 'request', msgId, request: requestOf(rest), abortsQueueOnError, client };
    }
    case REPLY:
      return { type: 'reply', reply: { msgId, ...endingOf(rest) } };
    case SETTLED: {
      const [clientId, engineId, engineUuid] = rest.slice(6) as [
        ClientId,
        EngineId | null,
        EngineUuid | null,
      ];
      return { type: 'settled', clientId, settlement: { msgId, ...endingOf(rest), engineId, engineUuid } };
    }
    default:
      return undefined;
  }
}

function requestOf([name, f, args, bytes, canned]: readonly unknown[]) {
  return { method: 'apply', call: { value: { f, args }, buffers: [], bytes, canned }, name };
}

function endingOf([value, bytes, canned, started, completed, executionCount]: readonly unknown[]) {
  return {
    outcome: { status: 'ok', value: { value, buffers: [], bytes, canned } },
    facts: { started, completed, executeResult: null, executionCount },
  };
}
