import type { WireError } from '../../protocol/errors.ts';
import { MsgId, type ClientId, type EngineId, type EngineUuid } from '../../protocol/ids.ts';
import type { StreamEvent } from '../../protocol/outputs.ts';
import type { Submission } from '../../protocol/requests.ts';
import { UNMET } from '../../protocol/terms.ts';
import type { HubEvent } from '../events.ts';
import {
  ABORTED,
  aborted,
  dependencyTimedOut,
  INTERRUPTED,
  ranTooLong,
  waitedTooLong,
  abortedByFailure,
  clusterStopped,
  deadEngine,
  failure,
  impossible,
  noSuchEngine,
} from '../sentences.ts';
import type { BalancedRoute } from '../schedulers/balanced-route.ts';
import type { DependencyGraph, Verdict } from '../schedulers/dependency-graph.ts';
import type { DirectRoute } from '../schedulers/direct-route.ts';
import { Share } from '../schedulers/share.ts';
import type { Outcome } from '../../protocol/replies.ts';
import { submissionsOf, endAt, type CallSubmission, type Ends } from '../../protocol/calls.ts';
import type { ItemSpan } from '../../protocol/engine-messages.ts';
import type { Calls } from './calls.ts';
import type { Context } from './context.ts';
import type { EngineLives } from './engine-lives.ts';
import { partOf } from './ended-items.ts';
import type { Fates } from './fates.ts';
import type { Inits } from './inits.ts';
import type { Groups } from './groups.ts';
import type { Interrupts } from './interrupts.ts';
import type { Journal } from './journal.ts';
import type { Payloads } from './payloads.ts';
import type { Pending } from './pending.ts';
import type { Publisher } from './publisher.ts';
import type { Records } from './records.ts';
import type { SecondTries } from './second-tries.ts';
import type { Settler } from './settler.ts';
import { ItemRange, spanOf, Task, type Engine, type Work } from './state.ts';
import type { TaskClocks } from './task-clocks.ts';

export interface TaskParts {
  readonly context: Context;
  readonly engines: ReadonlyMap<EngineId, Engine>;
  /** What has not ended; `Settler` takes it out. */
  readonly pending: Pending;
  readonly calls: Calls;
  readonly records: Records;
  readonly payloads: Payloads;
  readonly journal: Journal;
  readonly groups: Groups;
  readonly publisher: Publisher;
  readonly settler: Settler;
  readonly direct: DirectRoute;
  readonly balanced: BalancedRoute;
  readonly lives: EngineLives;
  readonly interrupts: Interrupts;
  readonly inits: Inits;
  readonly graph: DependencyGraph;
  readonly fates: Fates;
  readonly tries: SecondTries;
  readonly clocks: TaskClocks;
}

type EventOf<Type extends HubEvent['type']> = Extract<HubEvent, { readonly type: Type }>;

/** The life of a task as long as all goes well: taken in, routed, heard of, replied. */
export class Tasks {
  readonly #parts: TaskParts;
  #arrivals = 0;
  #shares = 0;

  constructor(parts: TaskParts) {
    this.#parts = parts;
  }

  /** `isClosed`: nothing runs any more. Those that are known already, or whose client is not, are ignored. */
  submit(submissions: readonly Submission[], isClosed: boolean): void {
    let share: Share | null = null;
    const tasks: Task[] = [];
    let before: Submission | undefined;
    for (const submission of submissions) {
      const name = shareOf(submission);
      if (name === null) share = null;
      else if (share === null || shareOf(before) !== name) share = new Share(++this.#shares);
      const task = this.#takeIn(submission, share);
      if (task !== null) tasks.push(task);
      before = submission;
    }
    // All users of a request must be known before the first is sent.
    for (const { request } of tasks) if (request !== null) this.#parts.payloads.retain(request);
    for (const submission of submissions) this.#parts.inits.note(submission);
    this.#parts.groups.join(tasks);
    for (const task of tasks) {
      if (isClosed) this.#parts.settler.decided(task, failure('EngineError', clusterStopped(task.name)));
      else if (task.aim !== null) this.#routeDirect(task, task.aim);
      else this.#judge(this.#parts.graph.admit(task), task);
    }
  }

  /** What can be no call, for what is known of its ids or its engines, is taken in as its tasks. */
  submitCall(submission: CallSubmission, isClosed: boolean): void {
    const { context, calls, balanced, journal } = this.#parts;
    if (!context.clients.has(submission.clientId)) return;
    if (
      isClosed ||
      !balanced.takesItems ||
      !calls.areNew(submission) ||
      !this.#exists(submission.route.targets)
    ) {
      this.submit(submissionsOf(submission), isClosed);
      return;
    }
    const share = new Share(++this.#shares);
    const turn = balanced.turnsFor(share, submission.count);
    const { call, range } = calls.add(submission, { seq: this.#arrivals, turn, share });
    this.#arrivals += submission.count;
    journal.submitted(call);
    context.noteItems('submitted', spanOf(range), null, call.name);
    balanced.submitItems(range);
  }

  /** Items that have left their calls meanwhile end like any task. */
  itemsDone({ uuid, client, first, ends, at }: EventOf<'items-done'>): void {
    const engine = this.#parts.lives.find(uuid);
    if (engine === undefined) return;
    const n = ends.values.length;
    for (let i = 0; i < n;) {
      const range = this.#rangeOf(engine, client, first + i);
      if (range === null) {
        const reply = { msgId: MsgId.create(client, first + i), ...endAt(ends, i) };
        this.replied({ type: 'replied', at, uuid, reply, names: null });
        i++;
      } else {
        const count = Math.min(range.count, n - i);
        this.#itemsDone(range, engine, partOf(ends, i, i + count));
        i += count;
      }
      // Whoever has hold of it now is another.
      if (this.#parts.lives.find(uuid) !== engine) return;
    }
    this.#goOn(engine);
    this.serve(engine);
  }

  /** Of items in the hands of the engine: those from that one on. */
  #rangeOf(engine: Engine, client: ClientId, number: number): ItemRange | null {
    const found = this.#parts.calls.at(client, number);
    const range = found?.call.rangeOf(found.item) ?? null;
    if (found === null || range?.engine !== engine || range.state === 'waiting') return null;
    return this.#parts.calls.split(range, found.item);
  }

  #itemsDone(range: ItemRange, engine: Engine, ends: Ends): void {
    const { pace } = range.call;
    engine.completed += ends.values.length;
    this.#parts.settler.itemsDone(range, engine, ends);
    for (let i = 0; i < ends.started.length; i++)
      pace.learn(ends.started[i] ?? NaN, ends.completed[i] ?? NaN);
  }

  /** Output of a task on the engine that has it, or had it when it ended. */
  streamed({ uuid, msgId, event }: EventOf<'streamed'>): void {
    const held = msgId === null ? null : this.#heldBy(uuid, msgId);
    if (held === null) {
      if (msgId !== null) this.#streamedLate(uuid, msgId, event);
      return;
    }
    const { clientId, msgId: id } = held.task;
    held.task.printed.hear(event);
    this.#parts.context.tell(clientId, {
      type: 'event',
      clientId,
      msgId: id,
      engineId: held.engine.id,
      event,
    });
  }

  /** What it has started goes on: a timer, a promise that nobody awaits. */
  #streamedLate(uuid: EngineUuid, msgId: MsgId, event: StreamEvent): void {
    const { pending, records, lives, context } = this.#parts;
    const engine = lives.find(uuid);
    const record = records.get(msgId);
    // It runs elsewhere, or was ended by another engine: what this one says of it is no news.
    if (engine === undefined || pending.has(msgId) || (record && record.engineUuid !== uuid)) return;
    if (record) records.hear(record, event);
    else if (!records.wasCulled(msgId)) return;
    const clientId = record?.clientId ?? MsgId.client(msgId);
    const late = { runId: record?.header.runId ?? null };
    context.tell(clientId, { type: 'event', clientId, msgId, engineId: engine.id, event, late });
  }

  replied({ uuid, reply, names }: EventOf<'replied'>): void {
    const held = this.#heldBy(uuid, reply.msgId);
    if (held === null) {
      this.#ghostLeaves(uuid, reply.msgId);
      return;
    }
    const { task, engine } = held;
    const { status } = reply.outcome;
    if (names !== null) engine.names = names;
    if (status !== 'aborted') engine.completed++;
    if (status === 'error') engine.failed++;
    this.#parts.context.note('replied', task.msgId, engine.id, status);
    task.pace?.learn(reply.facts.started, reply.facts.completed);
    const { outcome } = reply;
    if (outcome.status === 'error') this.#tellOfInit(task, engine, outcome.error);
    if (outcome.status === 'error' && this.#parts.tries.failed(task, engine, outcome.error)) {
      this.#goOn(engine);
      this.#parts.balanced.takeBack([task]);
    } else {
      const mismatch = outcome.status === 'ok' ? this.#parts.groups.mismatch(task, reply.called) : null;
      const ended = mismatch === null ? finalOutcome(task, outcome) : failure('CommError', mismatch);
      this.#parts.settler.replied(task, ended, reply.facts);
      this.#goOn(engine);
    }
    if (status === 'error' && task.abortsQueueOnError) this.#abortBehind(task, engine);
    this.serve(engine);
  }

  /** The engine has answered about a task that was called off; what follows it goes on. */
  #ghostLeaves(uuid: EngineUuid, msgId: MsgId): void {
    const engine = this.#parts.lives.find(uuid);
    const ghost = engine?.ghost(msgId);
    if (engine === undefined || ghost === undefined) return;
    this.#removeGhost(ghost, engine);
    this.#goOn(engine);
    this.serve(engine);
  }

  #removeGhost(ghost: Task, engine: Engine): void {
    const { context } = this.#parts;
    if (engine.interrupting === ghost) context.cancelTimer({ type: 'grace', uuid: engine.uuid });
    engine.take(ghost);
    context.note('ghost left', ghost.msgId, engine.id);
  }

  #tellOfInit(task: Task, engine: Engine, { ename, evalue }: WireError): void {
    const text = this.#parts.inits.failureOf(task, engine, `${ename}: ${evalue}`);
    if (text !== null) this.#parts.context.emit({ type: 'notice', level: 'warning', text });
  }

  /**
   * Items that the engine gave back: into line again, unless somebody has wanted them gone since. It has begun none of
   * them, whatever was believed here: what it said of those before may have crossed the recall.
   */
  returned({ uuid, spans }: EventOf<'returned'>): void {
    const engine = this.#parts.lives.find(uuid);
    if (engine === undefined) return;
    engine.isRecalling = false;
    const waiting: Work[] = [];
    for (const span of spans) this.#giveBack(engine, span, waiting);
    this.#goOn(engine);
    // Direct requests may have waited for the room that these took.
    this.#parts.direct.serve(engine);
    this.#parts.balanced.takeBack(waiting);
    this.#parts.publisher.workChanged();
  }

  /** Adds what is to run elsewhere to `waiting`. */
  #giveBack(engine: Engine, { client, first, count }: ItemSpan, waiting: Work[]): void {
    const { calls, tries } = this.#parts;
    for (let number = first; number < first + count;) {
      const range = this.#rangeOf(engine, client, number);
      if (range === null) {
        const task = this.#givenBack(engine, MsgId.create(client, number));
        if (task !== undefined && this.#comesBack(task, engine)) waiting.push(task);
        number++;
        continue;
      }
      calls.split(range, range.from + first + count - number);
      if (engine.running === range) engine.unbegin(range);
      number += range.count;
      tries.releaseItems(range, engine);
      waiting.push(range);
    }
  }

  /** One that has left its call, or its ghost. */
  #givenBack(engine: Engine, msgId: MsgId): Task | undefined {
    const task = this.#parts.pending.tasks.get(msgId);
    if (task === undefined) return engine.ghost(msgId);
    const isItem = task.pace !== null;
    return isItem && task.engine === engine && task.state !== 'waiting' ? task : undefined;
  }

  /** Whether it is to run elsewhere. */
  #comesBack(task: Task, engine: Engine): boolean {
    const { context, settler, tries } = this.#parts;
    context.note('returned', task.msgId, engine.id);
    const wasStopped = engine.interrupting === task && !task.overran;
    if (engine.running === task) engine.unbegin(task);
    if (task.state === 'ended') this.#removeGhost(task, engine);
    else if (task.wish !== null) settler.decided(task, aborted(ABORTED));
    else if (wasStopped) settler.decided(task, failure('KeyboardInterrupt', INTERRUPTED));
    else {
      tries.release(task, engine, 'returned');
      return true;
    }
    return false;
  }

  /** Tasks that this engine has refused may suit it now. */
  propertiesChanged(uuid: EngineUuid): void {
    const { pending, balanced } = this.#parts;
    for (const { unmet, state } of pending.tasks.values()) if (state !== 'waiting') unmet?.delete(uuid);
    balanced.forgetRefusals(uuid);
  }

  /** What has ended decides about those that depend on it, which may decide about others. */
  settleDependents(isClosed: boolean): void {
    const { fates, graph } = this.#parts;
    for (let news = fates.takeNews(); news.length > 0; news = fates.takeNews()) {
      for (const fate of news) {
        for (const verdict of graph.ended(fate)) this.#judge(verdict, null, isClosed);
      }
    }
  }

  /** It has waited in the hub for as long as it may. */
  waitedTooLong(msgId: MsgId): void {
    const { pending, graph, settler } = this.#parts;
    const task = pending.get(msgId);
    if (task?.state !== 'waiting') return;
    const { name, terms, list, unmet } = task;
    const isHeld = list === graph.held || unmet !== null;
    const outcome = isHeld
      ? failure('DependencyTimeout', dependencyTimedOut(name, terms.timeout))
      : failure('TaskTimeout', waitedTooLong(name, terms.timeout));
    settler.decided(task, outcome);
  }

  /** It has run for as long as it may. */
  ranTooLong(msgId: MsgId): void {
    const task = this.#parts.pending.get(msgId);
    if (task?.state !== 'running' || task.engine === null) return;
    task.overran = true;
    this.#parts.context.note('ran too long', msgId, task.engine.id);
    this.#parts.interrupts.interrupt(task.engine);
  }

  #judge(verdict: Verdict, task: Task | null, isClosed = false): void {
    switch (verdict.type) {
      case 'free':
        if (isClosed) this.#dismiss(verdict.task);
        else this.#routeBalanced(verdict.task, task === null);
        break;
      case 'refused':
        this.#parts.settler.decided(verdict.task, verdict.outcome);
        break;
      case 'held':
        if (task === null) break;
        this.#parts.context.note('held', task.msgId, null);
        this.#checkTargets(task);
        this.#parts.clocks.waits(task);
    }
  }

  #dismiss(task: Task): void {
    this.#parts.settler.decided(task, failure('EngineError', clusterStopped(task.name)));
  }

  /** With the next of those that the engine has been given. */
  #goOn(engine: Engine): void {
    const next = engine.begin(this.#parts.context.at);
    if (next === null) return;
    if (!(next instanceof ItemRange)) {
      this.#parts.context.note('started', next.msgId, engine.id);
      if (next.state === 'running') this.#parts.clocks.runs(next);
    }
    this.#parts.interrupts.started(next, engine);
  }

  /** Before all else. */
  replayInits(engine: Engine): void {
    this.#parts.inits.replay(engine, () => this.#arrivals++);
  }

  /** `engine` has less to do than before, or has just become ready. */
  serve(engine: Engine): void {
    this.#parts.publisher.workChanged();
    this.#parts.direct.serve(engine);
    if (engine.phase === 'ready') this.#parts.balanced.serve(engine);
  }

  #takeIn(submission: Submission, share: Share | null): Task | null {
    const { context, pending, records, journal } = this.#parts;
    const { msgId, clientId } = submission;
    const isKnown = pending.has(msgId) || records.get(msgId) !== undefined;
    if (isKnown || !context.clients.has(clientId)) return null;
    const task = new Task(submission, this.#arrivals++, share);
    this.#parts.calls.note(clientId, MsgId.number(msgId));
    pending.add(task);
    journal.submitted(msgId);
    context.note('submitted', msgId, null, task.name);
    return task;
  }

  #routeDirect(task: Task, id: EngineId): void {
    const { engines, direct, publisher, settler, lives } = this.#parts;
    const engine = engines.get(id);
    const death = lives.deathOf(id);
    if (engine !== undefined) {
      direct.submit(task, engine);
      publisher.workChanged();
    } else if (death !== null) {
      settler.decided(task, failure('EngineError', deadEngine(id, death)));
    } else {
      settler.decided(task, failure('IndexError', noSuchEngine(id)));
    }
  }

  /** `hasWaited`: in the hub, so that its clock runs. */
  #routeBalanced(task: Task, hasWaited: boolean): void {
    if (!this.#checkTargets(task)) return;
    if (hasWaited) this.#parts.context.note('freed', task.msgId, null);
    this.#parts.balanced.submit(task);
    if (!hasWaited && task.state === 'waiting') this.#parts.clocks.waits(task);
  }

  /** One of the engines that the task may run on exists; else it is settled. */
  #checkTargets(task: Task): boolean {
    const { targets } = task;
    if (this.#exists(targets)) return true;
    this.#parts.settler.decided(task, impossible(targets ?? []));
    return false;
  }

  #exists(targets: readonly EngineId[] | null): boolean {
    return targets === null || targets.some((id) => this.#parts.engines.has(id));
  }

  /** The task, if the engine in its present life has it. */
  #heldBy(uuid: EngineUuid, msgId: MsgId): { readonly task: Task; readonly engine: Engine } | null {
    const task = this.#parts.pending.get(msgId);
    const engine = this.#parts.lives.find(uuid);
    if (task === undefined || engine === undefined) return null;
    return task.engine === engine && task.state !== 'waiting' ? { task, engine } : null;
  }

  #abortBehind(failed: Task, engine: Engine): void {
    const outcome = aborted(abortedByFailure(failed.label ?? failed.name, engine.id));
    for (const task of this.#parts.pending.tasksOf([...engine.waiting])) {
      if (task.clientId === failed.clientId) this.#parts.settler.decided(task, outcome);
    }
  }
}

function shareOf(submission: Submission | undefined): string | null {
  return submission?.route.type === 'balanced' ? (submission.route.share ?? null) : null;
}

/** What an engine says of a task that was to stop, or to begin nowhere. A result that came all the same is one. */
function finalOutcome({ name, terms, overran, wish }: Task, outcome: Outcome): Outcome {
  if (outcome.status !== 'error') return outcome;
  if (overran) return failure('TaskTimeout', ranTooLong(name, terms.runTimeout));
  return wish !== null && outcome.error.ename === UNMET ? aborted(ABORTED) : outcome;
}
