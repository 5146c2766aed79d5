import { deferred } from '../../base/deferred.ts';
import type { AsyncResult } from '../async-result/async-result.ts';
import { ClusterError, IndexError, NoEnginesRegistered, TaskAborted } from '../errors.ts';
import type { TaskPlan } from './task-plan.ts';
import { UNMET, type TaskRequest, type TaskResults } from './task-request.ts';
import { TaskResult } from './task-result.ts';

export type TaskAttempt = AsyncResult<TaskResults, 'one'>;

/** What a task on its way needs of its client. */
export interface TaskHost {
  ids(): readonly number[];
  now(): Date;
  /** @throws NoEnginesRegistered. Null targets: any engine. */
  submit(request: TaskRequest, targets: readonly number[] | null): TaskAttempt;
  /** Grows with everything after which engines that did not suit may do so. */
  changes(): number;
  /** It waits for such a change; `wake` goes on. */
  park(run: TaskRun): void;
  over(run: TaskRun): void;
}

export type TaskState = 'scheduled' | 'pending' | 'succeeded' | 'failed';

/**
 * One task from `run` to its result: tries, engines tried, recovery. Everything changes in the very moment in
 * which a message is handled, so that a blocked thread sees it too.
 *
 * An engine whose properties do not suit is not asked again until something has changed; a retry prefers
 * engines that have not failed the task. An aborted task is not tried again.
 */
export class TaskRun {
  readonly id: number;
  readonly #host: TaskHost;
  readonly #submitted: Date;
  readonly #end = deferred<TaskResult>();
  /** The task in hand and its recovery tasks. Never empty. */
  #plans: readonly [TaskPlan, ...TaskPlan[]];
  #retriesLeft: number;
  /** Engines on which the task in hand has failed. */
  #failed = new Set<number>();
  /** Engines whose properties did not suit when it was tried there. */
  #unmet = new Set<number>();
  /** `changes` when the first of these was asked. */
  #asked = 0;
  /** Null while it waits for engines, and before the first try. */
  #attempt: TaskAttempt | null = null;
  #isAborted = false;
  #result: TaskResult | null = null;

  constructor(id: number, plans: readonly [TaskPlan, ...TaskPlan[]], host: TaskHost) {
    this.id = id;
    this.#host = host;
    this.#plans = plans;
    this.#retriesLeft = plans[0].retries;
    this.#submitted = host.now();
  }

  /** Null while it is under way. */
  get result(): TaskResult | null {
    return this.#result;
  }

  /** The try that is under way. */
  get attempt(): TaskAttempt | null {
    return this.#attempt;
  }

  get state(): TaskState {
    if (this.#result) return this.#result.failure ? 'failed' : 'succeeded';
    return this.#attempt?.jobs[0]?.isAssigned === true ? 'pending' : 'scheduled';
  }

  /** Resolves when it is over, good or bad. */
  whenOver(): Promise<TaskResult> {
    return this.#end.promise;
  }

  start(): void {
    this.#try();
  }

  /** Something has changed: engines that did not suit may do so now. */
  wake(): void {
    if (this.#result || this.#attempt) return;
    this.#unmet.clear();
    this.#try();
  }

  /**
   * Ends it: at once if it has not started, else its result will be thrown away.
   * @throws IndexError when it is over.
   */
  abort(): void {
    if (this.#result) throw new IndexError('Task Already Completed');
    this.#isAborted = true;
    if (!this.#attempt) this.#finish({}, new TaskAborted(`Task ${String(this.id)} was aborted`), null);
    else if (!this.#attempt.ready()) void this.#attempt.abort();
  }

  #try(): void {
    const targets = this.#candidates();
    if (targets?.length === 0) {
      // A change may have come while the last engine was asked.
      if (this.#asked === this.#host.changes()) this.#host.park(this);
      else this.wake();
      return;
    }
    if (this.#unmet.size === 0) this.#asked = this.#host.changes();
    try {
      this.#watch(this.#host.submit(this.#plans[0].request, targets));
    } catch (error) {
      if (error instanceof NoEnginesRegistered) this.#host.park(this);
      else this.#finish({}, asError(error), null);
    }
  }

  /** Null: any engine; also where there is none, of which the refusal tells the reason. */
  #candidates(): readonly number[] | null {
    if (this.#unmet.size === 0 && this.#failed.size === 0) return null;
    const suitable = this.#host.ids().filter((id) => !this.#unmet.has(id));
    if (suitable.length === 0 && this.#unmet.size === 0) return null;
    const fresh = suitable.filter((id) => !this.#failed.has(id));
    return fresh.length > 0 ? fresh : suitable;
  }

  #watch(attempt: TaskAttempt): void {
    this.#attempt = attempt;
    // The TaskResult keeps the failure: nobody need be told that it was not awaited.
    void attempt.wait();
    attempt.onSettled((error) => {
      this.#attempt = null;
      this.#ended(attempt, error);
    });
  }

  #ended(attempt: TaskAttempt, error: Error | null): void {
    const engine = attempt.jobs[0]?.engineId ?? null;
    if (this.#isAborted) this.#finish({}, new TaskAborted(`Task ${String(this.id)} was aborted`), attempt);
    else if (!error) this.#finish(attempt.jobs[0]?.value as TaskResults, null, attempt);
    else if (engine !== null && this.#isUnmet(error)) {
      this.#unmet.add(engine);
      this.#try();
    } else if (error instanceof TaskAborted || !this.#canGoOn(engine)) this.#finish({}, error, attempt);
    else this.#try();
  }

  #isUnmet(error: Error): boolean {
    return this.#plans[0].request.depend !== null && error instanceof ClusterError && error.ename === UNMET;
  }

  /** After a failure: whether there is a retry left, or a recovery task. */
  #canGoOn(engine: number | null): boolean {
    if (engine !== null) this.#failed.add(engine);
    if (this.#retriesLeft > 0) {
      this.#retriesLeft--;
      return true;
    }
    const [, next, ...later] = this.#plans;
    if (!next) return false;
    this.#plans = [next, ...later];
    this.#retriesLeft = next.retries;
    this.#failed = new Set();
    this.#unmet = new Set();
    return true;
  }

  #finish(results: TaskResults, failure: Error | null, attempt: TaskAttempt | null): void {
    const { engineid, started, completed } = factsOf(attempt);
    const facts = { taskid: this.id, submitted: this.#submitted, engineid, started, completed };
    this.#result = new TaskResult(facts, results, failure);
    this.#end.resolve(this.#result);
    this.#host.over(this);
  }
}

function factsOf(attempt: TaskAttempt | null) {
  return {
    engineid: attempt?.engineId ?? null,
    started: attempt?.started ?? null,
    completed: attempt?.completed ?? null,
  };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
