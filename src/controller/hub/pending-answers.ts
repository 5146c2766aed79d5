import type { Answer } from '../../protocol/client-messages.ts';
import type { ClientId, EngineId, EngineUuid, MsgId } from '../../protocol/ids.ts';
import type { Settlement } from '../../protocol/replies.ts';
import { noneStarted } from '../sentences.ts';
import type { Context } from './context.ts';
import type { LifeListener } from './engine-lives.ts';
import type { SettlementListener } from './settler.ts';
import type { Engine } from './state.ts';

/** Who asked. */
export interface Asker {
  readonly clientId: ClientId;
  readonly n: number;
}

interface Clearing {
  readonly asker: Asker;
  /** Lives that have neither cleared nor ended. */
  readonly engines: Set<EngineUuid>;
}

interface Starting {
  readonly asker: Asker;
  /** In the order of the answer. */
  readonly ids: readonly EngineId[];
  /** Neither ready nor gone. */
  readonly waitingFor: Set<EngineId>;
  readonly gone: Set<EngineId>;
}

interface Awaiting {
  readonly asker: Asker;
  /** In the order of the answer. */
  readonly msgIds: readonly MsgId[];
  readonly settlements: Map<MsgId, Settlement>;
  /** How many different ones `settlements` still lacks. */
  missing: number;
}

/**
 * Questions that cannot be answered at once. Each waits for things that are bound to happen: an engine
 * that clears or dies, one that gets ready or is given up, a task that ends.
 */
export class PendingAnswers implements SettlementListener, LifeListener {
  readonly #context: Context;
  /** By token. */
  readonly #clearing = new Map<number, Clearing>();
  readonly #starting = new Set<Starting>();
  readonly #awaiting = new Set<Awaiting>();
  /** Of `#awaiting`, by the tasks they still miss. */
  readonly #byTask = new Map<MsgId, Set<Awaiting>>();
  #tokens = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  answer({ clientId, n }: Asker, answer: Answer): void {
    this.#context.tell(clientId, { type: 'answer', clientId, n, answer });
  }

  /** Answered with null when all have cleared or ended. Returns the token for the engines. */
  untilCleared(asker: Asker, engines: readonly Engine[]): number {
    const token = ++this.#tokens;
    this.#clearing.set(token, { asker, engines: new Set(engines.map((engine) => engine.uuid)) });
    this.#checkCleared(token);
    return token;
  }

  cleared(uuid: EngineUuid, token: number): void {
    if (this.#clearing.get(token)?.engines.delete(uuid) === true) this.#checkCleared(token);
  }

  /** Answered with the ids of those that are ready, when all are ready or gone. */
  untilReady(asker: Asker, ids: readonly EngineId[]): void {
    const starting = { asker, ids, waitingFor: new Set(ids), gone: new Set<EngineId>() };
    this.#starting.add(starting);
    this.#checkStarted(starting);
  }

  /** Answered with all settlements, in the order of `msgIds`, when the last of the tasks has ended. */
  untilSettled(asker: Asker, msgIds: readonly MsgId[], known: ReadonlyMap<MsgId, Settlement>): void {
    const missing = new Set(msgIds.filter((msgId) => !known.has(msgId)));
    const awaiting = { asker, msgIds, settlements: new Map(known), missing: missing.size };
    this.#awaiting.add(awaiting);
    for (const msgId of missing) {
      const waiters = this.#byTask.get(msgId);
      if (waiters) waiters.add(awaiting);
      else this.#byTask.set(msgId, new Set([awaiting]));
    }
    this.#checkSettled(awaiting);
  }

  wants(msgId: MsgId): boolean {
    return this.#byTask.has(msgId);
  }

  settled(settlement: Settlement): void {
    const waiters = this.#byTask.get(settlement.msgId);
    if (waiters === undefined) return;
    this.#byTask.delete(settlement.msgId);
    for (const awaiting of waiters) {
      awaiting.settlements.set(settlement.msgId, settlement);
      awaiting.missing--;
      this.#checkSettled(awaiting);
    }
  }

  engineReady({ id }: Engine): void {
    for (const starting of this.#starting) {
      if (starting.waitingFor.delete(id)) this.#checkStarted(starting);
    }
  }

  engineGone(id: EngineId): void {
    for (const starting of this.#starting) {
      if (!starting.waitingFor.delete(id)) continue;
      starting.gone.add(id);
      this.#checkStarted(starting);
    }
  }

  lifeEnded({ uuid }: Engine): void {
    for (const token of this.#clearing.keys()) this.cleared(uuid, token);
  }

  clientGone(clientId: ClientId): void {
    for (const [token, { asker }] of this.#clearing)
      if (asker.clientId === clientId) this.#clearing.delete(token);
    for (const starting of this.#starting) {
      if (starting.asker.clientId === clientId) this.#starting.delete(starting);
    }
    for (const awaiting of this.#awaiting) if (awaiting.asker.clientId === clientId) this.#forget(awaiting);
  }

  /** What is still waited for. */
  get open(): { engines: EngineUuid[]; starting: EngineId[]; tasks: MsgId[] } {
    return {
      engines: [...this.#clearing.values()].flatMap(({ engines }) => [...engines]),
      starting: [...this.#starting].flatMap(({ waitingFor }) => [...waitingFor]),
      tasks: [...this.#byTask.keys()],
    };
  }

  #checkCleared(token: number): void {
    const clearing = this.#clearing.get(token);
    if (clearing === undefined || clearing.engines.size > 0) return;
    this.#clearing.delete(token);
    this.answer(clearing.asker, { ok: true, value: null });
  }

  #checkStarted(starting: Starting): void {
    if (starting.waitingFor.size > 0) return;
    this.#starting.delete(starting);
    const ready = starting.ids.filter((id) => !starting.gone.has(id));
    if (ready.length === 0 && starting.ids.length > 0) {
      this.answer(starting.asker, { ok: false, ename: 'EngineError', evalue: noneStarted(starting.ids) });
    } else {
      this.answer(starting.asker, { ok: true, value: ready });
    }
  }

  #checkSettled(awaiting: Awaiting): void {
    const { asker, msgIds, settlements } = awaiting;
    if (awaiting.missing > 0) return;
    this.#awaiting.delete(awaiting);
    this.answer(asker, { ok: true, value: msgIds.map((msgId) => settlements.get(msgId)) });
  }

  #forget(awaiting: Awaiting): void {
    this.#awaiting.delete(awaiting);
    for (const msgId of awaiting.msgIds) {
      const waiters = this.#byTask.get(msgId);
      waiters?.delete(awaiting);
      if (waiters?.size === 0) this.#byTask.delete(msgId);
    }
  }
}
