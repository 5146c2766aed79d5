import { seededRandom } from '../base/random.ts';
import { createHub, type Hub } from '../controller/hub/hub.ts';
import { Places } from '../controller/places.ts';
import type { HubEffect, HubEvent, Timer } from '../controller/events.ts';
import type { HubOptionsSpec } from '../protocol/hub-options.ts';
import type { Answer, EngineState, FromController, Question } from '../protocol/client-messages.ts';
import type { CallSubmission, Ends } from '../protocol/calls.ts';
import type { ItemSpan, ToEngine } from '../protocol/engine-messages.ts';
import type { ClientId, EngineId, EngineUuid, MsgId } from '../protocol/ids.ts';
import type { Packed } from '../protocol/packed.ts';
import type { Outcome, Settlement } from '../protocol/replies.ts';
import type { EngineRequest, Route, Submission } from '../protocol/requests.ts';

/** An event without its time, which the fixture adds. */
export type Fact = HubEvent extends infer Event
  ? Event extends HubEvent
    ? Omit<Event, 'at'>
    : never
  : never;

export const DAWN = 1_000_000;

/**
 * A hub with a history: every method is something that happens, returns all its effects, and checks the hub's
 * invariants. Time moves by one millisecond per event, and by `wait`.
 */
export class HubFixture {
  readonly hub: Hub;
  at = DAWN;
  /** By id: the present, or last, life. */
  readonly #uuids = new Map<EngineId, EngineUuid>();

  constructor(options: HubOptionsSpec = {}, places = new Places()) {
    this.hub = createHub({ random: seededRandom(1), options, places });
  }

  handle(fact: Fact): readonly HubEffect[] {
    const effects = this.hub.handle({ ...fact, at: this.at++ });
    for (const effect of effects) {
      if (effect.type === 'start-engine') this.#uuids.set(effect.engineId, effect.uuid);
    }
    this.hub.validate();
    return effects;
  }

  uuid(id: EngineId): EngineUuid {
    return this.#uuids.get(id) ?? ('nobody' as EngineUuid);
  }

  wait(seconds: number): void {
    this.at += seconds * 1000;
  }

  connect(...clients: string[]): readonly HubEffect[] {
    return clients.flatMap((clientId) =>
      this.handle({ type: 'client-connected', clientId: clientId as ClientId }),
    );
  }

  disconnect(clientId: string): readonly HubEffect[] {
    return this.handle({ type: 'client-disconnected', clientId: clientId as ClientId });
  }

  /** `n` more engines, asked for and not ready. */
  start(n: number): readonly HubEffect[] {
    return Array.from({ length: n }, () => this.handle({ type: 'engine-asked', requestedId: null })).flat();
  }

  ready(...ids: EngineId[]): readonly HubEffect[] {
    return ids.flatMap((id) => this.handle({ type: 'engine-ready', uuid: this.uuid(id) }));
  }

  submit(...submissions: Submission[]): readonly HubEffect[] {
    return this.handle({ type: 'submitted', submissions });
  }

  /** `took`: milliseconds. */
  reply(id: EngineId, msgId: string, outcome: Outcome = OK, took = 0): readonly HubEffect[] {
    const facts = { started: this.at, completed: this.at + took, executeResult: null, executionCount: 0 };
    const reply = { msgId: msgId as MsgId, outcome, facts };
    return this.handle({ type: 'replied', uuid: this.uuid(id), reply, names: null });
  }

  submitCall(call: CallSubmission): readonly HubEffect[] {
    return this.handle({ type: 'call-submitted', call });
  }

  /** Items of client `a`, from that number on, have ended well. `took`: milliseconds each. */
  done(id: EngineId, first: number, count = 1, took = 0): readonly HubEffect[] {
    const ends = endsOf(count, this.at, took);
    return this.handle({ type: 'items-done', uuid: this.uuid(id), client: 'a' as ClientId, first, ends });
  }

  /** The answer to a recall: items of client `a`. */
  giveBack(id: EngineId, first: number, count: number): readonly HubEffect[] {
    const spans = count === 0 ? [] : [{ client: 'a' as ClientId, first, count }];
    return this.handle({ type: 'returned', uuid: this.uuid(id), spans });
  }

  lose(id: EngineId, reason = 'it crashed'): readonly HubEffect[] {
    return this.handle({ type: 'engine-lost', uuid: this.uuid(id), reason });
  }

  abort(...msgIds: string[]): readonly HubEffect[] {
    return this.handle({ type: 'abort-asked', msgIds: msgIds as MsgId[] });
  }

  cancel(...msgIds: string[]): readonly HubEffect[] {
    return this.handle({ type: 'cancel-asked', msgIds: msgIds as MsgId[] });
  }

  interrupt(engines: readonly EngineId[] | null = null): readonly HubEffect[] {
    return this.handle({ type: 'interrupt-asked', engines });
  }

  reach(timer: Timer): readonly HubEffect[] {
    return this.handle({ type: 'timer-reached', timer });
  }

  ask(question: Question, clientId = 'a', n = 0): readonly HubEffect[] {
    return this.handle({ type: 'asked', clientId: clientId as ClientId, n, question });
  }

  endTurn(): readonly HubEffect[] {
    return this.handle({ type: 'turn-ended' });
  }

  close(): readonly HubEffect[] {
    return this.handle({ type: 'closed' });
  }

  /** The list of engines as it would be told now. */
  engines(): readonly EngineState[] {
    this.connect('observer');
    const [effect] = this.endTurn();
    return effect?.type === 'publish' ? effect.engines : [];
  }
}

/** A client `a` and `n` ready engines. */
export function clusterOf(n: number, options: HubOptionsSpec = {}): HubFixture {
  const fixture = new HubFixture(options);
  fixture.connect('a');
  fixture.start(n);
  fixture.ready(...Array.from({ length: n }, (_, id) => id));
  fixture.endTurn();
  return fixture;
}

// WHAT GOES IN

export function packed(value: unknown, buffers: readonly ArrayBuffer[] = [], bytes = 8): Packed {
  return { value, buffers, bytes, canned: false };
}

export const OK: Outcome = { status: 'ok', value: packed(1) };
export const FAILED: Extract<Outcome, { readonly status: 'error' }> = {
  status: 'error',
  error: { ename: 'Error', evalue: 'no', traceback: ['Error: no'], frames: [], engineInfo: null },
};
/** The engine does not suit the task. */
export const REFUSED: Outcome = {
  status: 'error',
  error: { ...FAILED.error, ename: 'UnmetDependency' },
};
export const GAVE_UP: Outcome = { status: 'aborted', reason: 'asked to' };

export function apply(buffers: readonly ArrayBuffer[] = [], source = 'x => x'): EngineRequest {
  const f = { $tutti: 'function', source, name: 'f' };
  return {
    method: 'apply',
    call: { ...packed({ f, args: [...buffers] }, buffers), canned: true },
    name: 'f',
  };
}

/** The client is what stands before the `_` of `msgId`. */
export function submission(msgId: string, route: Route, rest: Partial<Submission> = {}): Submission {
  return {
    msgId: msgId as MsgId,
    clientId: msgId.slice(0, msgId.lastIndexOf('_')) as ClientId,
    route,
    request: apply(),
    label: null,
    submitted: DAWN,
    runId: null,
    abortsQueueOnError: false,
    ...rest,
  };
}

export function direct(msgId: string, engine: EngineId, rest: Partial<Submission> = {}): Submission {
  return submission(msgId, { type: 'direct', engine }, rest);
}

export function balanced(
  msgId: string,
  targets: readonly EngineId[] | null = null,
  rest: Partial<Submission> = {},
): Submission {
  return submission(msgId, { type: 'balanced', targets }, rest);
}

/** A call of client `a` on that many items, `x => x`. */
export function callOf(first: number, count: number, rest: Partial<CallSubmission> = {}): CallSubmission {
  return {
    clientId: 'a' as ClientId,
    first,
    count,
    route: { type: 'balanced', targets: null },
    items: {
      method: 'apply',
      name: 'f',
      returnExceptions: false,
      canned: true,
      f: { $tutti: 'function', source: 'x => x', name: 'f' },
      columns: [new Float64Array(count).map((_, i) => first + i)],
      bytes: new Float64Array(count).fill(8),
    },
    label: null,
    submitted: DAWN,
    runId: null,
    ...rest,
  };
}

/** How so many have ended that gave 1: one after the other, `took` milliseconds each. */
export function endsOf(count: number, at: number, took = 0): Ends {
  return {
    values: new Float64Array(count).fill(1),
    boxed: false,
    canned: false,
    bytes: new Float64Array(count).fill(8),
    started: new Float64Array(count).map((_, i) => at + i * took),
    completed: new Float64Array(count).map((_, i) => at + (i + 1) * took),
    counts: new Float64Array(count),
  };
}

// WHAT COMES OUT

/** Effects in short: what tests compare whole. */
export function inShort(effects: readonly HubEffect[]): string[] {
  return effects.map(shorten);
}

function shorten(effect: HubEffect): string {
  switch (effect.type) {
    case 'send':
      return `send ${ofMessage(effect.message)}${effect.transfer.length > 0 ? ' moving' : ''}${effect.now ? ' now' : ''}`;
    case 'tell':
      return `tell ${effect.clientId}: ${ofTold(effect.message)}${effect.transfer.length > 0 ? ' moving' : ''}`;
    case 'start-engine':
      return `start engine ${String(effect.engineId)} generation ${String(effect.generation)}`;
    case 'terminate-engine':
      return 'terminate engine';
    case 'set-timer':
      return `set ${effect.timer.type} timer ${String(effect.delay)}`;
    case 'cancel-timer':
      return `cancel ${effect.timer.type} timer`;
    case 'publish':
      return `publish ${effect.engines.map((engine) => `${String(engine.id)} ${engine.status}`).join(', ')}`;
    case 'adapting':
      return effect.adapt === null
        ? 'adapt no more'
        : `adapt ${String(effect.adapt.min)} to ${String(effect.adapt.max)}`;
    case 'record':
      return `record ${effect.kept.map(({ msgId }) => msgId).join(' ')}; gone ${effect.gone.join(' ')}`;
    case 'member-ended':
      return `rank ${String(effect.ended.rank)} of ${effect.group} ended${effect.ended.failed ? ' badly' : ''}`;
    case 'notice':
      return `${effect.level}: ${effect.text}`;
  }
}

function ofMessage(message: ToEngine): string {
  switch (message.type) {
    case 'request':
    case 'interrupt':
      return `${message.type} ${message.msgId}`;
    case 'abort':
      return `abort ${message.msgIds.join(' ')}`;
    case 'items':
      return `items ${ofSpan({ ...message, count: message.items.bytes.length })}`;
    case 'recall':
      return `recall ${message.spans.map(ofSpan).join(' ')}`;
    default:
      return message.type;
  }
}

function ofSpan({ first, count }: Omit<ItemSpan, 'client'>): string {
  return ofNumbers(Array.from({ length: count }, (_, i) => first + i));
}

function ofNumbers(numbers: ArrayLike<number>): string {
  const first = String(numbers[0]);
  return numbers.length === 1 ? first : `${first} to ${String(numbers[numbers.length - 1])}`;
}

function ofTold(message: FromController): string {
  switch (message.type) {
    case 'assigned':
      return `${message.msgId} assigned to ${String(message.engineId)}`;
    case 'items-assigned':
      return `${ofNumbers(message.numbers)} assigned to ${String(message.engineId)}`;
    case 'items-settled':
      return `${ofNumbers(message.numbers)} ok`;
    case 'requeued':
      return `${message.msgId} requeued from ${String(message.engineId)}: ${message.cause}`;
    case 'event':
      return `${message.msgId} ${message.event.type}`;
    case 'settled':
      return `${message.settlement.msgId} ${ofOutcome(message.settlement.outcome)}`;
    case 'out-of-reach':
      return `${message.msgId} out of reach: ${message.reason}`;
    case 'answer':
      return `answer ${String(message.n)} ${ofAnswer(message.answer)}`;
    case 'engines':
      return 'engines';
  }
}

export function ofOutcome(outcome: Outcome): string {
  if (outcome.status === 'ok') return 'ok';
  if (outcome.status === 'aborted') return `aborted: ${outcome.reason}`;
  return `${outcome.error.ename}: ${outcome.error.evalue}`;
}

function ofAnswer(answer: Answer): string {
  return answer.ok ? JSON.stringify(answer.value) : `${answer.ename}: ${answer.evalue}`;
}

export function settlementsIn(effects: readonly HubEffect[]): Settlement[] {
  return effects.flatMap((effect) =>
    effect.type === 'tell' && effect.message.type === 'settled' ? [effect.message.settlement] : [],
  );
}

export function answersIn(effects: readonly HubEffect[]): Answer[] {
  return effects.flatMap((effect) =>
    effect.type === 'tell' && effect.message.type === 'answer' ? [effect.message.answer] : [],
  );
}
