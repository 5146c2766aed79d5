import { assert, assertExists } from '../base/assert.ts';
import type { HubEffect } from '../controller/events.ts';
import type { HubOptionsSpec } from '../protocol/hub-options.ts';
import type { EngineId, EngineUuid, MsgId } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/replies.ts';
import { FarEngine } from './far-engine.ts';
import { HubFixture, inShort, OK, type Fact } from './hub-fixture.ts';

/**
 * A hub with engines at the end of long lines, where nothing arrives before a test says so: for what crosses something
 * else on the way. What clients are told is noted in short.
 */
export class FarCluster extends HubFixture {
  readonly #lives = new Map<EngineUuid, FarEngine>();
  readonly #all: FarEngine[] = [];
  #told: string[] = [];

  /** A client `a` and `n` engines that are ready. */
  constructor(n: number, options: HubOptionsSpec = {}) {
    super(options);
    this.connect('a');
    this.start(n);
    for (const engine of this.#lives.values()) {
      engine.ready();
      this.hears(engine.id);
    }
    this.told();
  }

  override handle(fact: Fact): readonly HubEffect[] {
    const effects = super.handle(fact);
    for (const effect of effects) {
      if (effect.type === 'start-engine') {
        const engine = new FarEngine(effect.engineId, effect.uuid, () => this.at);
        this.#lives.set(effect.uuid, engine);
        this.#all.push(engine);
      } else if (effect.type === 'terminate-engine') this.#lives.delete(effect.uuid);
      else if (effect.type === 'send') this.#lives.get(effect.uuid)?.send(effect);
    }
    const told = effects.filter(({ type }) => type === 'tell' || type === 'notice');
    this.#told.push(...inShort(told));
    return effects;
  }

  /** The present life. */
  far(id: EngineId): FarEngine {
    return assertExists(this.#lives.get(this.uuid(id)), 'This engine has no life.');
  }

  /** What has been begun, in all lives: those that ran twice are there twice. */
  get begun(): MsgId[] {
    return this.#all.flatMap(({ begun }) => begun);
  }

  /** What has been sent arrives at the engine, which begins what it may. */
  arrives(id: EngineId): void {
    const engine = this.far(id);
    engine.arrive();
    engine.begin();
  }

  /** What runs on the engine ends, and the next begins. */
  ends(id: EngineId, outcome: Outcome = OK, took = 0): void {
    const engine = this.far(id);
    engine.end(outcome, took);
    engine.begin();
  }

  /** What the engine has said arrives at the hub, as long as its line is open. */
  hears(id: EngineId, n = Infinity): void {
    const engine = this.far(id);
    for (const event of engine.heard(n)) if (this.#lives.has(engine.uuid)) this.handle(event);
  }

  /** All that is on its way arrives, and engines run what they have, until nothing happens any more. */
  settle(): void {
    for (let isQuiet = false, rounds = 0; !isQuiet; rounds++) {
      assert(rounds < 1000, 'This never ends.');
      isQuiet = true;
      for (const engine of [...this.#lives.values()]) {
        if (!this.#lives.has(engine.uuid)) continue;
        if (engine.toEngine.length + engine.toHub.length > 0 || engine.running !== null) isQuiet = false;
        engine.arrive();
        engine.end(OK);
        engine.begin();
        for (const event of engine.heard()) if (this.#lives.has(engine.uuid)) this.handle(event);
      }
    }
  }

  /** How tasks ended and what the reader is told, since the last time: without which engine got what. */
  told(): string[] {
    const told = this.#told.filter((line) => !line.includes(' assigned to '));
    this.#told = [];
    return told;
  }
}
