import type { Clock } from '../../base/clock.ts';
import { UNSENDABLE } from '../../protocol/canned.ts';
import type { AsyncMapResult } from '../async-result/async-map-result.ts';
import type { AsyncResult } from '../async-result/async-result.ts';
import type { Client } from '../client.ts';
import { IndexError } from '../errors.ts';
import { readOptions, splitOptions } from '../options.ts';
import { spell } from '../spelling.ts';
import type { LoadBalancedView } from '../views/load-balanced-view.ts';
import type { MapOptions, ParallelOptions } from '../views/map-options.ts';
import type { ParallelFunction } from '../views/remote-function.ts';
import type { PropertyNews } from './engine-properties.ts';
import { ParkedRuns } from './parked-runs.ts';
import { PendingResult } from './pending-result.ts';
import { plansOf, type PlanEnvironment, type TaskPlan } from './task-plan.ts';
import { performTask } from './task-request.ts';
import type { TaskResult } from './task-result.ts';
import { TaskRun, type TaskAttempt, type TaskHost, type TaskState } from './task-run.ts';
import { AnyTask } from './task.ts';
import { waitHere } from './waiting.ts';

/** What tasks need of the client's world. */
export interface TaskEnvironment extends PlanEnvironment {
  readonly clock: Clock;
}

/** How many tasks are in which state; ids instead, if asked to be verbose. */
export type TaskQueueStatus<Entry = number | number[]> = Readonly<Record<TaskState, Entry>>;

/**
 * The task interface of 2008: `tc.run(task)` gives an id at once, the task runs on whichever engine is free,
 * and `tc.getTaskResult(id)` tells how it ended. Results are kept until `clear`.
 */
export class TaskClient {
  readonly [UNSENDABLE] = 'A client stays where it is; engines are reached from here only.';
  /** Whether `map` waits where it can. Default true. */
  block = true;
  readonly #rc: Client;
  readonly #view: LoadBalancedView;
  readonly #environment: TaskEnvironment;
  readonly #runs = new Map<number, TaskRun>();
  readonly #parked: ParkedRuns;
  readonly #host: TaskHost;
  #next = 0;

  constructor(rc: Client, environment: TaskEnvironment, news: PropertyNews) {
    this.#rc = rc;
    this.#view = rc.loadBalancedView(null, { block: false, label: 'task' });
    this.#environment = environment;
    this.#parked = new ParkedRuns(rc);
    this.#host = this.#makeHost(environment.clock);
    news.listen(() => {
      this.#parked.wake();
    });
  }

  /**
   * Hands a task in, as it is now, and gives its id.
   * @throws TypeError for what is no task, and for attributes of the wrong type; ValueError for recovery tasks
   * that lead back to one another.
   */
  run(task: AnyTask): number {
    if (!(task instanceof AnyTask)) throw new TypeError("run takes a task: tc.run(new Task('a = 5'))");
    const plans = plansOf(task, this.#environment) as readonly [TaskPlan, ...TaskPlan[]];
    const id = this.#next++;
    const run = new TaskRun(id, plans, this.#host);
    this.#runs.set(id, run);
    run.start();
    if (!run.result) this.#wakeOthers(run);
    return id;
  }

  /**
   * How the task ended; null while it has not. With `block`, waits for it; where nothing can block, gives a
   * promise. Never throws the task's error, which is the result's `failure`.
   * @throws IndexError for an id that does not exist.
   */
  getTaskResult(id: number, options: { readonly block: true }): TaskResult | Promise<TaskResult>;
  getTaskResult(id: number, options?: { readonly block?: boolean }): TaskResult | Promise<TaskResult> | null;
  getTaskResult(id: number, options?: { readonly block?: boolean }): TaskResult | Promise<TaskResult> | null {
    const { block = false } = readOptions(options, ['block'], 'getTaskResult');
    const run = this.#run(id);
    if (!block) return run.result;
    return this.#waitHere(run) ? run.result : run.whenOver();
  }

  /** Waits until the tasks are over, good or bad; where nothing can block, gives a promise. */
  barrier(ids: number | Iterable<number>): Promise<void> | undefined {
    const runs = (typeof ids === 'number' ? [ids] : [...ids]).map((id) => this.#run(id));
    if (runs.every((run) => this.#waitHere(run))) return undefined;
    return Promise.all(runs.map((run) => run.whenOver())).then(() => undefined);
  }

  /** Counts of tasks that wait, run, and ended well or badly; with `verbose`, lists of their ids. */
  queueStatus(options: { readonly verbose: true }): TaskQueueStatus<number[]>;
  queueStatus(options?: { readonly verbose?: false }): TaskQueueStatus<number>;
  queueStatus(options?: { readonly verbose?: boolean }): TaskQueueStatus {
    const { verbose = false } = readOptions(options, ['verbose'], 'queueStatus');
    const ids: Record<TaskState, number[]> = { scheduled: [], pending: [], succeeded: [], failed: [] };
    for (const run of this.#runs.values()) ids[run.state].push(run.id);
    if (verbose) return ids;
    const { scheduled, pending, succeeded, failed } = ids;
    return {
      scheduled: scheduled.length,
      pending: pending.length,
      succeeded: succeeded.length,
      failed: failed.length,
    };
  }

  /**
   * Ends a task that is not over: it fails with TaskAborted and is not tried again. One that runs goes on, for
   * nobody.
   * @throws IndexError "Task Already Completed".
   */
  abort(id: number): void {
    this.#run(id).abort();
  }

  /** Tries again the tasks that no engine suited: its properties may be others now. */
  spin(): void {
    this.#parked.wake();
  }

  /** Forgets the tasks that are over. */
  clear(): void {
    for (const [id, run] of this.#runs) if (run.result) this.#runs.delete(id);
  }

  /** Calls `f` for each item, or each row of several sequences, each wherever an engine is free. */
  map(
    f: (...items: never[]) => unknown,
    ...sequencesAndOptions: unknown[]
  ): unknown[] | PendingResult<unknown[]> {
    const { sequences, options } = splitOptions(sequencesAndOptions);
    const { block = this.block, ...how } = (options ?? {}) as MapOptions;
    const mapAsync = this.#view.mapAsync.bind(this.#view) as (
      f: unknown,
      ...rest: unknown[]
    ) => AsyncMapResult;
    const result = mapAsync(f, ...sequences, how) as AsyncResult;
    const pending = new PendingResult(this.#rc, result, (value) => value as unknown[]);
    return block ? pending.getResult() : pending;
  }

  /** A function on sequences, run wherever engines are free. */
  parallel<R>(
    f: (...args: never[]) => R,
    options?: ParallelOptions,
  ): ParallelFunction<readonly unknown[], AsyncMapResult, AsyncMapResult<Awaited<R>>> {
    return this.#view.parallel(f, options);
  }

  toString(): string {
    const { scheduled, pending } = this.queueStatus();
    return `<TaskClient: ${String(this.#runs.size)} tasks, ${String(scheduled + pending)} under way>`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  [Symbol.for('Jupyter.display')](): Record<string, string> {
    return { 'text/plain': this.toString() };
  }

  #run(id: number): TaskRun {
    const run = this.#runs.get(id);
    if (!run) throw new IndexError(`no task ${String(id)} of this TaskClient`);
    return run;
  }

  /** False where nothing can block, and for a task that waits for other engines. */
  #waitHere(run: TaskRun): boolean {
    while (!run.result) {
      if (!run.attempt || !waitHere(this.#rc, run.attempt as AsyncResult)) return false;
    }
    return true;
  }

  /** A task that comes, or ends, makes the others look again. */
  #wakeOthers(run: TaskRun): void {
    this.#parked.remove(run);
    this.#parked.wake();
    if (!run.result && !run.attempt) this.#parked.add(run);
  }

  #makeHost(clock: Clock): TaskHost {
    return {
      ids: () => this.#rc.ids,
      now: () => new Date(clock.now()),
      submit: (request, targets) => {
        const view = targets === null ? this.#view : this.#view.with({ targets });
        return view.applyAsync(performTask, request) as TaskAttempt;
      },
      changes: () => this.#parked.changes,
      park: (run) => {
        this.#parked.add(run);
      },
      over: (run) => {
        this.#wakeOthers(run);
      },
    };
  }
}

spell(TaskClient);
