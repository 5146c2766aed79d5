import type { AsyncResult } from './async-result/async-result.ts';
import { RuntimeError } from './errors.ts';
import { spell } from './spelling.ts';

/** What an executor, or a pool, needs of its view. */
export interface ExecutorView {
  readonly length: number;
  applyAsync(f: never, ...args: never[]): AsyncResult;
  mapAsync(f: never, ...rest: never[]): AsyncResult;
  imap(f: never, ...rest: never[]): AsyncIterable<unknown>;
  wait(): Promise<boolean>;
}

/**
 * Python's `concurrent.futures` interface over a view: `submit` is `applyAsync`, `map` is `imap`. Shutting it
 * down waits for what was submitted; engines go on living.
 */
export class ViewExecutor<V extends ExecutorView = ExecutorView> {
  readonly view: V;
  #isShut = false;

  constructor(view: V) {
    this.view = view;
  }

  /** How many tasks run at a time: the number of engines. */
  get maxWorkers(): number {
    return this.view.length;
  }

  submit<Args extends readonly unknown[], R>(
    f: (...args: Args) => R,
    ...args: Args
  ): AsyncResult<Awaited<R>, 'one'> {
    this.#checkOpen();
    return this.view.applyAsync(f as never, ...(args as readonly unknown[] as never[])) as AsyncResult<
      Awaited<R>,
      'one'
    >;
  }

  /** Lazily, in order. A `timeout` among the options is ignored, with a warning, as in IPython. */
  map<R>(f: (...args: never[]) => R, ...rest: readonly unknown[]): AsyncIterable<Awaited<R>> {
    this.#checkOpen();
    return this.view.imap(f as never, ...(withoutTimeout(rest) as never[])) as AsyncIterable<Awaited<R>>;
  }

  /** Refuses further work; with `wait` (default) resolves when all that was submitted has ended. */
  async shutdown(wait = true): Promise<void> {
    this.#isShut = true;
    if (wait) await this.view.wait();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  #checkOpen(): void {
    if (this.#isShut) throw new RuntimeError('this executor was shut down; ask the view for another');
  }
}

function withoutTimeout(rest: readonly unknown[]): readonly unknown[] {
  const last = rest.at(-1);
  if (typeof last !== 'object' || last === null || !('timeout' in last) || Symbol.iterator in last)
    return rest;
  console.warn('timeout is ignored by executor.map');
  const options = Object.fromEntries(Object.entries(last).filter(([name]) => name !== 'timeout'));
  return [...rest.slice(0, -1), options];
}

/** A view as libraries that know worker pools expect one. */
export class ViewPool {
  readonly #view: ExecutorView;

  constructor(view: ExecutorView) {
    this.#view = view;
  }

  /** How many tasks run at a time: the number of engines. */
  get effectiveJobs(): number {
    return this.#view.length;
  }

  exec<Args extends readonly unknown[], R>(f: (...args: Args) => R, args: Args): Promise<Awaited<R>> {
    return this.#view.applyAsync(f as never, ...(args as readonly unknown[] as never[])).get() as Promise<
      Awaited<R>
    >;
  }

  map<T, R>(f: (item: T) => R, items: Iterable<T>): Promise<Awaited<R>[]> {
    return this.#view.mapAsync(f as never, items as never).get() as Promise<Awaited<R>[]>;
  }
}

spell(ViewExecutor);
spell(ViewPool);
