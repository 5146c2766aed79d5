import {
  builtinNamed,
  carry,
  isCanned,
  type Canned,
  type FunctionPlace,
  type LentBuffer,
  type LentView,
} from './canned.ts';
import { codecNamed } from './codecs.ts';
import { bindLater, bindNow, isClassSource } from './closure-text.ts';
import type { LentMemory } from './lent-memory.ts';
import { viewOfType } from './packed-buffers.ts';
import type { Packed } from './packed.ts';
import { Reference } from './reference.ts';

/** How a realm gives life to what travelled as data. Each may throw; the error is the user's to see. */
export interface Reviver {
  /** A function or class, from its source text. `name` is '' for anonymous ones. `at`: where it stands in its
   * cell, if the sender knew. */
  functionFrom(source: string, name: string, at?: FunctionPlace): unknown;
  /** A function that Tutti provides here under this name. */
  builtin(name: string): unknown;
  /** What the expression gives in this realm's namespace. */
  reference(expression: string): unknown;
  /** A class of that name, or undefined: the object then stays plain. */
  classNamed(name: string): unknown;
}

/**
 * The packed value, alive. To be called once for each `Packed` received: what holds canned parts is revived
 * in place. Identity and cycles are kept. `lent` is what was lent for it: large buffers are copied out of that.
 */
export function unpack(packed: Packed, reviver: Reviver, lent: readonly LentMemory[] = NONE): unknown {
  return packed.canned ? new Unpacker(reviver, lent).revive(packed.value) : packed.value;
}

const NONE: readonly LentMemory[] = [];

/** The packed value as a view on lent memory itself, if it is nothing but such a view: to be read before the memory is
 * used again, and not to be given out. */
export function borrowed(packed: Packed, lent: readonly LentMemory[] = NONE): ArrayBufferView | null {
  const value = packed.lent === true ? (packed.value as Canned) : null;
  if (value?.$tutti !== 'lent-view') return null;
  const { type, buffer, byteOffset, length } = value;
  const its = lent.find(({ n }) => n === buffer.n);
  return its ? viewOfType(type, its.memory, buffer.at + byteOffset, length) : null;
}

/**
 * For a receiver without a namespace of its own: a client that gets results. References stay References,
 * objects of classes become plain objects.
 */
export function plainReviver(functionFrom: Reviver['functionFrom']): Reviver {
  return {
    functionFrom,
    builtin(name) {
      const fn = builtinNamed(name);
      if (!fn) throw new ReferenceError(`Tutti provides no function called ${name} here`);
      return fn;
    },
    reference: (expression) => new Reference(expression),
    classNamed: () => undefined,
  };
}

type CannedFunction = Extract<Canned, { readonly $tutti: 'function' }>;

class Unpacker {
  readonly #reviver: Reviver;
  /** Seen object to what stands in its place, itself for containers. */
  readonly #revived = new Map<object, unknown>();
  /** Of those that need their parts before they exist: the ones being made. */
  readonly #unborn = new Set<Canned>();

  readonly #lent: readonly LentMemory[];

  constructor(reviver: Reviver, lent: readonly LentMemory[]) {
    this.#reviver = reviver;
    this.#lent = lent;
  }

  revive(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (this.#revived.has(value)) return this.#revived.get(value);
    if (Array.isArray(value)) this.#items(value);
    else if (value instanceof Map) this.#map(value);
    else if (value instanceof Set) this.#set(value);
    else if (Object.getPrototypeOf(value) === Object.prototype) return this.#object(value);
    else this.#revived.set(value, value);
    return this.#revived.get(value);
  }

  #items(array: unknown[]): void {
    this.#revived.set(array, array);
    // `forEach` passes over holes.
    array.forEach((item, i) => {
      if (typeof item !== 'object' || item === null) return;
      const revived = this.revive(item);
      if (revived !== item) array[i] = revived;
    });
  }

  #map(map: Map<unknown, unknown>): void {
    this.#revived.set(map, map);
    const entries = [...map].map(([key, value]) => [this.revive(key), this.revive(value)] as const);
    map.clear();
    for (const [key, value] of entries) map.set(key, value);
  }

  #set(set: Set<unknown>): void {
    this.#revived.set(set, set);
    const items = [...set].map((item) => this.revive(item));
    set.clear();
    for (const item of items) set.add(item);
  }

  #object(object: object): unknown {
    if (isCanned(object)) return this.#canned(object);
    this.#revived.set(object, object);
    return this.#fields(object, object);
  }

  /** `source`'s own fields, revived, become `target`'s. */
  #fields(source: object, target: object): object {
    for (const key of Object.keys(source)) {
      const value: unknown = Reflect.get(source, key);
      const revived = this.revive(value);
      if (source !== target || revived !== value) define(target, key, revived, true);
    }
    return target;
  }

  #canned(canned: Canned): unknown {
    switch (canned.$tutti) {
      case 'function':
        return this.#function(canned);
      case 'reference':
        return this.#remember(canned, this.#reviver.reference(canned.expression));
      case 'builtin':
        return this.#remember(canned, this.#reviver.builtin(canned.name));
      case 'object':
        return this.#fields(canned.fields, this.#remember(canned, {}));
      case 'instance':
        return this.#instance(canned);
      case 'coded':
        return this.#remember(
          canned,
          this.#fromParts(canned, () => codecNamed(canned.codec).decode(this.revive(canned.data) as never)),
        );
      case 'error':
        return this.#error(canned);
      case 'lent':
        return this.#remember(canned, this.#copyOut(canned));
      case 'lent-view':
        return this.#remember(canned, this.#lentView(canned));
    }
  }

  #remember<T>(canned: Canned, value: T): T {
    this.#revived.set(canned, value);
    return value;
  }

  #function(canned: CannedFunction): unknown {
    const { source, name, at, base, captured } = canned;
    const names = [...(captured?.names ?? []), ...(base ? [base.name] : [])];
    if (names.length === 0) return this.#remember(canned, this.#reviver.functionFrom(source, name, at));
    const parts = [...(captured?.values ?? []), ...(base ? [base.value] : [])];
    return isClassSource(source) ? this.#class(canned, names, parts) : this.#closure(canned, names, parts);
  }

  /** A class needs what it extends when it is made. */
  #class(canned: CannedFunction, names: readonly string[], parts: readonly unknown[]): unknown {
    const values = this.#fromParts(canned, () => parts.map((part) => this.revive(part)));
    const made = bindNow(this.#reviver, canned, names, values);
    return this.#carrying(canned, this.#remember(canned, made), values);
  }

  /** A function is there before its variables have values: functions may capture each other. */
  #closure(canned: CannedFunction, names: readonly string[], parts: readonly unknown[]): unknown {
    const [fn, bind] = bindLater(this.#reviver, canned, names);
    if (canned.name !== '' && fn.name === '') define(fn, 'name', canned.name, false);
    this.#remember(canned, fn);
    const values = parts.map((part) => this.revive(part));
    bind(values);
    return this.#carrying(canned, fn, values);
  }

  #copyOut({ n, at, length }: LentBuffer): ArrayBuffer {
    const its = this.#lent.find((one) => one.n === n);
    if (!its) throw new Error('The memory in which this value lies belongs to another client');
    return its.copyOut(at, length);
  }

  #lentView({ type, buffer, byteOffset, length }: LentView): ArrayBufferView {
    return viewOfType(type, this.revive(buffer) as ArrayBuffer, byteOffset, length);
  }

  /** So that it can travel on. */
  #carrying(canned: CannedFunction, fn: object, values: readonly unknown[]): object {
    const { source, name, captured } = canned;
    if (!captured) return fn;
    const pairs = captured.names.map((captured, i) => [captured, values[i]] as const);
    return carry(fn, { source, name, values: Object.fromEntries(pairs) });
  }

  #fromParts<T>(canned: Canned, make: () => T): T {
    if (this.#unborn.has(canned)) {
      throw new TypeError('A class that captures itself, or an object whose codec encodes it as itself');
    }
    this.#unborn.add(canned);
    const made = make();
    this.#unborn.delete(canned);
    return made;
  }

  #instance(canned: Canned & { readonly $tutti: 'instance' }): unknown {
    const object = this.#remember(canned, {});
    const prototype = prototypeOf(this.#reviver.classNamed(canned.className));
    if (prototype) Object.setPrototypeOf(object, prototype);
    return this.#fields(canned.fields, object);
  }

  #error(canned: Canned & { readonly $tutti: 'error' }): unknown {
    const error = this.#remember(canned, new Error(canned.message));
    const prototype = prototypeOf(this.#reviver.classNamed(canned.className) ?? STANDARD[canned.className]);
    if (prototype) Object.setPrototypeOf(error, prototype);
    if (error.name !== canned.name) define(error, 'name', canned.name, false);
    if (canned.stack !== null) define(error, 'stack', canned.stack, false);
    for (const [key, value] of Object.entries(canned.hidden)) define(error, key, this.revive(value), false);
    return this.#fields(canned.fields, error);
  }
}

const STANDARD: Readonly<Record<string, ErrorConstructor | AggregateErrorConstructor | undefined>> = {
  AggregateError,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

function prototypeOf(constructor: unknown): object | null {
  const prototype: unknown = typeof constructor === 'function' ? Reflect.get(constructor, 'prototype') : null;
  return typeof prototype === 'object' ? prototype : null;
}

/** Never assigns: a setter of the class, or `__proto__`, must not run. */
function define(target: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true });
}
