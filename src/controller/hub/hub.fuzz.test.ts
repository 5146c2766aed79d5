import { describe, expect, it } from 'vitest';
import { assert } from '../../base/assert.ts';
import { seededRandom } from '../../base/random.ts';
import { MsgId, type ClientId, type EngineId, type EngineUuid } from '../../protocol/ids.ts';
import { NO_TERMS, type DependencySpec, type TaskTerms } from '../../protocol/terms.ts';
import type { EngineRequest, Submission } from '../../protocol/requests.ts';
import type { StoredTask } from '../../protocol/stored-task.ts';
import { apply, balanced, callOf, direct, FAILED, OK, packed, REFUSED } from '../../testing/hub-fixture.ts';
import { FarEngine, idsOf } from '../../testing/far-engine.ts';
import { timerKey, type HubEffect, type HubEvent, type Timer } from '../events.ts';
import { createHub } from './hub.ts';

/** A world around a hub in which anything may happen, and which notices what must not. */
class World {
  readonly random;
  readonly hub;
  at = 1_000_000;
  readonly engines = new Map<EngineUuid, FarEngine>();
  readonly timers = new Map<string, Timer>();
  readonly clients = new Set<ClientId>();
  /** Tasks of connected clients that have not been settled. */
  readonly open = new Map<MsgId, ClientId>();
  readonly settled = new Set<MsgId>();
  /** Questions without an answer. */
  readonly asked = new Set<string>();
  readonly moved = new WeakSet<ArrayBuffer>();
  /** Lives that the hub knows to be ready. */
  readonly ready = new Set<EngineUuid>();
  /** What the hub asked engines to stop. */
  readonly interrupted = new Set<MsgId>();
  /** Replies that have arrived. */
  readonly succeeded = new Set<MsgId>();
  /** What outlives the page. */
  readonly store = new Map<MsgId, StoredTask>();
  /** How often each kind of thing happened. */
  readonly seen = new Map<string, number>();
  #messages = 0;
  #questions = 0;
  #clients = 0;

  /** Most tasks are items of maps, and trouble is rarer: engines are given tasks ahead, and have to give them back. */
  readonly mostlyMaps: boolean;
  /** Engines share memory: items are taken from them without asking. */
  readonly shares: boolean;

  constructor(seed: number) {
    this.mostlyMaps = seed % 3 === 0;
    this.shares = seed % 4 < 2;
    this.random = seededRandom(seed);
    this.hub = createHub({
      random: seededRandom(seed + 1),
      options: {
        database: seed % 2 === 0 ? 'memory' : 'indexeddb',
        recordLimit: 40,
        sizeLimit: 10_000,
        window: 4,
        hwm: this.mostlyMaps ? 1 : 1 + (seed % 2),
        storyLimit: 50,
        adapt: seed % 3 === 0 ? { min: 1, max: 5, idle: 4 } : null,
      },
    });
  }

  below(n: number): number {
    return Math.floor(this.random() * n);
  }

  pick<T>(items: Iterable<T>): T | undefined {
    const list = [...items];
    return list[this.below(list.length)];
  }

  handle(event: HubEvent): void {
    this.at += this.random() < 0.01 ? 11_000 : this.random();
    for (const effect of this.hub.handle(event)) {
      this.count(effect.type);
      this.perform(effect);
    }
    this.hub.validate();
    for (const engine of this.engines.values()) {
      const event = engine.taken.shift();
      if (event === undefined) continue;
      this.count('taken');
      this.handle(event);
    }
  }

  perform(effect: HubEffect): void {
    switch (effect.type) {
      case 'send': {
        const engine = this.engines.get(effect.uuid);
        assert(engine !== undefined, 'sent to an engine that is not there');
        this.send(engine, effect);
        for (const buffer of effect.transfer) this.moved.add(buffer);
        break;
      }
      case 'tell':
        this.hear(effect);
        break;
      case 'start-engine':
        for (const engine of this.engines.values())
          assert(engine.id !== effect.engineId, 'two engines of one id');
        this.engines.set(
          effect.uuid,
          new FarEngine(effect.engineId, effect.uuid, () => this.at, this.shares),
        );
        break;
      case 'terminate-engine':
        assert(this.engines.delete(effect.uuid), 'terminated twice');
        break;
      case 'set-timer':
        assert(!this.timers.has(timerKey(effect.timer)), 'set twice');
        this.timers.set(timerKey(effect.timer), effect.timer);
        break;
      case 'cancel-timer':
        assert(this.timers.delete(timerKey(effect.timer)), 'cancelled and not set');
        break;
      case 'publish': {
        const alive = effect.engines.filter((engine) => engine.status !== 'dead').map((engine) => engine.id);
        expect(alive).toEqual([...this.engines.values()].map((engine) => engine.id).sort((a, b) => a - b));
        break;
      }
      case 'record':
        for (const task of effect.kept) this.store.set(task.msgId, task);
        for (const msgId of effect.gone) assert(this.store.delete(msgId), 'takes out what is not there');
        assert(effect.kept.length <= 200, 'writes too much at once');
        break;
      case 'adapting':
      case 'member-ended':
      case 'notice':
        break;
    }
  }

  /** On its way; see `arrive` and `hubHears`. */
  send(engine: FarEngine, effect: Extract<HubEffect, { type: 'send' }>): void {
    const { message } = effect;
    this.count(message.type);
    if (message.type === 'interrupt') this.interrupted.add(message.msgId);
    if (message.type === 'request') {
      assert(this.ready.has(effect.uuid), 'given work before it was ready');
      for (const buffer of 'call' in message.request ? message.request.call.buffers : []) {
        assert(!this.moved.has(buffer), 'sent buffers that had been moved');
      }
      this.isAlone([message.msgId]);
    }
    if (message.type === 'items') {
      assert(this.ready.has(effect.uuid), 'given work before it was ready');
      this.isAlone(idsOf(message));
    }
    engine.send(effect);
  }

  isAlone(msgIds: readonly MsgId[]): void {
    for (const other of this.engines.values())
      for (const msgId of msgIds) assert(!other.has(msgId), 'two engines have one task');
  }

  count(what: string, n = 1): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + n);
  }

  hear({ clientId, message }: Extract<HubEffect, { type: 'tell' }>): void {
    assert(this.clients.has(clientId), 'told a client that is gone');
    if (message.type === 'answer') {
      assert(this.asked.delete(`${clientId} ${String(message.n)}`), 'answered what was not asked');
    } else if (message.type === 'settled') {
      const { msgId, facts } = message.settlement;
      this.ended(msgId);
      assert((facts.started ?? 0) <= (facts.completed ?? Infinity), 'completed before it started');
    } else if (message.type === 'items-settled') {
      this.count('items together', message.numbers.length);
      for (const number of message.numbers) this.ended(MsgId.create(clientId, number));
      const { started, completed } = message.ends;
      assert(
        started.every((at, i) => at <= (completed[i] ?? NaN)),
        'completed before it started',
      );
    } else if (message.type === 'items-assigned') {
      for (const number of message.numbers)
        assert(this.open.get(MsgId.create(clientId, number)) === clientId, 'assigned what is not open');
    } else if (message.type === 'event' && message.late) {
      assert(this.settled.has(message.msgId), 'told late of a task that has not ended');
    } else if (message.type === 'event' || message.type === 'assigned') {
      assert(this.open.get(message.msgId) === clientId, 'told of a task that is not open');
    }
  }

  ended(msgId: MsgId): void {
    assert(this.open.delete(msgId), 'settled what was not open');
    assert(!this.settled.has(msgId), 'settled twice');
    this.settled.add(msgId);
  }

  submit(): void {
    const clientId = this.pick(this.clients);
    // Maps side by side take turns, so that neither is given ahead.
    if (clientId === undefined || this.open.size > (this.mostlyMaps ? 4 : 40)) return;
    if (this.random() < (this.mostlyMaps ? 0.7 : 0.05)) {
      this.submitMany(clientId);
      return;
    }
    // Of a size that is moved, or of one that is copied; nobody looks inside.
    const size = this.random() < 0.7 ? 2 ** 21 : 8;
    const buffers = this.random() < 0.3 ? [{ byteLength: size } as ArrayBuffer] : [];
    const request: EngineRequest = apply(buffers);
    const submissions: Submission[] = [];
    for (let i = this.below(4); i >= 0; i--) {
      const msgId = `${clientId}_${String(this.#messages++)}`;
      const rest = { request, submitted: this.at, abortsQueueOnError: this.random() < 0.2 };
      const targets = this.random() < 0.3 ? [this.below(8), this.below(8)] : null;
      submissions.push(
        this.random() < 0.5
          ? direct(msgId, this.below(8), rest)
          : balanced(msgId, targets, { ...rest, ...this.terms(targets) }),
      );
    }
    for (const { msgId } of submissions) this.open.set(msgId, clientId);
    this.handle({ type: 'submitted', at: this.at, submissions });
  }

  /** Tasks that were there before, whatever has become of them, and one that never was. */
  resubmit(): void {
    const clientId = this.pick(this.clients);
    if (clientId === undefined || this.open.size > 40) return;
    const before = [...this.settled, ...this.open.keys(), 'nobody_1' as MsgId].slice(-60);
    const tasks = Array.from({ length: this.below(4) }, () => ({
      from: this.pick(before) ?? ('nobody_1' as MsgId),
      to: `${clientId}_${String(this.#messages++)}` as MsgId,
    }));
    for (const { to } of tasks) this.open.set(to, clientId);
    this.handle({ type: 'resubmit-asked', at: this.at, clientId, tasks, submitted: this.at, runId: null });
  }

  terms(targets: readonly EngineId[] | null): Pick<Submission, 'route'> | undefined {
    if (this.random() < 0.3) return undefined;
    const terms: TaskTerms = {
      ...NO_TERMS,
      after: this.random() < 0.3 ? this.dependency() : null,
      follow: this.random() < 0.2 ? this.dependency() : null,
      retries: this.below(3),
      priority: this.below(3) - 1,
      timeout: this.random() < 0.3 ? 1 : 0,
      runTimeout: this.random() < 0.2 ? 1 : 0,
      conditional: this.random() < 0.2,
    };
    return { route: { type: 'balanced', targets, terms } };
  }

  dependency(): DependencySpec {
    const known = [...this.open.keys(), ...[...this.settled].slice(-20)];
    const msgIds = Array.from({ length: this.below(4) }, () => this.pick(known) ?? ('nobody_1' as MsgId));
    if (this.random() < 0.01) msgIds.push('nobody_2' as MsgId);
    const success = this.random() < 0.7;
    return { msgIds, all: this.random() < 0.5, success, failure: !success || this.random() < 0.3 };
  }

  /** A load-balanced map. */
  submitMany(clientId: ClientId): void {
    const first = this.#messages;
    const count = (this.mostlyMaps ? 40 : 8) + this.below(60);
    this.#messages += count;
    for (let i = 0; i < count; i++) this.open.set(MsgId.create(clientId, first + i), clientId);
    const terms = { ...NO_TERMS, retries: this.below(2), priority: this.below(2) };
    const targets = this.random() < 0.2 ? [this.below(8), this.below(8)] : null;
    const route = { type: 'balanced', targets, share: `call ${String(first)}`, terms } as const;
    const call = callOf(first, count, { clientId, submitted: this.at, route });
    this.handle({ type: 'call-submitted', at: this.at, call });
  }

  /** Something goes on at an engine, or on the way to it or from it. */
  work(engine: FarEngine): void {
    if (!this.ready.has(engine.uuid) && engine.toHub.length === 0) engine.ready();
    if (this.random() < 0.7) engine.arrive(1 + this.below(8));
    if (this.random() < 0.7) this.begin(engine);
    // Several ones, of which it tells later.
    engine.holdsAnswers = this.random() < 0.5;
    for (let i = this.below(6); i >= 0; i--) {
      if (this.random() < 0.7) this.end(engine);
      if (engine.holdsAnswers) this.begin(engine);
    }
    if (this.random() < 0.5) engine.flush();
    if (this.random() < 0.7) this.hubHears(engine, 1 + this.below(8));
  }

  /** In the order in which they were said, and for as long as the line is not closed. */
  hubHears(engine: FarEngine, n: number): void {
    for (const event of engine.heard(n)) {
      if (!this.engines.has(engine.uuid)) return;
      if (event.type === 'engine-ready') this.ready.add(engine.uuid);
      if (event.type === 'replied' && event.reply.outcome.status === 'ok')
        this.succeeded.add(event.reply.msgId);
      if (event.type === 'items-done')
        event.ends.values.forEach((_: unknown, i: number) =>
          this.succeeded.add(MsgId.create(event.client, event.first + i)),
        );
      this.handle(event);
      if (event.type === 'replied' && this.random() < 0.05) this.hearAgain(engine, event);
    }
  }

  /** Nobody believes it twice; if it has come back to this engine meanwhile, it would be a reply to that. */
  hearAgain(engine: FarEngine, event: Extract<HubEvent, { type: 'replied' }>): void {
    if (this.engines.has(engine.uuid) && !engine.has(event.reply.msgId)) this.handle(event);
  }

  begin(engine: FarEngine): void {
    const msgId = engine.begin(this.random() < 0.5);
    if (msgId === null || engine.running === null) return;
    assert(!this.succeeded.has(msgId), 'begun after it had succeeded');
    for (const other of this.engines.values())
      assert(other === engine || other.running?.msgId !== msgId, 'runs on two engines');
  }

  end(engine: FarEngine): void {
    const failed = this.random() < (this.mostlyMaps ? 0.02 : 0.2);
    const big = { status: 'ok', value: packed(1, [new ArrayBuffer(8)], this.below(4000)) } as const;
    const refused = failed && this.random() < 0.5 ? REFUSED : FAILED;
    const outcome = failed ? refused : this.random() < 0.1 ? big : OK;
    const { isStopped } = engine;
    const msgId = engine.end(outcome, this.random() < 0.97 ? 0.1 : 5);
    if (msgId === null) return;
    if (isStopped) assert(this.interrupted.has(msgId), 'stopped by an interrupt that was meant for another');
  }

  ask(): void {
    const clientId = this.pick(this.clients);
    if (clientId === undefined) return;
    const n = this.#questions++;
    const ids = this.random() < 0.3 ? null : [this.below(8)];
    const alive = this.engines.size;
    const question = this.pick([
      { type: 'queue-status', engines: ids } as const,
      { type: 'clear', engines: ids } as const,
      { type: 'shutdown', engines: ids, restart: true } as const,
      ...(alive > 3 ? [{ type: 'shutdown', engines: [this.below(8)], restart: false } as const] : []),
      ...(alive < 8 ? [{ type: 'start-engines', n: this.below(3) } as const] : []),
      { type: 'results', msgIds: [...this.open.keys(), ...this.settled].slice(0, this.below(5)) } as const,
      { type: 'history' } as const,
      { type: 'queue-status', engines: ids, verbose: true } as const,
      { type: 'db-query', query: { engineId: { $gt: this.below(8) } }, keys: null } as const,
      {
        type: 'purge',
        msgIds: [...this.settled].slice(-this.below(5)),
        engines: this.random() < 0.3 ? [this.below(8)] : null,
        all: this.random() < 0.1,
      } as const,
    ]);
    this.asked.add(`${clientId} ${String(n)}`);
    if (question) this.handle({ type: 'asked', at: this.at, clientId, n, question });
  }

  connect(): void {
    const clientId = `client${String(this.#clients++)}` as ClientId;
    this.clients.add(clientId);
    this.handle({ type: 'client-connected', at: this.at, clientId });
  }

  disconnect(): void {
    const clientId = this.pick(this.clients);
    if (clientId === undefined || this.clients.size < 2) return;
    this.clients.delete(clientId);
    for (const [msgId, owner] of this.open) if (owner === clientId) this.open.delete(msgId);
    for (const key of this.asked) if (key.startsWith(`${clientId} `)) this.asked.delete(key);
    this.handle({ type: 'client-disconnected', at: this.at, clientId });
  }

  step(): void {
    const dice = this.random();
    const { at } = this;
    const engine = this.pick(this.engines.values());
    if (dice < 0.2) this.submit();
    else if (dice < 0.8 || (this.mostlyMaps && this.random() < 0.7)) {
      if (engine) this.work(engine);
    } else if (dice < 0.83) {
      this.handle({
        type: 'abort-asked',
        at,
        msgIds: [...this.open.keys()].filter(() => this.random() < 0.2),
      });
    } else if (dice < 0.85) {
      this.handle({
        type: 'cancel-asked',
        at,
        msgIds: [...this.open.keys()].filter(() => this.random() < 0.1),
      });
    } else if (dice < 0.87) {
      this.handle({ type: 'interrupt-asked', at, engines: this.random() < 0.3 ? null : [this.below(8)] });
    } else if (dice < 0.885) {
      if (engine) this.lose(engine);
    } else if (dice < 0.9) this.ask();
    else if (dice < 0.905) this.connect();
    else if (dice < 0.91) this.disconnect();
    else if (dice < 0.93) this.reachTimer();
    else if (dice < 0.935 && engine) engine.say({ type: 'properties-changed' });
    else if (dice < 0.94) this.resubmit();
    else if (dice < 0.95 && engine) {
      const msgId = this.pick([...this.open.keys(), engine.running?.msgId ?? null]) ?? null;
      engine.say({ type: 'event', msgId, event: { type: 'progress', done: 1, total: 2 } });
    } else this.handle({ type: 'turn-ended', at });
  }

  /** What it said before may still arrive, or some of it. */
  lose(engine: FarEngine): void {
    if (this.random() < 0.5) this.hubHears(engine, this.below(engine.toHub.length + 1));
    if (!this.engines.has(engine.uuid)) return;
    this.handle({ type: 'engine-lost', at: this.at, uuid: engine.uuid, reason: 'it crashed' });
  }

  reachTimer(): void {
    const timer = this.pick(this.timers.values());
    if (timer !== undefined) this.reach(timer);
  }

  reach(timer: Timer): void {
    this.timers.delete(timerKey(timer));
    this.handle({ type: 'timer-reached', at: this.at, timer });
  }

  workAll(): void {
    for (const engine of [...this.engines.values()]) if (this.engines.has(engine.uuid)) this.work(engine);
  }

  /** No more trouble: one engine at least, and everybody works. */
  drain(): void {
    this.connect();
    this.handle({ type: 'engine-asked', at: this.at, requestedId: null });
    for (let round = 0; round < 4000 && (this.open.size > 0 || this.asked.size > 0); round++) {
      this.workAll();
      // Whoever was refused everywhere gets another chance.
      if (round % 10 === 0)
        for (const engine of this.engines.values()) engine.say({ type: 'properties-changed' });
      // Who waits for a better engine than there is waits for the end of its time.
      if (round % 500 === 499)
        for (const timer of [...this.timers.values()]) if (timer.type === 'wait') this.reach(timer);
    }
  }
}

describe('the hub, whatever happens in whatever order', () => {
  it.each([1, 2, 3, 4, 6, 9])(
    'settles every task exactly once and answers every question (seed %i)',
    (seed) => {
      const world = new World(seed);
      world.connect();
      for (let i = 0; i < 4; i++) world.handle({ type: 'engine-asked', at: world.at, requestedId: null });
      for (let i = 0; i < 15_000; i++) world.step();
      world.drain();
      expect([...world.open.keys()]).toEqual([]);
      expect([...world.asked]).toEqual([]);
      expect(world.settled.size).toBeGreaterThan(1000);
      expect(world.seen.get('terminate-engine')).toBeGreaterThan(world.mostlyMaps ? 30 : 100);
      if (world.mostlyMaps) expect(world.seen.get(world.shares ? 'taken' : 'recall')).toBeGreaterThan(30);
      if (world.mostlyMaps) expect(world.seen.get('items together')).toBeGreaterThan(1000);
      // Of clients that have gone, work may still run.
      for (let i = 0; i < 200; i++) world.workAll();
      expect(world.hub.counts.pending).toBe(0);
      const journal = world.timers.get('journal');
      if (journal) world.reach(journal);
      expect(world.store.size).toBe(seed % 2 === 0 ? 0 : world.hub.counts.records);
      expect([...world.store.values()].filter((task) => task.status === 'pending')).toEqual([]);
      world.at += 1000;
      world.connect();
      let loads: number[] = [];
      for (const effect of world.hub.handle({ type: 'turn-ended', at: world.at })) {
        if (effect.type === 'publish')
          loads = effect.engines.map(({ outstanding, queued }) => outstanding + queued);
      }
      expect(loads.length).toBeGreaterThan(0);
      expect(loads.every((load) => load === 0)).toBe(true);
    },
    // A machine with other work may take ten times as long.
    120_000,
  );
});
