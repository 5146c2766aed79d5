import { pack } from '../../protocol/pack.ts';
import type { EngineId } from '../../protocol/ids.ts';
import { buffersOf, type Around, type EngineRequest, type Route } from '../../protocol/requests.ts';
import type { TaskTerms } from '../../protocol/terms.ts';
import { callableName, sendable } from '../callable.ts';
import type { Call } from '../submitter.ts';
import type { ClientEnvironment } from '../environment.ts';
import { isPlainObject } from '../options.ts';
import type { Sequence } from '../partition.ts';

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

export function balancedCall({ targets, terms, share }: BalancedCall, request: EngineRequest): Call {
  const more = { ...(terms && { terms }), ...(share !== null && { share }) };
  return { route: { type: 'balanced', targets, ...more }, request, transfer: buffersOf(request) };
}
