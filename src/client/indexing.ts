import type { EngineId } from '../protocol/ids.ts';
import { IndexError, NoEnginesRegistered, ValueError } from './errors.ts';

/**
 * Which engines a view is on. A number means one engine and bare results; a list means lists of results,
 * even of one; `'all'` is looked up at every call.
 */
export type Targets = 'all' | EngineId | readonly EngineId[];

/** What people may write: also negative numbers and slices (`':'`, `'::2'`), by position in the ids; null is
 * all engines of now. */
export type TargetSpec = string | EngineId | Iterable<EngineId> | null | undefined;

/** A slice as Python writes it; null stands for what was left out. */
export interface Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;
}

/** `'1:3'`, `'::2'`, `':'`; null for what is no slice. */
export function parseSlice(text: string): Slice | null {
  const match = /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?$/.exec(text);
  if (!match) return null;
  const [start, stop, step] = match
    .slice(1)
    .map((part: string | undefined) => (part === undefined ? null : Number(part)));
  return { start: start ?? null, stop: stop ?? null, step: step ?? null };
}

/** Python's slice of a list. @throws ValueError for a step of 0; TypeError for what is no whole number or null. */
export function sliceList<T>(list: readonly T[], slice: Slice): T[] {
  return sliceIndices(list.length, slice).map((index) => list[index] as T);
}

function sliceIndices(length: number, slice: Slice): number[] {
  for (const [name, value] of Object.entries(slice)) checkSlicePart(name, value);
  const step = slice.step ?? 1;
  if (step === 0) throw new ValueError('slice step cannot be zero');
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (index: number | null, fallback: number) => {
    if (index === null) return fallback;
    return Math.min(Math.max(index < 0 ? index + length : index, lowest), highest);
  };
  const start = clamp(slice.start, step > 0 ? lowest : highest);
  const stop = clamp(slice.stop, step > 0 ? highest : lowest);
  const count = Math.max(0, Math.ceil((stop - start) / step));
  return Array.from({ length: count }, (_, i) => start + i * step);
}

function checkSlicePart(name: string, value: unknown): void {
  if (value === null || Number.isInteger(value)) return;
  throw new TypeError(
    `the ${name} of a slice must be a whole number or null, not ${typeof value === 'number' ? String(value) : `a ${typeof value}`}`,
  );
}

/**
 * The engines that a specification means now.
 * @throws NoEnginesRegistered when there are none at all.
 * @throws IndexError "No such engine: 7".
 * @throws TypeError for what can be no target.
 */
export function resolveTargets(spec: TargetSpec, ids: readonly EngineId[]): Targets {
  if (spec === 'all') return 'all';
  if (typeof spec === 'number') return resolveId(spec, ids);
  return resolveList(spec, ids);
}

/** The same, as a list, and `'all'` looked up. */
export function engineList(spec: TargetSpec, ids: readonly EngineId[]): readonly EngineId[] {
  if (ids.length === 0) throw noEngines();
  if (spec === 'all') return ids;
  const targets = resolveTargets(spec, ids);
  return typeof targets === 'number' ? [targets] : (targets as readonly EngineId[]);
}

function resolveList(spec: Exclude<TargetSpec, number>, ids: readonly EngineId[]): readonly EngineId[] {
  if (ids.length === 0) throw noEngines();
  if (spec === null || spec === undefined) return [...ids];
  if (typeof spec === 'string') return resolveText(spec, ids);
  if (typeof spec === 'object' && Symbol.iterator in spec) return [...spec].map((id) => resolveId(id, ids));
  throw badTargets(spec);
}

function resolveText(text: string, ids: readonly EngineId[]): readonly EngineId[] {
  const slice = parseSlice(text);
  if (slice) return sliceList(ids, slice);
  if (/^\s*-?\d+(\s*,\s*-?\d+)+\s*,?\s*$/.test(text)) {
    return text.split(',').flatMap((part) => (part.trim() ? [resolveId(Number(part), ids)] : []));
  }
  throw new TypeError(`'${text}' not valid str target, must be 'all'`);
}

function resolveId(id: unknown, ids: readonly EngineId[]): EngineId {
  if (typeof id !== 'number' || !Number.isInteger(id)) throw badTargets(id);
  if (ids.length === 0) throw noEngines();
  const found = id < 0 ? ids.at(id) : id;
  if (found === undefined || !ids.includes(found)) throw new IndexError(`No such engine: ${String(id)}`);
  return found;
}

function noEngines(): NoEnginesRegistered {
  return new NoEnginesRegistered(
    'This operation requires engines. Try `await rc.waitForEngines(n)` to wait for engines to register.',
  );
}

export function badTargets(value: unknown): TypeError {
  const type = value === null ? 'null' : typeof value === 'number' ? String(value) : typeof value;
  return new TypeError(
    `targets must be a number, a list of numbers, a slice like '::2' or 'all', not ${type}`,
  );
}

/** `[1, 2]`, `all`, `3`, shortened as IPython does: for `<DirectView [1, 2]>`. */
export function describeTargets(targets: Targets | null): string {
  const text = Array.isArray(targets) ? `[${targets.join(', ')}]` : String(targets);
  return text.length <= 16 ? text : `${text.slice(0, 12)}...]`;
}
