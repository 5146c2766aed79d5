import type { Question } from '../../protocol/client-messages.ts';
import type { EngineId } from '../../protocol/ids.ts';
import type { Reference } from '../../protocol/reference.ts';
import { KEYS_EXPRESSION } from '../../protocol/keys-hook.ts';
import type { EngineRequest } from '../../protocol/requests.ts';
import { AsyncMapResult } from '../async-result/async-map-result.ts';
import { AsyncResult } from '../async-result/async-result.ts';
import type { ExecuteReply } from '../async-result/execute-reply.ts';
import type { Arity } from '../async-result/job-group.ts';
import { callableName, type Callable } from '../callable.ts';
import type { Call, SubmitOptions } from '../submitter.ts';
import { BlockingUnavailableError } from '../errors.ts';
import { readDirectTargets, type TargetReader } from '../flags.ts';
import { engineList, type TargetSpec } from '../indexing.ts';
import { readOptions } from '../options.ts';
import { checkDist } from '../partition.ts';
import { frameName, readSource } from '../source-file.ts';
import { spell } from '../spelling.ts';
import { CallingView, type Gathered } from './calling-view.ts';
import { DELETE, HAS, READ, WRITE } from './indexed.ts';
import { withoutChunksize, type MapOptions, type ParallelOptions } from './map-options.ts';
import type {
  CallOptions,
  ExecuteOptions,
  GatherOptions,
  PushOptions,
  RunOptions,
  ScatterOptions,
} from './call-options.ts';
import { namespaceOf, type Namespace } from './namespace.ts';
import { noMember, refuseMistyped } from './nearest-member.ts';
import { initSpec, submitOptions, type SendOptions } from './send-options.ts';
import { mapCalls, parallelCalls, scatterCalls } from './spread-calls.ts';
import { IMPORT_OPTIONS, importEverywhere, importOnEngines, type ImportOptions } from './sync-imports.ts';
import {
  applyRequest,
  directCalls,
  directRoute,
  executeRequest,
  limited,
  pullRequest,
  pushRequest,
} from './view-requests.ts';
import { finish, type ViewSeed } from './view.ts';

/**
 * Every call runs on each of its engines, in target order. A view on one engine by number gives bare values,
 * one on a list gives lists, even of one; `'all'` is looked up at every call.
 *
 * Names that are no members are variables in the engines' namespaces: `view['a'] = 5`, `view['a']`.
 */
export class DirectView<S extends Arity = Arity> extends CallingView<S> {
  [variable: string]: unknown;

  /** The number of engines. */
  get length(): number {
    const { targets } = this.flags;
    if (targets === 'all' || targets === null) return this.core.ids.length;
    return typeof targets === 'number' ? 1 : targets.length;
  }

  // Code

  /**
   * Runs text in the engines' namespaces. The AsyncResult gives an ExecuteReply for each engine; a blocking
   * call waits, raises, and returns it.
   */
  execute(code: string, options?: ExecuteOptions): AsyncResult<Gathered<S, ExecuteReply>, S> {
    const names = ['silent', 'url', 'abortsQueueOnError', 'init', 'block', 'targets', 'label'] as const;
    const {
      silent = true,
      url = 'execute',
      abortsQueueOnError = !silent,
      init = false,
      ...call
    } = readOptions(options, names, 'execute');
    const request = executeRequest(this.core.environment, code, url, silent);
    const result = this.#send<ExecuteReply>(request, {
      ...call,
      abortsQueueOnError,
      ...(init && { init: initSpec(url, code, call.targets ?? this.flags.targets) }),
    });
    if (call.block ?? this.block) result.getSync(undefined, 'await view.execute(code, { block: false })');
    return result;
  }

  /**
   * Runs a file, or what is at an address, in the engines' namespaces, as `execute` does.
   * @throws FileNotFoundError when it cannot be read.
   */
  run(file: string, options?: RunOptions): AsyncResult<Gathered<S, ExecuteReply>, S> {
    const given = readOptions(options, ['silent', 'block', 'targets', 'label'], 'run');
    const source = readSource(this.core.environment, file);
    const url = frameName(file);
    if (typeof source === 'string') return this.execute(source, { ...given, url });
    const { silent = true, block = this.block, targets } = given;
    if (block)
      throw new BlockingUnavailableError(`Files are read without blocking: \`await view.run('${file}')\``);
    this.#checkIdle();
    const request = source.then((text) => executeRequest(this.core.environment, text, url, silent));
    const routes = this.#engines(targets).map((engine) => directRoute(engine, this.runTimeout));
    const about = { method: 'execute', name: 'run', abortsQueueOnError: !silent } as const;
    const jobs = this.core.submitLater(routes, request, { ...this.#submitOptions(given), ...about });
    return new AsyncResult(this.core, jobs, { isSingle: this.#isSingle(targets), name: 'run' });
  }

  /**
   * Imports modules on every engine, and here: `'d3'`, `'lodash-es as _'`, `'mean from d3'`. Without `as` a module
   * gets the last part of its path as its name (`@observablehq/plot` is `plot`).
   * @throws CompositeError with the errors of the engines that cannot load one.
   */
  syncImports(modules: string | Iterable<string>, options?: ImportOptions): Promise<void> {
    const given = readOptions(options, IMPORT_OPTIONS, 'syncImports');
    const { show, runHere } = this.core.environment;
    return importEverywhere(modules, given, { onEngines: this.#importOn, here: runHere, show });
  }

  /**
   * The same on the engines alone, blocking: `view.syncImportsSync('d3', { local: false })`.
   * @throws CompositeError, as `syncImports`; BlockingUnavailableError without `local: false`, since no module can be
   * imported here while code holds the thread, and where nothing can block.
   */
  syncImportsSync(modules: string | Iterable<string>, options?: ImportOptions): void {
    const given = readOptions(options, IMPORT_OPTIONS, 'syncImportsSync');
    const places = { onEngines: this.#importOn, show: this.core.environment.show };
    for (const result of importOnEngines(modules, given, places)) {
      result.getSync(undefined, 'await view.syncImports(modules)');
    }
  }

  readonly #importOn = (code: string, name: string) => {
    const request = executeRequest(this.core.environment, code, 'tutti/import', true);
    return this.#send(request, { name, block: false });
  };

  /** `await view.importer('d3')` */
  get importer(): DirectView['syncImports'] {
    return (modules, options) => this.syncImports(modules, options);
  }

  // Values

  /**
   * Sets variables: `push({ a: 1, 'b.c': 2 })`. Gives null for each engine.
   * @throws TypeError unless it gets an object.
   */
  push(values: Readonly<Record<string, unknown>>, options?: PushOptions): AsyncResult<Gathered<S, null>, S> {
    const call = readOptions(options, ['block', 'targets', 'label', 'track'], 'push');
    this.#checkIdle();
    const request = pushRequest(values, call.track ?? this.track);
    return this.#finish(this.#send<null>(request, call), call, 'await view.push({ … }, { block: false })');
  }

  /**
   * Gets variables, or any expressions: a value for one name, a list for a list, from each engine.
   * @throws TypeError for names that are not text.
   */
  pull<T = unknown>(name: string, options?: CallOptions): AsyncResult<Gathered<S, T>, S>;
  pull<T extends readonly unknown[] = unknown[]>(
    names: Iterable<string>,
    options?: CallOptions,
  ): AsyncResult<Gathered<S, T>, S>;
  pull(names: string | Iterable<string>, options?: CallOptions): unknown {
    const call = readOptions(options, ['block', 'targets', 'label'], 'pull');
    const result = this.#send(pullRequest(names), call);
    return this.#finish(result, call, 'await view.pull(names, { block: false })');
  }

  /** `pull` of several names, by name: [[a0, a1 …], [b0, b1 …]]. */
  async zipPull(names: readonly string[], options?: CallOptions): Promise<unknown[][]> {
    const rows = await this.#listOf(pullRequest(names), options, 'zipPull');
    return names.map((_, i) => rows.map((row) => (row as readonly unknown[])[i]));
  }

  /** One variable; never blocks: `await view.get('a')`. */
  get<T = unknown>(name: string): AsyncResult<Gathered<S, T>, S> {
    return this.pull<T>(name, { block: false });
  }

  /** One variable, set; blocks if the view does. */
  set(name: string, value: unknown): AsyncResult<Gathered<S, null>, S> {
    return this.push({ [name]: value });
  }

  /** Several variables, set; blocks if the view does. */
  update(values: Readonly<Record<string, unknown>>): AsyncResult<Gathered<S, null>, S> {
    return this.push(values);
  }

  /** The names in each engine's namespace. */
  keys(): AsyncResult<Gathered<S, string[]>, S> {
    return this.#finish(this.#send<string[]>(pullRequest(KEYS_EXPRESSION), {}), {}, 'await view.keys()');
  }

  /** The variables alone: `view.ns.apply` is a variable even though views have a method of that name. */
  get ns(): Namespace {
    return namespaceOf(this);
  }

  /**
   * Spreads a sequence over the engines, under one name: contiguous parts, the earlier ones larger. Anything
   * iterable; typed arrays stay typed. Gives null for each engine.
   */
  scatter(name: string, sequence: unknown, options?: ScatterOptions): AsyncResult<Gathered<S, null>, S> {
    const names = ['dist', 'flatten', 'block', 'targets', 'label', 'track'] as const;
    const {
      dist = 'b',
      flatten = false,
      track = this.track,
      ...call
    } = readOptions(options, names, 'scatter');
    const calls = scatterCalls(this.#engines(call.targets), name, sequence, { dist, flatten, track });
    const result = this.#submit<null>(calls, { ...call, name: 'scatter', track });
    return this.#finish(result, call, 'await view.scatter(name, seq, { block: false })');
  }

  /** Joins what `scatter` has spread, or any sequences of that name: one list, or one typed array. */
  gather(name: string, options?: GatherOptions): AsyncMapResult {
    const { dist = 'b', ...call } = readOptions(options, ['dist', 'block', 'targets', 'label'], 'gather');
    const calls = directCalls(this.#engines(call.targets), pullRequest(name));
    const jobs = this.#jobs(calls, { ...call, name: 'gather', isPart: true });
    const how = { name: 'gather', sizes: null, parts: 'partition', dist: checkDist(dist) } as const;
    const result = new AsyncMapResult(this.core, jobs, how);
    return finish(result, call.block ?? this.block, 'await view.gather(name, { block: false })');
  }

  /** Makes `%px<suffix>` and its like for this view, with its flags; without a suffix, `%px` itself. */
  activate(suffix = ''): void {
    this.core.environment.activate?.(this, suffix);
  }

  /** Empties the engines' namespaces; blocks if the view does. */
  clear(): Promise<void> {
    return this.#ask({ type: 'clear', engines: this.#engines(undefined) }, 'clear') as Promise<void>;
  }

  /** The same, blocking. @throws BlockingUnavailableError where nothing can block. */
  clearSync(): void {
    this.core.askSync({ type: 'clear', engines: this.#engines(undefined) }, 'await view.clear()');
  }

  /** Counts of queued and finished work, for these engines; blocks if the view does, and then gives them at once. */
  queueStatus(): Promise<unknown> {
    return this.#ask({ type: 'queue-status', engines: this.#engines(undefined) }, 'queueStatus');
  }

  /** The same, blocking. @throws BlockingUnavailableError where nothing can block. */
  queueStatusSync(): unknown {
    const question = { type: 'queue-status', engines: this.#engines(undefined) } as const;
    return this.core.askSync(question, 'await view.queueStatus()');
  }

  /** An answer of the controller: at once if the view blocks, as `finish` gives results. */
  #ask(question: Question, method: string): Promise<unknown> {
    if (!this.block) return this.core.ask(question);
    return this.core.askSync(question, `await view.with({ block: false }).${method}()`) as Promise<unknown>;
  }

  /** Stops these engines; with `restart` they come back empty, under the same ids. */
  async shutdown(options?: { readonly restart?: boolean }): Promise<void> {
    const { restart = false } = readOptions(options, ['restart'], 'shutdown');
    await this.core.ask({ type: 'shutdown', engines: this.#engines(undefined), restart });
  }

  /** As `map`, whose result can be iterated while it comes in. Lazy inputs need a load-balanced view. */
  imap<T, R>(f: (item: T) => R, items: Iterable<T>, options?: MapOptions): AsyncMapResult<Awaited<R>>;
  imap(f: Callable, ...rest: unknown[]): AsyncMapResult;
  imap(f: Callable, ...rest: unknown[]): AsyncMapResult {
    return this.mapAsync(f as Reference, ...rest);
  }

  // Names that are no members

  override [READ](name: string): unknown {
    // `await view` asks for `then`; a view is no promise.
    if (name === 'then') return undefined;
    const twin = `await view.get('${name}')`;
    if (!this.core.environment.blocker) refuseMistyped(this, this.className, name, twin);
    const hint = () => noMember(this, this.className, name);
    return this.#send(pullRequest(name), { block: false, hint }).getSync(undefined, twin);
  }

  override [WRITE](name: string, value: unknown): void {
    if (name === 'then') throw new TypeError("'then' is never a variable; use push({ then: value })");
    const result = this.push({ [name]: value }, { block: false });
    if (this.block) result.getSync(undefined, `await view.set('${name}', value)`);
    else this.core.assignments.watch(this.ownHistory, result);
  }

  /** All engines have a variable of that name; blocks. Where nothing can block, members alone are there. */
  override [HAS](name: string): boolean {
    return name !== 'then' && this.core.environment.blocker !== undefined && this.namesSync().includes(name);
  }

  /** Blocks if the view does; else a failure surfaces as one of an assignment. */
  override [DELETE](name: string): void {
    const code = `delete globalThis[${JSON.stringify(name)}]`;
    const request = executeRequest(this.core.environment, code, 'delete', true);
    const result = this.#send(request, { name: 'delete', block: false });
    if (this.block)
      result.getSync(undefined, `await view.execute(${JSON.stringify(`delete globalThis.${name}`)})`);
    else this.core.assignments.watch(this.ownHistory, result);
  }

  /** The names that are in the namespaces of all engines; blocks. */
  namesSync(twin = 'await view.keys()'): string[] {
    const result = this.#send<string[]>(pullRequest(KEYS_EXPRESSION), { block: false });
    const value: unknown = result.getSync(undefined, twin);
    const [first = [], ...others] = (result.isSingle ? [value] : value) as readonly string[][];
    return first.filter((name) => others.every((names) => names.includes(name)));
  }

  // For the view classes above

  protected override get className(): string {
    return 'DirectView';
  }

  protected override get readTargets(): TargetReader {
    return readDirectTargets;
  }

  protected override get mapOptionNames(): readonly (keyof MapOptions)[] {
    return ['block', 'targets', 'label', 'track', 'returnExceptions', 'ordered'];
  }

  protected override withoutChunks(options: ParallelOptions): ParallelOptions {
    return withoutChunksize(options);
  }

  protected override derive(seed: ViewSeed): this {
    return new DirectView(seed) as this;
  }

  protected override startApply(f: unknown, args: readonly unknown[]): AsyncResult<Gathered<S, unknown>, S> {
    return this.#send(applyRequest(f, args, this.track), {});
  }

  protected override startMap(
    f: unknown,
    sequences: readonly unknown[],
    options: MapOptions,
  ): AsyncMapResult {
    const { returnExceptions = false, track = this.track, ordered = true } = options;
    const { calls, sizes } = mapCalls(this.#engines(options.targets), f, sequences, {
      returnExceptions,
      track,
    });
    const how = { name: callableName(f), sizes, parts: 'items', ordered } as const;
    return new AsyncMapResult(this.core, this.#jobs(calls, { ...options, track }), how);
  }

  protected override startParallel(
    f: unknown,
    sequences: readonly unknown[],
    options: ParallelOptions,
  ): AsyncMapResult {
    const { dist = 'b', track = this.track, ordered = true } = options;
    const calls = parallelCalls(this.#engines(options.targets), f, sequences, { dist, track });
    const how = {
      name: callableName(f),
      sizes: null,
      parts: 'partition',
      dist,
      ordered,
    } as const;
    return new AsyncMapResult(this.core, this.#jobs(calls, { ...options, track }), how);
  }

  // Inside

  #engines(targets: TargetSpec): readonly EngineId[] {
    this.core.checkOpen();
    return engineList(targets ?? this.flags.targets ?? 'all', this.core.ids);
  }

  #isSingle(targets: TargetSpec): boolean {
    return typeof (targets ?? this.flags.targets) === 'number';
  }

  #send<R = unknown>(request: EngineRequest, options: SendOptions): AsyncResult<Gathered<S, R>, S> {
    return this.#submit<R>(directCalls(this.#engines(options.targets), request), options);
  }

  #submit<R>(calls: readonly Call[], options: SendOptions): AsyncResult<Gathered<S, R>, S> {
    const jobs = this.#jobs(calls, options);
    const name = options.name ?? jobs[0]?.facts.name ?? '';
    return new AsyncResult(this.core, jobs, { isSingle: this.#isSingle(options.targets), name });
  }

  #jobs(calls: readonly Call[], options: SendOptions) {
    this.#checkIdle();
    return this.core.submit(limited(calls, this.runTimeout), this.#submitOptions(options));
  }

  #submitOptions(options: SendOptions): SubmitOptions {
    return submitOptions({ label: this.label, track: this.track, history: this.ownHistory }, options);
  }

  #finish<T>(result: AsyncResult<T, S>, { block }: CallOptions, twin: string): AsyncResult<T, S> {
    return finish(result, block ?? this.block, twin);
  }

  async #listOf(
    request: EngineRequest,
    options: CallOptions | undefined,
    method: string,
  ): Promise<unknown[]> {
    const call = readOptions(options, ['block', 'targets', 'label'], method);
    const result = this.#send(request, call);
    const value: unknown = await result;
    return result.isSingle ? [value] : (value as unknown[]);
  }

  /** An assignment that has failed since the last call surfaces now. */
  #checkIdle(): void {
    this.core.assignments.raise(this.ownHistory);
  }
}

spell(DirectView);
