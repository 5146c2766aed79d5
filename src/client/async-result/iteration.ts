import { entrance } from '../../base/primordials.ts';
import { CallJobs } from '../call-jobs.ts';
import type { Tasks } from '../client-core.ts';
import type { Job } from '../job.ts';

/** What iterating over a result needs: its tasks, and how to read one that has finished. */
export interface TaskSource {
  readonly tasks: Tasks;
  /** In order of submission; else in the order in which they finish. */
  readonly ordered: boolean;
  /** The items of a finished job. Throws its error. */
  readonly itemsOf: (job: Job) => readonly unknown[];
  /** Somebody waits, until the returned function is called. */
  readonly awaiting?: () => () => void;
}

/** Items as they arrive, for `for await`. */
export async function* iterateAsync(source: TaskSource): AsyncGenerator<unknown, void> {
  const next = new NextTasks(source);
  for (let i = 0; i < next.length; i++) {
    if (!next.isThere(i)) {
      const endWait = source.awaiting?.();
      await next.wait(i);
      endWait?.();
    }
    yield* next.itemsOf(i);
  }
}

/** As users are given it: what they go on with when an item comes is their own (see `base/primordials`). */
export function withEntrances<T>(items: AsyncGenerator<T, void>): AsyncIterableIterator<T, void> {
  const given: AsyncIterableIterator<T, void> = {
    next: entrance(() => items.next()),
    return: entrance(() => items.return()),
    throw: entrance((error: unknown) => items.throw(error)),
    [Symbol.asyncIterator]: () => given,
  };
  return given;
}

/** The same for a plain `for`: `block` waits until something is true. */
export function* iterateBlocking(
  source: TaskSource,
  block: (until: () => boolean) => void,
): Generator<unknown, void> {
  const next = new NextTasks(source);
  for (let i = 0; i < next.length; i++) {
    block(() => next.isThere(i));
    if (next.isThere(i)) yield* next.itemsOf(i);
  }
}

/** The tasks of a result in the order in which they are wanted. */
class NextTasks {
  readonly length: number;
  readonly #source: TaskSource;
  readonly #order: Order;

  constructor(source: TaskSource) {
    const { tasks, ordered } = source;
    this.#source = source;
    this.#order = tasks instanceof CallJobs ? orderOfCall(tasks, ordered) : orderOfJobs(tasks, ordered);
    this.length = this.#order.length;
  }

  /** The next but `i` has finished. */
  isThere(i: number): boolean {
    return this.#order.isThere(i);
  }

  /** Resolves when it has. */
  wait(i: number): Promise<void> {
    return new Promise((resolve) => {
      this.#order.whenThere(i, resolve);
    });
  }

  itemsOf(i: number): readonly unknown[] {
    return this.#order.itemsOf(i, this.#source.itemsOf);
  }
}

interface Order {
  readonly length: number;
  isThere(i: number): boolean;
  whenThere(i: number, listener: () => void): void;
  itemsOf(i: number, read: TaskSource['itemsOf']): readonly unknown[];
}

function orderOfJobs(jobs: readonly Job[], ordered: boolean): Order {
  let wake: () => void = () => undefined;
  const next = ordered
    ? jobs
    : finishing(jobs, () => {
        wake();
      });
  return {
    length: jobs.length,
    isThere: (i) => next[i]?.isPending === false,
    whenThere: (i, listener) => {
      if (ordered) next[i]?.onSettled(listener);
      else wake = listener;
    },
    itemsOf: (i, read) => {
      const job = next[i];
      return job ? read(job) : [];
    },
  };
}

/** Those that have finished, then, as it happens, each that does: the list grows. */
function finishing(jobs: readonly Job[], onFinished: () => void): readonly Job[] {
  const done = jobs.filter((job) => !job.isPending);
  for (const job of jobs) {
    job.onSettled(() => {
      done.push(job);
      onFinished();
    });
  }
  return done;
}

function orderOfCall(call: CallJobs, ordered: boolean): Order {
  const ended = ordered ? null : call.ended;
  const isThere = (i: number) => (ended ? i < ended.length : !call.isPendingAt(i));
  return {
    length: call.count,
    isThere,
    whenThere: (i, listener) => {
      const stop = call.onSettled(() => {
        if (!isThere(i)) return;
        stop();
        listener();
      });
    },
    itemsOf: (i, read) => call.itemsAt(ended ? (ended[i] ?? NaN) : i, read),
  };
}
