import { seededRandom } from '../base/random.ts';
import { createHub, type Hub } from '../controller/hub/hub.ts';
import type { HubEffect } from '../controller/events.ts';
import type { CallSubmission } from '../protocol/calls.ts';
import type { ItemSpan } from '../protocol/engine-messages.ts';
import type { HubOptionsSpec } from '../protocol/hub-options.ts';
import type { ClientId, EngineUuid } from '../protocol/ids.ts';
import { Places } from '../controller/places.ts';
import { callOf, endsOf } from './hub-fixture.ts';

const CLIENT = 'soak' as ClientId;

export interface SoakOptions extends HubOptionsSpec {
  /** Default 4. */
  readonly engines?: number;
  /** Tasks of one map. Default 500. */
  readonly items?: number;
}

/** A hub with engines that answer at once, for more tasks than anybody would wait for. */
export class Soak {
  readonly hub: Hub;
  readonly #items: number;
  /** Items that engines have and have not answered. */
  readonly #open: (ItemSpan & { readonly uuid: EngineUuid })[] = [];
  #at = 1_000_000;
  #submitted = 0;
  settled = 0;
  /** Messages to engines. */
  sent = 0;

  constructor({ engines = 4, items = 500, ...options }: SoakOptions = {}) {
    this.#items = items;
    this.hub = createHub({ random: seededRandom(1), options, places: new Places(engines) });
    this.#perform(this.hub.handle({ type: 'client-connected', at: this.#at, clientId: CLIENT }));
    for (let i = 0; i < engines; i++) {
      this.#perform(this.hub.handle({ type: 'engine-asked', at: this.#at, requestedId: null }));
    }
  }

  /** Until so many have been settled in all. */
  runTo(total: number): void {
    while (this.settled < total) {
      this.#perform(this.hub.handle({ type: 'call-submitted', at: this.#at, call: this.#call() }));
      while (this.#open.length > 0) this.#answer();
      this.#perform(this.hub.handle({ type: 'turn-ended', at: this.#at }));
    }
  }

  #call(): CallSubmission {
    const call = callOf(this.#submitted, this.#items, { clientId: CLIENT, submitted: this.#at });
    this.#submitted += this.#items;
    return call;
  }

  #answer(): void {
    const next = this.#open.shift();
    if (next === undefined) return;
    const { uuid, client, first, count } = next;
    this.#at += 0.1;
    const ends = endsOf(count, this.#at - 0.1, 0.001);
    this.#perform(this.hub.handle({ type: 'items-done', at: this.#at, uuid, client, first, ends }));
  }

  #perform(effects: readonly HubEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'start-engine') {
        this.#perform(this.hub.handle({ type: 'engine-ready', at: this.#at, uuid: effect.uuid }));
      } else if (effect.type === 'send') this.#receive(effect.uuid, effect.message);
      else if (effect.type === 'tell' && effect.message.type === 'items-settled')
        this.settled += effect.message.numbers.length;
    }
  }

  #receive(uuid: EngineUuid, message: Extract<HubEffect, { type: 'send' }>['message']): void {
    this.sent++;
    if (message.type === 'items') {
      const { client, first, items } = message;
      this.#open.push({ uuid, client, first, count: items.bytes.length });
    }
    if (message.type !== 'recall') return;
    const isAsked = (open: ItemSpan) => message.spans.some((span) => holds(span, open));
    const spans = this.#open.filter((open) => open.uuid === uuid && isAsked(open));
    for (const span of spans) this.#open.splice(this.#open.indexOf(span), 1);
    this.#perform(this.hub.handle({ type: 'returned', at: this.#at, uuid, spans }));
  }
}

function holds(span: ItemSpan, { client, first, count }: ItemSpan): boolean {
  return span.client === client && first >= span.first && first + count <= span.first + span.count;
}
