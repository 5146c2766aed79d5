import { callOutside, outside } from '../base/primordials.ts';
import type { CallItems } from '../protocol/calls.ts';
import type { CompiledCode, ExecuteCode } from '../protocol/code.ts';
import type { WireError } from '../protocol/errors.ts';
import type { MimeBundle } from '../protocol/outputs.ts';
import type { Room } from '../protocol/lent-memory.ts';
import { pack, unpack, type Reviver } from '../protocol/pack.ts';
import type { Packed } from '../protocol/packed.ts';
import type { MapItem, Outcome } from '../protocol/replies.ts';
import type { Around, EngineRequest } from '../protocol/requests.ts';
import { UNMET } from '../protocol/terms.ts';
import type { Evaluator } from '../realm/evaluator.ts';
import { compileWithMagics } from '../realm/magics/compile-with-magics.ts';
import { bundleOf, isEmptyBundle, isThenable } from '../realm/mime.ts';
import type { Shelf } from '../realm/looking/shelf.ts';
import type { Namespace } from '../realm/namespace.ts';
import type { PositionMap } from '../realm/position-map.ts';
import { KeyboardInterrupt } from '../realm/keyboard-interrupt.ts';
import { runCompiled } from '../realm/run.ts';

export interface Performer {
  readonly evaluator: Evaluator;
  readonly namespace: Namespace;
  readonly reviver: Reviver;
  readonly positions: PositionMap;
  /** Results that people may look into. */
  readonly shelf: Shelf;
  /** `engine.properties`. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Empties the namespace. */
  clear(): void;
  toWire(thrown: unknown): WireError;
}

export interface Performed {
  readonly value: Packed;
  readonly executeResult: MimeBundle | null;
  /** Items of a map have failed: the first of their errors. `value` packs `MapItem`s. */
  readonly failure?: WireError;
}

/** How the request has ended. */
export function outcomeOf({ value, failure }: Performed): Outcome {
  return failure ? { status: 'error', error: failure, items: value } : { status: 'ok', value };
}

export interface Wanted {
  /** It is not wanted any more: between two items of a map, nobody else can stop it. */
  readonly abandoned: boolean;
  /** Where its client wants a large result that is there now; null: it is sent. */
  readonly room: () => Room | null;
}

type Request<M extends EngineRequest['method']> = Extract<EngineRequest, { method: M }>;

const NOTHING = pack(null);

/**
 * Does what a request asks, in this realm. What it throws, or rejects with, is the user's error. Code that
 * does not wait is done when this returns: a promise would cost more than a small task.
 */
export function perform(
  request: EngineRequest,
  here: Performer,
  wanted: Wanted,
): Performed | Promise<Performed> {
  const around = 'around' in request ? request.around : undefined;
  return around === undefined
    ? performCore(request, here, wanted)
    : performAround(around, request, here, wanted);
}

async function performAround(
  around: Around,
  request: EngineRequest,
  here: Performer,
  wanted: Wanted,
): Promise<Performed> {
  if (around.where !== null) await checkSuits(around.where, here);
  if (around.clearBefore) here.clear();
  try {
    return await performCore(request, here, wanted);
  } finally {
    if (around.clearAfter) here.clear();
  }
}

/** Throws UnmetDependency unless the engine's properties are what the task wants. */
async function checkSuits(where: Packed, { reviver, properties }: Performer): Promise<void> {
  let why = 'where(properties) is false on this engine';
  try {
    const suits = unpack(where, reviver) as (properties: Readonly<Record<string, unknown>>) => unknown;
    if (await outside(() => suits(properties))) return;
  } catch (error) {
    why = `where(properties) threw on this engine: ${String(error)}`;
  }
  throw Object.assign(new Error(why), { name: UNMET });
}

function performCore(
  request: EngineRequest,
  here: Performer,
  wanted: Wanted,
): Performed | Promise<Performed> {
  switch (request.method) {
    case 'execute':
      return execute(request, here);
    case 'apply':
      return apply(request, here, wanted);
    case 'map':
      return map(request, here, wanted);
    case 'push':
      return push(request, here);
    case 'pull':
      return pull(request, here, wanted);
  }
}

function plain(value: Packed): Performed {
  return { value, executeResult: null };
}

/** `next` on the value, now if it is known and else when it is. */
function chain<T, U>(value: T | PromiseLike<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return isThenable(value) ? Promise.resolve(value).then(next) : next(value);
}

function execute({ code, silent }: Request<'execute'>, here: Performer): Performed | Promise<Performed> {
  const compiled = compile(code);
  here.positions.remember(code.url, compiled);
  return chain(runCompiled(here.evaluator, compiled), (box) =>
    // A promise as the last value: the engine is busy until it settles, as with `apply`.
    chain(box.value, (result) => {
      if (silent || result === undefined) return plain(NOTHING);
      return chain(bundleOf(result, here.shelf), (bundle) => ({
        value: NOTHING,
        executeResult: isEmptyBundle(bundle) ? null : bundle,
      }));
    }),
  );
}

function compile({ source, compiled, url }: ExecuteCode): CompiledCode {
  return compiled ?? compileWithMagics(source, { url });
}

type Callable = (...args: unknown[]) => unknown;

function callable(f: unknown, name: string): Callable {
  if (typeof f === 'function') return f as Callable;
  const called = name === '' ? 'f' : name;
  throw new TypeError(
    `${called} is not a function on this engine: it is ${f === null ? 'null' : `a ${typeof f}`}`,
  );
}

function apply(
  { call, name }: Request<'apply'>,
  { reviver }: Performer,
  { room }: Wanted,
): Performed | Promise<Performed> {
  const { f, args } = unpack(call, reviver) as { f: unknown; args: unknown[] };
  const fn = callable(f, name);
  const result = callOutside(fn, args);
  return chain(result, (value) => plain(pack(value, { root: 'result', room: room() })));
}

function map(request: Request<'map'>, here: Performer, wanted: Wanted): Performed | Promise<Performed> {
  const { f, columns } = unpack(request.call, here.reviver) as { f: unknown; columns: unknown[][] };
  const call = callable(f, request.name);
  const n = Math.min(...columns.map((column) => column.length));
  const callOn = (i: number): unknown => {
    const items = columns.map((column) => column[i]);
    return callOutside(call, items);
  };
  return request.returnExceptions ? mapAll(callOn, n, here, wanted) : mapUntilError(callOn, n, wanted);
}

/** What an item of a call gives that has been called already: `replay` gives its result, or throws. */
export function performItem(
  { method, returnExceptions }: Pick<CallItems, 'method' | 'returnExceptions'>,
  replay: () => unknown,
  here: Performer,
  wanted: Wanted,
): Performed | Promise<Performed> {
  if (method === 'apply')
    return chain(replay(), (value) => plain(pack(value, { root: 'result', room: wanted.room() })));
  return returnExceptions ? mapAll(replay, 1, here, wanted) : mapUntilError(replay, 1, wanted);
}

type CallOn = (i: number) => unknown;

function mapUntilError(callOn: CallOn, n: number, wanted: Wanted): Performed | Promise<Performed> {
  const results: unknown[] = [];
  for (let i = 0; i < n && !wanted.abandoned; i++) {
    const result = callOn(i);
    if (isThenable(result)) return mapRest(results, result, callOn, n, wanted);
    results.push(result);
  }
  return packResults(results, wanted);
}

/** From the first item that waits for something. */
async function mapRest(
  results: unknown[],
  first: PromiseLike<unknown>,
  callOn: CallOn,
  n: number,
  wanted: Wanted,
): Promise<Performed> {
  results.push(await first);
  for (let i = results.length; i < n && !wanted.abandoned; i++) {
    const result = callOn(i);
    results.push(isThenable(result) ? await result : result);
  }
  return packResults(results, wanted);
}

function packResults(results: readonly unknown[], wanted: Wanted): Performed {
  return plain(pack(results, { root: 'result', room: wanted.room() }));
}

async function mapAll(callOn: CallOn, n: number, here: Performer, wanted: Wanted): Promise<Performed> {
  const results: unknown[] = [];
  const errors = new Map<number, WireError>();
  for (let i = 0; i < n && !wanted.abandoned; i++) {
    try {
      const result = callOn(i);
      results.push(isThenable(result) ? await result : result);
    } catch (error) {
      if (endsWhole(error)) throw error;
      results.push(null);
      errors.set(i, here.toWire(error));
    }
  }
  if (errors.size === 0) {
    try {
      return packResults(results, wanted);
    } catch {
      // One of them cannot be sent: which one is told below.
    }
  }
  return packItems(results, errors, here);
}

/** It is about the task, not about one of its items. */
function endsWhole(error: unknown): boolean {
  return error instanceof KeyboardInterrupt || (error as Error | null)?.name === UNMET;
}

function packItems(
  results: readonly unknown[],
  errors: ReadonlyMap<number, WireError>,
  here: Performer,
): Performed {
  const items = results.map((value, i): MapItem => {
    const error = errors.get(i) ?? whyUnsendable(value, i, here);
    return error ? { ok: false, error } : { ok: true, value };
  });
  const first = items.find((item) => !item.ok);
  return { ...plain(pack(items)), ...(first && { failure: first.error }) };
}

function whyUnsendable(value: unknown, i: number, here: Performer): WireError | null {
  try {
    pack(value, { root: `result[${String(i)}]` });
    return null;
  } catch (error) {
    return here.toWire(error);
  }
}

function push({ values }: Request<'push'>, { namespace, reviver }: Performer): Performed {
  for (const [name, value] of Object.entries(unpack(values, reviver) as object)) namespace.set(name, value);
  return plain(NOTHING);
}

function pull(
  { names }: Request<'pull'>,
  { namespace }: Performer,
  { room }: Wanted,
): Performed | Promise<Performed> {
  if (typeof names === 'string') {
    return chain(namespace.get(names), (value) => plain(pack(value, { root: names, room: room() })));
  }
  const values = names.map((name) => namespace.get(name));
  return chain(values.some(isThenable) ? Promise.all(values) : values, (known) =>
    plain(pack(known, { root: `[${names.join(', ')}]`, room: room() })),
  );
}
