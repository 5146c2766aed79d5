import { pack } from '../protocol/pack.ts';
import type { Around } from '../protocol/requests.ts';
import type { TaskTerms } from '../protocol/terms.ts';
import { sendable } from './callable.ts';
import { isConditional } from './conditions.ts';
import {
  readDependency,
  type Dependency,
  type DependencyJobs,
  type DependencyOptions,
} from './dependency.ts';
import { ValueError } from './errors.ts';
import { kindOf, readSeconds, type FlagReaders, type FlagSpec } from './flags.ts';

/** A condition on an engine's properties. */
export type Where = (properties: Record<string, unknown>) => unknown;

/** What `after` and `follow` take. */
export type DependencyLike = DependencyJobs | (DependencyOptions & { readonly jobs: DependencyJobs });

/** Flags of load-balanced views, besides those of all views. */
export interface TaskFlags {
  /** The task starts when these tasks have ended as they should. */
  readonly after: Dependency | null;
  /** The task runs where these ran, when they have ended as they should. */
  readonly follow: Dependency | null;
  /** Seconds that a task may wait to be started; null or 0: for ever. */
  readonly timeout: number | null;
  /** How often a task that fails is tried again, on engines that have not failed it as long as there are any. */
  readonly retries: number;
  /** Tasks of higher priority go first; among equals those that came first. Default 0. */
  readonly priority: number;
  /** Seconds that a task may run; it is then stopped, and fails with TaskTimeout. Null or 0: for ever. */
  readonly runTimeout: number | null;
  /** Runs on engines whose `engine.properties` suit: it is called there, before the task. */
  readonly where: Where | null;
  /** Empty the engine's namespace before the task, and after it. */
  readonly clearBefore: boolean;
  readonly clearAfter: boolean;
}

export interface TaskFlagSpec extends FlagSpec {
  readonly after?: DependencyLike | null;
  readonly follow?: DependencyLike | null;
  readonly timeout?: number | null;
  readonly retries?: number;
  readonly priority?: number;
  readonly where?: Where | null;
  readonly clearBefore?: boolean;
  readonly clearAfter?: boolean;
}

const DEFAULTS: TaskFlags = {
  after: null,
  follow: null,
  timeout: null,
  retries: 0,
  priority: 0,
  runTimeout: null,
  where: null,
  clearBefore: false,
  clearAfter: false,
};

export const TASK_FLAGS: FlagReaders = {
  after: readDependency,
  follow: readDependency,
  timeout: readSeconds,
  retries: readRetries,
  priority: readPriority,
  where: readWhere,
  clearBefore: readBoolean,
  clearAfter: readBoolean,
};

/** Those among a view's flags. */
export function taskFlags(flags: object): TaskFlags {
  return { ...DEFAULTS, ...flags };
}

/** What the scheduler is told; undefined for nothing special. */
export function termsOf(flags: TaskFlags, f: unknown): TaskTerms | undefined {
  const { after, follow, timeout, retries, priority, runTimeout, where } = flags;
  const conditional = where !== null || isConditional(f);
  // Each task comes through here: nearly all want nothing special.
  if (!(retries || priority || timeout || runTimeout || conditional) && after === null && follow === null) {
    return undefined;
  }
  const terms = { retries, priority, timeout: timeout ?? 0, runTimeout: runTimeout ?? 0, conditional };
  return { ...terms, after: after && plain(after), follow: follow && plain(follow) };
}

function plain({ msgIds, all, success, failure }: Dependency) {
  return { msgIds, all, success, failure };
}

/** What the engine does around the task; undefined for nothing. */
export function aroundOf({ where, clearBefore, clearAfter }: TaskFlags): Around | undefined {
  if (where === null && !clearBefore && !clearAfter) return undefined;
  return { where: where && pack(sendable(where), { root: 'where' }), clearBefore, clearAfter };
}

function readRetries(name: string, value: unknown): number {
  if (!Number.isInteger(value)) throw new TypeError(`${name} must be a whole number, not ${kindOf(value)}`);
  if ((value as number) < 0) throw new ValueError(`${name} must not be negative: ${String(value)}`);
  return value as number;
}

function readPriority(name: string, value: unknown): number {
  if (typeof value === 'number' && !Number.isNaN(value)) return value;
  throw new TypeError(`${name} must be a number, not ${kindOf(value)}`);
}

function readWhere(name: string, value: unknown): Where | null {
  if (value === null || typeof value === 'function') return value as Where | null;
  throw new TypeError(`${name} must be a function of an engine's properties, not ${kindOf(value)}`);
}

function readBoolean(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`${name} must be true or false, not ${kindOf(value)}`);
}
