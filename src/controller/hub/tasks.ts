import type { EngineId, EngineUuid, MsgId } from '../../protocol/ids.ts';
import type { Submission } from '../../protocol/requests.ts';
import type { HubEvent } from '../events.ts';
import {
  ABORTED,
  aborted,
  abortedByFailure,
  clusterStopped,
  deadEngine,
  failure,
  impossible,
  noSuchEngine,
} from '../sentences.ts';
import type { BalancedRoute } from '../schedulers/balanced-route.ts';
import type { DirectRoute } from '../schedulers/direct-route.ts';
import { isSameFamily, Pace } from '../schedulers/pace.ts';
import type { Context } from './context.ts';
import type { EngineLives } from './engine-lives.ts';
import type { Interrupts } from './interrupts.ts';
import type { Journal } from './journal.ts';
import type { Payloads } from './payloads.ts';
import type { Publisher } from './publisher.ts';
import type { Records } from './records.ts';
import type { Settler } from './settler.ts';
import { Task, type Engine } from './state.ts';

export interface TaskParts {
  readonly context: Context;
  readonly engines: ReadonlyMap<EngineId, Engine>;
  /** Tasks that have not ended; `Settler` takes them out. */
  readonly pending: Map<MsgId, Task>;
  readonly records: Records;
  readonly payloads: Payloads;
  readonly journal: Journal;
  readonly publisher: Publisher;
  readonly settler: Settler;
  readonly direct: DirectRoute;
  readonly balanced: BalancedRoute;
  readonly lives: EngineLives;
  readonly interrupts: Interrupts;
}

type EventOf<Type extends HubEvent['type']> = Extract<HubEvent, { readonly type: Type }>;

/** The life of a task as long as all goes well: taken in, routed, heard of, replied. */
export class Tasks {
  readonly #parts: TaskParts;
  #arrivals = 0;

  constructor(parts: TaskParts) {
    this.#parts = parts;
  }

  /** `isClosed`: nothing runs any more. Those that are known already, or whose client is not, are ignored. */
  submit(submissions: readonly Submission[], isClosed: boolean): void {
    let pace = new Pace();
    const tasks = submissions.flatMap((submission, i) => {
      const before = submissions[i - 1];
      if (before === undefined || !isSameFamily(before, submission)) pace = new Pace();
      return this.#takeIn(submission, pace) ?? [];
    });
    // All users of a request must be known before the first is sent.
    for (const { request } of tasks) if (request !== null) this.#parts.payloads.retain(request);
    for (const task of tasks) {
      if (isClosed) this.#parts.settler.decided(task, failure('EngineError', clusterStopped(task.name)));
      else if (task.aim !== null) this.#routeDirect(task, task.aim);
      else this.#routeBalanced(task);
    }
  }

  /** Output of no task that is still running is nobody's. */
  streamed({ uuid, msgId, event }: EventOf<'streamed'>): void {
    const held = msgId === null ? null : this.#heldBy(uuid, msgId);
    if (held === null) return;
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

  replied({ uuid, reply, names }: EventOf<'replied'>): void {
    const held = this.#heldBy(uuid, reply.msgId);
    if (held === null) return;
    const { task, engine } = held;
    const { status } = reply.outcome;
    if (names !== null) engine.names = names;
    if (status !== 'aborted') engine.completed++;
    if (status === 'error') engine.failed++;
    this.#parts.context.note('replied', task.msgId, engine.id, status);
    task.pace.learn(reply.facts.started, reply.facts.completed);
    this.#parts.settler.replied(task, reply.outcome, reply.facts);
    this.#goOn(engine);
    if (status === 'error' && task.abortsQueueOnError) this.#abortBehind(task, engine);
    this.serve(engine);
  }

  /** Tasks that the engine gave back: into line again, unless somebody has wanted them gone since. */
  returned({ uuid, msgIds }: EventOf<'returned'>): void {
    const engine = this.#parts.lives.find(uuid);
    if (engine === undefined || engine.recalling === null) return;
    const recalled = engine.recalling;
    engine.recalling = null;
    const tasks = msgIds
      .flatMap((msgId) => this.#heldBy(uuid, msgId)?.task ?? [])
      .filter((task) => recalled.has(task) && task.state === 'sent');
    for (const task of tasks) {
      this.#parts.context.note('returned', task.msgId, engine.id);
      if (task.wish !== null) this.#parts.settler.decided(task, aborted(ABORTED));
      else engine.release(task);
    }
    // Direct requests may have waited for the room that these took.
    this.#parts.direct.serve(engine);
    this.#parts.balanced.takeBack(tasks.filter((task) => task.state === 'waiting'));
    this.#parts.publisher.workChanged();
  }

  /** With the next of those that the engine has been given. */
  #goOn(engine: Engine): void {
    const next = engine.begin(this.#parts.context.at);
    if (next === null) return;
    this.#parts.context.note('started', next.msgId, engine.id);
    this.#parts.interrupts.started(next, engine);
  }

  /** `engine` has less to do than before, or has just become ready. */
  serve(engine: Engine): void {
    this.#parts.publisher.workChanged();
    this.#parts.direct.serve(engine);
    if (engine.phase === 'ready') this.#parts.balanced.serve(engine);
  }

  #takeIn(submission: Submission, pace: Pace): Task | null {
    const { context, pending, records, journal } = this.#parts;
    const { msgId, clientId } = submission;
    const isKnown = pending.has(msgId) || records.get(msgId) !== undefined;
    if (isKnown || !context.clients.has(clientId)) return null;
    const task = new Task(submission, this.#arrivals++, pace);
    pending.set(msgId, task);
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

  #routeBalanced(task: Task): void {
    const { engines, balanced, settler } = this.#parts;
    const { targets } = task;
    if (targets === null || targets.some((id) => engines.has(id))) balanced.submit(task);
    else settler.decided(task, impossible(targets));
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
    for (const task of engine.waiting) {
      if (task.clientId === failed.clientId) this.#parts.settler.decided(task, outcome);
    }
  }
}
