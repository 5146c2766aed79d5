import { seededRandom } from '../base/random.ts';
import { createHub, type Hub } from '../controller/hub/hub.ts';
import type { HubEffect } from '../controller/events.ts';
import type { HubOptionsSpec } from '../protocol/hub-options.ts';
import type { ClientId, EngineUuid, MsgId } from '../protocol/ids.ts';
import { balanced, OK } from './hub-fixture.ts';

const CLIENT = 'soak' as ClientId;
const ENGINES = 4;
/** Tasks of one map. */
const BATCH = 500;

/** A hub with engines that answer at once, for more tasks than anybody would wait for. */
export class Soak {
  readonly hub: Hub;
  /** Requests that engines have and have not answered. */
  readonly #open: { readonly uuid: EngineUuid; readonly msgId: MsgId }[] = [];
  #at = 1_000_000;
  #submitted = 0;
  settled = 0;

  constructor(options: HubOptionsSpec = {}) {
    this.hub = createHub({ random: seededRandom(1), options });
    this.#perform(this.hub.handle({ type: 'client-connected', at: this.#at, clientId: CLIENT }));
    for (let i = 0; i < ENGINES; i++) {
      this.#perform(this.hub.handle({ type: 'engine-asked', at: this.#at, requestedId: null }));
    }
  }

  /** Until so many have been settled in all. */
  runTo(total: number): void {
    while (this.settled < total) {
      const share = `call ${String(this.#submitted)}`;
      const submissions = Array.from({ length: BATCH }, () =>
        balanced(`${CLIENT}_${String(++this.#submitted)}`, null, {
          submitted: this.#at,
          route: { type: 'balanced', targets: null, share },
        }),
      );
      this.#perform(this.hub.handle({ type: 'submitted', at: this.#at, submissions }));
      while (this.#open.length > 0) this.#answer();
      this.#perform(this.hub.handle({ type: 'turn-ended', at: this.#at }));
    }
  }

  #answer(): void {
    const next = this.#open.shift();
    if (next === undefined) return;
    const { uuid, msgId } = next;
    this.#at += 0.1;
    const facts = { started: this.#at - 0.1, completed: this.#at, executeResult: null, executionCount: 0 };
    const reply = { msgId, outcome: OK, facts };
    this.#perform(this.hub.handle({ type: 'replied', at: this.#at, uuid, reply, names: null }));
  }

  #perform(effects: readonly HubEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'start-engine') {
        this.#perform(this.hub.handle({ type: 'engine-ready', at: this.#at, uuid: effect.uuid }));
      } else if (effect.type === 'send') this.#receive(effect.uuid, effect.message);
      else if (effect.type === 'tell' && effect.message.type === 'settled') this.settled++;
    }
  }

  #receive(uuid: EngineUuid, message: Extract<HubEffect, { type: 'send' }>['message']): void {
    if (message.type === 'request') this.#open.push({ uuid, msgId: message.msgId });
    if (message.type !== 'recall') return;
    const msgIds = message.msgIds.filter((msgId) => {
      const place = this.#open.findIndex((open) => open.uuid === uuid && open.msgId === msgId);
      if (place >= 0) this.#open.splice(place, 1);
      return place >= 0;
    });
    this.#perform(this.hub.handle({ type: 'returned', at: this.#at, uuid, msgIds }));
  }
}
