import { makeEntrances } from '../../base/primordials.ts';
import type { Job } from '../job.ts';
import type { AsyncResult } from '../async-result/async-result.ts';
import { isEnough } from './map-options.ts';

/** How a lazy map goes about it. */
export interface LazyMapPlan {
  /** The arguments of each task; consumed one at a time. */
  readonly inputs: Iterator<readonly unknown[], void> | AsyncIterator<readonly unknown[], void>;
  readonly submit: (args: readonly unknown[]) => AsyncResult;
  /** Blocks until that is true; `jobs`: those that are waited for, at any time. @throws BlockingUnavailableError. */
  readonly block: (until: () => boolean, jobs: readonly Job[]) => void;
  /** Infinity for all at once. */
  readonly maxOutstanding: number;
  readonly ordered: boolean;
  readonly returnExceptions: boolean;
  readonly stopOn: ((result: unknown) => boolean) | undefined;
  /** Somebody waits for the next result, until the returned function is called; `cancel` ends it. */
  readonly awaiting: (cancel: () => void) => () => void;
  /** Gives others their turn: inputs that never end must not hold the thread. */
  readonly pause: () => Promise<void>;
}

/** So many tasks are submitted in one turn. */
const MOST_AT_ONCE = 256;

/**
 * A map that asks for its next input when a task completes, not when a result is consumed: the engines stay
 * busy however slow the consumer is, and inputs may be endless. An error of the input's producer is thrown
 * after the results of what came before it.
 */
export class LazyMap<R = unknown> implements AsyncIterableIterator<R, undefined> {
  readonly #plan: LazyMapPlan;
  /** Submitted and not given out, in order of submission. */
  readonly #tasks: AsyncResult[] = [];
  /** Those of `#tasks`. */
  readonly #jobs: Job[] = [];
  /** Of `#tasks`, in order of completion. */
  readonly #finished: AsyncResult[] = [];
  #outstanding = 0;
  #isReading = false;
  #isExhausted = false;
  /** What is left ends unheard. */
  #isCancelled = false;
  #producerError: { readonly error: unknown } | null = null;
  /** Called at every change; consumers wait on it. */
  #wake: (() => void)[] = [];

  constructor(plan: LazyMapPlan) {
    this.#plan = plan;
    void this.#fill();
  }

  async next(): Promise<IteratorResult<R, undefined>> {
    for (;;) {
      const task = this.#takeFinished();
      if (task) return this.#give(task);
      if (this.#isOver) return this.#end();
      const endWait = this.#plan.awaiting(() => {
        this.cancel();
      });
      await new Promise<void>((resolve) => this.#wake.push(resolve));
      endWait();
    }
  }

  /** Stops: no more inputs are asked for, and what has not finished is cancelled. */
  cancel(): void {
    this.#isCancelled = true;
    this.#finished.length = 0;
    for (const task of this.#tasks.splice(0)) task.cancel();
    this.#exhaust();
    this.#notify();
  }

  return(): Promise<IteratorResult<R, undefined>> {
    this.cancel();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * Blocks for each result as it is asked for.
   * @throws TypeError for inputs that come asynchronously; BlockingUnavailableError where nothing can block.
   */
  *[Symbol.iterator](): Generator<R, undefined> {
    if (Symbol.asyncIterator in this.#plan.inputs) {
      throw new TypeError('these inputs come asynchronously: use `for await (const x of view.imap(f, …))`');
    }
    try {
      for (;;) {
        this.#plan.block(() => this.#hasNext || this.#isOver, this.#jobs);
        const task = this.#takeFinished();
        if (!task) {
          this.#end();
          return undefined;
        }
        const value = task.getSync({ returnExceptions: this.#plan.returnExceptions }) as R;
        if (this.#isEnough(value)) this.cancel();
        yield value;
      }
    } finally {
      this.cancel();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  // Reads inputs and submits them as long as there is room; called again whenever a task completes.
  async #fill(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      for (let n = 1; this.#hasRoom(); n++) {
        if (n % MOST_AT_ONCE === 0) await this.#plan.pause();
        if (!this.#hasRoom()) break;
        const input = this.#plan.inputs.next();
        const step = input instanceof Promise ? await input : input;
        if (step.done) this.#exhaust();
        // Somebody may have cancelled meanwhile.
        else if (this.#hasRoom()) this.#submit(step.value);
      }
    } catch (error) {
      this.#producerError = { error };
      this.#exhaust();
    } finally {
      this.#isReading = false;
      this.#notify();
    }
  }

  #hasRoom(): boolean {
    return !this.#isExhausted && this.#outstanding < this.#plan.maxOutstanding;
  }

  #submit(args: readonly unknown[]): void {
    const task = this.#plan.submit(args);
    this.#tasks.push(task);
    this.#jobs.push(...task.jobs);
    this.#outstanding += 1;
    task.onSettled(() => {
      this.#outstanding -= 1;
      if (!this.#isCancelled) this.#finished.push(task);
      void this.#fill();
      this.#notify();
    });
  }

  get #isOver(): boolean {
    return this.#isExhausted && this.#tasks.length === 0;
  }

  get #hasNext(): boolean {
    const [first] = this.#plan.ordered ? this.#tasks : this.#finished;
    return first?.ready() ?? false;
  }

  #takeFinished(): AsyncResult | undefined {
    const [first] = this.#plan.ordered ? this.#tasks : this.#finished;
    if (!first?.ready()) return undefined;
    remove(this.#tasks, first);
    for (const job of first.jobs) remove(this.#jobs, job);
    remove(this.#finished, first);
    return first;
  }

  async #give(task: AsyncResult): Promise<IteratorResult<R, undefined>> {
    try {
      const value = (await task.get({ returnExceptions: this.#plan.returnExceptions })) as R;
      if (this.#isEnough(value)) this.cancel();
      return { done: false, value };
    } catch (error) {
      this.cancel();
      throw error;
    }
  }

  #isEnough(value: R): boolean {
    const { stopOn } = this.#plan;
    return stopOn !== undefined && isEnough(stopOn, value);
  }

  #end(): IteratorResult<R, undefined> {
    const failure = this.#producerError;
    this.#producerError = null;
    if (failure) throw failure.error;
    return { done: true, value: undefined };
  }

  #exhaust(): void {
    if (this.#isExhausted) return;
    this.#isExhausted = true;
    // Lets a generator run its `finally`.
    void this.#plan.inputs.return?.();
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

// Users get it without a door of the API's.
makeEntrances(LazyMap.prototype);

function remove<T>(list: T[], item: T): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}

/** Inputs of several iterables side by side, until the first ends; lazily. */
export function zipLazily(sources: readonly unknown[]): LazyMapPlan['inputs'] {
  if (sources.length === 0) throw new TypeError('must have some sequences to map onto!');
  if (sources.some(isAsyncIterable)) return zipAsync(sources.map(asyncIteratorOf));
  return zipSync(sources.map(iteratorOf));
}

function* zipSync(iterators: readonly Iterator<unknown>[]): Generator<readonly unknown[], void> {
  try {
    for (;;) {
      const row = iterators.map((iterator) => iterator.next());
      if (row.some(({ done }) => done)) return;
      yield row.map(({ value }) => value as unknown);
    }
  } finally {
    for (const iterator of iterators) iterator.return?.();
  }
}

async function* zipAsync(
  iterators: readonly AsyncIterator<unknown>[],
): AsyncGenerator<readonly unknown[], void> {
  try {
    for (;;) {
      const row = await Promise.all(iterators.map((iterator) => iterator.next()));
      if (row.some(({ done }) => done)) return;
      yield row.map(({ value }) => value as unknown);
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function iteratorOf(value: unknown): Iterator<unknown> {
  if (
    typeof value !== 'string' &&
    (typeof value !== 'object' || value === null || !(Symbol.iterator in value))
  ) {
    throw new TypeError('not a sequence: give an array, a typed array or anything iterable');
  }
  return (value as Iterable<unknown>)[Symbol.iterator]();
}

function asyncIteratorOf(value: unknown): AsyncIterator<unknown> {
  if (isAsyncIterable(value)) return value[Symbol.asyncIterator]();
  const iterator = iteratorOf(value);
  return {
    next: () => Promise.resolve(iterator.next()),
    return: () => Promise.resolve(iterator.return?.() ?? { done: true, value: undefined }),
  };
}
