/** Counts the bytes of large buffers that are copied in this realm, by whatever built-in does it. */
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
 *
 * In Node and in browsers; its text holds all that it needs, so that it can be put before a worker's.
 */
export function meterCopies(): CopyMeter {
  /** Smaller ones are no matter. */
  const BIG = 1 << 16;
  let bytes = 0;
  const restore: (() => void)[] = [];

  const isBytes = (thing: unknown): thing is ArrayBuffer | ArrayBufferView =>
    thing instanceof ArrayBuffer || ArrayBuffer.isView(thing);
  const sizeOf = (thing: unknown): number => (isBytes(thing) ? thing.byteLength : 0);
  const transferOf = (options: unknown): readonly unknown[] => {
    if (Array.isArray(options)) return options;
    return (options as { readonly transfer?: readonly unknown[] } | undefined)?.transfer ?? [];
  };
  /** Bytes of the buffers in a message that are not moved with it. */
  const leftBehind = (message: unknown, transfer: readonly unknown[]): number => {
    const seen = new Set<unknown>(transfer);
    let size = 0;
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || seen.has(value)) return;
      seen.add(value);
      if (ArrayBuffer.isView(value)) visit(value.buffer);
      else if (value instanceof ArrayBuffer) size += value.byteLength;
      else if (value instanceof Map) for (const pair of value) pair.forEach(visit);
      else if (value instanceof Set) value.forEach(visit);
      else if (Object.prototype.toString.call(value) !== '[object SharedArrayBuffer]')
        Object.values(value).forEach(visit);
    };
    visit(message);
    return size;
  };
  const watch = (owner: object, name: string, count: (args: unknown[], result: unknown) => number) => {
    if (!Object.hasOwn(owner, name)) return;
    const original = Reflect.get(owner, name) as AnyFunction;
    const watched = function (this: unknown, ...args: unknown[]) {
      // Counted before: a transfer empties what it moves.
      const before = count(args, undefined);
      const result = Reflect.apply(original, this, args);
      const size = Math.max(before, count(args, result));
      if (size >= BIG) bytes += size;
      return result;
    };
    const define = (value: AnyFunction) =>
      Reflect.defineProperty(owner, name, { value, writable: true, configurable: true });
    define(watched);
    restore.push(() => void define(original));
  };

  const typed = Object.getPrototypeOf(Int8Array.prototype) as object;
  watch(ArrayBuffer.prototype, 'slice', (_args, result) => sizeOf(result));
  watch(typed, 'slice', (_args, result) => sizeOf(result));
  watch(typed, 'set', ([source], result) => (result === undefined ? sizeOf(source) : 0));
  const posted = ([message, options]: unknown[]) => leftBehind(message, transferOf(options));
  watch(globalThis, 'structuredClone', posted);
  // A browser's worker posts by a function of its own; Node's through a port.
  for (const owner of ['', 'MessagePort', 'Worker']) {
    const there: unknown = owner === '' ? globalThis : Reflect.get(globalThis, owner);
    if (there === undefined) continue;
    watch(
      owner === '' ? globalThis : (there as { readonly prototype: object }).prototype,
      'postMessage',
      posted,
    );
  }
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
