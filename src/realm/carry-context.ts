import { entrance } from '../base/primordials.ts';
import type { AsyncContext } from './async-context.ts';

type Callable = (this: unknown, ...args: unknown[]) => unknown;
type Change = (original: Callable) => ProxyHandler<Callable>['apply'];

/** Functions that take the callback first. */
const SCHEDULERS = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
  'requestIdleCallback',
];
/** Functions and methods whose promise comes with a turn of its own. */
const ASKING = ['fetch', 'createImageBitmap'];
const READING: Readonly<Record<string, readonly string[]>> = {
  Blob: ['arrayBuffer', 'bytes', 'text'],
  Request: ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'],
  Response: ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'],
};

/**
 * Lets the callbacks that users' code hands to the platform (timers, listeners, `onmessage` and its like) run in the
 * context of who has handed them in. To be called before the realm's names are looked at: what it changes is the
 * realm's own. Code of ours has taken the originals.
 */
export function carryContext(globals: object, context: AsyncContext<unknown>): void {
  const first: Change =
    (original) =>
    (_target, self, [callback, ...rest]) =>
      Reflect.apply(original, self, [bound(callback, context), ...(rest as unknown[])]);
  const promised: Change = (original) => (_target, self, args) => {
    const result = Reflect.apply(original, self, args);
    return result instanceof Promise ? context.bindPromise(result) : result;
  };
  for (const name of SCHEDULERS) change(globals, name, first);
  for (const name of ASKING) change(globals, name, promised);
  for (const [name, methods] of Object.entries(READING)) {
    const prototype = ownPrototype(globals, name);
    if (prototype) for (const method of methods) change(prototype, method, promised);
  }
  carryListeners(globals, context);
}

/** A proxy of a native function is native to whoever asks. In workers most functions of the global are inherited. */
function change(object: object, name: string, make: Change): void {
  let owner = object;
  while (!Object.hasOwn(owner, name)) {
    const parent = Object.getPrototypeOf(owner) as object | null;
    if (parent === null) return;
    owner = parent;
  }
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  const original = descriptor?.value as Callable | undefined;
  if (typeof original !== 'function' || descriptor?.configurable !== true) return;
  const apply = make(original);
  if (apply === undefined) return;
  const value = new Proxy(original, { apply: entrance(apply) });
  Object.defineProperty(owner, name, { ...descriptor, value });
}

function bound(callback: unknown, context: AsyncContext<unknown>): unknown {
  return typeof callback === 'function' ? context.bind(callback as Callable) : callback;
}

/** `addEventListener` and the `on…` properties of all classes that the realm has. */
function carryListeners(globals: object, context: AsyncContext<unknown>): void {
  /** What was registered for what the user has passed, so that it can be removed. */
  const registered = new WeakMap<object, Callable>();
  const listenerFor = (listener: unknown): unknown => {
    if (typeof listener !== 'function') return listener;
    const known = registered.get(listener);
    if (known) return known;
    const made = context.bind(listener as Callable);
    registered.set(listener, made);
    return made;
  };
  const swapped =
    (swap: (listener: unknown) => unknown): Change =>
    (original) =>
    (_target, self, [type, listener, ...rest]) =>
      Reflect.apply(original, self, [type, swap(listener), ...(rest as unknown[])]);
  const target = ownPrototype(globals, 'EventTarget');
  if (target) {
    change(target, 'addEventListener', swapped(listenerFor));
    change(
      target,
      'removeEventListener',
      swapped((listener) => registered.get(Object(listener) as object) ?? listener),
    );
  }
  for (const name of Object.getOwnPropertyNames(globals)) {
    const prototype = ownPrototype(globals, name);
    if (prototype) carryHandlers(prototype, context);
  }
}

/** `port.onmessage = f`: reading it gives what was assigned. */
function carryHandlers(prototype: object, context: AsyncContext<unknown>): void {
  for (const key of Object.getOwnPropertyNames(prototype)) {
    if (!key.startsWith('on')) continue;
    const descriptor: Accessor = Object.getOwnPropertyDescriptor(prototype, key) ?? {};
    const { get, set } = descriptor;
    if (!get || !set || descriptor.configurable !== true) continue;
    const given = new WeakMap<object, unknown>();
    Object.defineProperty(prototype, key, {
      ...descriptor,
      get: entrance(function (this: unknown) {
        const handler: unknown = Reflect.apply(get, this, []);
        return typeof handler === 'function' ? (given.get(handler) ?? handler) : handler;
      }),
      set: entrance(function (this: unknown, handler: unknown) {
        const made = bound(handler, context);
        if (typeof made === 'function' && made !== handler) given.set(made, handler);
        Reflect.apply(set, this, [made]);
      }),
    });
  }
}

interface Accessor {
  readonly configurable?: boolean;
  readonly get?: (this: unknown) => unknown;
  readonly set?: (this: unknown, value: unknown) => void;
}

/** The prototype of a class of this realm; null for other values, and for classes that several realms share. */
function ownPrototype(globals: object, name: string): object | null {
  const value: unknown = Object.getOwnPropertyDescriptor(globals, name)?.value;
  const { Function } = globals as { readonly Function: FunctionConstructor };
  if (typeof value !== 'function' || !(value instanceof Function)) return null;
  const prototype: unknown = Object.getOwnPropertyDescriptor(value, 'prototype')?.value;
  return typeof prototype === 'object' ? prototype : null;
}
