import { isCanned } from '../../protocol/canned.ts';
import { concat } from './pickle.ts';

/**
 * Values of JavaScript as JSON and bytes for a Python engine, and back: numbers, text, lists, dictionaries, dates,
 * sets; typed arrays are NumPy's arrays, ArrayBuffers are `bytes`. `bridge-source.ts` is the other end.
 */
export interface BridgeData {
  readonly json: unknown;
  readonly blob: Uint8Array;
}

/** What Python cannot have; `message` says which value and why. */
export class NoPythonValue extends TypeError {}

const DTYPES: Readonly<Record<string, string>> = {
  Int8Array: '|i1',
  Uint8Array: '|u1',
  Uint8ClampedArray: '|u1',
  Int16Array: '<i2',
  Uint16Array: '<u2',
  Int32Array: '<i4',
  Uint32Array: '<u4',
  Float32Array: '<f4',
  Float64Array: '<f8',
  BigInt64Array: '<i8',
  BigUint64Array: '<u8',
};

/** `[name, value]` for each of them. @throws NoPythonValue for functions and the like. */
export function writeValues(values: object): BridgeData {
  const parts: Uint8Array[] = [];
  let size = 0;
  const writer = new Writer((bytes) => {
    const at = size;
    parts.push(bytes);
    size += bytes.byteLength;
    return { at, size: bytes.byteLength };
  });
  const json = Object.entries(values).map(([name, value]) => [name, writer.write(value, name)]);
  return { json, blob: concat(parts) };
}

type Place = (bytes: Uint8Array) => { readonly at: number; readonly size: number };

class Writer {
  readonly #place: Place;
  readonly #above = new Set<object>();

  constructor(place: Place) {
    this.#place = place;
  }

  write(value: unknown, where: string): unknown {
    switch (typeof value) {
      case 'undefined':
        return null;
      case 'bigint':
        return { $: 'int', value: String(value) };
      case 'number':
        return Number.isFinite(value)
          ? value
          : { $: 'number', value: String(value).replace('Infinity', 'inf') };
      case 'object':
        return value === null ? null : this.#nested(value, where);
      default:
        return value;
    }
  }

  #nested(value: object, where: string): unknown {
    if (this.#above.has(value)) throw new NoPythonValue(`${where} contains itself, which JSON cannot say`);
    this.#above.add(value);
    const written = this.#object(value, where);
    this.#above.delete(value);
    return written;
  }

  #object(value: object, where: string): unknown {
    if (Array.isArray(value)) return value.map((item, i) => this.write(item, `${where}[${String(i)}]`));
    if (ArrayBuffer.isView(value)) return this.#view(value);
    if (value instanceof ArrayBuffer) return { $: 'bytes', ...this.#place(new Uint8Array(value)) };
    if (value instanceof Date) return { $: 'date', value: value.getTime() };
    if (value instanceof Set) return { $: 'set', items: [...value].map((item) => this.write(item, where)) };
    if (value instanceof Map) {
      const items = [...value].map(([key, item]) => [this.write(key, where), this.write(item, where)]);
      return { $: 'dict', items };
    }
    return isCanned(value) ? this.#canned(value, where) : this.#fields(value, where);
  }

  #view(view: ArrayBufferView): unknown {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const dtype = DTYPES[String(Reflect.get(view, Symbol.toStringTag))];
    const about = this.#place(bytes);
    return dtype === undefined ? { $: 'bytes', ...about } : { $: 'array', dtype, ...about };
  }

  #fields(object: object, where: string): unknown {
    const entries = Object.entries(object).map(
      ([key, item]) => [key, this.write(item, `${where}.${key}`)] as const,
    );
    return Object.hasOwn(object, '$') ? { $: 'dict', items: entries } : Object.fromEntries(entries);
  }

  #canned(value: { readonly $tutti: string }, where: string): unknown {
    const fields: unknown = Reflect.get(value, 'fields');
    if (value.$tutti === 'reference')
      return { $: 'reference', value: Reflect.get(value, 'expression') as unknown };
    // Fields beside a list, a Map … have no word in Python.
    if (value.$tutti === 'extended') return this.write(Reflect.get(value, 'base'), where);
    if (value.$tutti === 'object' || value.$tutti === 'instance')
      return this.#fields(fields as object, where);
    const what = value.$tutti === 'coded' ? 'an object with a codec' : `a ${value.$tutti}`;
    throw new NoPythonValue(
      `${where} is ${what}, which a Python engine cannot have. Send numbers, text, lists, dictionaries, typed arrays`,
    );
  }
}

const VIEWS: Readonly<Record<string, new (buffer: ArrayBuffer) => ArrayLike<unknown> & ArrayBufferView>> = {
  '|i1': Int8Array,
  '|u1': Uint8Array,
  '<i2': Int16Array,
  '<u2': Uint16Array,
  '<i4': Int32Array,
  '<u4': Uint32Array,
  '<f4': Float32Array,
  '<f8': Float64Array,
  '<i8': BigInt64Array,
  '<u8': BigUint64Array,
};

export interface ReadValue {
  readonly value: unknown;
  /** All memory in it. */
  readonly buffers: readonly ArrayBuffer[];
}

const text = new TextDecoder();

/** The answer of the bridge. @throws Error when it is none. */
export function readAnswer(answer: Uint8Array): ReadValue {
  const length = Number(text.decode(answer.subarray(0, 12)));
  if (!Number.isInteger(length) || length + 12 > answer.byteLength)
    throw new Error('it is no answer of ours');
  const json: unknown = JSON.parse(text.decode(answer.subarray(12, 12 + length)));
  const start = Math.ceil((12 + length) / 8) * 8;
  const buffers: ArrayBuffer[] = [];
  const take = ({ at, size }: Located): ArrayBuffer => {
    const buffer = answer.slice(start + at, start + at + size).buffer;
    buffers.push(buffer);
    return buffer;
  };
  return { value: readJson(json, take), buffers };
}

interface Located {
  readonly at: number;
  readonly size: number;
}
type Take = (place: Located) => ArrayBuffer;

function readJson(json: unknown, take: Take): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item) => readJson(item, take));
  const tagged = json as { readonly $?: string } & Record<string, unknown>;
  if (tagged.$ === undefined) {
    return Object.fromEntries(Object.entries(tagged).map(([key, item]) => [key, readJson(item, take)]));
  }
  return readTagged(tagged, take);
}

function readTagged(tagged: Record<string, unknown>, take: Take): unknown {
  const { value } = tagged;
  const items = (tagged['items'] ?? []) as readonly unknown[];
  switch (tagged['$']) {
    case 'array':
      return readArray(tagged as unknown as ArrayFacts, take);
    case 'bytes':
      return take(tagged as unknown as Located);
    case 'number':
      return Number(String(value).replace('inf', 'Infinity'));
    case 'int':
      return BigInt(String(value));
    case 'date':
      return new Date(Number(value));
    case 'set':
      return new Set(items.map((item) => readJson(item, take)));
    case 'dict':
      return new Map((items as [unknown, unknown][]).map(([k, v]) => [readJson(k, take), readJson(v, take)]));
    default:
      throw new Error(`it holds a value of the unknown kind ${String(tagged['$'])}`);
  }
}

interface ArrayFacts extends Located {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** Of more than one dimension: lists of typed arrays, the last dimension innermost. */
function readArray({ dtype, shape, at, size }: ArrayFacts, take: Take): unknown {
  const View = VIEWS[dtype];
  if (View === undefined) throw new Error(`it holds an array of the unknown type ${dtype}`);
  const [length = 1, ...inner] = shape;
  if (shape.length <= 1) {
    const array = new View(take({ at, size }));
    return shape.length === 0 ? array[0] : array;
  }
  const step = length === 0 ? 0 : size / length;
  return Array.from({ length }, (_, i) =>
    readArray({ dtype, shape: inner, at: at + i * step, size: step }, take),
  );
}
