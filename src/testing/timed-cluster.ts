import { assertExists } from '../base/assert.ts';
import { seededRandom } from '../base/random.ts';
import type { HubEffect, HubEvent } from '../controller/events.ts';
import { createHub, type Hub } from '../controller/hub/hub.ts';
import type { ItemSpan } from '../protocol/engine-messages.ts';
import type { ClientId, EngineUuid } from '../protocol/ids.ts';
import { callOf, endsOf } from './hub-fixture.ts';

const CLIENT = 'a' as ClientId;
/** Milliseconds that a message takes, and after which what an engine has written is read. */
const WAY = 0.1;
const LOOK = 5;
interface TimedEngine {
  readonly uuid: EngineUuid;
  /** Items that it has and has not begun, and those on their way to it. */
  queue: number[];
  isBusy: boolean;
  /** Ended and not told, with the times when each began and ended. */
  done: { readonly item: number; readonly started: number; readonly completed: number }[];
  toldAt: number;
  /** When so few are left it tells of the others. */
  half: number;
  /** What it has written is about to be read. */
  isLookedAt: boolean;
}

/**
 * A hub and engines in a time of their own: what a call takes when each item takes so long and nothing else costs
 * anything but the way of messages. Engines share memory with the hub.
 */
export class TimedCluster {
  /** What an item costs an engine besides its own run, in milliseconds. */
  static readonly OVERHEAD = 0.003;
  readonly #hub: Hub;
  readonly #engines = new Map<EngineUuid, TimedEngine>();
  readonly #took: (item: number) => number;
  #agenda: { readonly at: number; readonly run: () => void }[] = [];
  #at = 0;
  #settled = 0;
  /** Since when an item has been waiting behind another while an engine has had nothing to do. */
  #waitsSince: number | null = null;
  /** The longest such time. */
  longestWait = 0;

  /** `took`: milliseconds. */
  constructor(n: number, took: (item: number) => number) {
    this.#took = took;
    this.#hub = createHub({ random: seededRandom(1) });
    this.#handle({ type: 'client-connected', clientId: CLIENT });
    for (let i = 0; i < n; i++) this.#handle({ type: 'engine-asked', requestedId: null });
  }

  /** How long a call on that many items takes, in milliseconds. */
  run(count: number): number {
    const began = this.#at;
    this.#handle({ type: 'call-submitted', call: callOf(0, count, { clientId: CLIENT, submitted: began }) });
    while (this.#settled < count) {
      this.#agenda.sort((a, b) => a.at - b.at);
      const next = assertExists(this.#agenda.shift(), 'Nothing happens any more.');
      this.#at = next.at;
      next.run();
      this.#noteWait();
    }
    return this.#at - began;
  }

  #later(ms: number, run: () => void): void {
    this.#agenda.push({ at: this.#at + ms, run });
  }

  #handle(event: HubEvent extends infer E ? (E extends HubEvent ? Omit<E, 'at'> : never) : never): void {
    for (const effect of this.#hub.handle({ ...event, at: this.#at })) this.#perform(effect);
  }

  #perform(effect: HubEffect): void {
    if (effect.type === 'start-engine') {
      const { uuid } = effect;
      this.#engines.set(uuid, {
        uuid,
        queue: [],
        isBusy: false,
        done: [],
        toldAt: 0,
        isLookedAt: false,
        half: 0,
      });
      this.#handle({ type: 'engine-ready', uuid });
    } else if (effect.type === 'tell' && effect.message.type === 'items-settled') {
      this.#settled += effect.message.numbers.length;
    } else if (effect.type === 'send') {
      const engine = assertExists(this.#engines.get(effect.uuid), 'There is no such engine.');
      const { message } = effect;
      if (message.type === 'recall') this.#takeBack(engine, message.spans);
      else if (message.type === 'items') {
        for (let i = 0; i < message.items.bytes.length; i++) engine.queue.push(message.first + i);
        engine.half = engine.queue.length >> 1;
        this.#later(WAY, () => {
          this.#begin(engine);
        });
      }
    }
  }

  #takeBack(engine: TimedEngine, spans: readonly ItemSpan[]): void {
    const isAsked = (item: number) => spans.some(({ first, count }) => item >= first && item < first + count);
    const taken = engine.queue.filter(isAsked);
    engine.queue = engine.queue.filter((item) => !isAsked(item));
    this.#handle({
      type: 'returned',
      uuid: engine.uuid,
      spans: taken.map((first) => ({ client: CLIENT, first, count: 1 })),
    });
  }

  #begin(engine: TimedEngine): void {
    const item = engine.isBusy ? undefined : engine.queue.shift();
    if (item === undefined) return;
    engine.isBusy = true;
    const started = this.#at;
    if (engine.done.length > 0 && !engine.isLookedAt) {
      engine.isLookedAt = true;
      this.#later(LOOK, () => {
        engine.isLookedAt = false;
        this.#tell(engine);
      });
    }
    this.#later(this.#took(item) + TimedCluster.OVERHEAD, () => {
      engine.isBusy = false;
      engine.done.push({ item, started, completed: this.#at });
      if (engine.queue.length <= engine.half || this.#at - engine.toldAt > 1) {
        engine.half = 0;
        this.#later(WAY, () => {
          this.#tell(engine);
        });
        engine.toldAt = this.#at;
      }
      this.#begin(engine);
    });
  }

  #tell(engine: TimedEngine): void {
    const { done } = engine;
    engine.done = [];
    for (const { item, started, completed } of done) {
      const ends = endsOf(1, started, completed - started);
      this.#handle({ type: 'items-done', uuid: engine.uuid, client: CLIENT, first: item, ends });
    }
  }

  #noteWait(): void {
    const engines = [...this.#engines.values()];
    const isIdle = engines.some(({ isBusy, queue }) => !isBusy && queue.length === 0);
    const isWaiting = engines.some(({ isBusy, queue }) => isBusy && queue.length > 0);
    if (!isIdle || !isWaiting) this.#waitsSince = null;
    else {
      this.#waitsSince ??= this.#at;
      this.longestWait = Math.max(this.longestWait, this.#at - this.#waitsSince);
    }
  }
}
