import { pack, sizeOf } from '../../protocol/pack.ts';
import type { CallItems } from '../../protocol/calls.ts';
import type { Packed } from '../../protocol/packed.ts';
import { isPlainCallee } from '../../protocol/runs.ts';
import { isPrimitive } from '../../protocol/small-data.ts';
import type { EngineId } from '../../protocol/ids.ts';
import {
  buffersOf,
  type Around,
  type BalancedRoute,
  type EngineRequest,
  type Route,
} from '../../protocol/requests.ts';
import type { TaskTerms } from '../../protocol/terms.ts';
import { callableName, sendable } from '../callable.ts';
import type { Call } from '../submitter.ts';
import type { ClientEnvironment } from '../environment.ts';
import { isPlainObject } from '../options.ts';
import type { Sequence } from '../partition.ts';
import type { Columns } from './columns.ts';

/** The requests of views, packed: what is sent is what the arguments were at this moment. */

export function applyRequest(
  f: unknown,
  args: readonly unknown[],
  move: boolean,
  around?: Around,
): EngineRequest {
  const call = pack({ f: sendable(f), args }, { move, root: '' });
  return { method: 'apply', call, name: callableName(f), ...(around && { around }) };
}

export function mapRequest(
  f: unknown,
  columns: readonly Sequence[],
  returnExceptions: boolean,
  move: boolean,
  around?: Around,
): EngineRequest {
  const call = pack({ f: sendable(f), columns }, { move, root: '' });
  return { method: 'map', call, name: callableName(f), returnExceptions, ...(around && { around }) };
}

/** `mapRequest` for each piece. Where they differ by primitives only, the function is packed once. */
export function mapRequests(
  f: unknown,
  pieces: readonly (readonly Sequence[])[],
  returnExceptions: boolean,
  move: boolean,
  around?: Around,
): EngineRequest[] {
  const [piece] = pieces;
  const first = piece && mapRequest(f, piece, returnExceptions, move, around);
  const callee = first?.method === 'map' && isItem(piece ?? []) ? plainCallee(first.call) : null;
  return pieces.map((columns, i) => {
    // Once: what it moves has gone with the first time.
    if (i === 0 && first) return first;
    if (first?.method !== 'map' || callee === null || !isItem(columns))
      return mapRequest(f, columns, returnExceptions, move, around);
    const bytes = first.call.bytes - itemBytes(piece ?? []) + itemBytes(columns);
    const value = { f: { ...callee }, columns: columns.map((column) => [column[0]]) };
    return { ...first, call: { value, buffers: [], bytes, canned: first.call.canned } };
  });
}

/** Fewer are not worth it. */
const LEAST_ITEMS = 8;

/**
 * The requests of a map with a task for each item as those of one call: the function is packed once. Null: they are not
 * alike, and go one by one.
 */
export function callItems(
  f: unknown,
  { columns, length }: Columns,
  returnExceptions: boolean,
): CallItems | null {
  if (length < LEAST_ITEMS) return null;
  const rowAt = (i: number) => columns.map((column) => [column[i]]);
  const first = mapRequest(f, rowAt(0), returnExceptions, false);
  const callee = first.method === 'map' ? plainCallee(first.call) : null;
  if (first.method !== 'map' || callee === null) return null;
  const { name, call } = first;
  const own = call.bytes - pack({ columns: rowAt(0) }, { root: '' }).bytes;
  const packed = packColumns(columns, length);
  if (packed === null) return null;
  const bytes = packed.bytes.map((n) => own + n);
  return {
    method: 'map',
    name,
    returnExceptions,
    canned: call.canned,
    f: callee,
    columns: packed.columns,
    bytes,
  };
}

/** Each item for itself, as a task of its own would have it. Null: some cannot travel so. */
function packColumns(
  columns: readonly Sequence[],
  length: number,
): Pick<CallItems, 'columns' | 'bytes'> | null {
  const numbers = columns.map(numbersOf);
  const empty = pack({ columns: columns.map(() => [0]) }).bytes;
  const bytes = new Float64Array(length).fill(empty);
  if (numbers.every((column) => column !== null)) return { columns: numbers, bytes };
  const packed = columns.map((_, c): unknown[] | Float64Array => numbers[c] ?? new Array<unknown>(length));
  for (let i = 0; i < length; i++) {
    const row = columns.map((column) => (i in column ? [column[i]] : []));
    if (isItem(row)) {
      packed.forEach((column, c) => (column[i] = row[c]?.[0]));
      bytes[i] = empty + itemBytes(row);
      continue;
    }
    if (row.some((item) => item.length === 0)) return null;
    const one = pack({ columns: row }, { root: '' });
    if (one.buffers.length > 0 || one.shared !== undefined) return null;
    const { columns: items } = one.value as { readonly columns: readonly (readonly unknown[])[] };
    packed.forEach((column, c) => (column[i] = items[c]?.[0]));
    bytes[i] = one.bytes;
  }
  return { columns: packed, bytes };
}

/** Null: they are not all numbers. */
function numbersOf(column: Sequence): Float64Array | null {
  if (!Array.isArray(column))
    return typeof column[0] === 'number' ? Float64Array.from(column as ArrayLike<number>) : null;
  const numbers = new Float64Array(column.length);
  for (let i = 0; i < column.length; i++) {
    const item: unknown = column[i];
    if (typeof item !== 'number') return null;
    numbers[i] = item;
  }
  return numbers;
}

/** One primitive in each list. */
function isItem(columns: readonly Sequence[]): boolean {
  return columns.every(
    (column) =>
      Array.isArray(column) &&
      column.length === 1 &&
      0 in column &&
      isPrimitive(column[0]) &&
      typeof column[0] !== 'symbol',
  );
}

/** What `bytes` of a packed value counts of them besides a place in a list, which is the same for each. */
function itemBytes(columns: readonly Sequence[]): number {
  let bytes = 0;
  for (const [item] of columns) if (typeof item === 'string') bytes += sizeOf(item);
  return bytes;
}

/** The function of a packed call, when it is a text and nothing else. */
function plainCallee({ value, buffers, shared }: Packed): Readonly<Record<string, unknown>> | null {
  const { f } = value as { readonly f?: unknown };
  return isPlainCallee(f) && buffers.length === 0 && shared === undefined ? f : null;
}

/** @throws TypeError "code must be text". */
export function executeRequest(
  environment: ClientEnvironment,
  source: unknown,
  url: string,
  silent: boolean,
): EngineRequest {
  if (typeof source !== 'string') throw new TypeError(`code must be text, not ${typeof source}`);
  return { method: 'execute', code: { source, compiled: compile(environment, source, url), url }, silent };
}

function compile(environment: ClientEnvironment, source: string, url: string) {
  try {
    return environment.compile?.(source, url) ?? null;
  } catch {
    // The engine will find the same mistake, and report it as its own.
    return null;
  }
}

/** @throws TypeError unless `values` is an object of names and values. */
export function pushRequest(values: unknown, move: boolean): EngineRequest {
  if (!isPlainObject(values)) throw new TypeError('push takes an object of names and values, like { a: 5 }');
  return { method: 'push', values: pack(values, { move, root: '' }) };
}

/** @throws TypeError "keys must be str". */
export function pullRequest(names: unknown): EngineRequest {
  if (typeof names === 'string') return { method: 'pull', names };
  const list =
    typeof names === 'object' && names !== null && Symbol.iterator in names
      ? [...(names as Iterable<unknown>)]
      : null;
  if (!list?.every((name) => typeof name === 'string')) {
    throw new TypeError(`keys must be str: pull takes a name or a list of names`);
  }
  return { method: 'pull', names: list };
}

/** The same request for each engine: cloned once, and its buffers moved once. */
export function directCalls(engines: readonly EngineId[], request: EngineRequest): Call[] {
  return engines.map((engine, i) => directCall(engine, request, i === 0 ? buffersOf(request) : []));
}

export function directCall(engine: EngineId, request: EngineRequest, transfer = buffersOf(request)): Call {
  return { route: directRoute(engine), request, transfer };
}

/** `runTimeout`: seconds; null or 0 is for ever. */
export function directRoute(engine: EngineId, runTimeout: number | null = null): DirectRoute {
  return runTimeout === null || runTimeout === 0
    ? { type: 'direct', engine }
    : { type: 'direct', engine, runTimeout };
}

/** The same calls, which may run for so many seconds each. */
export function limited(calls: readonly Call[], runTimeout: number | null): readonly Call[] {
  if (runTimeout === null || runTimeout === 0) return calls;
  return calls.map((call) =>
    call.route.type === 'direct' ? { ...call, route: directRoute(call.route.engine, runTimeout) } : call,
  );
}

type DirectRoute = Extract<Route, { readonly type: 'direct' }>;

export interface BalancedCall {
  readonly targets: readonly EngineId[] | null;
  readonly terms: TaskTerms | undefined;
  /** Of the call, when it has several tasks. */
  readonly share: string | null;
}

export function balancedCall(call: BalancedCall, request: EngineRequest): Call {
  return { route: balancedRoute(call), request, transfer: buffersOf(request) };
}

export function balancedRoute({ targets, terms, share }: BalancedCall): BalancedRoute {
  const more = { ...(terms && { terms }), ...(share !== null && { share }) };
  return { type: 'balanced', targets, ...more };
}
