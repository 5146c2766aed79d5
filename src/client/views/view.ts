import { UNSENDABLE } from '../../protocol/canned.ts';
import type { EngineId, MsgId } from '../../protocol/ids.ts';
import type { AsyncResult } from '../async-result/async-result.ts';
import type { ClientCore } from '../client-core.ts';
import type { QueueStatusOptions, ShutdownOptions } from '../cluster-requests.ts';
import { mergeFlags, type FlagReaders, type Flags, type FlagSpec, type TargetReader } from '../flags.ts';
import { History } from '../history.ts';
import { describeTargets, type TargetSpec } from '../indexing.ts';
import {
  blockForJobs,
  jobsOf,
  msgIdsOf,
  resultOf,
  tellEach,
  waitForAll,
  type AwaitSpec,
  type JobSpec,
} from '../job-specs.ts';
import { camelKeys, spell } from '../spelling.ts';
import { Indexed } from './indexed.ts';

/** What a view knows of the client that made it. */
export interface ViewClient {
  readonly ids: EngineId[];
  readonly length: number;
  block: boolean;
  readonly history: MsgId[];
  readonly outstanding: Set<MsgId>;
  purgeResults(jobs?: JobSpec | null, targets?: TargetSpec): Promise<void>;
  queueStatus(options?: QueueStatusOptions): Promise<unknown>;
  shutdown(targets?: TargetSpec, options?: ShutdownOptions): Promise<void>;
}

/** What a view is made with. Views derived from one another share their history. */
export interface ViewSeed {
  readonly core: ClientCore;
  readonly client: ViewClient;
  readonly flags: Flags;
  readonly history?: History;
}

/**
 * A set of engines, and the flags for calls on them. Flags are set in three ways: as attributes, in a derived
 * view (`view.with({ block: true })`), or for a while (`tempFlags`).
 */
export abstract class View extends Indexed {
  readonly #core: ClientCore;
  readonly #client: ViewClient;
  readonly #history: History;
  #flags: Flags;
  /** What `tempFlags` has set and not undone, oldest first. */
  #layers: Partial<Flags>[] = [];

  constructor(seed: ViewSeed) {
    super();
    this.#core = seed.core;
    this.#client = seed.client;
    this.#flags = seed.flags;
    this.#history = seed.history ?? new History(seed.core.clientId);
  }

  get [UNSENDABLE](): string {
    return 'Views stay where they are; engines are reached from here only.';
  }

  // Flags

  get client(): ViewClient {
    return this.#client;
  }

  /** Calls wait, and return plain values. */
  get block(): boolean {
    return this.#now.block;
  }

  set block(value: boolean) {
    this.setFlags({ block: value });
  }

  /** Buffers among the arguments are moved, not copied. */
  get track(): boolean {
    return this.#now.track;
  }

  set track(value: boolean) {
    this.setFlags({ track: value });
  }

  /** Free text, noted with every task. */
  get label(): string | null {
    return this.#now.label;
  }

  set label(value: string | null) {
    this.setFlags({ label: value });
  }

  /** Seconds that a task may run; it is then stopped, and fails with TaskTimeout. Null: for ever. */
  get runTimeout(): number | null {
    return this.#now.runTimeout;
  }

  set runTimeout(value: number | null) {
    this.setFlags({ runTimeout: value });
  }

  get targets(): Flags['targets'] {
    return this.#now.targets;
  }

  set targets(value: TargetSpec) {
    this.setFlags({ targets: value ?? null });
  }

  /**
   * Sets flags and returns this view.
   * @throws KeyError "Invalid name" for a flag that does not exist.
   */
  setFlags(flags: FlagSpec = {}): this {
    const values = this.#read(flags);
    const layer = this.#layers.at(-1);
    if (layer) Object.assign(layer, values);
    else this.#flags = { ...this.#flags, ...values };
    return this;
  }

  /** A view with other flags; this one stays as it is. */
  with(flags: FlagSpec): this {
    return this.derive({ ...this.#seed, flags: this.merged(flags) });
  }

  /**
   * Flags for a while. With a function: it gets a derived view, and its result is returned. Without: they are
   * set on this view, and whatever is set after them, until the returned object is disposed of
   * (`using flags = view.tempFlags({ … })`); several may overlap and end in any order.
   */
  tempFlags(flags: FlagSpec): Disposable;
  tempFlags<R>(flags: FlagSpec, use: (view: this) => R): R;
  tempFlags<R>(flags: FlagSpec, use?: (view: this) => R): R | Disposable {
    if (use) return use(this.with(flags));
    const layer = this.#read(flags);
    this.#layers.push(layer);
    return {
      [Symbol.dispose]: () => {
        this.#layers = this.#layers.filter((other) => other !== layer);
      },
    };
  }

  // What was submitted here

  /** Message ids in order of submission. */
  get history(): MsgId[] {
    return this.#history.toArray();
  }

  get outstanding(): Set<MsgId> {
    return new Set([...this.#core.outstanding].filter((msgId) => this.#history.includes(msgId)));
  }

  /** Results that are there and still held by somebody, by message id. */
  get results(): Record<MsgId, unknown> {
    const finished = this.#jobs.filter((job) => job.status === 'ok');
    return Object.fromEntries(finished.map((job) => [job.facts.msgId, job.value]));
  }

  /** A further AsyncResult: the last by default; numbers are places in this view's history. */
  getResult(spec: JobSpec = -1): AsyncResult {
    return resultOf(this.#core, this.#history, spec);
  }

  /** Whether the jobs (default: all of this view's; promises too) end within `timeout` seconds; never rejects
   * with their errors. */
  wait(jobs?: AwaitSpec | null, timeout?: number | null): Promise<boolean> {
    return waitForAll(this.#core, this.#history, jobs ?? [...this.outstanding], timeout);
  }

  /** `wait`, blocking. */
  waitSync(jobs?: JobSpec | null, timeout?: number | null): boolean {
    return blockForJobs(
      this.#core,
      jobsOf(this.#core, jobs ?? [...this.outstanding], this.#history),
      timeout,
      'await view.wait()',
    );
  }

  /** Takes jobs (default: all of this view's) that have not started out of the queues. */
  abort(jobs?: JobSpec | null): Promise<void> {
    tellEach(this.#core, this.#msgIdsOf(jobs), (reaching, msgIds) => {
      reaching.post({ type: 'abort', msgIds });
    });
    return Promise.resolve();
  }

  /** Without effect, as `Client.spin`. */
  spin(): void {
    this.#core.checkOpen();
  }

  /** Forgets finished tasks, here and in the hub: these jobs, `'all'`, or (default) those of this view's engines. */
  async purgeResults(jobs?: JobSpec | null): Promise<void> {
    const targets = jobs === null || jobs === undefined ? (this.flags.targets ?? 'all') : undefined;
    const isAll = targets !== undefined || jobs === 'all';
    await this.#client.purgeResults(isAll ? jobs : msgIdsOf(jobs as JobSpec, this.#history), targets);
  }

  // Showing it

  /** `<DirectView [1, 2]>` */
  override toString(): string {
    return `<${this.className} ${describeTargets(this.flags.targets)}>`;
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

  // For subclasses

  protected abstract readonly className: string;
  protected abstract readonly readTargets: TargetReader;
  protected abstract derive(seed: ViewSeed): this;

  /** Flags that this kind of view has besides. */
  protected get moreFlags(): FlagReaders {
    return {};
  }

  protected get core(): ClientCore {
    return this.#core;
  }

  protected get flags(): Flags {
    return this.#now;
  }

  /** The ids of this view's messages are noted here. */
  protected get ownHistory(): History {
    return this.#history;
  }

  protected merged(flags: FlagSpec): Flags {
    return mergeFlags(this.flags, flags, this.readTargets, this.#core.ids, this.moreFlags);
  }

  /** Those that are given, checked. */
  #read(given: FlagSpec): Partial<Flags> {
    const merged = this.merged(given);
    const values = Object.entries(camelKeys(given)).filter(([, value]) => value !== undefined);
    return Object.fromEntries(values.map(([name]) => [name, merged[name as keyof Flags]]));
  }

  /** Private, and so past the Proxy: flags are read several times in each call. */
  get #now(): Flags {
    if (this.#layers.length === 0) return this.#flags;
    return this.#layers.reduce<Flags>((flags, layer) => ({ ...flags, ...layer }), this.#flags);
  }

  get #seed(): ViewSeed {
    return { core: this.#core, client: this.#client, flags: this.flags, history: this.#history };
  }

  /** All that is outstanding, when nothing is said. */
  #msgIdsOf(jobs: JobSpec | null | undefined): readonly MsgId[] {
    return jobs === null || jobs === undefined ? [...this.outstanding] : msgIdsOf(jobs, this.#history);
  }

  get #jobs() {
    return this.#core.knownJobs.filter((job) => this.#history.includes(job.facts.msgId));
  }
}

interface Blockable {
  getSync(options: undefined, twin: string): unknown;
}

/** Waits if the call is to block; else hands the AsyncResult out as it is. */
export function finish<Result extends Blockable>(result: Result, block: boolean, twin: string): Result {
  // Blocking views give plain values where others give AsyncResults; the declared type is that of the others.
  return block ? (result.getSync(undefined, twin) as Result) : result;
}

spell(View);
