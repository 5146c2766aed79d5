import type { MsgId, RunId } from '../../protocol/ids.ts';
import { checkCallable } from '../callable.ts';
import type { ClientCore, Tasks } from '../client-core.ts';
import { RuntimeError, TimeoutError } from '../errors.ts';
import type { Job, TaskFacts } from '../job.ts';
import { spell } from '../spelling.ts';
import { JobGroup, type Arity } from './job-group.ts';
import { measureProgress, type Progress } from './progress.ts';
import {
  drawProgress,
  drawProgressSync,
  readInteractive,
  type WaitInteractiveOptions,
} from './wait-interactive.ts';
import { readWaiting, type ReturnWhen } from './waiting.ts';
import { whyPending } from './why.ts';

export interface GroupOptions {
  readonly isSingle: boolean;
  readonly name: string;
  readonly owner: boolean;
}

/**
 * The requests of one call on their way to the end: how far they are, waiting, aborting. The count of what is
 * pending changes in the very moment in which a settlement is handled.
 */
export abstract class PendingGroup<S extends Arity = Arity> extends JobGroup<S> {
  /** Jobs that have not settled; a call counts its own. */
  #remaining = 0;
  /** Jobs that have failed, or were aborted; a call counts its own. */
  #failures = 0;
  /** Called when some of the jobs settle. */
  #listeners: (() => void)[] = [];
  /** Somebody has asked for the result, or waited. */
  #isAwaited = false;

  /** Made by a call, not a second view of results. */
  readonly #owner: boolean;

  constructor(core: ClientCore, tasks: Tasks, options: GroupOptions) {
    super(core, tasks, options.isSingle, options.name);
    this.#owner = options.owner;
    if (!this.call) this.#watch(this.jobs);
    else
      this.call.onSettled(() => {
        this.#someSettled();
      });
  }

  #watch(jobs: readonly Job[]): void {
    const pending = jobs.filter((job) => job.isPending);
    this.#remaining = pending.length;
    // Not `failed`: what subclasses add to it is not there yet.
    this.#failures = jobs.filter((job) => job.error !== null).length;
    for (const job of pending) {
      job.onSettled(() => {
        this.#jobSettled(job);
      });
      if (job.facts.isTracked) {
        job.onAssigned(() => {
          this.#callListeners();
        });
      }
    }
  }

  get owner(): boolean {
    return this.#owner;
  }

  /** The error of what has failed so far, or null. */
  protected abstract errorSoFar(): Error | null;

  /** Everything is there, good or bad. */
  ready(): boolean {
    return this.#pendingCount === 0;
  }

  done(): boolean {
    return this.ready();
  }

  /**
   * No request failed.
   * @throws RuntimeError before it is ready.
   */
  successful(): boolean {
    if (!this.ready()) throw new RuntimeError('Cannot check successful() if not done.');
    return !this.hasFailed;
  }

  /** How many of `length` are done. */
  get progress(): number {
    return this.#count - this.#pendingCount;
  }

  /**
   * Waits with a progress bar in the output: how many are done, how fast, how long it will take, what each engine
   * did; `progress(i, n)` inside tasks counts. Resolves when all is done, or when `timeout` seconds are over, and
   * never throws the tasks' errors.
   */
  async waitInteractive(options?: WaitInteractiveOptions): Promise<void> {
    const waiting = readInteractive(options);
    const isOver = this.endOf(waiting.returnWhen);
    const watched = { measure: this.#measure(), until: (seconds: number) => this.until(isOver, seconds) };
    await drawProgress(watched, waiting, this.core.environment);
  }

  /** `waitInteractive`, blocking. @throws BlockingUnavailableError where nothing can block. */
  waitInteractiveSync(options?: WaitInteractiveOptions): void {
    const waiting = readInteractive(options);
    const isOver = this.endOf(waiting.returnWhen);
    const untilSync = (seconds: number) =>
      this.core.block(isOver, seconds, 'await ar.waitInteractive()', this.tasks);
    drawProgressSync({ measure: this.#measure(), untilSync }, waiting, this.core.environment);
  }

  /** Somebody waits, or has waited, for this result. */
  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  /** The cell run that made the call; null outside of cells. */
  get runId(): RunId | null {
    return (this.call ?? this.jobs[0])?.facts.runId ?? null;
  }

  /** One sentence: what it waits for. */
  why(): string {
    const { engines, environment } = this.core;
    const find = (msgId: MsgId) => this.core.find(msgId);
    return whyPending(this.jobs, { engines, find, now: environment.clock.now() });
  }

  /**
   * Called with the error, or null, in the same moment in which the last message is handled; at once when
   * that is past. Does not count as awaiting.
   */
  onSettled(listener: (error: Error | null) => void): void {
    if (this.ready()) {
      listener(this.errorSoFar());
      return;
    }
    const callWhenReady = () => {
      if (!this.ready()) return;
      this.#removeListener(callWhenReady);
      listener(this.errorSoFar());
    };
    this.#listeners.push(callWhenReady);
  }

  /** Called with this result when it is ready; if it is already, soon. Never during the call. @throws TypeError. */
  addDoneCallback(callback: (result: this) => void): void {
    checkCallable(callback);
    this.onSettled(() => {
      queueMicrotask(() => {
        callback(this);
      });
    });
  }

  /**
   * Takes what has not started out of the queues; it fails with TaskAborted.
   * @throws RuntimeError when all is done.
   */
  abort(): Promise<void> {
    if (this.ready()) throw new RuntimeError("Can't abort, I am already done!");
    this.core.post({ type: 'abort', msgIds: this.#pendingIds });
    return Promise.resolve();
  }

  /** Takes out of the queues what has not started, and interrupts what runs. True if anything was pending. */
  cancel(): boolean {
    const msgIds = this.#pendingIds;
    if (msgIds.length > 0) this.core.post({ type: 'cancel', msgIds });
    return msgIds.length > 0;
  }

  /** The arguments have left: at once, unless they are tracked; then when every engine has them, and if they are
   * in shared memory, when the requests are done: now it is safe to edit it. */
  get sent(): boolean {
    return this.call !== null || this.jobs.every((job) => job.isSent);
  }

  get tracker(): MessageTracker {
    const isSent = () => this.sent;
    return {
      get done() {
        return isSent();
      },
      wait: (timeout) => this.waitForSend(timeout),
    };
  }

  /** Resolves when `sent` is true. Rejects with TimeoutError "Still waiting to be sent". */
  async waitForSend(timeout?: number | null): Promise<void> {
    const { timeout: seconds } = readWaiting(timeout);
    if (!(await this.until(() => this.sent, seconds))) throw new TimeoutError('Still waiting to be sent');
  }

  protected get failed(): readonly Job[] {
    return this.call ? this.call.failed : this.jobs.filter((job) => job.error !== null);
  }

  protected get hasFailed(): boolean {
    return (this.call ? this.call.failures : this.#failures) > 0;
  }

  /** How many items each job stands for; null: one each. */
  protected get weights(): ReadonlyMap<Job, number> | null {
    return null;
  }

  /** What tells that a wait is over. */
  protected endOf(returnWhen: ReturnWhen | undefined): () => boolean {
    switch (returnWhen) {
      case 'FIRST_COMPLETED':
        return () => this.ready() || this.#pendingCount < this.#count;
      case 'FIRST_EXCEPTION':
        return () => this.ready() || this.hasFailed;
      default:
        return () => this.ready();
    }
  }

  protected markAwaited(): void {
    this.#isAwaited = true;
  }

  /**
   * True when `isOver()`, false when `timeout` seconds are over first. Looked at whenever one of the jobs
   * settles or is assigned.
   */
  protected until(isOver: () => boolean, timeout: number | undefined): Promise<boolean> {
    if (isOver()) return Promise.resolve(true);
    return new Promise((resolve) => {
      let cancelTimer: (() => void) | null = null;
      const endWait = this.core.awaiting(() => {
        this.core.cancel(this.tasks);
      });
      const end = (isTrue: boolean) => {
        endWait();
        this.#removeListener(check);
        cancelTimer?.();
        resolve(isTrue);
      };
      const check = () => {
        if (isOver()) end(true);
      };
      this.#listeners.push(check);
      if (timeout === undefined) return;
      cancelTimer = this.core.environment.timers.after(timeout, () => {
        end(isOver());
      });
    });
  }

  /** Somebody is going to look how far it is. */
  #measure(): () => Progress {
    this.markAwaited();
    const { weights } = this;
    const weightOf = (task: TaskFacts) => weights?.get(task as Job) ?? 1;
    return () => measureProgress(this.name, this.rows, weightOf, this.elapsed);
  }

  get #count(): number {
    return this.call ? this.call.count : this.jobs.length;
  }

  get #pendingCount(): number {
    return this.call ? this.call.pending : this.#remaining;
  }

  get #pendingIds() {
    if (this.call) return this.call.pendingIds;
    return this.jobs.filter((job) => job.isPending).map((job) => job.facts.msgId);
  }

  #removeListener(listener: () => void): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener);
  }

  #jobSettled(job: Job): void {
    this.#remaining -= 1;
    if (job.error) this.#failures += 1;
    this.#someSettled();
  }

  #someSettled(): void {
    this.#callListeners();
    if (this.owner && this.ready() && !this.#isAwaited && this.hasFailed) this.#reportFailure();
  }

  #callListeners(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #reportFailure(): void {
    const error = this.errorSoFar();
    if (!error) return;
    this.core.environment.onUnawaitedFailure?.({
      msgIds: this.msgIds,
      name: this.name,
      error,
      runId: this.runId,
      isAwaited: () => this.#isAwaited,
    });
  }
}

/** Tells when arguments have left. */
export interface MessageTracker {
  readonly done: boolean;
  wait(timeout?: number | null): Promise<void>;
}

spell(PendingGroup);
