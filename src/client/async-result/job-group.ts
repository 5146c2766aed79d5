import { UNSENDABLE } from '../../protocol/canned.ts';
import type { EngineId, EngineUuid, MsgId } from '../../protocol/ids.ts';
import type { MimeBundle } from '../../protocol/outputs.ts';
import type { DependencySpec } from '../../protocol/terms.ts';
import { CallJobs } from '../call-jobs.ts';
import type { ClientCore, Tasks } from '../client-core.ts';
import type { Job, JobStatus, TaskFacts } from '../job.ts';
import { spell } from '../spelling.ts';
import { METADATA, metadataOf, metadataReader, type Late, type Metadata } from './metadata.ts';
import * as timing from './timing.ts';

/** Whether a call went to one engine by number (bare results) or to a list (lists of results). */
export type Arity = 'one' | 'many';

/** A fact of one job, or the list of it. */
export type PerJob<S extends Arity, Value> = S extends 'one' ? Value : Value[];

/** The requests of one call, and what is known about them at any time. */
export abstract class JobGroup<S extends Arity = Arity> {
  // Accessors of the prototype: whoever lists what a result has (`for … in`, spread) finds nothing of ours.
  readonly #core: ClientCore;
  readonly #tasks: Tasks;
  readonly #isSingle: boolean;
  readonly #name: string;

  constructor(core: ClientCore, tasks: Tasks, isSingle: boolean, name: string) {
    this.#core = core;
    this.#tasks = tasks;
    this.#isSingle = isSingle;
    this.#name = name;
  }

  get [UNSENDABLE](): string {
    return 'Send the result instead: `await` it first.';
  }

  protected get core(): ClientCore {
    return this.#core;
  }

  /** One for each message, in target order. */
  get jobs(): readonly Job[] {
    return this.call ? this.call.jobs : (this.#tasks as readonly Job[]);
  }

  /** The same, without making jobs for those of a call that have none. */
  protected get tasks(): Tasks {
    return this.#tasks;
  }

  /** Whose tasks they are, when they are held as columns. */
  protected get call(): CallJobs | null {
    return this.#tasks instanceof CallJobs ? this.#tasks : null;
  }

  protected get rows(): Iterable<TaskFacts> {
    return this.call ? this.call.rows() : this.jobs;
  }

  /** Bare values instead of lists. */
  get isSingle(): boolean {
    return this.#isSingle;
  }

  /** The function's name, or the method's. */
  get name(): string {
    return this.#name;
  }

  /** All facts: an object for a single result, else an array. */
  get metadata(): PerJob<S, Metadata> {
    return this.#each(metadataOf);
  }

  /**
   * One fact by name, in either spelling.
   * @throws KeyError for a name that is none.
   */
  meta(key: string): PerJob<S, unknown> {
    return this.#each(metadataReader(key));
  }

  get msgIds(): MsgId[] {
    return this.call ? this.call.msgIds : this.jobs.map((job) => job.facts.msgId);
  }

  get msgId(): PerJob<S, MsgId> {
    return this.#each(METADATA.msgId);
  }

  get label(): PerJob<S, string | null> {
    return this.#each(METADATA.label);
  }

  get status(): PerJob<S, JobStatus> {
    return this.#each(METADATA.status);
  }

  get submitted(): PerJob<S, Date | null> {
    return this.#each(METADATA.submitted);
  }

  get started(): PerJob<S, Date | null> {
    return this.#each(METADATA.started);
  }

  get completed(): PerJob<S, Date | null> {
    return this.#each(METADATA.completed);
  }

  get received(): PerJob<S, Date | null> {
    return this.#each(METADATA.received);
  }

  get engineId(): PerJob<S, EngineId | null> {
    return this.#each(METADATA.engineId);
  }

  get engineUuid(): PerJob<S, EngineUuid | null> {
    return this.#each(METADATA.engineUuid);
  }

  /** What load-balanced tasks waited for; null for nothing. */
  get after(): PerJob<S, DependencySpec | null> {
    return this.#each(METADATA.after);
  }

  /** Where load-balanced tasks followed others; null for nowhere. */
  get follow(): PerJob<S, DependencySpec | null> {
    return this.#each(METADATA.follow);
  }

  /** The text of an `execute`; null for everything else. */
  get executeInput(): PerJob<S, string | null> {
    return this.#each(METADATA.executeInput);
  }

  get stdout(): PerJob<S, string> {
    return this.#each(METADATA.stdout);
  }

  get stderr(): PerJob<S, string> {
    return this.#each(METADATA.stderr);
  }

  /** What was displayed, as Jupyter bundles. */
  get outputs(): PerJob<S, readonly MimeBundle[]> {
    return this.#each(METADATA.outputs);
  }

  /**
   * What of these the task's engine said when the task had ended, where nobody knows which task has started the code
   * that said it: the engine's last one has it. Null for none.
   */
  get late(): PerJob<S, Late | null> {
    return this.#each(METADATA.late);
  }

  get executeResult(): PerJob<S, MimeBundle | null> {
    return this.#each(METADATA.executeResult);
  }

  get executionCount(): PerJob<S, number | null> {
    return this.#each(METADATA.executionCount);
  }

  get error(): PerJob<S, Error | null> {
    return this.#each(METADATA.error);
  }

  /** What the tasks published with `publishData`, so far. */
  get data(): PerJob<S, Readonly<Record<string, unknown>>> {
    return this.#each(METADATA.data);
  }

  /** Seconds since the submission; once done, the same as `wallTime`. */
  get elapsed(): number {
    return timing.elapsed(this.rows, this.core.environment.clock.now());
  }

  /** Seconds that the engines worked, added up. @throws TimeoutError before all is done. */
  get serialTime(): number {
    return timing.serialTime(this.rows);
  }

  /** Seconds from the first submission to the last result. @throws TimeoutError before all is done. */
  get wallTime(): number {
    return timing.wallTime(this.rows);
  }

  /** `serialTime / wallTime`. @throws TimeoutError before all is done. */
  get speedup(): number {
    return this.serialTime / this.wallTime;
  }

  /** Seconds from the earliest of `starts` to the latest of `ends`: `ar.timedelta(ar.submitted, ar.received)`. */
  timedelta(starts: timing.DateOrDates, ends: timing.DateOrDates): number {
    return timing.timedelta(starts, ends);
  }

  #each<Value>(read: (job: Job) => Value): PerJob<S, Value> {
    const values = this.jobs.map(read);
    // The compiler cannot see that `isSingle` and `S` say the same.
    return (this.isSingle ? values[0] : values) as PerJob<S, Value>;
  }
}

spell(JobGroup);
