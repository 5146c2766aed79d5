import type { EngineId } from '../../protocol/ids.ts';
import { areCallTerms } from '../../protocol/calls.ts';
import { AsyncMapResult } from '../async-result/async-map-result.ts';
import { AsyncResult } from '../async-result/async-result.ts';
import type { ShutdownOptions } from '../cluster-requests.ts';
import { callableName, checkCallable, type Callable } from '../callable.ts';
import type { Job } from '../job.ts';
import type { Call } from '../submitter.ts';
import { NoEnginesRegistered, ValueError } from '../errors.ts';
import { kindOf, readBalancedTargets, type FlagReaders, type TargetReader } from '../flags.ts';
import type { TargetSpec } from '../indexing.ts';
import { readOptions, splitOptions } from '../options.ts';
import { spell } from '../spelling.ts';
import {
  aroundOf,
  TASK_FLAGS,
  taskFlags,
  termsOf,
  type TaskFlags,
  type TaskFlagSpec,
  type Where,
} from '../task-flags.ts';
import { planDag, type DagResult } from './dag.ts';
import type { Dependency } from '../dependency.ts';
import type { DependencyLike } from '../task-flags.ts';
import { CallingView } from './calling-view.ts';
import { equalSequences, splitColumns, zipSequences, type Columns } from './columns.ts';
import { DELETE, HAS, READ, WRITE } from './indexed.ts';
import { LazyMap, zipLazily } from './lazy-map.ts';
import {
  readChunksize,
  type LazyMapOptions,
  type MapOptions,
  type ParallelOptions,
  type StopOn,
} from './map-options.ts';
import {
  applyRequest,
  balancedCall,
  balancedRoute,
  callItems,
  mapRequests,
  type BalancedCall,
} from './view-requests.ts';
import type { ViewSeed } from './view.ts';

/**
 * Every call is a task that runs on one engine, whichever is free; out of `targets`, unless that is null.
 * `apply` gives the bare value; `map` makes one task for each item, or `chunksize` items.
 */
export class LoadBalancedView extends CallingView<'one'> {
  /** The number of engines that tasks may run on. */
  get length(): number {
    const { targets } = this.flags;
    return Array.isArray(targets) ? targets.length : this.core.ids.length;
  }

  // Flags

  #read: { readonly from: object; readonly flags: TaskFlags } | null = null;

  /** What tasks wait for; null for nothing. @throws ValueError "Invalid dependency". */
  get after(): Dependency | null {
    return this.#taskFlags.after;
  }

  set after(after: DependencyLike | null) {
    this.setFlags({ after });
  }

  /** Tasks run where these ran, when they have. @throws ValueError "Invalid dependency". */
  get follow(): Dependency | null {
    return this.#taskFlags.follow;
  }

  set follow(follow: DependencyLike | null) {
    this.setFlags({ follow });
  }

  /** Seconds that a task may wait to be started; null: for ever. */
  get timeout(): number | null {
    return this.#taskFlags.timeout;
  }

  set timeout(timeout: number | null) {
    this.setFlags({ timeout });
  }

  /** How often a task that fails is tried again. */
  get retries(): number {
    return this.#taskFlags.retries;
  }

  set retries(retries: number) {
    this.setFlags({ retries });
  }

  /** Tasks of higher priority go first. */
  get priority(): number {
    return this.#taskFlags.priority;
  }

  set priority(priority: number) {
    this.setFlags({ priority });
  }

  /** A condition on the properties of the engines that tasks run on. */
  get where(): Where | null {
    return this.#taskFlags.where;
  }

  set where(where: Where | null) {
    this.setFlags({ where });
  }

  /** The engine's namespace is emptied before each task. */
  get clearBefore(): boolean {
    return this.#taskFlags.clearBefore;
  }

  set clearBefore(clearBefore: boolean) {
    this.setFlags({ clearBefore });
  }

  /** The engine's namespace is emptied after each task. */
  get clearAfter(): boolean {
    return this.#taskFlags.clearAfter;
  }

  set clearAfter(clearAfter: boolean) {
    this.setFlags({ clearAfter });
  }

  override setFlags(flags: TaskFlagSpec = {}): this {
    return super.setFlags(flags);
  }

  /** A view with other flags: `lview.with({ after: [a, b] }).apply(f)`. */
  override with(flags: TaskFlagSpec): this {
    return super.with(flags);
  }

  override tempFlags(flags: TaskFlagSpec): Disposable;
  override tempFlags<R>(flags: TaskFlagSpec, use: (view: this) => R): R;
  override tempFlags<R>(flags: TaskFlagSpec, use?: (view: this) => R): R | Disposable {
    return use ? super.tempFlags(flags, use) : super.tempFlags(flags);
  }

  // Graphs and lazy maps

  /**
   * Runs `f(node)` for each node, each when those before it have succeeded: an edge `[a, b]` means that b comes
   * after a. What comes after a node that fails fails with ImpossibleDependency, and does not run.
   * @throws InvalidDependency when the edges lead back to where they came from; ValueError for an edge to no node.
   */
  dag<N, R>(
    nodes: Iterable<N>,
    edges: Iterable<readonly [N, N]>,
    f: (node: N) => R,
  ): DagResult<N, Awaited<R>> {
    checkCallable(f);
    return planDag(nodes, edges, (node, after) => {
      const view = after.length > 0 ? this.with({ after }) : this;
      return view.applyAsync(f as never, node as never) as unknown as AsyncResult<Awaited<R>, 'one'>;
    });
  }

  /**
   * A lazy map: the next input is read when a task completes, so inputs may be endless, and async. Gives an
   * async iterator of results with `cancel()`.
   */
  imap<T, R>(
    f: (item: T) => R,
    items: Iterable<T> | AsyncIterable<T>,
    options?: LazyMapOptions,
  ): LazyMap<Awaited<R>>;
  imap<T, U, R>(
    f: (a: T, b: U) => R,
    a: Iterable<T> | AsyncIterable<T>,
    b: Iterable<U> | AsyncIterable<U>,
    options?: LazyMapOptions,
  ): LazyMap<Awaited<R>>;
  imap(f: Callable, ...rest: unknown[]): LazyMap;
  imap(f: unknown, ...rest: unknown[]): LazyMap {
    checkCallable(f);
    const split = splitOptions(rest);
    const options = readOptions<LazyMapOptions>(split.options, LAZY_OPTIONS, 'imap');
    const { label = this.label, ordered = true, returnExceptions = false } = options;
    const stopOn = readStop(options.stopOn);
    const terms = this.#call(options.targets, f, 1);
    const around = aroundOf(this.#taskFlags);
    const submit = (args: readonly unknown[]) => {
      const request = applyRequest(f, args, this.track, around);
      const jobs = this.#jobs([balancedCall(terms, request)], { label, track: this.track });
      return new AsyncResult(this.core, jobs, { isSingle: true, name: callableName(f), owner: false });
    };
    const maxOutstanding = readMaxOutstanding(options.maxOutstanding, this.length);
    const inputs = zipLazily(split.sequences);
    const block = (until: () => boolean, jobs: readonly Job[]) => {
      this.core.block(until, undefined, 'for await (const x of view.imap(f, …))', jobs);
    };
    const pause = () => new Promise<void>((resolve) => this.core.environment.timers.after(0, resolve));
    const awaiting = (cancel: () => void) => this.core.awaiting(cancel);
    const how = { maxOutstanding, ordered, returnExceptions, stopOn };
    return new LazyMap({ inputs, submit, block, awaiting, pause, ...how });
  }

  /** Counts of queued and finished work on the engines of this view, and of what no engine has yet. */
  queueStatus(): Promise<unknown> {
    return this.client.queueStatus({ targets: this.targets ?? 'all' });
  }

  /** Stops the engines of this view; with `restart` they come back empty, under the same ids. */
  shutdown(options?: ShutdownOptions): Promise<void> {
    return this.client.shutdown(this.targets ?? 'all', options);
  }

  // A load-balanced view has no namespace: unknown names are simply unknown.

  override [READ](): undefined {
    return undefined;
  }

  override [WRITE](name: string): never {
    throw new TypeError(
      `a LoadBalancedView has no flag '${name}', and no variables, since nobody knows where a task will run; ` +
        `set variables with a DirectView: rc.directView()['${name}'] = value`,
    );
  }

  override [HAS](): boolean {
    return false;
  }

  override [DELETE](name: string): never {
    throw new TypeError(
      `a LoadBalancedView has no variable '${name}' to delete; use a DirectView: delete rc.directView()['${name}']`,
    );
  }

  protected override get className(): string {
    return 'LoadBalancedView';
  }

  protected override get moreFlags(): FlagReaders {
    return TASK_FLAGS;
  }

  protected override get readTargets(): TargetReader {
    return readBalancedTargets;
  }

  protected override get mapOptionNames(): readonly (keyof MapOptions)[] {
    return ['block', 'targets', 'label', 'track', 'returnExceptions', 'ordered', 'chunksize', 'stopOn'];
  }

  protected override derive(seed: ViewSeed): this {
    return new LoadBalancedView(seed) as this;
  }

  protected override startApply(f: unknown, args: readonly unknown[]): AsyncResult<unknown, 'one'> {
    const request = applyRequest(f, args, this.track, aroundOf(this.#taskFlags));
    const call = balancedCall(this.#call(undefined, f, 1), request);
    return new AsyncResult(this.core, this.#jobs([call], {}), { isSingle: true, name: callableName(f) });
  }

  protected override startMap(
    f: unknown,
    sequences: readonly unknown[],
    options: MapOptions,
  ): AsyncMapResult {
    const { returnExceptions = false, ordered = true, track = this.track } = options;
    const columns = zipSequences(sequences);
    const count = this.#tasksOf(columns, options);
    const call = this.#call(options.targets, f, count);
    const around = aroundOf(this.#taskFlags);
    const isCommon = count === columns.length && !track && !around && areCallTerms(call.terms);
    const items = isCommon ? callItems(f, columns, returnExceptions) : null;
    if (items !== null) {
      const how = {
        name: items.name,
        sizes: null,
        parts: 'items',
        ordered,
        ...readStopOn(options.stopOn),
      } as const;
      const { label = this.label } = options;
      const tasks = this.core.submitCall(balancedRoute(call), items, { label, history: this.ownHistory });
      return new AsyncMapResult(this.core, tasks, how);
    }
    const { pieces, sizes } = splitColumns(columns, count);
    const requests = mapRequests(f, pieces, returnExceptions, track, around);
    const calls = requests.map((request) => balancedCall(call, request));
    const how = {
      name: callableName(f),
      sizes,
      parts: 'items',
      ordered,
      ...readStopOn(options.stopOn),
    } as const;
    return new AsyncMapResult(this.core, this.#jobs(calls, { ...options, track }), how);
  }

  protected override startParallel(
    f: unknown,
    sequences: readonly unknown[],
    options: ParallelOptions,
  ): AsyncMapResult {
    const { dist = 'b', ordered = true, track = this.track } = options;
    const columns = equalSequences(sequences);
    const { pieces } = splitColumns(columns, this.#tasksOf(columns, options), dist);
    const call = this.#call(options.targets, f, pieces.length);
    const around = aroundOf(this.#taskFlags);
    const calls = pieces.map((piece) => balancedCall(call, applyRequest(f, piece, track, around)));
    const how = {
      name: callableName(f),
      sizes: null,
      parts: 'partition',
      dist,
      ordered,
    } as const;
    return new AsyncMapResult(this.core, this.#jobs(calls, { ...options, track }), how);
  }

  /** How many tasks, of about `chunksize` items; as even as they can be, so 10 items by 4 are 4, 3, 3. */
  #tasksOf({ length }: Columns, { chunksize }: MapOptions): number {
    return Math.ceil(length / readChunksize(chunksize, length, this.length));
  }

  /** Read anew when the view's flags are another object: each task asks. */
  get #taskFlags(): TaskFlags {
    const { flags } = this;
    if (this.#read?.from !== flags) this.#read = { from: flags, flags: taskFlags(flags) };
    return this.#read.flags;
  }

  /** What the `n` tasks of a call of `f` have in common. */
  #call(targets: TargetSpec, f: unknown, n: number): BalancedCall {
    const share = n > 1 ? `${this.core.clientId}/${String(++calls)}` : null;
    return { targets: this.#targets(targets), terms: termsOf(this.#taskFlags, f), share };
  }

  #targets(spec: TargetSpec): readonly EngineId[] | null {
    this.core.checkOpen();
    if (this.core.ids.length === 0) {
      throw new NoEnginesRegistered(
        'There are no engines to run this task. Try `await rc.waitForEngines(n)`.',
      );
    }
    const targets = spec === undefined ? this.flags.targets : readBalancedTargets(spec, this.core.ids);
    return Array.isArray(targets) ? (targets as readonly EngineId[]) : null;
  }

  #jobs(calls: readonly Call[], options: Pick<MapOptions, 'label' | 'track' | 'returnExceptions'>) {
    return this.core.submit(calls, {
      label: options.label ?? this.label,
      isTracked: options.track ?? this.track,
      returnExceptions: options.returnExceptions ?? false,
      history: this.ownHistory,
    });
  }
}

/** Of several tasks, so far: for their names. */
let calls = 0;

const LAZY_OPTIONS: readonly (keyof LazyMapOptions)[] = [
  'targets',
  'label',
  'ordered',
  'returnExceptions',
  'maxOutstanding',
  'stopOn',
];

function readStopOn(stopOn: MapOptions['stopOn'] | null): { readonly stopOn?: StopOn } {
  if (stopOn === undefined || stopOn === null) return {};
  if (stopOn === 'error' || typeof stopOn === 'function') return { stopOn };
  throw new ValueError(`stopOn must be 'error' or a function of a result, not ${kindOf(stopOn)}`);
}

/** Of a lazy map, which ends at an error anyway. */
function readStop(stopOn: LazyMapOptions['stopOn'] | null): LazyMapOptions['stopOn'] {
  if (stopOn === undefined || stopOn === null) return undefined;
  if (typeof stopOn === 'function') return stopOn;
  throw new ValueError(`stopOn of imap must be a function of a result, not ${kindOf(stopOn)}`);
}

function readMaxOutstanding(given: number | 'auto' | undefined, engines: number): number {
  if (given === undefined || given === 'auto') return Math.max(1, engines);
  if (given === 0) return Infinity;
  if (Number.isInteger(given) && given > 0) return given;
  throw new ValueError(
    `maxOutstanding must be a positive integer, 0 for no limit, or 'auto', not ${String(given)}`,
  );
}

spell(LoadBalancedView);
