import { UNSENDABLE } from '../../protocol/canned.ts';
import type { EngineId, MsgId } from '../../protocol/ids.ts';
import type { AsyncMapResult } from '../async-result/async-map-result.ts';
import type { AsyncResult } from '../async-result/async-result.ts';
import type { ExecuteReply } from '../async-result/execute-reply.ts';
import type { Client } from '../client.ts';
import type { ClientEnvironment } from '../environment.ts';
import { IndexError } from '../errors.ts';
import { engineList, type TargetSpec } from '../indexing.ts';
import { readOptions, splitOptions } from '../options.ts';
import type { Dist } from '../partition.ts';
import { spell } from '../spelling.ts';
import type { DirectView } from '../views/direct-view.ts';
import { DELETE, HAS, Indexed, READ, WRITE } from '../views/indexed.ts';
import type { ParallelOptions } from '../views/map-options.ts';
import type { ParallelFunction } from '../views/remote-function.ts';
import { CommandLog, type LoggedCommand } from './command-log.ts';
import {
  assignProperties,
  haveProperties,
  readProperties,
  removeProperties,
  type Properties,
  type PropertyNews,
} from './engine-properties.ts';
import { PendingResult } from './pending-result.ts';
import { commandResult, ResultsList } from './results-list.ts';
import { waitHere } from './waiting.ts';

/** What all methods take, last. */
export interface ClassicOptions {
  /** Wait, and return the result itself. Default: the client's. */
  readonly block?: boolean;
  /** Default: the client's. */
  readonly targets?: TargetSpec;
}

export interface ClassicScatterOptions extends ClassicOptions {
  /** Blocks (default) or round robin. */
  readonly dist?: Dist;
  /** Parts of one item become that item. Default false. */
  readonly flatten?: boolean;
}

/** The result, or with `block: false` (or where nothing can block) what can be awaited for it. */
export type Waited<T> = T | PendingResult<T>;

const BOTH = ['block', 'targets'] as const;

/**
 * The direct interface of 2008, over the same engines: `mec.execute('a=5')`. Results are lists even for one
 * engine. It blocks by default; where nothing can block, `await` in front of each call does the same.
 *
 * Names that are no members are variables on the engines: `mec['a'] = 5`, `mec['a']`.
 */
export class MultiEngineClient extends Indexed {
  [variable: string]: unknown;
  readonly #rc: Client;
  readonly #view: DirectView<'many'>;
  readonly #activate: ClientEnvironment['activate'];
  readonly #news: PropertyNews;
  readonly #log = new CommandLog();

  constructor(rc: Client, activate: ClientEnvironment['activate'], news: PropertyNews) {
    super();
    this.#rc = rc;
    this.#activate = activate;
    this.#news = news;
    this.#view = rc.directView('all', { block: true });
  }

  get [UNSENDABLE](): string {
    return 'A client stays where it is; engines are reached from here only.';
  }

  /** Calls wait, and return results themselves. Default true. */
  get block(): boolean {
    return this.#view.block;
  }

  set block(value: boolean) {
    this.#view.block = value;
  }

  get targets(): DirectView['targets'] {
    return this.#view.targets;
  }

  set targets(value: TargetSpec) {
    this.#view.targets = listed(value);
  }

  getIds(): EngineId[] {
    return this.#rc.ids;
  }

  // Code

  /** Runs text in the engines' namespaces, and counts it there. */
  execute(code: string, options?: ClassicOptions): Waited<ResultsList> {
    const { block, targets } = readOptions(options, BOTH, 'execute');
    const result = this.#view.execute(code, { ...this.#call(targets), silent: false, url: 'execute' });
    this.#log.add(code, result);
    return this.#finish(result, block, (replies) => resultsList(replies as ExecuteReply[], () => code));
  }

  /**
   * What `execute` did, on each engine that did anything: command `In [number]`, or the last one.
   * @throws IndexError when no engine has such a command.
   */
  getResult(number: number | null = null, options?: ClassicOptions): Waited<ResultsList> {
    const { block, targets } = readOptions(options, BOTH, 'getResult');
    const commands = this.#engines(targets).flatMap((engine) => this.#log.find(engine, number) ?? []);
    if (commands.length === 0) throw new IndexError(missingCommand(number));
    const result = this.#rc.getResult(commands.map(({ msgId }) => msgId));
    return this.#finish(result, block, (replies) => {
      return resultsList(replies as ExecuteReply[], (i) => (commands[i] as LoggedCommand).code);
    });
  }

  // Values

  push(values: Readonly<Record<string, unknown>>, options?: ClassicOptions): Waited<null[]> {
    const { block, targets } = readOptions(options, BOTH, 'push');
    return this.#finish(this.#view.push(values, this.#call(targets)), block);
  }

  /** One name gives a value for each engine, a list of names a list for each. */
  pull(names: string | readonly string[], options?: ClassicOptions): Waited<unknown[]> {
    const { block, targets } = readOptions(options, BOTH, 'pull');
    return this.#finish(this.#view.pull(names as string, this.#call(targets)), block);
  }

  /** A list for each name: [[a0, a1 …], [b0, b1 …]]. */
  zipPull(names: readonly string[], options?: ClassicOptions): Waited<unknown[][]> {
    const { block, targets } = readOptions(options, BOTH, 'zipPull');
    const result = this.#view.pull(names, this.#call(targets));
    return this.#finish(result, block, (rows) => {
      return names.map((_, i) => (rows as unknown[][]).map((row) => row[i]));
    });
  }

  /** `push`, for functions. @throws TypeError for what is none. */
  pushFunction(functions: Readonly<Record<string, unknown>>, options?: ClassicOptions): Waited<null[]> {
    for (const [name, f] of Object.entries(functions)) {
      if (typeof f !== 'function')
        throw new TypeError(`pushFunction: ${name} is no function, but ${typeof f}`);
    }
    return this.push(functions, options);
  }

  pullFunction(names: string | readonly string[], options?: ClassicOptions): Waited<unknown[]> {
    return this.pull(names, options);
  }

  scatter(name: string, sequence: unknown, options?: ClassicScatterOptions): Waited<null[]> {
    const { block, targets, ...how } = readOptions(options, [...BOTH, 'dist', 'flatten'], 'scatter');
    return this.#finish(this.#view.scatter(name, sequence, { ...how, ...this.#call(targets) }), block);
  }

  gather(name: string, options?: Omit<ClassicScatterOptions, 'flatten'>): Waited<unknown[]> {
    const { block, targets, ...how } = readOptions(options, [...BOTH, 'dist'], 'gather');
    return this.#finish(this.#view.gather(name, { ...how, ...this.#call(targets) }), block);
  }

  /** The names in each engine's namespace. */
  keys(options?: ClassicOptions): Waited<string[][]> {
    const { block, targets } = readOptions(options, BOTH, 'keys');
    return this.#finish(this.#view.with(this.#call(targets)).keys(), block);
  }

  /** Empties the engines' namespaces. */
  reset(options?: Pick<ClassicOptions, 'targets'>): Promise<void> {
    const { targets } = readOptions(options, ['targets'], 'reset');
    return this.#rc.clear(this.#engines(targets));
  }

  // Functions

  /** Calls `f` for each item, or each row of several sequences. */
  map(f: (...items: never[]) => unknown, ...sequencesAndOptions: unknown[]): Waited<unknown[]> {
    const { sequences, options } = splitOptions(sequencesAndOptions);
    const { block, targets } = readOptions<ClassicOptions>(options, BOTH, 'map');
    const view = this.#view.with(this.#call(targets));
    const mapAsync = view.mapAsync.bind(view) as (f: unknown, ...rest: unknown[]) => AsyncMapResult;
    return this.#finish(mapAsync(f, ...sequences), block);
  }

  /** A function on sequences: each engine gets a part of them; `g.map` calls it for each item. */
  parallel<R>(
    f: (...args: never[]) => R,
    options?: ParallelOptions,
  ): ParallelFunction<readonly unknown[], AsyncMapResult, AsyncMapResult<Awaited<R>>> {
    return this.#view.with({ block: false }).parallel(f, options);
  }

  // Waiting and control

  /** Waits until all these are there, good or bad. */
  barrier(
    pending: PendingResult | AsyncResult | Iterable<PendingResult | AsyncResult>,
  ): Promise<boolean> | boolean {
    const jobs = [pending].flat().flatMap(jobsOf);
    return waitHere(this.#rc, jobs) || this.#rc.wait(jobs);
  }

  /** Counts of queued and finished work, by engine. */
  queueStatus(options?: Pick<ClassicOptions, 'targets'>): Promise<unknown> {
    const { targets } = readOptions(options, ['targets'], 'queueStatus');
    return this.#rc.queueStatus({ targets: this.#engines(targets) });
  }

  /** Takes what has not started of this client's work out of the engines' queues; it fails with TaskAborted. */
  clearQueue(options?: Pick<ClassicOptions, 'targets'>): Promise<void> {
    const { targets } = readOptions(options, ['targets'], 'clearQueue');
    return this.#rc.abort([...this.#view.outstanding], this.#engines(targets));
  }

  /** Ends engines. */
  kill(options?: Pick<ClassicOptions, 'targets'>): Promise<void> {
    const { targets } = readOptions(options, ['targets'], 'kill');
    return this.#rc.shutdown(this.#engines(targets));
  }

  /** `%px` and its like go where this client's `targets` and `block` say. */
  activate(suffix = ''): void {
    this.#activate?.(this.#view, suffix);
  }

  // Properties of engines, for tasks that choose by them

  setProperties(properties: Properties, options?: ClassicOptions): Waited<null[]> {
    return this.#changeProperties(assignProperties, properties, options) as Waited<null[]>;
  }

  /** All, or those of these names. */
  getProperties(names: readonly string[] | null = null, options?: ClassicOptions): Waited<Properties[]> {
    return this.#apply(readProperties, names, options) as Waited<Properties[]>;
  }

  /** For each engine, whether it has them. */
  hasProperties(names: readonly string[], options?: ClassicOptions): Waited<boolean[][]> {
    return this.#apply(haveProperties, names, options) as Waited<boolean[][]>;
  }

  delProperties(names: readonly string[], options?: ClassicOptions): Waited<null[]> {
    return this.#changeProperties(removeProperties, names, options) as Waited<null[]>;
  }

  clearProperties(options?: ClassicOptions): Waited<null[]> {
    return this.#changeProperties(removeProperties, null, options) as Waited<null[]>;
  }

  // Variables

  override [READ](name: string): unknown {
    return name === 'then' ? undefined : this.pull(name);
  }

  override [WRITE](name: string, value: unknown): void {
    // As a view's: engines work in order, so later calls find the value; a failure surfaces at the next one.
    this.#view.with({ block: false })[name] = value;
  }

  override [HAS](name: string): boolean {
    return this.#view[HAS](name);
  }

  override [DELETE](name: string): void {
    this.#view.with({ block: false })[DELETE](name);
  }

  // Showing it

  override toString(): string {
    return `<MultiEngineClient: ${String(this.#rc.length)} engines>`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  [Symbol.for('Jupyter.display')](): Record<string, string> {
    return { 'text/plain': this.toString() };
  }

  // Inside

  #engines(targets: TargetSpec): EngineId[] {
    return [...engineList(targets ?? this.targets ?? 'all', this.#rc.ids)];
  }

  #call(targets: TargetSpec): { readonly block: false; readonly targets: EngineId[] } {
    return { block: false, targets: this.#engines(targets) };
  }

  #apply(f: (...args: unknown[]) => unknown, argument: unknown, options?: ClassicOptions): Waited<unknown> {
    const { block, targets } = readOptions(options, BOTH, 'properties');
    return this.#finish(this.#view.with(this.#call(targets)).applyAsync(f, argument), block);
  }

  #changeProperties(
    f: (...args: unknown[]) => unknown,
    argument: unknown,
    options?: ClassicOptions,
  ): Waited<unknown> {
    const { block, targets } = readOptions(options, BOTH, 'properties');
    const result = this.#view.with(this.#call(targets)).applyAsync(f, argument);
    result.onSettled(() => {
      this.#news.tell();
    });
    return this.#finish(result, block);
  }

  #finish<T>(result: unknown, block = this.block, read = (value: unknown) => value as T): Waited<T> {
    const pending = new PendingResult(this.#rc, result as AsyncResult, read);
    return block ? pending.getResult() : pending;
  }
}

/** One engine is a list of one here. */
function listed(targets: TargetSpec): TargetSpec {
  return typeof targets === 'number' ? [targets] : targets;
}

function jobsOf(pending: PendingResult | AsyncResult | Iterable<PendingResult | AsyncResult>): MsgId[] {
  if (pending instanceof PendingResult) return pending.asyncResult.msgIds;
  if ('msgIds' in pending) return pending.msgIds;
  return [...pending].flatMap(jobsOf);
}

function resultsList(replies: readonly ExecuteReply[], codeOf: (i: number) => string): ResultsList {
  const list = new ResultsList();
  list.push(...replies.map((reply, i) => commandResult(codeOf(i), reply)));
  return list;
}

function missingCommand(number: number | null): string {
  const which = number === null ? 'command' : `In [${String(number)}]`;
  return `no ${which} of this client on these engines; getResult finds what mec.execute(…) did`;
}

spell(MultiEngineClient);
