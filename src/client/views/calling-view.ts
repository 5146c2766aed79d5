import type { Reference } from '../../protocol/reference.ts';
import type { AsyncMapResult } from '../async-result/async-map-result.ts';
import type { AsyncResult } from '../async-result/async-result.ts';
import type { Arity } from '../async-result/job-group.ts';
import { checkCallable, type Callable, type Remote } from '../callable.ts';
import { ViewExecutor, ViewPool } from '../executor.ts';
import type { FlagSpec } from '../flags.ts';
import { readOptions, splitOptions } from '../options.ts';
import { checkDist } from '../partition.ts';
import { spell } from '../spelling.ts';
import type { MapOptions, ParallelOptions } from './map-options.ts';
import {
  isDecoratorContext,
  isDecoratorFactory,
  wrapAs,
  type ParallelFunction,
  type RemoteFunction,
} from './remote-function.ts';
import { finish, View } from './view.ts';

/** What `apply` gives: the bare value of one engine, or a list in target order. */
export type Gathered<S extends Arity, R> = S extends 'one' ? R : R[];

type Items<T> = Iterable<T | Reference>;

/** How functions are run on a view: `apply`, `map` and what is made of them. */
export abstract class CallingView<S extends Arity = Arity> extends View {
  // Apply

  /** Runs `f(...args)` on the view. With `block`, waits and returns the plain value. */
  apply<A extends readonly unknown[], R>(
    f: (...args: A) => R,
    ...args: Remote<A>
  ): AsyncResult<Gathered<S, Awaited<R>>, S>;
  apply(f: Reference, ...args: unknown[]): AsyncResult<Gathered<S, unknown>, S>;
  apply(f: unknown, ...args: unknown[]): AsyncResult<Gathered<S, unknown>, S> {
    return finish(this.#start(f, args), this.block, 'await view.applyAsync(f, …)');
  }

  /** Runs `f(...args)` on the view; the AsyncResult is returned at once. */
  applyAsync<A extends readonly unknown[], R>(
    f: (...args: A) => R,
    ...args: Remote<A>
  ): AsyncResult<Gathered<S, Awaited<R>>, S>;
  applyAsync(f: Reference, ...args: unknown[]): AsyncResult<Gathered<S, unknown>, S>;
  applyAsync(f: unknown, ...args: unknown[]): AsyncResult<Gathered<S, unknown>, S> {
    return this.#start(f, args);
  }

  /** Runs `f(...args)` on the view, waits, and returns the plain value. */
  applySync<A extends readonly unknown[], R>(
    f: (...args: A) => R,
    ...args: Remote<A>
  ): Gathered<S, Awaited<R>>;
  applySync(f: Reference, ...args: unknown[]): Gathered<S, unknown>;
  applySync(f: unknown, ...args: unknown[]): Gathered<S, unknown> {
    return this.#start(f, args).getSync(undefined, 'await view.apply(f, …)');
  }

  // Map

  /**
   * Calls `f` for the items of one or more sequences, with the items only; the shortest sequence decides. A
   * plain object at the end is the options. The result is a list in the order of the items.
   */
  map<T, R>(f: (item: T) => R, items: Items<T>, options?: MapOptions): AsyncMapResult<Awaited<R>>;
  map<T, U, R>(
    f: (a: T, b: U) => R,
    a: Items<T>,
    b: Items<U>,
    options?: MapOptions,
  ): AsyncMapResult<Awaited<R>>;
  map<T, U, V, R>(
    f: (a: T, b: U, c: V) => R,
    a: Items<T>,
    b: Items<U>,
    c: Items<V>,
    options?: MapOptions,
  ): AsyncMapResult<Awaited<R>>;
  map(f: Reference, ...sequencesAndOptions: unknown[]): AsyncMapResult;
  map(f: unknown, ...rest: unknown[]): AsyncResult<unknown[]> {
    const { sequences, options } = this.#readMap(rest, 'map');
    const result = this.#startMap(f, sequences, options);
    return finish(result, options.block ?? this.block, 'await view.mapAsync(f, …)');
  }

  /** As `map`, never blocking. */
  mapAsync<T, R>(f: (item: T) => R, items: Items<T>, options?: MapOptions): AsyncMapResult<Awaited<R>>;
  mapAsync<T, U, R>(
    f: (a: T, b: U) => R,
    a: Items<T>,
    b: Items<U>,
    options?: MapOptions,
  ): AsyncMapResult<Awaited<R>>;
  mapAsync<T, U, V, R>(
    f: (a: T, b: U, c: V) => R,
    a: Items<T>,
    b: Items<U>,
    c: Items<V>,
    options?: MapOptions,
  ): AsyncMapResult<Awaited<R>>;
  mapAsync(f: Reference, ...sequencesAndOptions: unknown[]): AsyncMapResult;
  mapAsync(f: unknown, ...rest: unknown[]): AsyncMapResult {
    const { sequences, options } = this.#readMap(rest, 'mapAsync');
    refuseBlock(options, 'mapAsync');
    return this.#startMap(f, sequences, options);
  }

  /** As `map`, blocking: returns the list itself. */
  mapSync<T, R>(f: (item: T) => R, items: Items<T>, options?: MapOptions): Awaited<R>[];
  mapSync<T, U, R>(f: (a: T, b: U) => R, a: Items<T>, b: Items<U>, options?: MapOptions): Awaited<R>[];
  mapSync<T, U, V, R>(
    f: (a: T, b: U, c: V) => R,
    a: Items<T>,
    b: Items<U>,
    c: Items<V>,
    options?: MapOptions,
  ): Awaited<R>[];
  mapSync(f: Reference, ...sequencesAndOptions: unknown[]): unknown[];
  mapSync(f: unknown, ...rest: unknown[]): unknown[] {
    const { sequences, options } = this.#readMap(rest, 'mapSync');
    refuseBlock(options, 'mapSync');
    return this.#startMap(f, sequences, options).getSync(undefined, 'await view.map(f, …)');
  }

  // Decorators

  /** A function whose calls run on this view: `const g = view.remote(f)`; also a decorator of methods. */
  remote<A extends readonly unknown[], R>(
    f: (...args: A) => R,
    options?: FlagSpec | DecoratorContext,
  ): RemoteFunction<A, AsyncResult<Gathered<S, Awaited<R>>, S>>;
  remote(
    options?: FlagSpec,
  ): <A extends readonly unknown[], R>(
    f: (...args: A) => R,
    context?: DecoratorContext,
  ) => RemoteFunction<A, AsyncResult<Gathered<S, Awaited<R>>, S>>;
  remote(...all: readonly unknown[]): unknown {
    const [f, options] = all as [f: unknown, options?: FlagSpec | DecoratorContext];
    if (isDecoratorFactory(all)) return (method: never) => this.remote(method, f as FlagSpec);
    checkCallable(f);
    const flags = isDecoratorContext(options) || options === undefined ? {} : options;
    this.merged(flags);
    const call = (...args: unknown[]) => this.with(flags).apply(f as never, ...(args as never[]));
    return wrapAs('RemoteFunction', call, f);
  }

  /**
   * A function on sequences: `g(xs)` calls `f` once for each engine, with its part of `xs`, and joins the
   * results; `g.map(xs)` calls it for each item. Also a decorator of methods.
   */
  parallel<R>(
    f: (...args: never[]) => R,
    options?: ParallelOptions | DecoratorContext,
  ): ParallelFunction<readonly unknown[], AsyncMapResult, AsyncMapResult<Awaited<R>>>;
  parallel(
    options?: ParallelOptions,
  ): <R>(
    f: (...args: never[]) => R,
    context?: DecoratorContext,
  ) => ParallelFunction<readonly unknown[], AsyncMapResult, AsyncMapResult<Awaited<R>>>;
  parallel(...all: readonly unknown[]): unknown {
    const [f, options] = all as [f: unknown, options?: ParallelOptions | DecoratorContext];
    if (isDecoratorFactory(all)) return (method: never) => this.parallel(method, f as ParallelOptions);
    checkCallable(f);
    const given = isDecoratorContext(options) || options === undefined ? {} : options;
    const { dist, ...mapOptions } = readOptions(
      this.withoutChunks(given),
      ['dist', ...this.mapOptionNames],
      'parallel',
    );
    const block = () => mapOptions.block ?? this.block;
    const twin = 'view.parallel(f, { block: false })';
    const call = (...sequences: unknown[]) => {
      const result = this.startParallel(f, sequences, { ...mapOptions, dist: checkDist(dist ?? 'b') });
      return finish(result, block(), twin);
    };
    const map = (...sequences: unknown[]) => finish(this.#startMap(f, sequences, mapOptions), block(), twin);
    return wrapAs('ParallelFunction', Object.assign(call, { map }), f);
  }

  // Adapters

  /** Python's executor interface over this view. */
  get executor(): ViewExecutor<this> {
    return new ViewExecutor(this);
  }

  /** The interface of worker pools over this view: `pool.map(f, items)`, `pool.exec(f, args)`. */
  asPool(): ViewPool {
    return new ViewPool(this);
  }

  /** The number of engines. */
  abstract get length(): number;

  /** A map whose results can be iterated while they come in. */
  abstract imap(f: Callable, ...rest: unknown[]): AsyncIterable<unknown>;

  // For subclasses

  protected abstract readonly mapOptionNames: readonly (keyof MapOptions)[];
  protected abstract startApply(f: unknown, args: readonly unknown[]): AsyncResult<Gathered<S, unknown>, S>;
  protected abstract startMap(f: unknown, sequences: readonly unknown[], options: MapOptions): AsyncMapResult;
  /** One call per part of the sequences. */
  protected abstract startParallel(
    f: unknown,
    sequences: readonly unknown[],
    options: ParallelOptions,
  ): AsyncMapResult;

  /** Options of `parallel`, as this kind of view takes them. */
  protected withoutChunks(options: ParallelOptions): ParallelOptions {
    return options;
  }

  #start(f: unknown, args: readonly unknown[]): AsyncResult<Gathered<S, unknown>, S> {
    checkCallable(f);
    return this.startApply(f, args);
  }

  #startMap(f: unknown, sequences: readonly unknown[], options: MapOptions): AsyncMapResult {
    checkCallable(f);
    return this.startMap(f, sequences, options);
  }

  #readMap(rest: readonly unknown[], method: string): { sequences: readonly unknown[]; options: MapOptions } {
    const { sequences, options } = splitOptions(rest);
    return { sequences, options: readOptions<MapOptions>(options, this.mapOptionNames, method) };
  }
}

function refuseBlock(options: MapOptions, method: string): void {
  if ('block' in options) throw new TypeError(`${method} got an unexpected option 'block'; use map for that`);
}

spell(CallingView);
