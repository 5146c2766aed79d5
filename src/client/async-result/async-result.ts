import type { Output } from '../../protocol/outputs.ts';
import type { ClientCore, Tasks } from '../client-core.ts';
import { noPrimitive } from '../../protocol/no-primitive.ts';
import { IndexError, TimeoutError, ValueError } from '../errors.ts';
import { kindOf } from '../flags.ts';
import type { Job } from '../job.ts';
import { readOptions } from '../options.ts';
import { spell } from '../spelling.ts';
import { errorOf, joinParts, readJob, resultsByEngine } from './assembly.ts';
import { collectOutputs, type GroupBy } from './display.ts';
import { anyOf, raceOf } from './first-of.ts';
import { iterateAsync, iterateBlocking, withEntrances, type TaskSource } from './iteration.ts';
import type { Arity } from './job-group.ts';
import { showingSink, showOutput, streamJobs, type OutputSink } from './job-outputs.ts';
import { PendingGroup } from './pending-group.ts';
import { readByPlace } from './places.ts';
import { readWaiting, type GetOptions, type Waiting, type WaitOptions } from './waiting.ts';

export interface ResultOptions {
  readonly isSingle: boolean;
  readonly name: string;
  /** Made for a call: its failure is reported when nobody waits for it. Default true; false for another view
   * of results that have an owner. */
  readonly owner?: boolean;
  /** What a finished job stands for in the result; default: its value, for `execute` an ExecuteReply. */
  readonly read?: (job: Job) => unknown;
}

/** What iterating over a result of this type gives. */
type ItemOf<T> = unknown extends T ? unknown : T extends readonly (infer Item)[] ? Item : never;

/**
 * The result of a call, before and after it is there: returned at once, thenable (`await ar` is
 * `await ar.get()`), with the facts about every request behind it.
 *
 * `T` is what `get` gives, `Item` what iterating does: a bare value for one engine by number and for load-balanced calls, else a list in
 * target order. A failure that nobody waits for raises no unhandled rejection.
 */
export class AsyncResult<T = unknown, S extends Arity = Arity, Item = ItemOf<T>>
  extends PendingGroup<S>
  implements PromiseLike<T>
{
  /** As `at`. */
  readonly [place: number]: Item;
  readonly #read: (job: Job) => unknown;
  /** The assembled results, by `returnExceptions`: asking twice gives the same. */
  readonly #results = new Map<boolean | undefined, T>();
  #error: Error | undefined;

  constructor(core: ClientCore, tasks: Tasks, options: ResultOptions) {
    const { isSingle, name, owner = true } = options;
    const all = 'facts' in tasks ? [tasks] : tasks;
    const isAskedFor = all.some(({ facts }) => facts.returnExceptions === true);
    super(core, tasks, { isSingle, name, owner: owner && !isAskedFor });
    this.#read = options.read ?? readJob;
  }

  /**
   * One AsyncResult over the messages of several, or of a list of several.
   * @throws ValueError when there are none; TypeError for what is no AsyncResult.
   */
  static join<T>(
    ...given: readonly (AsyncResult<T> | readonly AsyncResult<T>[])[]
  ): AsyncResult<T[], 'many'> {
    const results = given.flat() as readonly AsyncResult<T>[];
    const stranger: unknown = results.find((one: unknown) => !(one instanceof AsyncResult));
    if (stranger !== undefined)
      throw new TypeError(`AsyncResult.join() joins AsyncResults, not ${kindOf(stranger)}`);
    const [first] = results;
    if (!first) throw new ValueError('AsyncResult.join() needs at least one AsyncResult');
    const jobs = results.flatMap((result) => result.jobs);
    const readers = new Map(
      results.flatMap((result) => result.jobs.map((job) => [job, result.#read] as const)),
    );
    const read = (job: Job) => (readers.get(job) ?? first.#read)(job);
    return new AsyncResult<T[], 'many'>(first.core, jobs, {
      isSingle: false,
      name: first.name,
      owner: false,
      read,
    });
  }

  /** The first value; the rest is cancelled. Rejects with CompositeError when all fail. */
  static any<T>(results: Iterable<AsyncResult<T>>): Promise<T> {
    return anyOf([...results]);
  }

  /** The outcome of the first that ends, good or bad; the rest is cancelled. */
  static race<T>(results: Iterable<AsyncResult<T>>): Promise<T> {
    return raceOf([...results]);
  }

  /** For maps the number of items, else of messages. */
  get length(): number {
    return this.jobs.length;
  }

  // Waiting for it

  /**
   * The result, when it is there. `timeout` in seconds; null or negative is for ever.
   * @throws TimeoutError "Result not ready."; RemoteError for a single result; CompositeError for several,
   * once all engines have answered (with `returnWhen: 'FIRST_EXCEPTION'`, at the first failure). With
   * `returnExceptions` errors take the places of what failed; the default is what the call said.
   */
  get(timeoutOrOptions?: number | null | GetOptions, more?: GetOptions): Promise<T> {
    const waiting = forAll(readWaiting(timeoutOrOptions, more));
    return this.#wait(waiting).then((isOver) => this.#outcome(isOver, waiting));
  }

  /** The same, blocking. @throws BlockingUnavailableError where nothing can block. */
  getSync(timeoutOrOptions?: number | null | GetOptions, twin = 'await ar.get()'): T {
    const waiting = forAll(readWaiting(timeoutOrOptions));
    return this.#outcome(this.#blockFor(waiting, twin), waiting);
  }

  /** Blocks; the twin of `await ar`. */
  get r(): T {
    return this.getSync(undefined, 'await ar');
  }

  /** Blocks; the twin of `await ar`. */
  get result(): T {
    return this.getSync(undefined, 'await ar');
  }

  /**
   * Whether it is ready within `timeout` seconds (null or negative: for ever). Never throws the tasks' errors.
   * With `returnWhen`: the messages that are done by then and those that are not, as AsyncResults:
   * `{ done, pending }`, or `[done, pending]`.
   */
  wait(timeout?: number | null): Promise<boolean>;
  wait(
    options: WaitOptions & { readonly returnWhen: NonNullable<WaitOptions['returnWhen']> },
  ): Promise<DoneAndPending>;
  wait(options: WaitOptions): Promise<boolean>;
  wait(
    timeout: number | null | undefined,
    options: { readonly returnWhen: NonNullable<WaitOptions['returnWhen']> },
  ): Promise<DoneAndPending>;
  async wait(
    timeoutOrOptions?: number | null | WaitOptions,
    more?: WaitOptions,
  ): Promise<boolean | DoneAndPending> {
    const waiting = readWaiting(timeoutOrOptions, more);
    const isOver = await this.#wait(waiting);
    return waiting.returnWhen === undefined ? isOver : this.#doneAndPending();
  }

  /** `wait`: outputs come before the results they belong to, so there is nothing more to wait for. */
  waitForOutput(timeout?: number | null): Promise<boolean> {
    return this.wait(timeout);
  }

  /** `wait`, blocking. */
  waitSync(timeout?: number | null): boolean {
    return this.#blockFor(readWaiting(timeout), 'await ar.wait()');
  }

  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const { bind } = this.core.environment;
    return this.get().then(
      bind && onFulfilled ? bind(onFulfilled) : onFulfilled,
      bind && onRejected ? bind(onRejected) : onRejected,
    );
  }

  catch<B = never>(onRejected?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(null, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.get().finally(onFinally);
  }

  /** Resolves to the error, or null: never rejects with the tasks' errors. */
  async exception(timeout?: number | null): Promise<Error | null> {
    const waiting = readWaiting(timeout);
    if (!(await this.#wait(waiting))) throw new TimeoutError('Result not ready.');
    return this.errorSoFar();
  }

  /** Results by engine id, of maps the list of each engine's items. Rejects with ValueError when one engine ran several. */
  async getDict(timeoutOrOptions?: number | null | GetOptions): Promise<Record<number, unknown>> {
    const { returnExceptions } = readWaiting(timeoutOrOptions);
    await this.get(timeoutOrOptions);
    return resultsByEngine(this.jobs, (job) => this.resultOf(job, returnExceptions));
  }

  get resultDict(): Promise<Record<number, unknown>> {
    return this.getDict();
  }

  /**
   * Runs what has failed once more, under new ids, and nothing else (aborted and cancelled messages have failed,
   * too). Gives the result of the whole call: what went well the first time, and what comes of the second.
   * Its failing messages fail with KeyError when the hub does not remember them.
   */
  resubmitFailed(): this {
    const failed = this.jobs.filter((job) => job.error !== null);
    const again = this.core.resubmit(failed.map((job) => job.facts.msgId));
    const replaced = new Map(failed.map((job, i) => [job, again[i] ?? job] as const));
    return this.over(this.jobs.map((job) => replaced.get(job) ?? job)) as this;
  }

  // Parts

  /** One result; negative places count from the end. @throws TimeoutError before it is ready; IndexError. */
  at(index: number): Item {
    if (!Number.isInteger(index))
      throw new TypeError(`the place of a result is a whole number, not ${placeText(index)}`);
    const results = this.#list();
    const place = index < 0 ? index + results.length : index;
    if (place < 0 || place >= results.length) throw new IndexError('list index out of range');
    return results[place] as Item;
  }

  /** Some of the results. @throws TimeoutError before it is ready. */
  slice(start?: number, stop?: number): Item[] {
    for (const place of [start, stop]) {
      if (place !== undefined && !Number.isInteger(place))
        throw new TypeError(`the ends of a slice are whole numbers, not ${placeText(place)}`);
    }
    return this.#list().slice(start, stop) as Item[];
  }

  /** One AsyncResult for each message; of a list, each gives a list of one. */
  split(): AsyncResult[] {
    if (this.jobs.length === 1) return [this];
    return this.jobs.map((job) => this.part([job]));
  }

  /** Results as they arrive. A single result is not iterable. */
  [Symbol.asyncIterator](): AsyncIterator<Item, void> {
    this.#startIterating();
    return withEntrances(iterateAsync(this.source)) as AsyncIterator<Item, void>;
  }

  /** Blocks for each result as it is asked for. A single result is not iterable. */
  [Symbol.iterator](): Iterator<Item, void> {
    this.#startIterating();
    const block = (until: () => boolean) => {
      this.core.block(until, undefined, 'for await (const x of ar)', this.tasks);
    };
    return iterateBlocking(this.source, block) as Iterator<Item, void>;
  }

  // Outputs

  /** All that the finished requests printed, displayed and resulted in, as outputs of a cell. */
  collectOutputs(groupBy: GroupBy = 'type'): Output[] {
    return collectOutputs(this.jobs, this.isSingle, groupBy);
  }

  /**
   * Shows the outputs, grouped by `type`, `engine` or `order`; with `resultOnly`, only the last values.
   * @throws TimeoutError before it is ready; ValueError for another grouping.
   */
  displayOutputs(groupBy: GroupBy = 'type', options?: { readonly resultOnly?: boolean }): void {
    const { resultOnly = false } = readOptions(options, ['resultOnly'], 'displayOutputs');
    this.#checkReady();
    for (const output of this.collectOutputs(groupBy)) {
      if (!resultOnly || output.type === 'result') showOutput(output, this.core.environment.show);
    }
  }

  /**
   * Shows what the requests print and display: what there is, then what comes, until the returned object is
   * disposed of (`using stream = ar.streamOutput()`). `sink` gets each event instead.
   */
  streamOutput(sink?: OutputSink): Disposable {
    const { show, bind } = this.core.environment;
    return streamJobs(this.jobs, sink ?? showingSink(this.isSingle, show && bind ? bind(show) : show));
  }

  // Showing it

  /** `<AsyncResult: f>` */
  override toString(): string {
    return `<${this.className}: ${this.name}>`;
  }

  /** Its text, as for `console.log`: `JSON.stringify(await ar)` has the result. */
  toJSON(): string {
    return this.toString();
  }

  [Symbol.toPrimitive](hint: string): string {
    return noPrimitive(this, hint, 'await it first');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  [Symbol.for('Jupyter.display')](): Record<string, string> {
    return { 'text/plain': this.toString() };
  }

  // For subclasses

  protected get className(): string {
    return 'AsyncResult';
  }

  protected get source(): TaskSource {
    const awaiting = () =>
      this.core.awaiting(() => {
        this.core.cancel(this.tasks);
      });
    return { tasks: this.tasks, ordered: true, itemsOf: (job) => this.itemsOf(job), awaiting };
  }

  /** What is wrong with the call as a whole, whatever its messages gave; null: nothing. */
  protected get fault(): Error | null {
    return null;
  }

  /** What a finished job adds to the result. Throws its error, unless errors are to be returned. */
  protected itemsOf(job: Job, returnExceptions = job.returnsError): readonly unknown[] {
    if (!job.error) return [this.#read(job)];
    if (!returnExceptions) throw job.error;
    return [job.items ?? job.error];
  }

  /** The same in one: what its engine gave. */
  protected resultOf(job: Job, returnExceptions?: boolean): unknown {
    return this.itemsOf(job, returnExceptions)[0];
  }

  /** The result, of what all jobs give. Throws their errors, unless errors are to be returned. */
  protected assemble(returnExceptions?: boolean): unknown {
    const parts = this.jobs.map((job) => this.itemsOf(job, returnExceptions));
    return this.isSingle ? parts[0]?.[0] : joinParts(this.jobs, parts);
  }

  /** The same call over other messages, as many. */
  protected over(jobs: readonly Job[]): AsyncResult {
    return this.#like(jobs, true);
  }

  /** An AsyncResult over some of the messages. */
  protected part(jobs: readonly Job[]): AsyncResult {
    return this.#like(jobs, false);
  }

  // Inside

  #like(jobs: readonly Job[], owner: boolean): AsyncResult {
    const { isSingle, name } = this;
    return new AsyncResult(this.core, jobs, { isSingle, name, owner, read: this.#read });
  }

  #wait(waiting: Waiting): Promise<boolean> {
    this.markAwaited();
    return this.until(this.endOf(waiting.returnWhen), waiting.timeout);
  }

  #doneAndPending(): DoneAndPending {
    const parts = this.split();
    const done = new Set(parts.filter((part) => part.ready()));
    const pending = new Set(parts.filter((part) => !part.ready()));
    const both = { done, pending };
    Object.defineProperty(both, Symbol.iterator, { value: () => [done, pending].values() });
    return both as unknown as DoneAndPending;
  }

  #blockFor(waiting: Waiting, twin: string): boolean {
    this.markAwaited();
    return this.core.block(this.endOf(waiting.returnWhen), waiting.timeout, twin, this.tasks);
  }

  #outcome(isOver: boolean, waiting: Waiting): T {
    if (!isOver) throw new TimeoutError('Result not ready.');
    const error = this.#errorToThrow(waiting.returnExceptions);
    if (error) throw error;
    return this.#assembled(waiting.returnExceptions);
  }

  #errorToThrow(returnExceptions: boolean | undefined): Error | null {
    if (!this.ready() || this.fault) return this.errorSoFar();
    const { failed } = this;
    const thrown = failed.filter((job) => !(returnExceptions ?? job.returnsError));
    return thrown.length === failed.length ? this.errorSoFar() : errorOf(this.jobs, thrown, this);
  }

  #assembled(returnExceptions: boolean | undefined): T {
    if (!this.#results.has(returnExceptions)) {
      this.#results.set(returnExceptions, this.assemble(returnExceptions) as T);
    }
    return this.#results.get(returnExceptions) as T;
  }

  /** The error of what has failed so far; kept once all is done, so that asking twice gives the same. */
  protected override errorSoFar(): Error | null {
    if (this.fault) return this.fault;
    if (!this.hasFailed) return null;
    if (this.#error) return this.#error;
    const error = errorOf(this.jobs, this.failed, this);
    if (error && this.ready()) this.#error = error;
    return error;
  }

  #list(): unknown[] {
    this.#checkReady();
    const value = this.#outcome(true, {
      timeout: undefined,
      returnWhen: undefined,
      returnExceptions: undefined,
    });
    return this.isSingle ? [value] : [...(value as Iterable<unknown>)];
  }

  #checkReady(): void {
    if (!this.ready()) throw new TimeoutError('Result not ready.');
  }

  #startIterating(): void {
    if (this.isSingle)
      throw new TypeError(`${this.className} of a single result is not iterable: await it instead`);
    this.markAwaited();
  }
}

/** The messages that are done and those that are not, as AsyncResults of one each; also as a list of the two. */
export interface DoneAndPending extends Iterable<Set<AsyncResult>> {
  readonly done: Set<AsyncResult>;
  readonly pending: Set<AsyncResult>;
}

/** What is got is got of all: as in IPython, the first that is completed is not enough, and this is said. */
function forAll(waiting: Waiting): Waiting {
  if (waiting.returnWhen !== 'FIRST_COMPLETED') return waiting;
  console.warn("get: returnWhen 'FIRST_COMPLETED' is treated as 'ALL_COMPLETED'; use ar.wait for the first");
  return { ...waiting, returnWhen: 'ALL_COMPLETED' };
}

function placeText(place: unknown): string {
  if (typeof place === 'number' || place === null) return String(place);
  return `${/^[aeiou]/.test(typeof place) ? 'an' : 'a'} ${typeof place}`;
}

spell(AsyncResult);
readByPlace(AsyncResult);
