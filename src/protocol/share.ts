import { TuttiError } from './tutti-error.ts';

/** This realm cannot share memory with others: the page is not cross-origin isolated, or the browser cannot. */
export class SharingUnavailableError extends TuttiError {
  override readonly name = 'SharingUnavailableError';
}

/** The typed arrays: numbers in one buffer. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/**
 * A copy of `array` in memory that the kernel and all engines share: pushed or passed to eight engines, it is still
 * one copy, and what one of them writes all of them see. `Atomics` keeps them from reading half-written things.
 * What is shared already comes back as it is; a list of numbers becomes a Float64Array.
 *
 * @throws TypeError for what is no array of numbers; SharingUnavailableError where memory cannot be shared.
 */
export function share<T extends NumberArray>(array: T): T;
export function share(array: ArrayBuffer): SharedArrayBuffer;
export function share(array: readonly number[]): Float64Array<SharedArrayBuffer>;
export function share(array: unknown): unknown {
  if (typeof SharedArrayBuffer === 'undefined') {
    throw new SharingUnavailableError(
      'Memory cannot be shared here: the page is not cross-origin isolated. Push the array instead; each engine gets a copy.',
    );
  }
  if (Array.isArray(array)) return share(checkedNumbers(array));
  const tag = Object.prototype.toString.call(array).slice(8, -1);
  if (tag === 'SharedArrayBuffer') return array;
  if (tag === 'ArrayBuffer') return shareBytes(new Uint8Array(array as ArrayBuffer));
  if (!ArrayBuffer.isView(array) || tag === 'DataView') {
    throw new TypeError(`share takes a typed array, an ArrayBuffer or a list of numbers, not ${tag}`);
  }
  if (isShared(array)) return array;
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const Constructor = Reflect.get(globalThis, tag) as new (buffer: SharedArrayBuffer) => unknown;
  return new Constructor(shareBytes(bytes));
}

/** On memory that others may have, too. */
export function isShared(view: ArrayBufferView): boolean {
  return Object.prototype.toString.call(view.buffer) === '[object SharedArrayBuffer]';
}

function shareBytes(bytes: Uint8Array): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes.length);
  new Uint8Array(memory).set(bytes);
  return memory;
}

function checkedNumbers(list: readonly unknown[]): Float64Array {
  const odd = list.findIndex((item) => typeof item !== 'number');
  if (odd >= 0) throw new TypeError(`share takes numbers; item ${String(odd)} is a ${typeof list[odd]}`);
  return Float64Array.from(list as readonly number[]);
}
