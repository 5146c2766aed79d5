import type { Seat } from '../../protocol/comm.ts';
import type { ItemSpan } from '../../protocol/engine-messages.ts';
import { MsgId, type ClientId, type EngineId, type EngineUuid } from '../../protocol/ids.ts';
import type { EngineRequest, Route, Submission } from '../../protocol/requests.ts';
import { NO_TERMS, type TaskTerms } from '../../protocol/terms.ts';
import type { Pace } from '../schedulers/pace.ts';
import type { Share } from '../schedulers/share.ts';
import type { Call } from './call.ts';
import type { EndedItems } from './ended-items.ts';
import { LinkedList, type Linked } from './linked-list.ts';
import { Printed } from './printed.ts';

/**
 * The hub's mutable records. A task knows its engine and an engine its tasks, so they live in one file.
 */

/** What stands in lists: a task, or consecutive items of a call that are in the same state. */
export type Work = Task | ItemRange;

export type ItemCall = Call<ItemRange, EndedItems>;

export type TaskState =
  /** In the hub: in its engine's `waiting` (direct), in the balancer's line, or held by its dependencies. */
  | 'waiting'
  /** With an engine, in its `sent`, behind another. */
  | 'sent'
  /** The first of its engine's `sent`. */
  | 'running'
  /** Settled; in no list, unless it is a ghost: called off while its engine had it, and the engine has not answered. */
  | 'ended';

export class Task implements Linked<Work> {
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
  /** Of the call that it has left. */
  pace: Pace | null = null;
  retriesLeft: number;
  /** Lives of engines that it must not run on, and of those where it has failed. */
  unmet: Set<EngineUuid> | null = null;
  failedOn: Set<EngineUuid> | null = null;
  /** It has run for longer than it may, and has been asked to stop. */
  overran = false;

  readonly printed = new Printed();
  /** The latest id under which it was run again. */
  resubmitted: MsgId | null = null;

  /** Its engine has been asked to give it back: if it does not, it has begun it. */
  isRecalled = false;

  list: LinkedList<Work> | null = null;
  prev: Work | null = null;
  next: Work | null = null;

  constructor(submission: Submission, seq: number, share: Share | null = null) {
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
    this.share = share;
    this.terms = termsOf(route);
    this.retriesLeft = this.terms.retries;
    this.request = request;
  }

  get count(): number {
    return 1;
  }
}

/**
 * Items `from` to `to` (not included) of a call. Whatever is to happen to one of them alone makes it leave first, as a
 * task: see `Calls.leave`.
 */
export class ItemRange implements Linked<Work> {
  readonly call: ItemCall;
  from: number;
  to: number;
  /** `running`: the first of its items runs, and the others are `sent`. */
  state: Exclude<TaskState, 'ended'> = 'waiting';
  engine: Engine | null = null;
  /** When its first item came to the head of `sent`; null: it has not. */
  started: number | null = null;
  /** Its engine has been asked to give it back: if it does not, it has begun it. */
  isRecalled = false;

  list: LinkedList<Work> | null = null;
  prev: Work | null = null;
  next: Work | null = null;

  constructor(call: ItemCall, from: number, to: number) {
    this.call = call;
    this.from = from;
    this.to = to;
  }

  get count(): number {
    return this.to - this.from;
  }

  get balanced(): true {
    return true;
  }

  /** Of its first item, as are `seq` and `submitted`. */
  get turn(): number {
    return this.call.turn + this.from;
  }

  get seq(): number {
    return this.call.seq + this.from;
  }

  get submitted(): number {
    return this.call.submission.submitted;
  }

  get terms(): TaskTerms {
    return this.call.terms;
  }

  get targets(): readonly EngineId[] | null {
    return this.call.submission.route.targets;
  }

  get share(): Share {
    return this.call.share;
  }

  // What is refused, or fails, has left.
  get unmet(): null {
    return null;
  }

  get failedOn(): null {
    return null;
  }
}

function termsOf(route: Route): TaskTerms {
  if (route.type === 'balanced') return route.terms ?? NO_TERMS;
  return route.runTimeout === undefined ? NO_TERMS : { ...NO_TERMS, runTimeout: route.runTimeout };
}

/** An engine under one id, through all its lives. It is removed from the hub when it is not to live again. */
export class Engine implements Linked<Engine> {
  readonly id: EngineId;
  /** The present life. */
  uuid: EngineUuid;
  /** 1 for the first life. */
  generation: number;
  phase: 'starting' | 'ready' = 'starting';
  /** Given to the engine and not replied, oldest first; empty while starting. The engine takes them in this
   * order, so the first is the one that runs. */
  readonly sent = new LinkedList<Work>();
  /** How many tasks and items in `sent` are load-balanced. */
  balancedSent = 0;
  /** Direct requests that wait in the hub, oldest first. */
  readonly waiting = new LinkedList<Work>();
  /** The one in `sent` that `abortsQueueOnError`. It is always the last of `sent`: what follows it waits in the
   * hub until its fate is known, so that what is aborted with it does not depend on who is faster. */
  barrier: Task | null = null;
  /** The first of `sent`, when `begin` has been told of it; always so between two events. */
  running: Work | null = null;
  /** `running`, when it has been asked to stop; its grace timer is set. */
  interrupting: Task | null = null;
  /** It has been asked to give some back and has not answered. */
  isRecalling = false;
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

  // In the list of those that take load-balanced tasks, the least recently used first.
  readonly count = 1;
  list: LinkedList<Engine> | null = null;
  prev: Engine | null = null;
  next: Engine | null = null;

  constructor(id: EngineId, uuid: EngineUuid, generation: number) {
    this.id = id;
    this.uuid = uuid;
    this.generation = generation;
  }

  /** Work it has been given or is to be given, whatever the route. */
  get load(): number {
    return this.sent.count + this.waiting.count;
  }

  give(work: Work): void {
    work.state = 'sent';
    work.engine = this;
    this.sent.push(work);
    if (work.balanced) this.balancedSent += work.count;
    if (work instanceof Task && work.abortsQueueOnError) this.barrier = work;
  }

  /** Returns what runs from now on; null when nothing does, or still the same. */
  begin(at: number): Work | null {
    const work = this.sent.first;
    if (work === null || this.running !== null) return null;
    this.running = work;
    // A ghost that begins all the same: it is to be stopped.
    if (work.state === 'ended') return work;
    work.state = 'running';
    work.started = Math.max(at, work.submitted);
    if (work instanceof Task && !work.balanced) work.request = null;
    return work;
  }

  /** The ghost of that id among what it has been given. */
  ghost(msgId: MsgId): Task | undefined {
    for (const work of this.sent) if (work.state === 'ended' && work.msgId === msgId) return work;
    return undefined;
  }

  /** It has not begun the one that it was thought to run. */
  unbegin(work: Work): void {
    this.running = null;
    // A ghost has no state but its place.
    if (work.state !== 'running') return;
    work.state = 'sent';
    work.started = null;
  }

  /** `work` is no longer its own, and has not ended. */
  release(work: Work): void {
    this.take(work);
    work.state = 'waiting';
    work.engine = null;
    work.started = null;
    work.isRecalled = false;
    if (work instanceof Task) work.overran = false;
  }

  /** Takes `work` out of `sent`. To be followed by `begin`, unless the life ends. */
  take(work: Work): void {
    this.sent.remove(work);
    if (work.balanced) this.balancedSent -= work.count;
    if (this.barrier === work) this.barrier = null;
    if (this.running === work) this.running = null;
    if (this.interrupting === work) this.interrupting = null;
  }

  /** The first `n` of `range`, which is its own and has more, have ended; the next has begun, if they had. */
  takeItems(range: ItemRange, n: number, at: number): void {
    range.from += n;
    this.sent.resized(-n);
    this.balancedSent -= n;
    if (range.state === 'running') range.started = Math.max(at, range.submitted);
  }
}

/** Ids that follow each other. */
export function spanOf(work: Work): ItemSpan {
  if (work instanceof ItemRange) {
    const { clientId, first } = work.call.submission;
    return { client: clientId, first: first + work.from, count: work.count };
  }
  return { client: work.clientId, first: MsgId.number(work.msgId), count: 1 };
}
