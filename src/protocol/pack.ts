import { CANNED_KEY, carrierOf, isTransfer, nameOfBuiltin, UNSENDABLE, type CannedClass } from './canned.ts';
import { codecFor } from './codecs.ts';
import { brandOf, constructorOf, inheritedClass, isNativeFunction, nameOf, type Brand } from './brand-of.ts';
import { classFacts, privateStateOf, type ClassFacts } from './class-facts.ts';
import { flatten, setField } from './flat.ts';
import { textFacts, type ParentFacts } from './function-facts.ts';
import type { Room } from './lent-memory.ts';
import { isPlainItem, isSparse, LONG_LIST, namedKeys, namesOfFull, primitiveList } from './list-copy.ts';
import { nameKey, PackTrail, type Segment, type Waypoint } from './pack-trail.ts';
import { isDetached } from './buffer-views.ts';
import { PackedBuffers } from './packed-buffers.ts';
import type { Packed } from './packed.ts';
import { isReference } from './reference.ts';
import { isShared } from './share.ts';
import { named } from './shared-memory.ts';
import { TuttiError } from './tutti-error.ts';

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
  /** Shared memory gets no name: the value leaves by a way on which memory cannot go. Default false. */
  readonly unnamed?: boolean;
}

/**
 * Takes a private copy of `value`, now: whatever the caller does to it later, the receiver sees this moment.
 *
 * Identity and cycles within one value are kept, however deep it is nested. Functions, References, errors, objects of
 * classes, and lists, Maps … that have fields of their own are replaced by data (see `Canned`). Shared memory stays
 * shared. Works on values of other realms. Fields of a typed array of more than 256 items are found if one of them has
 * a usual name (`name`, `shape`, `columns`, `unit` …) or the array a symbol; beyond a million items only those with such
 * names travel. Of a class that extends a typed array all travel, up to a million items.
 *
 * Throws `UncloneableError` for what cannot be sent and TypeError for functions without source; both name
 * the path. The caller's buffers are untouched when it throws.
 */
export function pack(value: unknown, options: PackOptions = {}): Packed {
  if (isPrimitive(value) && typeof value !== 'symbol')
    return { value, buffers: [], bytes: sizeOf(value), canned: false };
  return new Packer(options).run(value);
}

type Put = (copy: unknown) => void;

const BYTES_PER_ENTRY = 16;

/** Levels that are gone into at once. What lies deeper is copied afterwards, and such a value travels flat: neither our
 * stack nor that of the browser's serialiser goes on for ever. */
const DEEPEST = 200;

interface Later {
  readonly value: unknown;
  readonly put: Put;
  readonly at: Waypoint;
  readonly moving: boolean;
}

class Packer {
  readonly #trail: PackTrail;
  readonly #unnamed: boolean;
  #moving: boolean;
  #depth = 0;
  readonly #later: Later[] = [];
  /** Original to copy: keeps identity and ends cycles. */
  readonly #copies = new Map<object, unknown>();
  readonly #buffers: PackedBuffers;
  /** Of the objects of classes in it, by class. */
  readonly #classes = new Map<object, CannedClass>();
  /** Classes whose static fields are not looked at: they are being looked at. */
  readonly #probed: ReadonlySet<object>;
  #bytes = 0;
  #canned = false;
  readonly #shared = new Set<SharedArrayBuffer>();

  constructor(options: PackOptions, probed: ReadonlySet<object> = NONE) {
    this.#buffers = new PackedBuffers(options.room ?? null);
    this.#trail = new PackTrail(options.root ?? 'value');
    this.#moving = options.move ?? false;
    this.#unnamed = options.unnamed ?? false;
    this.#probed = probed;
  }

  run(original: unknown): Packed {
    try {
      let value = this.#copy(original, (late) => (value = late));
      this.#copyLater();
      this.#buffers.placeLateViews();
      this.#linkClasses();
      if (this.#later.length > 0) value = this.#can({ $tutti: 'flat', ...flatten(value) });
      const settled = this.#buffers.finish(value);
      const { buffers, isLent } = settled;
      const bytes = this.#bytes + settled.bytes;
      const packed = { value: settled.value, buffers, bytes, canned: this.#canned || isLent };
      if (this.#shared.size === 0 && !isLent) return packed;
      const shared = this.#shared.size > 0 && {
        shared: this.#unnamed ? [] : Array.from(this.#shared, named),
      };
      return { ...packed, ...shared, ...(isLent && { lent: true }) };
    } catch (error) {
      throw this.#trail.explain(error);
    }
  }

  #copyLater(): void {
    // It grows meanwhile.
    for (let i = 0; i < this.#later.length; i++) {
      const { value, put, at, moving } = this.#later[i] as Later;
      this.#trail.goTo(at);
      this.#moving = moving;
      const copy = this.#copy(value, put);
      if (copy !== undefined) put(copy);
    }
  }

  /** Objects whose class is in the same value have that one. */
  #linkClasses(): void {
    for (const [constructor, facts] of this.#classes) {
      const source = this.#copies.get(constructor);
      if (source !== undefined) Object.assign(facts, { source });
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
    if (this.#depth >= DEEPEST && put !== null) {
      this.#later.push({ value, put, at: this.#trail.here, moving: this.#moving });
      return undefined;
    }
    this.#bytes += BYTES_PER_ENTRY;
    this.#depth++;
    const copy = this.#open(object, put);
    this.#depth--;
    return copy;
  }

  #open(object: object, put: Put | null): unknown {
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

  #step(segment: Segment, value: unknown, put: Put | null): unknown {
    this.#trail.enter(segment);
    const copy = this.#copy(value, put);
    this.#trail.leave();
    return copy;
  }

  #array(array: readonly unknown[]): unknown {
    const { length } = array;
    if (length > LONG_LIST) {
      if (isSparse(array)) return this.#sparseArray(array);
      const plain = primitiveList(array);
      if (plain) {
        this.#bytes += 8 * length;
        for (const item of plain.items) if (typeof item === 'string') this.#bytes += sizeOf(item);
        return this.#extended(array, plain.items, plain.names);
      }
    }
    const copy: unknown[] = [];
    // Pushing keeps the copy free of holes, which engines serialise several times faster.
    for (let i = 0; i < length; i++) {
      const item = array[i];
      if (typeof item === 'number') copy.push(item);
      else if (typeof item === 'string') {
        this.#bytes += sizeOf(item);
        copy.push(item);
      } else if (isPlainItem(item)) copy.push(item);
      else return this.#items(array, copy);
    }
    this.#bytes += 8 * length;
    return this.#extended(array, copy, namesOfFull(array));
  }

  /** The items from where `copy` ends: objects are among them. */
  #items(array: readonly unknown[], copy: unknown[]): unknown {
    const from = copy.length;
    this.#bytes += 8 * array.length;
    return this.#extended(array, copy, namedKeys(array), () => {
      for (let i = from; i < array.length; i++) {
        const item = array[i];
        if (item === undefined && !(i in array)) {
          copy.length = i + 1;
        } else if (isPrimitive(item)) {
          copy.push(this.#copyPrimitiveItem(item, i));
        } else {
          copy.push(undefined);
          copy[i] = this.#step(i, item, (late) => (copy[i] = late));
        }
      }
    });
  }

  #copyPrimitiveItem(item: unknown, i: number): unknown {
    if (typeof item === 'symbol') return this.#step(i, item, null);
    if (typeof item === 'string') this.#bytes += sizeOf(item);
    return item;
  }

  #sparseArray(array: readonly unknown[]): unknown {
    const copy: unknown[] = [];
    copy.length = array.length;
    const named = namedKeys(array);
    return this.#extended(array, copy, named, () => {
      const indices = Object.keys(array);
      this.#bytes += 8 * indices.length;
      for (const key of indices.slice(0, indices.length - named.length)) {
        const i = Number(key);
        copy[i] = this.#step(i, array[i], (late) => (copy[i] = late));
      }
    });
  }

  #object(object: object, put: Put | null): unknown {
    const brand = brandOf(object);
    switch (brand.type) {
      case 'plain':
        return this.#plain(object);
      case 'buffer':
        return this.#extended(object, this.#buffer(object as ArrayBuffer), Object.keys(object));
      case 'view':
        return this.#view(object as ArrayBufferView, put);
      case 'shared':
        this.#shared.add(object as SharedArrayBuffer);
        return this.#remember(object, object);
      case 'map':
        return this.#map(object as Map<unknown, unknown>);
      case 'set':
        return this.#set(object as Set<unknown>);
      case 'error':
        return this.#error(object as Error);
      case 'simple':
        return this.#extended(object, brand.copy(), brand.keys(object));
      case 'instance':
        return this.#instance(object, brand);
      case 'host':
        // Our own classes are the realm's, to look at: they are globals that users have not made.
        if (isMarked(object)) return this.#instance(object, { type: 'instance', className: '' });
        return this.#remember(object, this.#host(object));
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

  #fields(object: object, copy: object, keys: readonly string[] = Object.keys(object)): object {
    for (const key of keys) {
      this.#bytes += BYTES_PER_ENTRY + key.length;
      this.#trail.enter(key);
      const value = (object as Record<string, unknown>)[key];
      if (isPrimitive(value)) {
        setField(copy, key, this.#copy(value, null));
      } else {
        setField(copy, key, undefined);
        const late = (known: unknown) => {
          setField(copy, key, known);
        };
        const now = this.#copy(value, late);
        if (now !== undefined) late(now);
      }
      this.#trail.leave();
    }
    return copy;
  }

  /**
   * The copy of what is a list, a Map, a Date … by its inside; wrapped when the original is of a class that extends
   * that, or has fields besides. `fill` is called when the copy can be referred to.
   */
  #extended(object: object, base: unknown, keys: readonly string[], fill?: () => void): unknown {
    const className = this.#classBeside(object);
    if (className === null && keys.length === 0) {
      this.#remember(object, base);
      fill?.();
      return base;
    }
    const fields = {};
    const canned = this.#can({
      $tutti: 'extended' as const,
      className,
      ...(className === null ? {} : this.#classOf(object)),
      base,
      fields,
    });
    this.#remember(object, canned);
    fill?.();
    this.#fields(object, fields, keys);
    return canned;
  }

  /** The user's class that a list, a Map … is of; null: it is just that. */
  #classBeside(object: object): string | null {
    const proto: unknown = Object.getPrototypeOf(object);
    if (NATIVE_PROTOTYPES.has(proto)) return null;
    const constructor = constructorOf(object);
    if (!constructor || isNativeFunction(constructor)) return null;
    const name = inheritedClass(object) ?? '';
    return name === '' ? null : name;
  }

  /** What is said of an object's class; the same for all of that class. Refuses those that cannot be made again. */
  #classOf(object: object): { readonly class?: CannedClass } {
    const constructor = constructorOf(object);
    if (!constructor) return {};
    let known = this.#classes.get(constructor);
    if (!known) {
      this.#checkState(object);
      const facts: ClassFacts = classFacts(constructor);
      known = { methods: facts.methods };
      this.#classes.set(constructor, known);
    }
    return { class: known };
  }

  #checkState(object: object): void {
    const state = privateStateOf(object);
    if (!state) return;
    this.#trail.refuseAs(
      `an object of class ${state.className} with private state (${state.name})`,
      `Nobody outside the class can read that: tell how it travels with registerCodec({ name, class: ` +
        `${state.className}, encode, decode }), or send the data that it holds.`,
    );
  }

  #map(map: Map<unknown, unknown>): unknown {
    const copy = new Map<unknown, unknown>();
    return this.#extended(map, copy, Object.keys(map), () => {
      let i = 0;
      for (const [key, value] of Map.prototype.entries.call(map)) {
        this.#bytes += 2 * BYTES_PER_ENTRY;
        const keyCopy = isPrimitive(key)
          ? this.#copy(key, null)
          : this.#step({ text: `.keys[${String(i)}]` }, key, null);
        copy.set(keyCopy, undefined);
        const late = (v: unknown) => copy.set(keyCopy, v);
        copy.set(keyCopy, this.#step({ text: `.get(${nameKey(key, i)})` }, value, late));
        i++;
      }
    });
  }

  #set(set: Set<unknown>): unknown {
    const copy = new Set<unknown>();
    return this.#extended(set, copy, Object.keys(set), () => {
      let i = 0;
      for (const item of Set.prototype.values.call(set))
        copy.add(this.#step({ text: `.values[${String(i++)}]` }, item, null));
    });
  }

  #buffer(buffer: ArrayBuffer): unknown {
    if (isDetached(buffer)) this.#trail.refuseDetached();
    return this.#buffers.buffer(buffer, this.#moving);
  }

  #view(view: ArrayBufferView, put: Put | null): unknown {
    if (isDetached(view.buffer)) this.#trail.refuseDetached();
    if (isShared(view)) this.#shared.add(view.buffer as unknown as SharedArrayBuffer);
    const isOfClass = this.#classBeside(view) !== null;
    const keys = namedKeys(view, isOfClass);
    if (keys.length === 0 && !isOfClass) {
      const late: Put | null =
        put &&
        ((copy) => {
          put(this.#remember(view, copy));
        });
      const copy = this.#buffers.view(view, this.#moving, late);
      return copy === undefined ? undefined : this.#remember(view, copy);
    }
    const canned = this.#extended(view, null, keys) as { base: unknown };
    canned.base = this.#buffers.view(view, this.#moving, (copy) => {
      canned.base = copy;
    });
    return canned;
  }

  #error(error: Error): unknown {
    const fields: Record<string, unknown> = {};
    const hidden: Record<string, unknown> = {};
    const stack: unknown = error.stack;
    const constructor = constructorOf(error);
    const isUsers = constructor && !isNativeFunction(constructor) && !(error instanceof TuttiError);
    const canned = this.#can({
      $tutti: 'error',
      className: inheritedClass(error) ?? 'Error',
      ...(isUsers ? this.#classOf(error) : {}),
      name: textOf(error.name),
      message: textOf(error.message),
      stack: typeof stack === 'string' ? stack : null,
      fields,
      hidden,
    });
    this.#remember(error, canned);
    this.#bytes += 2 * canned.message.length + 2 * (canned.stack?.length ?? 0);
    this.#fields(
      error,
      fields,
      Object.keys(error).filter((key) => !ERROR_KEYS.has(key)),
    );
    for (const key of ['cause', 'errors'] as const) {
      if (!Object.hasOwn(error, key)) continue;
      hidden[key] = undefined;
      const late = (copy: unknown) => (hidden[key] = copy);
      hidden[key] = this.#step(key, Reflect.get(error, key), late);
    }
    return canned;
  }

  #instance(object: object, { className }: Extract<Brand, { type: 'instance' }>): unknown {
    if (isReference(object)) {
      return this.#remember(object, this.#can({ $tutti: 'reference', expression: object.expression }));
    }
    if (isTransfer(object)) return this.#moved(object.value);
    const advice: unknown = Reflect.get(object, UNSENDABLE);
    if (typeof advice === 'string') return this.#trail.refuse(object, advice);
    const fields = {};
    const canned = this.#can({ $tutti: 'instance', className, ...this.#classOf(object), fields });
    this.#remember(object, canned);
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
    const name = carrier?.name ?? nameOf(fn);
    if (!carrier && isNativeFunction(fn)) return this.#trail.refuseNative(name);
    const names = Object.keys(carrier?.values ?? {});
    const { source, at, parent } = textFacts(fn, name, carrier);
    this.#bytes += 2 * source.length;
    const values: unknown[] = [];
    const [keys, protoKeys] = this.#ownKeys(fn, source);
    const [fields, proto] = [{}, {}];
    const base = parent && this.#baseOf(parent);
    const canned = this.#can({
      $tutti: 'function',
      source,
      name,
      ...(at ? { at } : {}),
      ...(base ? { base } : {}),
      ...(names.length > 0 ? { captured: { names, values } } : {}),
      ...(keys.length > 0 ? { fields } : {}),
      ...(protoKeys.length > 0 ? { proto } : {}),
    });
    this.#remember(fn, canned);
    names.forEach((captured, i) => {
      const late = (copy: unknown) => (values[i] = copy);
      values[i] = this.#step({ text: ` (captured ${captured})` }, carrier?.values[captured], late);
    });
    if (keys.length > 0) this.#fields(fn, fields, keys);
    if (protoKeys.length > 0) this.#fields(Reflect.get(fn, 'prototype') as object, proto, protoKeys);
    return canned;
  }

  /** The parent of a class, when the receiver does not have it by its name. */
  #baseOf(parent: ParentFacts): { readonly name: string; readonly value: unknown } | null {
    if (parent.lost) {
      return this.#trail.refuseAs(
        `a class that extends ${parent.text}, which is native and no global of the engines`,
        `Name it: \`const Base = ${parent.text}\` on both sides, then \`class … extends Base\`.`,
      );
    }
    const { name, text, value } = parent;
    return { name, value: this.#step({ text: ` extends ${text}` }, value, null) };
  }

  /** The keys that are the function's own, and those that were added to its prototype. */
  #ownKeys(fn: object, source: string): readonly [readonly string[], readonly string[]] {
    const keys = Object.keys(fn);
    const proto = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value as unknown;
    const protoKeys = typeof proto === 'object' && proto !== null ? Object.keys(proto) : [];
    if (keys.length === 0) return [keys, protoKeys];
    return [keys.filter((key) => !this.#isMadeByText(fn, source, key)), protoKeys];
  }

  /** A static field that the class's text makes again, better than its value could be sent: functions among it know
   * their class, and other things cannot be sent at all. */
  #isMadeByText(fn: object, source: string, key: string): boolean {
    if (!source.startsWith('class') || !hasStatic(source, key)) return false;
    const value: unknown = Reflect.get(fn, key);
    if (isPrimitive(value)) return typeof value === 'symbol';
    if (this.#probed.has(fn)) return true;
    try {
      const probe = new Packer({ unnamed: true }, new Set([...this.#probed, fn]));
      return probe.run(value).canned;
    } catch {
      return true;
    }
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

const NONE: ReadonlySet<object> = new Set();

const ERROR_KEYS: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/** Of this realm; those of other realms are told by their constructors. */
const NATIVE_PROTOTYPES: ReadonlySet<unknown> = new Set(
  [Array, Map, Set, Date, RegExp, ArrayBuffer, Float64Array, Uint8Array, Int32Array, Float32Array].map(
    (one) => one.prototype as unknown,
  ),
);

function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}

/** What a primitive takes, as `bytes` of a packed value counts it. */
export function sizeOf(value: unknown): number {
  return typeof value === 'string' ? 8 + 2 * value.length : 8;
}

/** Whether a class's text says `static key`. */
function hasStatic(source: string, key: string): boolean {
  const name = key.replaceAll(/[^\w]/g, String.raw`\$&`);
  return new RegExp(String.raw`\bstatic\s+(?:async\s+)?["']?${name}["']?\s*[=;}\n]`).test(source);
}

/** Errors of users may have anything there. */
function textOf(part: unknown): string {
  return String(part);
}

function isMarked(object: object): boolean {
  return isReference(object) || isTransfer(object) || UNSENDABLE in object;
}
