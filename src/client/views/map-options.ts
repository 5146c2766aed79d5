import { ValueError } from '../errors.ts';
import type { TargetSpec } from '../indexing.ts';
import { isPlainObject } from '../options.ts';
import type { Dist } from '../partition.ts';

/** Options of `map`, last in its arguments. */
export interface MapOptions {
  /** Wait, and return the list itself. Default: the view's. */
  readonly block?: boolean;
  readonly targets?: TargetSpec;
  readonly label?: string | null;
  /** Move buffers among the items. Default: the view's. */
  readonly track?: boolean;
  /** `get` gives errors in place of the items that failed, and other items go on. The tasks have failed all the same:
   * for `retries`, `after`, `stopOn`, `successful()` and the hub. Default false. */
  readonly returnExceptions?: boolean;
  /** Load-balanced views: iteration is in order of submission (default), else as tasks finish. */
  readonly ordered?: boolean;
  /** Load-balanced views: items per task, default 1; `'auto'` makes about four tasks for each engine. */
  readonly chunksize?: number | 'auto';
  /** Load-balanced views: ends the map early and cancels the rest, at the first error, or when this says true of a
   * result. The list then has the results that were there, in order; what was cancelled is left out. What the function
   * throws fails the map. */
  readonly stopOn?: StopOn;
}

export type StopOn = 'error' | ((result: unknown) => boolean);

/** Whether `stopOn` says so of a result. Throws what it throws. @throws TypeError for a promise, which says nothing yet. */
export function isEnough(stopOn: (result: unknown) => boolean, result: unknown): boolean {
  const answer: unknown = stopOn(result);
  if (typeof answer === 'object' && answer !== null && 'then' in answer)
    throw new TypeError('stopOn must say true or false at once: it cannot be async');
  return Boolean(answer);
}

/** Options of `imap`. */
export interface LazyMapOptions {
  readonly targets?: TargetSpec;
  readonly label?: string | null;
  /** Results in order of input (default), else as tasks finish. */
  readonly ordered?: boolean;
  /** A failing task yields its error instead of throwing it. Default false. */
  readonly returnExceptions?: boolean;
  /** Tasks under way at a time: `'auto'` (default) is the number of engines; 0 submits all at once. */
  readonly maxOutstanding?: number | 'auto';
  /** Ends the map when it says true of a result, which is the last one given. */
  readonly stopOn?: (result: unknown) => boolean;
}

/** Options of `parallel`. */
export interface ParallelOptions extends MapOptions {
  /** How sequences are spread: blocks (default) or round robin. */
  readonly dist?: Dist;
}

/** As in IPython, parallel functions of a DirectView make as many parts as there are engines, and say so. */
export function withoutChunksize(options: ParallelOptions): ParallelOptions {
  if (!isPlainObject(options) || !('chunksize' in options)) return options;
  console.warn('chunksize is ignored by parallel functions of a DirectView: each engine gets one part');
  return Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'chunksize'));
}

const AUTO_TASKS_PER_ENGINE = 4;

/** Items per task, as a number. @throws ValueError unless it is a positive integer or 'auto'. */
export function readChunksize(
  chunksize: number | 'auto' | undefined,
  items: number,
  engines: number,
): number {
  if (chunksize === 'auto')
    return Math.max(1, Math.ceil(items / (AUTO_TASKS_PER_ENGINE * Math.max(1, engines))));
  if (chunksize === undefined) return 1;
  if (Number.isInteger(chunksize) && chunksize > 0) return chunksize;
  throw new ValueError(`chunksize must be a positive integer or 'auto', not ${String(chunksize)}`);
}
