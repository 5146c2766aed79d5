import type { Seat } from '../../protocol/comm.ts';
import type { ClientId, EngineId, EngineUuid, MsgId } from '../../protocol/ids.ts';
import type { EngineRequest, Route, Submission } from '../../protocol/requests.ts';
import { NO_TERMS, type TaskTerms } from '../../protocol/terms.ts';
import type { Pace } from '../schedulers/pace.ts';
import type { Share } from '../schedulers/share.ts';
import { LinkedList, type Linked } from './linked-list.ts';
import { Printed } from './printed.ts';

/**
 * The hub's mutable records. A task knows its engine and an engine its tasks, so they live in one file.
 */

export type TaskState =
  /** In the hub: in its engine's `waiting` (direct), in the balancer's line, or held by its dependencies. */
  | 'waiting'
  /** With an engine, in its `sent`, behind another. */
  | 'sent'
  /** The first of its engine's `sent`. */
  | 'running'
  /** Settled; in no list, unless it is a ghost: called off while its engine had it, and the engine has not answered. */
  | 'ended';

export class Task implements Linked<Task> {
  /** As it came; the buffers of its request may have moved since. */
  readonly submission: Submission;
  readonly msgId: MsgId;
  readonly clientId: ClientId;
  readonly label: string | null;
  /** The function's name, or the method. */
  readonly name: string;
  readonly method: EngineRequest['method'];
  /** Milliseconds since 1970, by the client's clock. */
  readonly submitted: number;
  /** Place in the order of arrival at the hub. */
  readonly seq: number;
  /** Load-balanced; else direct. */
  readonly balanced: boolean;
  /** Direct: the engine that was asked for, which may not exist. */
  readonly aim: EngineId | null;
  /** Load-balanced: the engines it may run on, narrowed by what it follows; null: any. */
  targets: readonly EngineId[] | null;
  readonly terms: TaskTerms;
  /** When it fails, the direct requests of its client that wait for the same engine are aborted. */
  readonly abortsQueueOnError: boolean;
  /** Its client wants to know when an engine has it. */
  readonly tracked: boolean;
  /** Of a call on several engines: which of them it is for. */
  readonly seat: Seat | null;
  /** Of its family. */
  readonly pace: Pace;
  /** Of its call, when that has several tasks. */
  readonly share: Share | null;

  state: TaskState = 'waiting';
  /** Null once it cannot or need not be sent again: buffers moved, direct and sent, or ended. */
  request: EngineRequest | null;
  /** Direct: the engine it is aimed at. Load-balanced: the one that has it, null while waiting. */
  engine: Engine | null = null;
  /** When it came to the head of `sent`, in milliseconds since 1970, never before `submitted`; null until then.
   * For the list of engines; the reply brings the engine's own time. */
  started: number | null = null;
  /** Set when somebody wants it gone that an engine has: the engine has been asked, and may have begun it already. */
  wish: 'abort' | 'cancel' | null = null;
  /** Its place among those that wait; see `Turns`. */
  turn = 0;
  retriesLeft: number;
  /** Lives of engines that it must not run on, and of those where it has failed. */
  unmet: Set<EngineUuid> | null = null;
  failedOn: Set<EngineUuid> | null = null;
  /** It has run for longer than it may, and has been asked to stop. */
  overran = false;

  readonly printed = new Printed();
  /** The latest id under which it was run again. */
  resubmitted: MsgId | null = null;

  list: LinkedList<Task> | null = null;
  prev: Task | null = null;
  next: Task | null = null;

  constructor(submission: Submission, seq: number, pace: Pace, share: Share | null = null) {
    const { request, route } = submission;
    this.submission = submission;
    this.msgId = submission.msgId;
    this.clientId = submission.clientId;
    this.label = submission.label;
    this.name = 'name' in request ? request.name : request.method;
    this.method = request.method;
    this.submitted = submission.submitted;
    this.seq = seq;
    this.balanced = route.type === 'balanced';
    this.aim = route.type === 'direct' ? route.engine : null;
    this.targets = route.type === 'balanced' ? route.targets : null;
    this.abortsQueueOnError = submission.abortsQueueOnError;
    this.tracked = submission.tracked === true;
    this.seat = submission.seat ?? null;
    this.pace = pace;
    this.share = share;
    this.terms = termsOf(route);
    this.retriesLeft = this.terms.retries;
    this.request = request;
  }
}

function termsOf(route: Route): TaskTerms {
  if (route.type === 'balanced') return route.terms ?? NO_TERMS;
  return route.runTimeout === undefined ? NO_TERMS : { ...NO_TERMS, runTimeout: route.runTimeout };
}

/** An engine under one id, through all its lives. It is removed from the hub when it is not to live again. */
export class Engine {
  readonly id: EngineId;
  /** The present life. */
  uuid: EngineUuid;
  /** 1 for the first life. */
  generation: number;
  phase: 'starting' | 'ready' = 'starting';
  /** Given to the engine and not replied, oldest first; empty while starting. The engine takes them in this
   * order, so the first is the one that runs. */
  readonly sent = new LinkedList<Task>();
  /** Direct requests that wait in the hub, oldest first. */
  readonly waiting = new LinkedList<Task>();
  /** How many in `sent` are load-balanced. */
  balancedSent = 0;
  /** The one in `sent` that `abortsQueueOnError`. It is always the last of `sent`: what follows it waits in the
   * hub until its fate is known, so that what is aborted with it does not depend on who is faster. */
  barrier: Task | null = null;
  /** The first of `sent`, when `begin` has been told of it; always so between two events. */
  running: Task | null = null;
  /** `running`, when it has been asked to stop; its grace timer is set. */
  interrupting: Task | null = null;
  /** Those in `sent`, or replied since, that it has been asked to give back; null when it has answered. */
  recalling: ReadonlySet<Task> | null = null;
  /** Requests that ended here, in all lives. */
  completed = 0;
  failed = 0;
  /** When the present life became ready; null while starting. */
  readyAt: number | null = null;
  /** `completed` at the start of the present life. */
  completedBefore = 0;
  /** Lives in a row that ended, unasked, soon after their start and without completing anything. */
  shortLives = 0;
  names: readonly string[] = [];

  constructor(id: EngineId, uuid: EngineUuid, generation: number) {
    this.id = id;
    this.uuid = uuid;
    this.generation = generation;
  }

  /** Work it has been given or is to be given, whatever the route. */
  get load(): number {
    return this.sent.size + this.waiting.size;
  }

  give(task: Task): void {
    task.state = 'sent';
    task.engine = this;
    this.sent.push(task);
    if (task.balanced) this.balancedSent++;
    if (task.abortsQueueOnError) this.barrier = task;
  }

  /** Returns the task that runs from now on; null when none does, or still the same. */
  begin(at: number): Task | null {
    const task = this.sent.first;
    if (task === null || this.running !== null) return null;
    this.running = task;
    // A ghost that begins all the same: it is to be stopped.
    if (task.state === 'ended') return task;
    task.state = 'running';
    task.started = Math.max(at, task.submitted);
    if (!task.balanced) task.request = null;
    return task;
  }

  /** The ghost of that id among what it has been given. */
  ghost(msgId: MsgId): Task | undefined {
    for (const task of this.sent) if (task.state === 'ended' && task.msgId === msgId) return task;
    return undefined;
  }

  /** It has not begun the task that it was thought to run. */
  unbegin(task: Task): void {
    this.running = null;
    // A ghost has no state but its place.
    if (task.state !== 'running') return;
    task.state = 'sent';
    task.started = null;
  }

  /** `task` is no longer its own, and has not ended. */
  release(task: Task): void {
    this.take(task);
    task.state = 'waiting';
    task.engine = null;
    task.started = null;
    task.overran = false;
  }

  /** Takes `task` out of `sent`. To be followed by `begin`, unless the life ends. */
  take(task: Task): void {
    this.sent.remove(task);
    if (task.balanced) this.balancedSent--;
    if (this.barrier === task) this.barrier = null;
    if (this.running === task) this.running = null;
    if (this.interrupting === task) this.interrupting = null;
  }
}
