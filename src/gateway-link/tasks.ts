import type { Language } from '../protocol/client-messages.ts';
import type { MsgId, ClientId, EngineUuid } from '../protocol/ids.ts';
import type { MimeBundle } from '../protocol/outputs.ts';
import { payloadOf, type Outcome, type RunFacts, type Settlement } from '../protocol/replies.ts';
import type { EngineRequest, Method, Route, Submission } from '../protocol/requests.ts';
import type { LinkContext } from './context.ts';
import type { LinkEngine, Roster } from './roster.ts';

/** One request of a client of ours, from submission to settlement. */
export interface LinkTask {
  readonly msgId: MsgId;
  readonly clientId: ClientId;
  readonly name: string;
  readonly method: Method;
  readonly label: string | null;
  readonly language: Language;
  readonly submitted: number;
  readonly abortsQueueOnError: boolean;
  /** Names of functions are not asked for by engines of Python. */
  readonly isDirect: boolean;
  /** Seconds that it may run; 0: for ever. */
  readonly runTimeout: number;
  /** Who has it, as far as is known: a load-balanced one is seen when it runs. */
  engine: LinkEngine | null;
  /** The engine has said that it runs. */
  isRunning: boolean;
  /** The engine has said that all output is out. */
  isIdle: boolean;
  /** The reply, when it came before the last output. */
  reply: { readonly outcome: Outcome; readonly facts: RunFacts; readonly engine: LinkEngine | null } | null;
  /** `Out[…]` of an engine that sends it beside the reply. */
  executeResult: MimeBundle | null;
}

/** Results that are remembered, for `rc.getResult` of other clients. Older ones are asked of the hub. */
const MOST_KEPT = 256;

/** What is under way, and the one place where tasks end, each once. */
export class Tasks {
  readonly #context: LinkContext;
  readonly #roster: Roster;
  readonly #pending = new Map<MsgId, LinkTask>();
  readonly #finished = new Map<MsgId, Settlement>();
  readonly #listeners = new Map<MsgId, ((settlement: Settlement) => void)[]>();

  constructor(context: LinkContext, roster: Roster) {
    this.#context = context;
    this.#roster = roster;
  }

  get pending(): LinkTask[] {
    return [...this.#pending.values()];
  }

  find(msgId: unknown): LinkTask | undefined {
    return this.#pending.get(msgId as MsgId);
  }

  finished(msgId: MsgId): Settlement | undefined {
    return this.#finished.get(msgId);
  }

  add(submission: Submission, language: Language, engine: LinkEngine | null): LinkTask {
    const { msgId, clientId, request, label, submitted, abortsQueueOnError } = submission;
    const task: LinkTask = {
      msgId,
      clientId,
      label,
      submitted,
      language,
      abortsQueueOnError,
      engine,
      name: nameOf(request),
      method: request.method,
      isDirect: engine !== null,
      runTimeout: runTimeoutOf(submission.route),
      isRunning: false,
      isIdle: false,
      reply: null,
      executeResult: null,
    };
    this.#pending.set(msgId, task);
    this.#context.note('submitted', msgId, null, task.name);
    if (engine) {
      this.#context.note('sent', msgId, engine.id);
      this.assign(task, engine);
    } else this.#context.note('scheduled', msgId, null);
    return task;
  }

  /** Of a client that is gone: nobody waits any more. */
  forget(clientId: ClientId): LinkTask[] {
    const gone = this.pending.filter((task) => task.clientId === clientId);
    for (const task of gone) this.#release(task);
    return gone;
  }

  assign(task: LinkTask, engine: LinkEngine): void {
    task.engine = engine;
    engine.outstanding.add(task.msgId);
    this.#roster.touch();
    const { clientId, msgId } = task;
    this.#context.tell({ type: 'assigned', clientId, msgId, engineId: engine.id });
  }

  /** A task that never became one, or that ends by a decision of this side. */
  refuse(submission: { readonly msgId: MsgId; readonly clientId: ClientId }, outcome: Outcome): void {
    const { msgId, clientId } = submission;
    this.#finish(clientId, { msgId, outcome, facts: neverRan(), engineId: null, engineUuid: null });
  }

  end(task: LinkTask, outcome: Outcome, facts: RunFacts, engine: LinkEngine | null): void {
    if (!this.#pending.has(task.msgId)) return;
    this.#release(task);
    if (engine && outcome.status !== 'aborted') {
      engine.completed++;
      if (outcome.status === 'error') engine.failed++;
    }
    const settlement: Settlement = {
      msgId: task.msgId,
      outcome,
      facts: clamp(facts, task.submitted),
      engineId: engine?.id ?? null,
      engineUuid: engine?.uuid ?? (null as EngineUuid | null),
    };
    this.#finish(task.clientId, settlement);
  }

  /** Called when the task ends; at once when it has. */
  onSettled(msgId: MsgId, listener: (settlement: Settlement) => void): void {
    this.#listeners.set(msgId, [...(this.#listeners.get(msgId) ?? []), listener]);
  }

  purge(unwanted: (settlement: Settlement) => boolean): void {
    for (const [msgId, settlement] of this.#finished) if (unwanted(settlement)) this.#finished.delete(msgId);
  }

  /** A result of a task that no client here waits for: one before a reload, or one submitted again by the hub. */
  keep(settlement: Settlement): void {
    this.#finished.set(settlement.msgId, settlement);
    for (const listener of this.#listeners.get(settlement.msgId) ?? []) listener(settlement);
    this.#listeners.delete(settlement.msgId);
    const [oldest] = this.#finished.keys();
    if (this.#finished.size > MOST_KEPT && oldest !== undefined) this.#finished.delete(oldest);
  }

  #finish(clientId: ClientId, settlement: Settlement): void {
    const isWanted = this.#listeners.has(settlement.msgId);
    const big = (payloadOf(settlement.outcome)?.buffers.length ?? 0) > 0;
    // Buffers are moved to the client; a copy is made only for whoever waits for one.
    if (!big) this.keep(settlement);
    else if (isWanted) this.keep(structuredClone(settlement));
    const { outcome, msgId, engineId } = settlement;
    const how = outcome.status === 'error' ? `error, ${outcome.error.ename}` : outcome.status;
    this.#context.note('settled', msgId, engineId, how);
    this.#context.settle(clientId, settlement);
  }

  #release(task: LinkTask): void {
    this.#pending.delete(task.msgId);
    task.engine?.outstanding.delete(task.msgId);
    this.#context.emit({ type: 'cancel-timer', timer: drainTimer(task.msgId) });
    if (task.runTimeout > 0) this.#context.emit({ type: 'cancel-timer', timer: limitTimer(task.msgId) });
    this.#roster.touch();
  }
}

/** Runs out when an engine has answered and its last output does not come. */
export function drainTimer(msgId: MsgId): string {
  return `drain ${msgId}`;
}

/** Runs out when a task has run for as long as it may. */
export function limitTimer(msgId: MsgId): string {
  return `limit ${msgId}`;
}

function runTimeoutOf(route: Route): number {
  return (route.type === 'direct' ? route.runTimeout : route.terms?.runTimeout) ?? 0;
}

export function neverRan(): RunFacts {
  return { started: null, completed: null, executeResult: null, executionCount: 0 };
}

/** Clocks of machines differ; nothing may seem to start before it was submitted. */
function clamp(facts: RunFacts, submitted: number): RunFacts {
  const started = facts.started === null ? null : Math.max(facts.started, submitted);
  const completed = facts.completed === null ? null : Math.max(facts.completed, started ?? submitted);
  return { ...facts, started, completed };
}

function nameOf(request: EngineRequest): string {
  return request.method === 'apply' || request.method === 'map' ? request.name : request.method;
}
