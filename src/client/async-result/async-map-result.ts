import { markOrigin } from '../../protocol/origins.ts';
import type { ClientCore, Tasks } from '../client-core.ts';
import type { Job } from '../job.ts';
import { isEnough, type StopOn } from '../views/map-options.ts';
import { isTypedArray, joinPartitions, type Dist, type TypedArray } from '../partition.ts';
import { spell } from '../spelling.ts';
import { AsyncResult } from './async-result.ts';
import type { TaskSource } from './iteration.ts';

export interface MapResultOptions {
  readonly name: string;
  /** How many items each job has; null when only the results tell (gather), and for a call, where it is one. */
  readonly sizes: readonly number[] | null;
  /** `'items'`: jobs are `map` requests. `'partition'`: each job's value is a part to be joined. */
  readonly parts: 'items' | 'partition';
  /** How partitions are joined. Default `'b'`. */
  readonly dist?: Dist;
  /** Iteration is in order of submission (default), else as parts finish. `get` is always in order. */
  readonly ordered?: boolean;
  /** What ends it early; see `MapOptions`. */
  readonly stopOn?: StopOn;
}

/** The result of a map, or of a gather: a list of items, whichever messages they travelled in. */
export class AsyncMapResult<R = unknown> extends AsyncResult<R[], 'many', R> {
  readonly #options: MapResultOptions;
  readonly #sizeOf: ReadonlyMap<Job, number>;
  /** Jobs that were pending when the map was ended early. */
  #dropped: ReadonlySet<Job> = new Set();
  /** What `stopOn` threw, and at the results of which job. */
  #fault: { readonly error: Error; readonly at: Job } | null = null;

  constructor(core: ClientCore, tasks: Tasks, options: MapResultOptions) {
    super(core, tasks, { isSingle: false, name: options.name });
    this.#options = options;
    const { sizes } = options;
    this.#sizeOf = new Map(sizes === null ? [] : this.jobs.map((job, i) => [job, sizes[i] ?? 1]));
    if (options.stopOn !== undefined) this.#stopOn(options.stopOn);
  }

  /** The number of items; for a gather the number of parts until they are there. */
  override get length(): number {
    if (this.call) return this.call.count;
    if (this.#options.sizes) return total(this.#options.sizes);
    return this.ready() && !this.hasFailed ? this.slice().length : this.jobs.length;
  }

  /** How many items are done. */
  override get progress(): number {
    if (this.call) return super.progress;
    return total(this.jobs.filter((job) => !job.isPending).map((job) => this.#sizeOf.get(job) ?? 1));
  }

  override split(): AsyncResult[] {
    return this.jobs.map((job) => this.part([job]));
  }

  protected override get className(): string {
    return 'AsyncMapResult';
  }

  protected override get source(): TaskSource {
    return { ...super.source, ordered: this.#options.ordered ?? true };
  }

  protected override get fault(): Error | null {
    return this.#fault?.error ?? null;
  }

  protected override itemsOf(job: Job, returnExceptions = job.returnsError): readonly unknown[] {
    if (this.#fault?.at === job) throw this.#fault.error;
    return this.#itemsOf(job, returnExceptions);
  }

  /** The list of its items; of a gather, the part itself. */
  protected override resultOf(job: Job, returnExceptions?: boolean): unknown {
    const isPart = this.#options.parts === 'partition' && job.error === null;
    return isPart ? job.value : [...this.itemsOf(job, returnExceptions)];
  }

  protected override assemble(returnExceptions?: boolean): unknown {
    const { parts, dist } = this.#options;
    if (this.call) return this.call.items((job) => this.itemsOf(job, returnExceptions));
    if (parts === 'items') return this.jobs.map((job) => this.itemsOf(job, returnExceptions)).flat(1);
    return joinJobs(this.jobs, dist ?? 'b', (job) => this.itemsOf(job, returnExceptions));
  }

  /** Of the items of one message, a plain result: a list of one list. */
  protected override part(jobs: readonly Job[]): AsyncResult {
    const read = (job: Job) => (this.#options.parts === 'items' ? [...this.itemsOf(job, false)] : job.value);
    return new AsyncResult(this.core, jobs, { isSingle: false, name: this.name, owner: false, read });
  }

  protected override over(jobs: readonly Job[]): AsyncResult {
    return new AsyncMapResult(this.core, jobs, this.#options);
  }

  protected override get weights(): ReadonlyMap<Job, number> {
    return this.#sizeOf;
  }

  /** The error that ended it, or those of jobs that nobody dropped. */
  protected override get failed(): readonly Job[] {
    return super.failed.filter((job) => !this.#dropped.has(job));
  }

  protected override get hasFailed(): boolean {
    return this.#fault !== null || (super.hasFailed && this.failed.length > 0);
  }

  #stopOn(stopOn: StopOn): void {
    for (const job of this.jobs) {
      job.onSettled(() => {
        if (this.#dropped.size === 0 && this.#isEnough(job, stopOn)) this.#stop();
      });
    }
  }

  /** What `stopOn` throws fails the whole call: nobody knows then when it is to end. */
  #isEnough(job: Job, stopOn: StopOn): boolean {
    if (stopOn === 'error') return job.error !== null;
    if (job.error !== null && !job.returnsError) return false;
    try {
      return this.itemsOf(job).some((item) => isEnough(stopOn, item));
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
      this.#fault = { error, at: job };
      return true;
    }
  }

  #stop(): void {
    this.#dropped = new Set(this.jobs.filter((job) => job.isPending));
    this.cancel();
  }

  #itemsOf(job: Job, returnExceptions: boolean): readonly unknown[] {
    if (job.error && this.#dropped.has(job)) return [];
    if (job.error) return this.#failedItems(job, job.error, returnExceptions);
    return this.#options.parts === 'partition' ? asItems(job.value) : (job.value as readonly unknown[]);
  }

  // A failure of the whole message stands for each of its items, so that the list keeps its length.
  #failedItems(job: Job, error: Error, returnExceptions: boolean): readonly unknown[] {
    if (!returnExceptions) throw error;
    return job.items ?? Array.from({ length: this.#sizeOf.get(job) ?? 1 }, () => error);
  }
}

/** The parts of the jobs as one, straight out of the memory in which they lie. */
function joinJobs(jobs: readonly Job[], dist: Dist, itemsOfFailed: (job: Job) => unknown): unknown {
  const parts = jobs.map((job) => (job.error ? itemsOfFailed(job) : job.part));
  markRecords(jobs, parts);
  const whole = joinPartitions(parts, dist);
  const pieces = dist === 'b' && isTypedArray(whole) ? parts.filter((part) => isLike(part, whole)) : [];
  let end = 0;
  for (const [i, job] of jobs.entries()) {
    const piece = pieces.length === parts.length ? pieces[i] : undefined;
    // Otherwise what was joined is not what it was.
    if (piece === undefined) job.unborrow();
    else {
      const start = end;
      const stop = (end += piece.length);
      job.joined(() => (whole as TypedArray).slice(start, stop));
    }
  }
  return whole;
}

/** More would cost more than a column of engines is worth. */
const MOST_MARKED = 10_000;

function markRecords(jobs: readonly Job[], parts: readonly unknown[]): void {
  parts.forEach((part, i) => {
    const engine = jobs[i]?.engineId ?? null;
    if (engine === null || !Array.isArray(part) || part.length > MOST_MARKED) return;
    for (const item of part) markOrigin(item, engine);
  });
}

function isLike(part: unknown, whole: TypedArray): part is TypedArray {
  return isTypedArray(part) && part.constructor === whole.constructor;
}

function asItems(value: unknown): readonly unknown[] {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && Symbol.iterator in value)
    ? [...(value as Iterable<unknown>)]
    : [value];
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0);
}

spell(AsyncMapResult);
