import type { Adapt, AdaptSpec } from '../protocol/adapt.ts';
import { UNSENDABLE } from '../protocol/canned.ts';
import type { ClientId, EngineId, RunId } from '../protocol/ids.ts';
import type { EngineState } from '../protocol/client-messages.ts';
import { assignProperties, readProperties } from './classic/engine-properties.ts';
import { ClientRequests } from './client-requests.ts';
import * as cluster from './cluster-requests.ts';
import type { QueueStatusOptions, ShutdownOptions } from './cluster-requests.ts';
import { blockForEngines, waitForEngines, type WaitForEnginesOptions } from './engine-wait.ts';
import type { ViewExecutor } from './executor.ts';
import type { FlagSpec } from './flags.ts';
import { badTargets, engineList, sliceList, type TargetSpec } from './indexing.ts';
import { isPlainObject, readOptions } from './options.ts';
import { spell } from './spelling.ts';
import type { TaskFlagSpec } from './task-flags.ts';
import { BroadcastView } from './views/broadcast-view.ts';
import { DirectView } from './views/direct-view.ts';
import { DELETE, HAS, READ, WRITE } from './views/indexed.ts';
import { LoadBalancedView } from './views/load-balanced-view.ts';
import { balancedSeed, directSeed, readIndex } from './views/view-seed.ts';

/**
 * The room `client`: what people type. A connection to a cluster, and what makes views on its engines.
 * Indexed as in Python: `rc[0]`, `rc[-1]`, `rc[[0, 2]]`, `rc[':']`, `rc['::2']`. A number means one engine and
 * bare results, all else lists. (`rc[[3]]` cannot be told from `rc[3]`; a list of one is `rc.view([3])`.)
 *
 * Everything returns at once or gives a promise; only views with `block`, and what says `Sync`, block.
 */
export class Client extends ClientRequests {
  [engines: string]: unknown;
  #block = false;

  get [UNSENDABLE](): string {
    return 'A client stays where it is; engines are reached from here only.';
  }

  // Engines

  /** Sorted; a new array each time. */
  get ids(): EngineId[] {
    return this.core.ids;
  }

  get length(): number {
    return this.ids.length;
  }

  /** A view for each engine, by id. */
  *[Symbol.iterator](): Generator<DirectView<'one'>, void> {
    for (const id of this.ids) yield this.#view(id);
  }

  /** What is known about each engine: state, counts, what it runs. */
  get engines(): readonly EngineState[] {
    return this.core.engines;
  }

  /**
   * Resolves when `n` engines (default: as many as the cluster is meant to have) are ready.
   * Rejects with TimeoutError after `timeout` seconds; with EngineError when an engine dies meanwhile.
   */
  waitForEngines(n?: number | null, options?: WaitForEnginesOptions): Promise<void> {
    return waitForEngines(this.core, n, readOptions(options, ['timeout'], 'waitForEngines'));
  }

  /** The same, blocking. @throws TimeoutError; EngineError; BlockingUnavailableError where nothing can block. */
  waitForEnginesSync(n?: number | null, options?: WaitForEnginesOptions): void {
    blockForEngines(this.core, n, readOptions(options, ['timeout'], 'waitForEnginesSync'));
  }

  /**
   * Interrupting a cell cancels the requests that it waits for just then (`await`, blocking calls, `for`), and no others.
   * Default true; false lets them go on.
   */
  get cancelOnInterrupt(): boolean {
    return this.core.cancelOnInterrupt;
  }

  set cancelOnInterrupt(value: boolean) {
    this.core.cancelOnInterrupt = value;
  }

  // Views

  /** The `block` of views made from now on. */
  get block(): boolean {
    return this.#block;
  }

  set block(value: boolean) {
    this.#block = value;
  }

  /** The view on one engine; negative numbers count from the end of `ids`. @throws IndexError. */
  at(index: EngineId): DirectView<'one'> {
    if (!Number.isInteger(index)) throw badTargets(index);
    return this.#view(index);
  }

  /** A view on some of the engines of now, by position: `rc.slice(1, 3)`, `rc.slice(-2)`. */
  slice(
    start: number | null = null,
    stop: number | null = null,
    step: number | null = null,
  ): DirectView<'many'> {
    const ids = engineList('all', this.ids);
    return this.#view(sliceList(ids, { start, stop, step }));
  }

  /** The view on an engine, a list, a slice like `'::2'`, or `'all'`. */
  view(targets: number): DirectView<'one'>;
  view(targets: string | Iterable<number>): DirectView<'many'>;
  view(targets: TargetSpec): DirectView;
  view(targets: TargetSpec): DirectView {
    if (targets === null || targets === undefined) throw badTargets(targets);
    return this.#view(targets);
  }

  /** The view on `targets`: `'all'` (the default) is looked up at every call, null is all engines of now. */
  directView(targets?: 'all', flags?: FlagSpec): DirectView<'many'>;
  directView(targets: number, flags?: FlagSpec): DirectView<'one'>;
  directView(targets: Iterable<number>, flags?: FlagSpec): DirectView<'many'>;
  directView(targets: TargetSpec, flags?: FlagSpec): DirectView;
  directView(targets: TargetSpec = 'all', flags: FlagSpec = {}): DirectView {
    return this.#view(targets, flags);
  }

  /** A view whose calls run on any one of `targets`; null (the default) and `'all'` are all engines. */
  loadBalancedView(targets: TargetSpec = null, flags: TaskFlagSpec = {}): LoadBalancedView {
    return new LoadBalancedView(balancedSeed(this.core, this, targets, flags));
  }

  /** As `directView`. */
  broadcastView(targets?: 'all', flags?: FlagSpec): BroadcastView<'many'>;
  broadcastView(targets: number, flags?: FlagSpec): BroadcastView<'one'>;
  broadcastView(targets: Iterable<number>, flags?: FlagSpec): BroadcastView<'many'>;
  broadcastView(targets: TargetSpec, flags?: FlagSpec): BroadcastView;
  broadcastView(targets: TargetSpec = 'all', flags: FlagSpec = {}): BroadcastView {
    return new BroadcastView(directSeed(this.core, this, targets, flags));
  }

  /** Python's executor interface over a load-balanced view. */
  executor(targets: TargetSpec = null): ViewExecutor<LoadBalancedView> {
    return this.loadBalancedView(targets).executor;
  }

  /** A blocking view, with magics of its own: `%px<suffix>`. */
  activate(targets: TargetSpec = 'all', suffix = ''): DirectView {
    const view = this.directView(targets, { block: true });
    view.activate(suffix);
    return view;
  }

  // The cluster

  /**
   * Counts of queued and finished work by engine, and `unassigned`; for a number, that engine's alone. With
   * `verbose`, message ids in place of counts.
   */
  queueStatus(options?: QueueStatusOptions): Promise<unknown> {
    return cluster.queueStatus(this.core, options);
  }

  /** `queueStatus`, blocking. @throws as it; BlockingUnavailableError where nothing can block. */
  queueStatusSync(options?: QueueStatusOptions): unknown {
    return cluster.queueStatusSync(this.core, options);
  }

  /** `clear`, blocking. @throws as it; BlockingUnavailableError where nothing can block. */
  clearSync(targets: TargetSpec = 'all'): void {
    cluster.clearSync(this.core, targets);
  }

  /** Empties namespaces; resolves when all have. */
  clear(targets: TargetSpec = 'all'): Promise<void> {
    return cluster.clear(this.core, targets);
  }

  /** Adds to `engine.properties`, by which `where` chooses engines; tasks that wait for suitable ones try again. */
  async setProperties(
    properties: Readonly<Record<string, unknown>>,
    options?: { readonly targets?: TargetSpec },
  ): Promise<void> {
    const { targets = 'all' } = readOptions(options, ['targets'], 'setProperties');
    if (!isPlainObject(properties)) throw new TypeError('setProperties takes an object like { gpu: true }');
    await this.#view(targets).applyAsync(assignProperties as never, properties as never);
  }

  /** The properties of engines: an object for one engine by number, else a list. */
  async getProperties(options?: { readonly targets?: TargetSpec }): Promise<unknown> {
    const { targets = 'all' } = readOptions(options, ['targets'], 'getProperties');
    return this.#view(targets).applyAsync(readProperties as never, null as never);
  }

  /** Interrupts what runs on the engines, with KeyboardInterrupt. */
  interrupt(targets: TargetSpec = 'all'): void {
    cluster.interrupt(this.core, targets);
  }

  /**
   * SIGINT interrupts what runs; SIGTERM and SIGKILL end the engines, which come back empty. By name or number.
   * @throws ValueError for another signal.
   */
  sendSignal(signal: string | number, options?: { readonly targets?: TargetSpec }): Promise<void> {
    return cluster.sendSignal(this.core, signal, options);
  }

  /** Stops engines; with `restart` they come back empty, under the same ids; with `hub`, all, and this client ends. */
  shutdown(targets: TargetSpec = 'all', options?: ShutdownOptions): Promise<void> {
    return cluster.shutdown(this.core, targets, options);
  }

  /**
   * From now on engines are started when load-balanced tasks wait, up to `max`, and stopped when they have been idle
   * for `idle` seconds (default 60), the latest first, down to `min` (default 1). `null` ends that; so does `scale`.
   * Without an argument nothing changes. Resolves to what holds then, or null.
   * @throws TypeError or RangeError for options that make no sense.
   */
  adapt(options?: AdaptSpec | null): Promise<Adapt | null> {
    return cluster.adapt(this.core, options);
  }

  /**
   * Starts or stops engines until there are `n`; the latest ones go first. Ends `adapt`.
   * Rejects with ValueError unless `n` is a whole number.
   */
  scale(n: number): Promise<void> {
    return cluster.scale(this.core, n);
  }

  /** Without effect: what IPython's clients needed to hear of their results. Here they hear by themselves. */
  spin(): void {
    this.core.checkOpen();
  }

  /** Ends this client; the cluster lives on. What is pending fails, and later calls throw. */
  close(): void {
    this.core.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  // For whoever runs the cells

  get clientId(): ClientId {
    return this.core.clientId;
  }

  /** Failed assignments (`view['a'] = …`) that have not surfaced; they count as surfaced now. */
  takeFailures(): Error[] {
    return this.core.assignments.take();
  }

  /** The reader has interrupted that run of a cell. */
  runInterrupted(run: RunId): void {
    this.core.interrupted(run);
  }

  /** Resolves when no assignment is under way. */
  assignmentsSettled(): Promise<void> {
    return this.core.assignments.settled();
  }

  // Showing it

  override toString(): string {
    return `<Client: ${String(this.length)} engine${this.length === 1 ? '' : 's'}>`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  [Symbol.for('Jupyter.display')](): Record<string, string> {
    return { 'text/plain': this.toString() };
  }

  // Indexing

  override [READ](key: string): DirectView | undefined {
    const targets = readIndex(key);
    return targets === undefined ? undefined : this.#view(targets);
  }

  override [WRITE](name: string): never {
    throw new TypeError(`a Client has no '${name}' to assign; for variables on engines use a view: rc[':']`);
  }

  /** There are such engines. */
  override [HAS](key: string): boolean {
    const targets = readIndex(key);
    if (targets === undefined) return false;
    try {
      return engineList(targets, this.ids).length > 0;
    } catch {
      return false;
    }
  }

  override [DELETE](name: string): never {
    throw new TypeError(`a Client has no '${name}' to delete; engines are stopped with rc.shutdown(${name})`);
  }

  // Inside

  #view(targets: TargetSpec, flags: FlagSpec = {}): DirectView {
    return new DirectView(directSeed(this.core, this, targets, flags));
  }
}

spell(Client);
