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
import { bindLater, bindNow } from './closure-text.ts';
import { setField, unflatten } from './flat.ts';
import type { LentMemory } from './lent-memory.ts';
import { isSparse } from './list-copy.ts';
import { viewOfType } from './buffer-views.ts';
import type { Packed } from './packed.ts';
import { Reference } from './reference.ts';
import { learn } from './shared-memory.ts';
import { isClassSource } from './source-text.ts';

/** How a realm gives life to what travelled as data. Each may throw; the error is the user's to see. */
export interface Reviver {
  /** A function or class, from its source text. `name` is '' for anonymous ones. `at`: where it stands in its
   * cell, if the sender knew. */
  functionFrom(source: string, name: string, at?: FunctionPlace): unknown;
  /** A function that Tutti provides here under this name. */
  builtin(name: string): unknown;
  /** What the expression gives in this realm's namespace. */
  reference(expression: string): unknown;
  /** A class of that name, or undefined: see `prototypeFor`. */
  classNamed(name: string): unknown;
  /** What objects have whose class is not here. Missing: they are plain. */
  prototypeFor?(missing: MissingClass): object;
}

export interface MissingClass {
  readonly className: string;
  readonly methods: readonly string[];
  /** The prototype that its objects have without it. */
  readonly parent: object;
}

/**
 * The packed value, alive. To be called once for each `Packed` received: what holds canned parts is revived
 * in place. Identity and cycles are kept. `lent` is what was lent for it: large buffers are copied out of that.
 */
export function unpack(packed: Packed, reviver: Reviver, lent: readonly LentMemory[] = NONE): unknown {
  packed.shared?.forEach(learn);
  return packed.canned ? new Unpacker(reviver, lent).run(packed.value) : packed.value;
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
type OfClass = Pick<Extract<Canned, { readonly $tutti: 'extended' }>, 'className' | 'class'>;

/** Levels that are gone into at once; what lies deeper waits its turn. */
const DEEPEST = 200;

class Unpacker {
  readonly #reviver: Reviver;
  /** Seen object to what stands in its place, itself for containers. */
  readonly #revived = new Map<object, unknown>();
  /** Of those that need their parts before they exist: the ones being made. */
  readonly #unborn = new Set<Canned>();
  readonly #lent: readonly LentMemory[];
  #depth = 0;
  readonly #later: (() => void)[] = [];

  constructor(reviver: Reviver, lent: readonly LentMemory[]) {
    this.#reviver = reviver;
    this.#lent = lent;
  }

  run(value: unknown): unknown {
    const revived = this.revive(value);
    // It grows meanwhile.
    for (let i = 0; i < this.#later.length; i++) this.#later[i]?.();
    return revived;
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

  /** What is inside a thing that is there already. */
  #inside(fill: () => void): void {
    if (this.#depth >= DEEPEST) {
      this.#later.push(fill);
      return;
    }
    this.#depth++;
    fill();
    this.#depth--;
  }

  #items(array: unknown[]): void {
    this.#revived.set(array, array);
    this.#inside(() => {
      if (isSparse(array)) {
        for (const key of Object.keys(array)) this.#item(array, Number(key));
      } else {
        for (let i = 0; i < array.length; i++) this.#item(array, i);
      }
    });
  }

  #item(array: unknown[], i: number): void {
    const item = array[i];
    if (typeof item !== 'object' || item === null) return;
    const revived = this.revive(item);
    if (revived !== item) array[i] = revived;
  }

  #map(map: Map<unknown, unknown>): void {
    this.#revived.set(map, map);
    this.#inside(() => {
      const entries = [...map].map(([key, value]) => [this.revive(key), this.revive(value)] as const);
      map.clear();
      for (const [key, value] of entries) map.set(key, value);
    });
  }

  #set(set: Set<unknown>): void {
    this.#revived.set(set, set);
    this.#inside(() => {
      const items = [...set].map((item) => this.revive(item));
      set.clear();
      for (const item of items) set.add(item);
    });
  }

  #object(object: object): unknown {
    if (isCanned(object)) return this.#canned(object);
    this.#revived.set(object, object);
    return this.#fields(object, object);
  }

  /** `source`'s own fields, revived, become `target`'s. */
  #fields(source: object, target: object): object {
    this.#inside(() => {
      for (const key of Object.keys(source)) {
        const value: unknown = Reflect.get(source, key);
        if (source !== target) define(target, key, this.revive(value), true);
        else if (typeof value === 'object' && value !== null) {
          const revived = this.revive(value);
          if (revived !== value) setField(target, key, revived);
        }
      }
    });
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
      case 'extended':
        return this.#extended(canned);
      case 'flat':
        return this.#remember(canned, this.revive(unflatten(canned)));
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
    if (names.length === 0) {
      const made = this.#remember(canned, this.#reviver.functionFrom(source, name, at));
      return this.#withFields(canned, made as object);
    }
    const parts = [...(captured?.values ?? []), ...(base ? [base.value] : [])];
    return isClassSource(source) ? this.#class(canned, names, parts) : this.#closure(canned, names, parts);
  }

  /** A class needs what it extends when it is made; itself it can have later. */
  #class(canned: CannedFunction, names: readonly string[], parts: readonly unknown[]): unknown {
    const selves = names.filter((_name, i) => parts[i] === canned);
    const others = names.filter((_name, i) => parts[i] !== canned);
    const given = parts.filter((part) => part !== canned);
    const values = this.#fromParts(canned, () => given.map((part) => this.revive(part)));
    const made = this.#remember(canned, bindNow(this.#reviver, canned, others, values, selves));
    this.#carrying(
      canned,
      made,
      parts.map((part) => (part === canned ? made : values[given.indexOf(part)])),
    );
    return this.#withFields(canned, made);
  }

  /** A function is there before its variables have values: functions may capture each other. */
  #closure(canned: CannedFunction, names: readonly string[], parts: readonly unknown[]): unknown {
    const [fn, bind] = bindLater(this.#reviver, canned, names);
    if (canned.name !== '' && fn.name === '') define(fn, 'name', canned.name, false);
    this.#remember(canned, fn);
    const values = parts.map((part) => this.revive(part));
    bind(values);
    this.#carrying(canned, fn, values);
    return this.#withFields(canned, fn);
  }

  #withFields({ fields, proto }: CannedFunction, fn: object): object {
    if (fields) this.#fields(fields, fn);
    const prototype: unknown = proto && Reflect.get(fn, 'prototype');
    if (proto && typeof prototype === 'object' && prototype !== null) this.#fields(proto, prototype);
    return fn;
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

  #instance(canned: Extract<Canned, { readonly $tutti: 'instance' }>): unknown {
    const object = this.#remember(canned, {});
    this.#fields(canned.fields, object);
    this.#become(object, canned);
    return object;
  }

  #extended(canned: Extract<Canned, { readonly $tutti: 'extended' }>): unknown {
    const base = canned.base as object;
    // What is inside may refer to it.
    const object = isCanned(base) ? (this.revive(base) as object) : base;
    this.#remember(canned, object);
    this.revive(base);
    if (canned.className !== null) this.#become(object, canned);
    return this.#fields(canned.fields, object);
  }

  /** Gives it the prototype of its class: of the one that came along, or of the one of that name that is here. */
  #become(object: object, canned: OfClass): void {
    const className = canned.className ?? '';
    const its: unknown = canned.class?.source;
    const found = its === undefined ? this.#reviver.classNamed(className) : this.revive(its);
    const methods = canned.class?.methods ?? [];
    const standIn = () =>
      this.#reviver.prototypeFor?.({ className, methods, parent: Object.getPrototypeOf(object) as object });
    const prototype = prototypeOf(found) ?? (className === '' ? undefined : standIn());
    if (prototype) Object.setPrototypeOf(object, prototype);
  }

  #error(canned: Canned & { readonly $tutti: 'error' }): unknown {
    const error = this.#remember(canned, this.#bareError(canned));
    if (error.name !== canned.name) define(error, 'name', canned.name, false);
    if (canned.stack !== null) define(error, 'stack', canned.stack, false);
    if (canned.class) this.#become(error, canned);
    this.#inside(() => {
      for (const [key, value] of Object.entries(canned.hidden)) define(error, key, this.revive(value), false);
    });
    return this.#fields(canned.fields, error);
  }

  #bareError({ className, message, name }: Extract<Canned, { readonly $tutti: 'error' }>): Error {
    if (className === 'DOMException' && typeof DOMException === 'function')
      return new DOMException(message, name);
    const error = new Error(message);
    const prototype = prototypeOf(this.#reviver.classNamed(className) ?? STANDARD[className]);
    if (prototype) Object.setPrototypeOf(error, prototype);
    return error;
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
