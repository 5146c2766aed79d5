import { MsgId, type ClientId, type EngineId, type EngineUuid, type RunId } from './ids.ts';
import type { Packed } from './packed.ts';
import type { Outcome, RunFacts, Settlement } from './replies.ts';
import type { BalancedRoute, EngineRequest, Submission } from './requests.ts';
import type { TaskTerms } from './terms.ts';

/**
 * A call of many tasks, a map with a task for each item, is one thing: what its tasks have in common once, the rest as
 * columns. Any of them can leave it, and is then a task as any other: these functions make it.
 */
export interface CallSubmission {
  readonly clientId: ClientId;
  /** Of the ids, which are `MsgId.create(clientId, first + i)`. */
  readonly first: number;
  readonly count: number;
  /** See `areCallTerms`. */
  readonly route: BalancedRoute;
  readonly items: CallItems;
  readonly label: string | null;
  /** Milliseconds since 1970, by the client's clock. */
  readonly submitted: number;
  readonly runId: RunId | null;
}

/** What tasks of a call ask for, each for one item. */
export interface CallItems {
  readonly method: 'apply' | 'map';
  readonly name: string;
  /** Of a `map`. */
  readonly returnExceptions: boolean;
  readonly canned: boolean;
  /** The function, packed. */
  readonly f: unknown;
  /** One for each argument. */
  readonly columns: readonly Column[];
  /** What each counts as a packed value. */
  readonly bytes: Float64Array;
}

/** A list; of numbers alone it may be one of these. */
export type Column = readonly unknown[] | Float64Array;

/** How tasks have ended that ended well. */
export interface Ends {
  readonly values: Column;
  /** Each value is a list of one, of which only that one is here. */
  readonly boxed: boolean;
  readonly canned: boolean;
  readonly bytes: Float64Array;
  /** Milliseconds since 1970; NaN: null. */
  readonly started: Float64Array;
  readonly completed: Float64Array;
  readonly counts: Float64Array;
}

/** Tasks of one call that ended well on one engine. */
export interface ItemsSettled {
  readonly clientId: ClientId;
  readonly engineId: EngineId;
  readonly engineUuid: EngineUuid;
  /** Of the ids. */
  readonly numbers: Float64Array;
  readonly ends: Ends;
}

type Calling = Extract<EngineRequest, { readonly method: 'apply' | 'map' }>;

/** What item `i` is as a request of its own. It shares nothing with others: whoever unpacks it writes into it. */
export function itemRequest(items: CallItems, i: number): Calling {
  const { method, name, returnExceptions, canned, f, columns, bytes } = items;
  const own = { ...(f as object) };
  const row = columns.map((column) => (method === 'map' ? [column[i]] : column[i]));
  const value = method === 'map' ? { f: own, columns: row } : { f: own, args: row };
  const call: Packed = { value, buffers: [], bytes: bytes[i] ?? 0, canned };
  return method === 'map' ? { method, call, name, returnExceptions } : { method, call, name };
}

/** What item `i` is as a task of its own. */
export function submissionAt(call: CallSubmission, i: number): Submission {
  const { clientId, first, route, items, label, submitted, runId } = call;
  return {
    msgId: MsgId.create(clientId, first + i),
    clientId,
    route,
    request: itemRequest(items, i),
    label,
    submitted,
    runId,
    abortsQueueOnError: false,
  };
}

/** All of them. */
export function submissionsOf(call: CallSubmission): Submission[] {
  return Array.from({ length: call.count }, (_, i) => submissionAt(call, i));
}

/** How the task at place `i` has ended. */
export function endAt(ends: Ends, i: number): { readonly outcome: Outcome; readonly facts: RunFacts } {
  const { values, boxed, canned, bytes, started, completed, counts } = ends;
  const value = boxed ? [values[i]] : values[i];
  return {
    outcome: { status: 'ok', value: { value, buffers: [], bytes: bytes[i] ?? 0, canned } },
    facts: {
      started: timeAt(started, i),
      completed: timeAt(completed, i),
      executeResult: null,
      executionCount: counts[i] ?? 0,
    },
  };
}

/** What is told of the task at place `i` when it is told alone. */
export function settlementAt(
  { clientId, engineId, engineUuid, numbers, ends }: ItemsSettled,
  i: number,
): Settlement {
  return { msgId: MsgId.create(clientId, numbers[i] ?? NaN), ...endAt(ends, i), engineId, engineUuid };
}

function timeAt(column: Float64Array, i: number): number | null {
  const time = column[i] ?? NaN;
  return Number.isNaN(time) ? null : time;
}

/** They ask for nothing but to be tried again, and to go first: all else is between single tasks and the hub. */
export function areCallTerms(terms: TaskTerms | undefined): boolean {
  if (terms === undefined) return true;
  const { after, follow, timeout, runTimeout, conditional } = terms;
  return after === null && follow === null && timeout === 0 && runTimeout === 0 && !conditional;
}

// What others post may be anything

/** All columns are there, and have so many places. */
export function areItemsOf(items: CallItems, count: number): boolean {
  const { f, columns, bytes } = items;
  if (typeof f !== 'object' || f === null || !Array.isArray(columns)) return false;
  return (
    isNumbers(bytes, count) && (columns as readonly unknown[]).every((column) => isColumn(column, count))
  );
}

/** All columns are there, and have so many places. */
export function areEndsOf({ values, bytes, started, completed, counts }: Ends, count: number): boolean {
  return isColumn(values, count) && [bytes, started, completed, counts].every((one) => isNumbers(one, count));
}

function isColumn(column: unknown, length: number): boolean {
  return (Array.isArray(column) && column.length === length) || isNumbers(column, length);
}

function isNumbers(column: unknown, length: number): boolean {
  return column instanceof Float64Array && column.length === length;
}
