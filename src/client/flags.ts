import type { EngineId } from '../protocol/ids.ts';
import { KeyError, ValueError } from './errors.ts';
import { resolveTargets, type Targets, type TargetSpec } from './indexing.ts';
import { isPlainObject, readLabel } from './options.ts';
import { camelKeys } from './spelling.ts';

/** Flags that one kind of view has besides, and how what people give is checked. */
export type FlagReaders = Readonly<Record<string, (name: string, value: unknown) => unknown>>;

const NO_MORE: FlagReaders = {};

/** What a view keeps for its calls, complete. Null targets: any engine (load-balanced views only). */
export interface Flags {
  /** Calls wait and return plain values. */
  readonly block: boolean;
  /** Buffers among the arguments are moved, not copied; `ar.sent` tells when they have left. */
  readonly track: boolean;
  readonly targets: Targets | null;
  /** Free text, noted with each task. */
  readonly label: string | null;
  /** Seconds that a task may run; it is then stopped, and fails with TaskTimeout. Null or 0: for ever. */
  readonly runTimeout: number | null;
}

/** Flags as people give them, any of them, in either spelling. */
export interface FlagSpec {
  readonly block?: boolean;
  readonly track?: boolean;
  readonly targets?: TargetSpec;
  readonly label?: string | null;
  readonly runTimeout?: number | null;
}

const NAMES = ['block', 'track', 'targets', 'label', 'runTimeout'];

/** How a kind of view understands targets. */
export type TargetReader = (spec: TargetSpec, ids: readonly EngineId[]) => Targets | null;

/**
 * `flags` with what `given` says.
 * @throws KeyError "Invalid name" for a flag that does not exist; TypeError for a value of the wrong type.
 */
export function mergeFlags(
  flags: Flags,
  given: FlagSpec,
  readTargets: TargetReader,
  ids: readonly EngineId[],
  more: FlagReaders = NO_MORE,
): Flags {
  if (!isPlainObject(given)) throw new TypeError('flags are an object like { block: true }');
  const merged: Record<string, unknown> = { ...flags };
  for (const [name, value] of Object.entries(camelKeys(given))) {
    const read = Object.hasOwn(more, name) ? more[name] : undefined;
    if (!NAMES.includes(name) && read === undefined) throw invalidName(name, more);
    if (value === undefined) continue;
    if (read !== undefined) {
      merged[name] = read(name, value);
      continue;
    }
    merged[name] = name === 'targets' ? readTargets(value as TargetSpec, ids) : checkFlag(name, value);
  }
  return merged as unknown as Flags;
}

function invalidName(name: string, more: FlagReaders): KeyError {
  const names = [...NAMES, ...Object.keys(more)].join(', ');
  return new KeyError(`Invalid name: '${name}'; the flags are ${names}`);
}

/** @throws TypeError; ValueError for a negative number. */
export function readSeconds(name: string, value: unknown): number | null {
  if (value === null) return null;
  if (typeof value !== 'number') {
    throw new TypeError(`${name} must be a number of seconds, not ${kindOf(value)}`);
  }
  if (!(value >= 0)) throw new ValueError(`${name} must not be negative: ${String(value)}`);
  return value === Infinity ? 0 : value;
}

/** For messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'number' ? String(value) : `a ${typeof value}`;
}

function checkFlag(name: string, value: unknown): unknown {
  if (name === 'runTimeout') return readSeconds(name, value);
  if (name === 'label') return readLabel(value);
  if (typeof value === 'boolean') return value;
  throw new TypeError(`${name} must be true or false, not ${value === null ? 'null' : typeof value}`);
}

/** Direct views: `'all'`, one engine, or a list. */
export const readDirectTargets: TargetReader = resolveTargets;

/** Load-balanced views: null for any engine (which `'all'` means too), else a list, even of one. */
export const readBalancedTargets: TargetReader = (spec, ids) => {
  if (spec === null || spec === undefined || spec === 'all') return null;
  const targets = resolveTargets(spec, ids);
  return typeof targets === 'number' ? [targets] : targets;
};
