import type { EngineId, EngineUuid, MsgId } from './ids.ts';
import type { Outcome, Settlement } from './replies.ts';
import { isSparse } from './list-copy.ts';
import type { EngineRequest, Method } from './requests.ts';
import type { TaskHeader } from './task-record.ts';

/** The form of what is kept, and those that are read: what has another one is left alone. */
export const STORED_FORMAT = 2;
export const READ_FORMATS = [1, STORED_FORMAT] as const;

/** A task as it outlives the page: the hub writes it, and reads it at the next visit. */
export interface StoredTask {
  readonly format: (typeof READ_FORMATS)[number];
  readonly msgId: MsgId;
  readonly name: string;
  readonly method: Method;
  readonly status: Outcome['status'] | 'pending';
  /** Milliseconds since 1970. */
  readonly started: number | null;
  readonly completed: number | null;
  readonly ended: number | null;
  readonly engineId: EngineId | null;
  readonly engineUuid: EngineUuid | null;
  readonly resubmitted: MsgId | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly header: TaskHeader;
  /** Null when it is too big to be kept, or cannot be. */
  readonly request: EngineRequest | null;
  /** Null while it is pending, and when it is too big to be kept, or cannot be. */
  readonly settlement: Settlement | null;
}

/** So many tasks are told at once; the page takes no more. */
export const MOST_TOLD = 1000;

/** What the page is told of a task. It keeps `task` and does not look into it. */
export interface StoredEntry {
  readonly msgId: string;
  readonly task: unknown;
}

/** Objects in one value, and values in all (the holes of a list count, too); more are not looked at. */
const MOST_OBJECTS = 1_000_000;
const MOST_VALUES = 10_000_000;
const BYTES_PER_ENTRY = 16;

/**
 * Bytes that keeping the value takes, roughly; null for what is no plain data and cannot be kept (shared memory,
 * handles of the browser's) or has too many parts.
 */
export function storableBytes(value: unknown): number | null {
  const seen = new Set<object>();
  const waiting: unknown[] = [value];
  let bytes = 0;
  for (let looked = 0; waiting.length > 0; looked++) {
    if (looked + waiting.length > MOST_VALUES) return null;
    const next = waiting.pop();
    bytes += BYTES_PER_ENTRY + textBytes(next);
    if (typeof next === 'function' || typeof next === 'symbol') return null;
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (seen.size > MOST_OBJECTS) return null;
    const size = partsOf(next, waiting);
    if (size === null) return null;
    bytes += size;
  }
  return bytes;
}

/** What is inside goes to `parts`; returns the bytes of the rest. */
function partsOf(object: object, parts: unknown[]): number | null {
  if (Array.isArray(object)) {
    if (isSparse(object)) {
      const keys = Object.keys(object);
      for (const key of keys) parts.push(Reflect.get(object, key));
      return BYTES_PER_ENTRY * keys.length;
    }
    if (object.length > MOST_VALUES) return null;
    for (const item of object) parts.push(item);
    return 0;
  }
  if (object instanceof ArrayBuffer) return object.byteLength;
  if (ArrayBuffer.isView(object)) {
    parts.push(object.buffer);
    return 0;
  }
  if (object instanceof Map) {
    for (const [key, item] of object as Map<unknown, unknown>) parts.push(key, item);
    return 0;
  }
  if (object instanceof Set) {
    for (const item of object as Set<unknown>) parts.push(item);
    return 0;
  }
  if (object instanceof Error) return 2 * (object.message.length + (object.stack?.length ?? 0));
  if (PLAIN.some((plain) => object instanceof plain)) return 0;
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== null && prototype !== Object.prototype) return null;
  for (const [key, item] of Object.entries(object)) parts.push(key, item);
  return 0;
}

const PLAIN = [Date, RegExp, Number, String, Boolean, BigInt] as const;

function textBytes(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length;
  return typeof value === 'bigint' ? value.toString(16).length / 2 : 0;
}
