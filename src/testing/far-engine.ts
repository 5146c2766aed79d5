import { GivenItems } from '../controller/given-items.ts';
import { ItemClaims, createItemClaims } from '../protocol/item-claims.ts';
import { DoneItems } from '../engine/done-items.ts';
import { QueuedItems, RequestQueue, type QueuedRequest } from '../engine/request-queue.ts';
import type { HubEffect } from '../controller/events.ts';
import { engineEvent } from '../controller/translate.ts';
import type { FromEngine, ToEngine } from '../protocol/engine-messages.ts';
import { MsgId, type EngineId, type EngineUuid } from '../protocol/ids.ts';
import { askInterrupt, createInterruptFlag } from '../protocol/interrupt-flag.ts';
import { NEVER_RAN, type Outcome } from '../protocol/replies.ts';
import { InterruptEar } from '../realm/interrupt-ear.ts';
import { FAILED } from './hub-fixture.ts';

type Send = Extract<HubEffect, { readonly type: 'send' }>;
type Heard = ReturnType<typeof engineEvent>;

/** Bytes of a result that is told with others. */
const SMALL = 1000;

/** The ids of the items. */
export function idsOf({ client, first, items }: Extract<ToEngine, { readonly type: 'items' }>): MsgId[] {
  return Array.from({ length: items.bytes.length }, (_, i) => MsgId.create(client, first + i));
}

/** What a request that was stopped ends with. */
export const STOPPED: Outcome = {
  status: 'error',
  error: { ...FAILED.error, ename: 'KeyboardInterrupt' },
};

/**
 * One life of an engine at the end of a long line: its real queue and its real ear, and messages that are under way, in
 * both directions, until a test lets them arrive. What a request does, and how it ends, is the test's affair.
 */
export class FarEngine {
  readonly id: EngineId;
  readonly uuid: EngineUuid;
  /** Under way, the oldest first. */
  readonly toEngine: ToEngine[] = [];
  readonly toHub: FromEngine[] = [];
  readonly queue: RequestQueue;
  /** All that have been begun in this life, in order. */
  readonly begun: MsgId[] = [];
  running: QueuedRequest | null = null;
  /** How items have ended is told later: see `flush`. */
  holdsAnswers = false;
  /** What runs lets no message in: it does not wait for anything. */
  holdsThread = false;
  readonly #ear: InterruptEar;
  readonly #flag = createInterruptFlag();
  /** What the controller's shell knows of it, and what it shares with that; null: items are asked for. */
  readonly #claims: ItemClaims | null;
  readonly #given: GivenItems;
  readonly #done: DoneItems;
  /** Taken from it without asking: as events that have not been handled. */
  readonly taken: Heard[] = [];
  #items = 0;
  /** The places of items that were sent. */
  readonly #sent = new Map<ToEngine, number>();
  #places = 0;
  readonly #tokens: number[] = [];
  readonly #now: () => number;
  #started = 0;
  /** What waits has been told to stop. */
  #isStopped = false;

  /** `shares`: memory. Else it is asked for items. */
  constructor(id: EngineId, uuid: EngineUuid, now: () => number, shares = false) {
    this.id = id;
    this.uuid = uuid;
    this.#now = now;
    this.#ear = new InterruptEar({ now });
    this.#ear.connect(this.#flag);
    const claims = shares ? createItemClaims() : null;
    this.#claims = claims && new ItemClaims(claims);
    this.#given = new GivenItems(this.#claims);
    this.#done = new DoneItems({ post: (message) => this.toHub.push(message) }, () => 0);
    this.queue = new RequestQueue({
      link: {
        post: (message) => {
          this.say(message);
        },
      },
      comm: { dismiss: () => undefined },
      ear: this.#ear,
      executionCount: () => 0,
    });
  }

  /** The controller's shell sends a message: an interrupt is seen in shared memory before it arrives. */
  send({ message }: Send): void {
    if (message.type === 'interrupt' && this.#flag !== null) askInterrupt(this.#flag, message.msgId);
    if (message.type === 'items') {
      const count = message.items.bytes.length;
      const spans = this.#given.give({ ...message, count });
      if (spans.length > 0) this.taken.push({ type: 'returned', at: this.#now(), uuid: this.uuid, spans });
      this.#sent.set(message, this.#places);
      this.#places += count;
    }
    if (message.type === 'recall') {
      const spans = this.#given.takeBack(message.spans);
      if (spans !== null) {
        this.taken.push({ type: 'returned', at: this.#now(), uuid: this.uuid, spans });
        return;
      }
    }
    this.toEngine.push(message);
  }

  get isReadyToHear(): boolean {
    return this.running === null || !this.holdsThread;
  }

  /** The next `n` messages reach the engine, if it hears them. */
  arrive(n = Infinity): void {
    for (let i = 0; i < n && this.isReadyToHear; i++) {
      const message = this.toEngine.shift();
      if (message === undefined) return;
      this.#obey(message);
    }
  }

  #obey(message: ToEngine): void {
    if (message.type === 'request') this.queue.add({ ...message, place: 0 });
    else if (message.type === 'items') {
      const queued = new QueuedItems(message, this.#items, this.#claims);
      this.#items += queued.count;
      this.queue.addItems(queued);
    } else if (message.type === 'recall') this.queue.giveBack(message.spans);
    else if (message.type === 'abort')
      for (const msgId of message.msgIds) this.queue.abort(msgId, 'asked to');
    else if (message.type === 'clear') this.#tokens.push(message.token);
    else if (message.type === 'interrupt') {
      if (this.running?.msgId === message.msgId) this.#isStopped = true;
      else this.queue.interrupt(message.msgId);
    }
  }

  /** The next `n` messages have reached the hub, as events. */
  heard(n = Infinity): Heard[] {
    return this.toHub.splice(0, n).flatMap((message) => {
      const isOfHub =
        message.type !== 'need-library' &&
        message.type !== 'comm' &&
        message.type !== 'comm-wake' &&
        message.type !== 'slate' &&
        message.type !== 'seen';
      return isOfHub ? [engineEvent(message, this.uuid, this.#now())] : [];
    });
  }

  ready(): void {
    this.say({ type: 'ready', bootMs: 0 });
  }

  /** Between two requests: null when there is none. */
  begin(holdsThread = false): MsgId | null {
    if (this.running !== null) return null;
    for (const token of this.#tokens.splice(0)) this.say({ type: 'cleared', token });
    const item = this.queue.take();
    if (item === undefined) return null;
    const { msgId } = item;
    this.running = item;
    this.holdsThread = holdsThread;
    this.#isStopped = false;
    this.#started = this.#now();
    this.#ear.begin(msgId);
    if (this.queue.takeInterrupt(msgId)) this.#end(STOPPED);
    else this.begun.push(msgId);
    return msgId;
  }

  /** What runs has been told to stop, and hears it now. */
  get isStopped(): boolean {
    return this.running !== null && (this.#isStopped || this.#ear.isAsked);
  }

  /** What runs ends: as it likes, or stopped if it has been. `took`: milliseconds. */
  end(outcome: Outcome, took = 0): MsgId | null {
    return this.#end(this.isStopped ? STOPPED : outcome, took);
  }

  #end(outcome: Outcome, took = 0): MsgId | null {
    const item = this.running;
    if (item === null) return null;
    const { msgId } = item;
    this.running = null;
    this.#ear.end();
    const facts = { ...NEVER_RAN, started: this.#started, completed: this.#started + took };
    if (item.of !== undefined && outcome.status === 'ok' && outcome.value.bytes <= SMALL) {
      const { value, bytes } = outcome.value;
      this.#done.add(item.of.queued, item.of.item, value, bytes, { ...facts, boxed: false });
      if (!this.holdsAnswers) this.#done.flush();
      return msgId;
    }
    this.say({ type: 'reply', reply: { msgId, outcome, facts } });
    if (outcome.status === 'error' && item.abortsQueueOnError) this.queue.abortBehind(item, outcome.error);
    return msgId;
  }

  /** Prints, or changes what it says of itself. */
  say(message: FromEngine): void {
    // What had ended before is told before.
    this.#done.flush();
    this.toHub.push(message);
  }

  /** Whether this life has the request, or it is on its way here. */
  has(msgId: MsgId): boolean {
    if (this.running?.msgId === msgId || this.queue.has(msgId)) return true;
    return this.toEngine.some((message) => {
      if (message.type === 'request') return message.msgId === msgId;
      if (message.type !== 'items') return false;
      const item = idsOf(message).indexOf(msgId);
      return item >= 0 && this.#claims?.isOpen((this.#sent.get(message) ?? 0) + item) !== false;
    });
  }

  /** What it has done and not told leaves. */
  flush(): void {
    this.#done.flush();
  }
}
