import type { MsgId } from '../protocol/ids.ts';
import { noPrimitive } from '../protocol/no-primitive.ts';
import type { DependencySpec } from '../protocol/terms.ts';
import { AsyncResult } from './async-result/async-result.ts';
import { ValueError } from './errors.ts';
import { isPlainObject } from './options.ts';
import { camelKeys } from './spelling.ts';

/** What a task can wait for: AsyncResults, message ids, and lists of these. */
export type DependencyJobs = AsyncResult | string | Dependency | Iterable<DependencyJobs>;

export interface DependencyOptions {
  /** All of the tasks (default), or any one. */
  readonly all?: boolean;
  /** Tasks that succeed count. Default true. */
  readonly success?: boolean;
  /** Tasks that fail, or are aborted, count. Default false. */
  readonly failure?: boolean;
}

/**
 * Tasks that another waits for, and how they must have ended: for `after` and `follow` of load-balanced views. An
 * empty one is always met.
 */
export class Dependency implements DependencySpec {
  readonly msgIds: readonly MsgId[];
  readonly all: boolean;
  readonly success: boolean;
  readonly failure: boolean;

  /**
   * @throws TypeError for jobs that are neither AsyncResults nor message ids, and for unknown options; ValueError
   * when neither success nor failure counts.
   */
  constructor(jobs: DependencyJobs = [], options: DependencyOptions = {}) {
    const { all = true, success = true, failure = false, ...rest } = camelKeys(options) as DependencyOptions;
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) {
      throw new TypeError(
        `Dependency got an unexpected option '${unknown}'; its options are all, success, failure`,
      );
    }
    if (!success && !failure) {
      throw new ValueError('Must depend on at least one of success or failure: neither would never be met');
    }
    this.msgIds = [...new Set(idsOf(jobs))];
    this.all = all;
    this.success = success;
    this.failure = failure;
  }

  /** Whether it is met when these tasks have succeeded, and those failed; ids that it does not name do not count. */
  check(completed: Iterable<string>, failed: Iterable<string> = []): boolean {
    if (this.msgIds.length === 0) return true;
    const counts = new Set([...(this.success ? completed : []), ...(this.failure ? failed : [])]);
    const isMet = (msgId: MsgId) => counts.has(msgId);
    return this.all ? this.msgIds.every(isMet) : this.msgIds.some(isMet);
  }

  /** Whether it can be met no more when these tasks have succeeded, and those failed. */
  unreachable(completed: Iterable<string>, failed: Iterable<string> = []): boolean {
    if (this.msgIds.length === 0) return false;
    const spoils = new Set([...(this.success ? [] : completed), ...(this.failure ? [] : failed)]);
    const isSpoilt = (msgId: MsgId) => spoils.has(msgId);
    return this.all ? this.msgIds.some(isSpoilt) : this.msgIds.every(isSpoilt);
  }

  /** `<Dependency: all of 3, on success>` */
  toString(): string {
    const how = [this.success ? 'success' : '', this.failure ? 'failure' : ''].filter((word) => word !== '');
    const which = `${this.all ? 'all' : 'any'} of ${String(this.msgIds.length)}`;
    return `<Dependency: ${which}, on ${how.join(' or ')}>`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.toPrimitive](hint: string): string {
    return noPrimitive(this, hint, 'its check() tells whether it is met');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

function idsOf(jobs: unknown): MsgId[] {
  if (jobs instanceof AsyncResult) return jobs.msgIds;
  if (jobs instanceof Dependency) return [...jobs.msgIds];
  if (typeof jobs === 'string') return [jobs as MsgId];
  if (typeof jobs === 'object' && jobs !== null && Symbol.iterator in jobs) {
    const list = [...(jobs as Iterable<unknown>)];
    for (const one of list) if (one instanceof Dependency) checkPlain(one);
    return list.flatMap(idsOf);
  }
  throw new TypeError(
    `a Dependency takes AsyncResults, message ids and lists of these, not ${describe(jobs)}`,
  );
}

/** In a list, all count alike: what one says besides its tasks would be lost. */
function checkPlain(dependency: Dependency): void {
  if (dependency.all && dependency.success && !dependency.failure) return;
  throw new TypeError(
    `${dependency.toString()} in a list would lose its conditions: give it alone, or say them of the whole list, ` +
      'like new Dependency([a, b], { failure: true })',
  );
}

/**
 * What a flag says: a Dependency, jobs, or an object `{ jobs, all, success, failure }`; null for none.
 * @throws ValueError "Invalid dependency".
 */
export function readDependency(name: string, given: unknown): Dependency | null {
  if (given === null || given === undefined) return null;
  try {
    const dependency = dependencyOf(given);
    return dependency.msgIds.length === 0 ? null : dependency;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ValueError(`Invalid dependency: ${name} is ${describe(given)}; ${why}`);
  }
}

function dependencyOf(given: unknown): Dependency {
  if (given instanceof Dependency) return given;
  if (given instanceof AsyncResult || !isPlainObject(given)) return new Dependency(given as DependencyJobs);
  const { jobs, dependencies, msgIds, ...options } = camelKeys(given);
  const named = jobs ?? dependencies ?? msgIds;
  if (named === undefined) throw new TypeError('as an object it needs jobs: { jobs, all, success, failure }');
  return new Dependency(named as DependencyJobs, options);
}

function describe(value: unknown): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (isPlainObject(value)) return `an object with ${Object.keys(value).join(', ') || 'nothing in it'}`;
  return typeof value === 'object' ? 'an object of another kind' : `a ${typeof value}`;
}
