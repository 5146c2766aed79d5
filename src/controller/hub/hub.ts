import { assertNever } from '../../base/assert.ts';
import type { Random } from '../../base/random.ts';
import type { Question } from '../../protocol/client-messages.ts';
import type { ClientId, EngineId, EngineUuid, MsgId } from '../../protocol/ids.ts';
import type { StoredTask } from '../../protocol/stored-task.ts';
import { BalancedRoute } from '../schedulers/balanced-route.ts';
import { DependencyGraph } from '../schedulers/dependency-graph.ts';
import { DirectRoute } from '../schedulers/direct-route.ts';
import { schemeOf } from '../schedulers/schemes.ts';
import type { HubEffect, HubEvent, Timer } from '../events.ts';
import { hubOptions, type HubOptionsSpec } from '../../protocol/hub-options.ts';
import {
  badSchemeNotice,
  CLUSTER_IS_STOPPED,
  clusterStopped,
  cutOffNotice,
  failure,
  startTimedOut,
} from '../sentences.ts';
import { Places } from '../places.ts';
import { Autoscaler } from './autoscaler.ts';
import { Calls } from './calls.ts';
import { Context } from './context.ts';
import { Database } from './database.ts';
import { Dispatcher } from './dispatcher.ts';
import { EngineLives } from './engine-lives.ts';
import { Fates } from './fates.ts';
import { Inits } from './inits.ts';
import { Journal } from './journal.ts';
import { Groups } from './groups.ts';
import { Interrupts } from './interrupts.ts';
import { Payloads } from './payloads.ts';
import { Pending } from './pending.ts';
import { PendingAnswers } from './pending-answers.ts';
import { Publisher } from './publisher.ts';
import { Questions } from './questions.ts';
import { Records } from './records.ts';
import { restoredRecord } from './restored.ts';
import { resubmissions } from './resubmissions.ts';
import { SecondTries } from './second-tries.ts';
import { Settler } from './settler.ts';
import { ItemRange, type Engine, type Work } from './state.ts';
import type { StoryLine } from './story.ts';
import { TaskClocks } from './task-clocks.ts';
import { Tasks } from './tasks.ts';
import { validateHub } from './validate.ts';
import { Wishes } from './wishes.ts';

export interface HubSetup {
  /** For the uuids of engines. */
  readonly random: Random;
  readonly options?: HubOptionsSpec;
  /** Whether items that an engine has not begun can be taken from it without asking, for memory is shared. Default true. */
  readonly canTakeBack?: boolean;
  /** Which engines take. Default: as many as a page may have, for this hub alone. */
  readonly places?: Places;
}

/** Throws RangeError or TypeError for bad options. */
export function createHub(setup: HubSetup): Hub {
  return new Hub(setup);
}

/**
 * The controller's brain: what happens comes in as events, what is to be done goes out as effects, and nothing
 * else happens. Its promises: every task that came in is settled exactly once, or something is still bound to
 * happen that settles it (an engine that runs it or gets ready, a timer, an engine that may yet be started);
 * no load-balanced task waits while an engine that may run it has room; its memory is bounded by its options
 * and by what is pending. What no longer applies (a reply of a life that has ended, a second abort) is ignored.
 */
export class Hub {
  readonly #parts: Parts;
  readonly #tasks: Tasks;
  readonly #wishes: Wishes;
  readonly #questions: Questions;
  #closed = false;

  constructor(setup: HubSetup) {
    const parts = assemble(setup);
    const tasks = new Tasks(parts);
    const serve = (engine: Engine) => {
      tasks.serve(engine);
    };
    this.#parts = parts;
    this.#tasks = tasks;
    this.#wishes = new Wishes({ ...parts, serve });
    this.#questions = new Questions(parts);
  }

  handle(event: HubEvent): readonly HubEffect[] {
    this.#parts.context.begin(event);
    this.#react(event);
    this.#tasks.settleDependents(this.#closed);
    return this.#parts.context.finish();
  }

  /** The life of one task, as far back as the log goes, oldest first. */
  story(msgId: MsgId): readonly StoryLine[] {
    return this.#parts.context.story.of(msgId);
  }

  /** Throws InvariantError when the hub contradicts itself. For tests. */
  validate(): void {
    validateHub({ ...this.#parts, find: (uuid) => this.#parts.lives.find(uuid) });
  }

  /** How much the hub holds. */
  get counts(): {
    readonly pending: number;
    readonly records: number;
    readonly bytes: number;
    readonly engines: number;
  } {
    const { pending, records, engines } = this.#parts;
    return {
      pending: pending.size,
      records: records.size,
      bytes: records.bytes,
      engines: engines.size,
    };
  }

  #react(event: HubEvent): void {
    switch (event.type) {
      case 'submitted':
        this.#tasks.submit(event.submissions, this.#closed);
        break;
      case 'call-submitted':
        this.#tasks.submitCall(event.call, this.#closed);
        break;
      case 'items-done':
        this.#tasks.itemsDone(event);
        break;
      case 'names-changed':
        this.#onNamesChanged(event.uuid, event.names);
        break;
      case 'streamed':
        this.#tasks.streamed(event);
        break;
      case 'replied':
        this.#tasks.replied(event);
        break;
      case 'returned':
        this.#tasks.returned(event);
        break;
      case 'turn-ended':
        if (!this.#closed) this.#parts.autoscaler.look();
        this.#parts.publisher.turnEnded();
        break;
      case 'client-connected':
        this.#onClientConnected(event.clientId);
        break;
      case 'client-disconnected':
        this.#onClientDisconnected(event.clientId);
        break;
      case 'abort-asked':
        this.#wishes.abort(event.msgIds);
        break;
      case 'cancel-asked':
        this.#wishes.cancel(event.msgIds);
        break;
      case 'resubmit-asked':
        this.#onResubmitAsked(event);
        break;
      case 'interrupt-asked':
        this.#wishes.interrupt(event.engines);
        break;
      case 'asked':
        this.#onAsked(event);
        break;
      case 'engine-asked':
        if (!this.#closed && this.#parts.places.free > 0) this.#parts.lives.start(event.requestedId);
        break;
      case 'engine-ready':
        this.#onEngineReady(event.uuid);
        break;
      case 'engine-lost':
        this.#onEngineLost(event.uuid, event.reason);
        break;
      case 'properties-changed':
        this.#tasks.propertiesChanged(event.uuid);
        break;
      case 'cleared':
        this.#parts.answers.cleared(event.uuid, event.token);
        break;
      case 'timer-reached':
        this.#onTimerReached(event.timer);
        break;
      case 'history-restored':
        this.#onHistoryRestored(event.tasks);
        break;
      case 'closed':
        this.#onClosed();
        break;
      default:
        return assertNever(event);
    }
  }

  #onClientConnected(clientId: ClientId): void {
    this.#parts.context.clients.add(clientId);
    this.#parts.publisher.livesChanged();
  }

  /** Nobody is told. */
  #onClientDisconnected(clientId: ClientId): void {
    if (!this.#parts.context.clients.delete(clientId)) return;
    this.#parts.answers.clientGone(clientId);
    this.#wishes.clientGone(clientId);
  }

  #onResubmitAsked(event: Extract<HubEvent, { readonly type: 'resubmit-asked' }>): void {
    const { submissions, refusals } = resubmissions(event, this.#parts);
    const { clientId } = event;
    for (const settlement of refusals) {
      this.#parts.context.tell(clientId, { type: 'settled', clientId, settlement });
    }
    this.#tasks.submit(submissions, this.#closed);
  }

  #onAsked({ clientId, n, question }: Extract<HubEvent, { readonly type: 'asked' }>): void {
    this.#parts.context.note('asked', null, null, question.type);
    if (this.#closed && !OF_THE_PAST.includes(question.type)) {
      const refusal = { ok: false, ename: 'EngineError', evalue: CLUSTER_IS_STOPPED } as const;
      this.#parts.answers.answer({ clientId, n }, refusal);
    } else {
      this.#questions.ask({ clientId, n }, question);
    }
  }

  #onEngineReady(uuid: EngineUuid): void {
    const engine = this.#parts.lives.find(uuid);
    if (engine === undefined || engine.phase === 'ready') return;
    this.#tasks.replayInits(engine);
    this.#parts.lives.ready(engine);
    this.#tasks.serve(engine);
  }

  #onNamesChanged(uuid: EngineUuid, names: readonly string[]): void {
    const engine = this.#parts.lives.find(uuid);
    if (engine === undefined) return;
    engine.names = names;
    this.#parts.publisher.workChanged();
  }

  #onEngineLost(uuid: EngineUuid, reason: string): void {
    const engine = this.#parts.lives.find(uuid);
    if (engine === undefined) return;
    this.#parts.context.note('engine-lost', null, engine.id, reason);
    this.#parts.lives.lost(engine, reason);
  }

  #onTimerReached(timer: Timer): void {
    if (timer.type === 'publish') return;
    if (timer.type === 'adapt') {
      if (!this.#closed) this.#parts.autoscaler.timerReached();
      return;
    }
    if (timer.type === 'journal') {
      this.#parts.journal.write((msgId) => this.#parts.records.get(msgId) ?? this.#parts.pending.look(msgId));
      return;
    }
    if (timer.type === 'wait' || timer.type === 'run') {
      this.#parts.context.note('timer-reached', timer.msgId, null, timer.type);
      if (timer.type === 'wait') this.#tasks.waitedTooLong(timer.msgId);
      else this.#tasks.ranTooLong(timer.msgId);
      return;
    }
    const { context, lives } = this.#parts;
    const engine = lives.find(timer.uuid);
    if (engine === undefined) return;
    context.note('timer-reached', null, engine.id, timer.type);
    if (timer.type === 'boot') lives.lost(engine, startTimedOut(context.options.startTimeout));
    else if (engine.interrupting !== null) lives.kill(engine);
  }

  #onHistoryRestored(tasks: readonly StoredTask[]): void {
    const { records, pending, journal, context, fates } = this.#parts;
    const known = (msgId: MsgId) => records.get(msgId) !== undefined || pending.has(msgId);
    const fresh = tasks.filter(({ msgId }) => !known(msgId));
    fresh.sort((a, b) => a.header.submitted - b.header.submitted);
    for (const [i, task] of fresh.entries()) {
      journal.restored(task.msgId);
      // Before whatever has been submitted since.
      records.add(restoredRecord(task, i - fresh.length));
      // Where it ran is gone, so nobody can follow it; but it is known how it ended.
      fates.add({ msgId: task.msgId, ok: task.status === 'ok', engineId: null });
    }
    const cut = fresh.filter((task) => task.status === 'pending' && records.get(task.msgId) !== undefined);
    for (const { msgId } of cut) journal.changed(msgId);
    if (cut.length > 0) context.emit({ type: 'notice', level: 'info', text: cutOffNotice(cut.length) });
  }

  #onClosed(): void {
    if (this.#closed) return;
    const { lives, engines, context } = this.#parts;
    this.#closed = true;
    context.cancelTimer({ type: 'adapt' });
    this.#dismissLine();
    lives.stop([...engines.values()], { type: 'closed' });
    this.#dismissLine();
  }

  #dismissLine(): void {
    const { balanced, settler, graph, pending } = this.#parts;
    for (const task of pending.tasksOf([...balanced.waiting, ...graph.held])) {
      settler.decided(task, failure('EngineError', clusterStopped(task.name)));
    }
  }
}

/** Questions that a stopped cluster answers too. */
const OF_THE_PAST: readonly Question['type'][] = ['results', 'history', 'db-query', 'purge'];

type Parts = ReturnType<typeof assemble>;

/** The parts of a hub, from the ground up: each knows only those made before it. */
function assemble({ random, options: spec, canTakeBack = true, places = new Places() }: HubSetup) {
  const options = hubOptions(spec);
  const context = new Context(options);
  const engines = new Map<EngineId, Engine>();
  const calls = new Calls(canTakeBack);
  const pending = new Pending(calls);
  const payloads = new Payloads();
  const journal = new Journal(context, payloads);
  const records = new Records(options, calls, journal);
  const answers = new PendingAnswers(context);
  const publisher = new Publisher(context, engines);
  const groups = new Groups(context);
  const fates = new Fates(calls);
  const clocks = new TaskClocks(context);
  const settler = new Settler(
    context,
    pending,
    calls,
    payloads,
    records,
    answers,
    journal,
    fates,
    clocks,
    groups,
  );
  const dispatcher = new Dispatcher(context, payloads, publisher, clocks, groups);
  const tries = new SecondTries(context, payloads, clocks);
  const graph = new DependencyGraph({ pending, fates, wasForgotten: (msgId) => records.wasCulled(msgId) });
  const send = (work: Work, engine: Engine) => {
    if (work instanceof ItemRange) dispatcher.sendItems(work, engine);
    else dispatcher.send(work, engine);
  };
  const direct = new DirectRoute(options.window, send);
  const recall = (works: readonly Work[], engine: Engine) => {
    dispatcher.recall(works, engine);
  };
  const join = (range: ItemRange, next: ItemRange) => {
    calls.join(range, next);
  };
  const split = (range: ItemRange, item: number) => calls.split(range, item);
  const scheme = schemeOf(options.scheme, random, (why) => {
    context.emit({ type: 'notice', level: 'warning', text: badSchemeNotice(why) });
  });
  const balanced = new BalancedRoute({ scheme, hwm: options.hwm, send, recall, join, split });
  const interrupts = new Interrupts(context, pending);
  const inits = new Inits(context, pending, payloads);
  const listener = answers;
  const tasks = { pending, calls, fates, clocks, tries, graph, journal, groups };
  const ground = {
    context,
    random,
    places,
    engines,
    payloads,
    records,
    publisher,
    settler,
    listener,
    ...tasks,
  };
  const lives = new EngineLives({ ...ground, balanced });
  const database = new Database(ground);
  const autoscaler = new Autoscaler({ context, engines, places, balanced, graph, lives });
  return { ...ground, answers, database, direct, balanced, interrupts, inits, lives, autoscaler };
}
