import { parse, stringify } from 'devalue';

/**
 * What structured clone carries, as text and buffers: the way for messages to a thread that is blocked and
 * can read shared memory only. Identity, cycles, holes, -0 and views that share a buffer are kept. Buffers
 * are not copied here.
 *
 * Not carried: shared memory, and the browser's own objects (Blob, ImageData …).
 */
export interface Encoded {
  readonly text: string;
  readonly buffers: readonly ArrayBuffer[];
}

/** @throws Error, saying what it is that cannot be carried, and where. */
export function encode(value: unknown): Encoded {
  const buffers: ArrayBuffer[] = [];
  const places = new Map<ArrayBuffer, number>();
  const place = (buffer: ArrayBuffer) => {
    const known = places.get(buffer);
    if (known !== undefined) return known;
    places.set(buffer, buffers.length);
    return buffers.push(buffer) - 1;
  };
  const text = stringify(value, {
    Buffer: (thing: unknown) => thing instanceof ArrayBuffer && [place(thing)],
    View: (thing: unknown) => ArrayBuffer.isView(thing) && describeView(thing),
    Numbers: (thing: unknown) => isLongNumberList(thing) && [place(Float64Array.from(thing).buffer)],
    Fields: (thing: unknown) => isOddObject(thing) && Object.entries(thing),
  });
  return { text, buffers };
}

export function decode({ text, buffers }: Encoded): unknown {
  return parse(text, {
    Buffer: ([place]: [number]) => buffers[place],
    View: ([name, buffer, offset, length]: ViewFacts) => {
      const View = VIEWS[name] as new (
        buffer: ArrayBuffer,
        offset: number,
        length: number,
      ) => ArrayBufferView;
      return new View(buffer, offset, length);
    },
    Numbers: ([place]: [number]) => Array.from(new Float64Array(buffers[place] ?? new ArrayBuffer(0))),
    Fields: (entries: [string, unknown][]) => Object.fromEntries(entries),
  });
}

const VIEWS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
};
// Of newer browsers.
const Float16: unknown = Reflect.get(globalThis, 'Float16Array');
if (typeof Float16 === 'function') Object.assign(VIEWS, { Float16Array: Float16 });
type ViewName = keyof typeof VIEWS;
type ViewFacts = [name: ViewName, buffer: ArrayBuffer, offset: number, length: number];

function describeView(view: ArrayBufferView): ViewFacts {
  const { buffer, byteOffset, byteLength } = view;
  if (!(buffer instanceof ArrayBuffer)) throw new Error('shared memory cannot be copied');
  const name = view instanceof DataView ? 'DataView' : (Reflect.get(view, Symbol.toStringTag) as ViewName);
  if (!(name in VIEWS)) throw new Error(`a ${name} cannot be copied through shared memory`);
  const length = (view as { readonly length?: number }).length ?? byteLength;
  return [name, buffer, byteOffset, length];
}

/** Below, text is as quick. */
const LONG = 64;

/** As text a million numbers would take a second. */
function isLongNumberList(thing: unknown): thing is number[] {
  if (!Array.isArray(thing) || thing.length < LONG) return false;
  for (let i = 0; i < thing.length; i++) if (typeof thing[i] !== 'number') return false;
  return true;
}

/** A key `__proto__` is data like another, which the text form does not take. */
function isOddObject(thing: unknown): thing is object {
  return typeof thing === 'object' && thing !== null && Object.hasOwn(thing, '__proto__');
}
