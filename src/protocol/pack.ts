import { functionText } from '../base/guard-text.ts';
import {
  CANNED_KEY,
  carrierOf,
  isTransfer,
  nameOfBuiltin,
  placeOfFunction,
  UNSENDABLE,
  type CannedBase,
} from './canned.ts';
import { codecFor } from './codecs.ts';
import { brandOf, inheritedClass, isNativeFunction } from './brand-of.ts';
import type { Room } from './lent-memory.ts';
import { nameKey, PackTrail, segmentOf } from './pack-trail.ts';
import { isDetached, PackedBuffers } from './packed-buffers.ts';
import type { Packed } from './packed.ts';
import { isReference } from './reference.ts';
import { isShared } from './share.ts';

export { transfer, UncloneableError } from './canned.ts';
export { borrowed, plainReviver, unpack, type Reviver } from './unpack.ts';

export interface PackOptions {
  /** Buffers are moved (and the caller's detached, at once) instead of copied. Default false. */
  readonly move?: boolean;
  /** What error messages call the value: `args[0]`, `result`. Empty: paths begin with the first key.
   * Default `value`. */
  readonly root?: string;
  /** Memory of the receiver's, into which large buffers are copied. */
  readonly room?: Room | null;
}

/**
 * Takes a private copy of `value`, now: whatever the caller does to it later, the receiver sees this moment.
 *
 * Identity and cycles within one value are kept. Functions, References, errors and objects of classes are
 * replaced by data (see `Canned`). Shared memory stays shared. Works on values of other realms.
 *
 * Throws `UncloneableError` for what cannot be sent and TypeError for functions without source; both name
 * the path. The caller's buffers are untouched when it throws.
 */
export function pack(value: unknown, options: PackOptions = {}): Packed {
  if (isPrimitive(value) && typeof value !== 'symbol')
    return { value, buffers: [], bytes: sizeOf(value), canned: false };
  return new Packer(options.root ?? 'value', options.move ?? false, options.room ?? null).run(value);
}

type Put = (copy: unknown) => void;

const BYTES_PER_ENTRY = 16;

class Packer {
  readonly #trail: PackTrail;
  #moving: boolean;
  /** Original to copy: keeps identity and ends cycles. */
  readonly #copies = new Map<object, unknown>();
  readonly #buffers: PackedBuffers;
  #bytes = 0;
  #canned = false;
  #shared = false;

  constructor(root: string, moving: boolean, room: Room | null) {
    this.#buffers = new PackedBuffers(room);
    this.#trail = new PackTrail(root);
    this.#moving = moving;
  }

  run(original: unknown): Packed {
    try {
      let value = this.#copy(original, (late) => (value = late));
      this.#buffers.placeLateViews();
      const settled = this.#buffers.finish(value);
      const { buffers, isLent } = settled;
      const bytes = this.#bytes + settled.bytes;
      const packed = { value: settled.value, buffers, bytes, canned: this.#canned || isLent };
      if (!this.#shared && !isLent) return packed;
      return { ...packed, ...(this.#shared && { shared: true }), ...(isLent && { lent: true }) };
    } catch (error) {
      throw this.#trail.explain(error);
    }
  }

  /** `put` replaces the returned value later: what a view copies depends on who else uses its buffer. */
  #copy(value: unknown, put: Put | null): unknown {
    if (isPrimitive(value)) {
      this.#bytes += sizeOf(value);
      return typeof value === 'symbol' ? this.#trail.refuse(value) : value;
    }
    const object = value as object;
    const known = this.#copies.get(object);
    if (known !== undefined) return known;
    this.#bytes += BYTES_PER_ENTRY;
    if (typeof object === 'function') return this.#function(object);
    const codec = codecFor(object);
    if (codec) return this.#coded(object, codec.name, codec.encode);
    if (Array.isArray(object)) return this.#array(object);
    return this.#object(object, put);
  }

  #remember<T>(original: object, copy: T): T {
    this.#copies.set(original, copy);
    return copy;
  }

  #step(segment: string, value: unknown, put: Put | null): unknown {
    this.#trail.enter(segment);
    const copy = this.#copy(value, put);
    this.#trail.leave();
    return copy;
  }

  #array(array: readonly unknown[]): unknown[] {
    const copy: unknown[] = this.#remember(array, []);
    if (looksSparse(array)) return this.#sparseArray(array, copy);
    for (let i = 0; i < array.length; i++) {
      const item = array[i];
      if (typeof item === 'number') {
        // Pushing keeps the copy free of holes, which engines serialise several times faster.
        copy.push(item);
      } else if (item === undefined && !(i in array)) {
        copy.length = i + 1;
      } else {
        copy.push(undefined);
        copy[i] = isPrimitive(item)
          ? this.#copyPrimitiveItem(item, i)
          : this.#step(`[${String(i)}]`, item, (late) => (copy[i] = late));
      }
    }
    this.#bytes += 8 * array.length;
    return copy;
  }

  #copyPrimitiveItem(item: unknown, i: number): unknown {
    if (typeof item === 'symbol') return this.#step(`[${String(i)}]`, item, null);
    if (typeof item === 'string') this.#bytes += sizeOf(item);
    return item;
  }

  #sparseArray(array: readonly unknown[], copy: unknown[]): unknown[] {
    copy.length = array.length;
    for (const key of Object.keys(array)) {
      const i = Number(key);
      if (i < array.length) copy[i] = this.#step(`[${key}]`, array[i], (late) => (copy[i] = late));
    }
    return copy;
  }

  #object(object: object, put: Put | null): unknown {
    const brand = brandOf(object);
    switch (brand.type) {
      case 'plain':
        return this.#plain(object);
      case 'buffer':
        return this.#buffer(object as ArrayBuffer);
      case 'view':
        return this.#view(object as ArrayBufferView, put);
      case 'shared':
        this.#shared = true;
        return this.#remember(object, object);
      case 'map':
        return this.#map(object as Map<unknown, unknown>);
      case 'set':
        return this.#set(object as Set<unknown>);
      case 'error':
        return this.#error(object as Error);
      case 'simple':
        return this.#remember(object, brand.copy());
      case 'instance':
        return this.#instance(object, brand.className);
      case 'host':
        // Our own classes are the realm's, to look at: they are globals that users have not made.
        return isMarked(object) ? this.#instance(object, '') : this.#remember(object, this.#host(object));
      case 'refused':
        return this.#trail.refuse(object, brand.advice);
    }
  }

  #plain(object: object): unknown {
    if (!Object.hasOwn(object, CANNED_KEY)) return this.#fields(object, this.#remember(object, {}));
    const fields = {};
    this.#remember(object, this.#can({ $tutti: 'object', fields }));
    this.#fields(object, fields);
    return this.#copies.get(object);
  }

  #fields(object: object, copy: Record<string, unknown>, skip?: ReadonlySet<string>): object {
    for (const key of Object.keys(object)) {
      if (skip?.has(key)) continue;
      this.#bytes += BYTES_PER_ENTRY + key.length;
      this.#trail.enter(segmentOf(key));
      const value = (object as Record<string, unknown>)[key];
      setField(copy, key, undefined);
      setField(
        copy,
        key,
        this.#copy(value, (late) => {
          setField(copy, key, late);
        }),
      );
      this.#trail.leave();
    }
    return copy;
  }

  #map(map: Map<unknown, unknown>): Map<unknown, unknown> {
    const copy = this.#remember(map, new Map<unknown, unknown>());
    let i = 0;
    for (const [key, value] of Map.prototype.entries.call(map)) {
      this.#bytes += 2 * BYTES_PER_ENTRY;
      const keyCopy = this.#step(`.keys[${String(i)}]`, key, null);
      copy.set(keyCopy, undefined);
      const late = (v: unknown) => copy.set(keyCopy, v);
      copy.set(keyCopy, this.#step(`.get(${nameKey(key, i)})`, value, late));
      i++;
    }
    return copy;
  }

  #set(set: Set<unknown>): Set<unknown> {
    const copy = this.#remember(set, new Set<unknown>());
    let i = 0;
    for (const item of Set.prototype.values.call(set))
      copy.add(this.#step(`.values[${String(i++)}]`, item, null));
    return copy;
  }

  #buffer(buffer: ArrayBuffer): unknown {
    if (isDetached(buffer)) this.#trail.refuseDetached();
    return this.#remember(buffer, this.#buffers.buffer(buffer, this.#moving));
  }

  #view(view: ArrayBufferView, put: Put | null): unknown {
    if (isDetached(view.buffer)) this.#trail.refuseDetached();
    if (isShared(view)) this.#shared = true;
    const late: Put | null =
      put &&
      ((copy) => {
        put(this.#remember(view, copy));
      });
    const copy = this.#buffers.view(view, this.#moving, late);
    return copy === undefined ? undefined : this.#remember(view, copy);
  }

  #error(error: Error): unknown {
    const fields: Record<string, unknown> = {};
    const hidden: Record<string, unknown> = {};
    const stack: unknown = error.stack;
    const canned = this.#can({
      $tutti: 'error',
      className: inheritedClass(error) ?? 'Error',
      name: textOf(error.name),
      message: textOf(error.message),
      stack: typeof stack === 'string' ? stack : null,
      fields,
      hidden,
    });
    this.#remember(error, canned);
    this.#bytes += 2 * canned.message.length + 2 * (canned.stack?.length ?? 0);
    this.#fields(error, fields, ERROR_KEYS);
    for (const key of ['cause', 'errors'] as const) {
      if (Object.hasOwn(error, key)) hidden[key] = this.#step(`.${key}`, Reflect.get(error, key), null);
    }
    return canned;
  }

  #instance(object: object, className: string): unknown {
    if (isReference(object)) {
      return this.#remember(object, this.#can({ $tutti: 'reference', expression: object.expression }));
    }
    if (isTransfer(object)) return this.#moved(object.value);
    const advice: unknown = Reflect.get(object, UNSENDABLE);
    if (typeof advice === 'string') return this.#trail.refuse(object, advice);
    const fields = {};
    const canned = this.#remember(object, this.#can({ $tutti: 'instance', className, fields }));
    this.#fields(object, fields);
    return canned;
  }

  #moved(value: unknown): unknown {
    const before = this.#moving;
    this.#moving = true;
    const copy = this.#copy(value, null);
    this.#moving = before;
    return copy;
  }

  /** `encode` runs the user's code: what it throws is explained with the path. */
  #coded(object: object, codec: string, encode: (value: never) => unknown): unknown {
    const canned: { data: unknown } = this.#can({ $tutti: 'coded', codec, data: null });
    this.#remember(object, canned);
    canned.data = this.#copy(encode(object as never), (late) => (canned.data = late));
    return canned;
  }

  #function(fn: object): unknown {
    const builtin = nameOfBuiltin(fn);
    if (builtin !== undefined) return this.#remember(fn, this.#can({ $tutti: 'builtin', name: builtin }));
    const carrier = carrierOf(fn);
    const name = carrier?.name ?? String(Reflect.get(fn, 'name'));
    if (!carrier && isNativeFunction(fn)) return this.#trail.refuseNative(name);
    const source = carrier?.source ?? functionText(fn);
    this.#bytes += 2 * source.length;
    const at = placeOfFunction(source, name);
    const names = Object.keys(carrier?.values ?? {});
    const values: unknown[] = [];
    const base = this.#baseOf(fn, source, names);
    const canned = this.#can({
      $tutti: 'function',
      source,
      name,
      ...(at ? { at } : {}),
      ...(base ? { base } : {}),
      ...(names.length > 0 ? { captured: { names, values } } : {}),
    });
    this.#remember(fn, canned);
    names.forEach((captured, i) => {
      const late = (copy: unknown) => (values[i] = copy);
      values[i] = this.#step(` (captured ${captured})`, carrier?.values[captured], late);
    });
    return canned;
  }

  /** The parent of a class, when it is written in JavaScript too and called by a plain name. */
  #baseOf(fn: object, source: string, captured: readonly string[]): CannedBase | null {
    const parent: unknown = Object.getPrototypeOf(fn);
    const heritage = /^class(?:\s+[\w$]+)?\s+extends\s+([A-Za-z_$][\w$]*)\s*\{/.exec(source)?.[1];
    if (heritage === undefined || captured.includes(heritage)) return null;
    if (typeof parent !== 'function' || (!carrierOf(parent) && isNativeFunction(parent))) return null;
    return { name: heritage, value: this.#step(` extends ${heritage}`, parent, null) };
  }

  #host(object: object): unknown {
    try {
      return structuredClone(object);
    } catch {
      return this.#trail.refuse(object, 'Send the data it holds instead.');
    }
  }

  #can<T extends { readonly $tutti: string }>(form: T): T {
    this.#canned = true;
    return form;
  }
}

const ERROR_KEYS: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors']);

function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' ? 8 + 2 * value.length : 8;
}

/** A long array that is mostly holes is copied by its keys: `length` alone may be four billion. */
function looksSparse(array: readonly unknown[]): boolean {
  if (array.length < 100_000) return false;
  const step = Math.floor(array.length / 64);
  let hits = 0;
  for (let i = 0; i < array.length; i += step) if (i in array) hits++;
  return hits < 32;
}

/** Errors of users may have anything there. */
function textOf(part: unknown): string {
  return String(part);
}

/** `__proto__` is an ordinary key of data; assigning it would set the prototype. */
function setField(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

function isMarked(object: object): boolean {
  return isReference(object) || isTransfer(object) || UNSENDABLE in object;
}
