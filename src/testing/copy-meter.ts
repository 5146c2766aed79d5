import { MessagePort } from 'node:worker_threads';

/** Smaller ones are no matter. */
const BIG = 1 << 16;

/** Counts the bytes of large buffers that are copied in this thread, by whatever built-in does it. */
export interface CopyMeter {
  /** Bytes since it was called last. */
  readonly take: () => number;
  /** The built-ins are as they were. */
  readonly stop: () => void;
}

type AnyFunction = (this: unknown, ...args: never[]) => unknown;

/**
 * To be called before other code takes the built-ins for itself. Counted are `slice` and `set`, and what
 * `structuredClone` and `postMessage` find in a message and not in its transfer list.
 */
export function meterCopies(): CopyMeter {
  let bytes = 0;
  const restore: (() => void)[] = [];
  const watch = (
    owner: object,
    name: string,
    count: (self: unknown, args: unknown[], result: unknown) => number,
  ) => {
    const original = Reflect.get(owner, name) as AnyFunction;
    const watched = function (this: unknown, ...args: unknown[]) {
      // Counted before: a transfer empties what it moves.
      const before = count(this, args, undefined);
      const result = Reflect.apply(original, this, args);
      const size = Math.max(before, count(this, args, result));
      if (size >= BIG) bytes += size;
      return result;
    };
    Reflect.defineProperty(owner, name, { value: watched, writable: true, configurable: true });
    restore.push(
      () => void Reflect.defineProperty(owner, name, { value: original, writable: true, configurable: true }),
    );
  };
  const typed = Object.getPrototypeOf(Int8Array.prototype) as object;
  const sizeOf = (thing: unknown) => (isBytes(thing) ? thing.byteLength : 0);
  watch(ArrayBuffer.prototype, 'slice', (_self, _args, result) => sizeOf(result));
  watch(typed, 'slice', (_self, _args, result) => sizeOf(result));
  watch(typed, 'set', (_self, [source], result) => (result === undefined ? sizeOf(source) : 0));
  const posted = (_self: unknown, [message, options]: unknown[]) => leftBehind(message, transferOf(options));
  watch(globalThis, 'structuredClone', posted);
  // A Worker posts through a port of its own.
  watch(MessagePort.prototype, 'postMessage', posted);
  return {
    take: () => {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
    stop: () => {
      for (const one of restore) one();
    },
  };
}

function isBytes(thing: unknown): thing is ArrayBuffer | ArrayBufferView {
  return thing instanceof ArrayBuffer || ArrayBuffer.isView(thing);
}

function transferOf(options: unknown): readonly unknown[] {
  if (Array.isArray(options)) return options;
  return (options as { readonly transfer?: readonly unknown[] } | undefined)?.transfer ?? [];
}

/** Bytes of the buffers in a message that are not moved with it. */
function leftBehind(message: unknown, transfer: readonly unknown[]): number {
  const seen = new Set<unknown>(transfer);
  let size = 0;
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (ArrayBuffer.isView(value)) visit(value.buffer);
    else if (value instanceof ArrayBuffer) size += value.byteLength;
    else if (value instanceof Map) for (const pair of value) pair.forEach(visit);
    else if (value instanceof Set) value.forEach(visit);
    else if (!(value instanceof SharedArrayBuffer)) Object.values(value).forEach(visit);
  };
  visit(message);
  return size;
}
