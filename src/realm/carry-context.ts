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
const ASKING = 'fetch createImageBitmap';
const BODY = 'arrayBuffer blob bytes formData json text';
const ASKING_OF: readonly (readonly [owner: string, names: string])[] = [
  ['Blob', 'arrayBuffer bytes text'],
  ['Request', BODY],
  ['Response', BODY],
  ['OffscreenCanvas', 'convertToBlob'],
  ['ImageDecoder', 'decode'],
  ['VideoFrame', 'copyTo'],
  ['FontFace', 'load'],
  ['ReadableStream', 'cancel pipeTo'],
  ['ReadableStreamDefaultReader', 'cancel read'],
  ['ReadableStreamBYOBReader', 'cancel read'],
  ['WritableStream', 'abort close'],
  ['WritableStreamDefaultWriter', 'abort close write'],
  ['SubtleCrypto', 'decrypt deriveBits deriveKey digest encrypt exportKey generateKey importKey sign verify'],
  ['LockManager', 'query request'],
  ['Scheduler', 'postTask wait yield'],
];
/** Objects of such functions. */
const ASKING_IN: readonly (readonly [object: string, names: string])[] = [
  ['WebAssembly', 'compile compileStreaming instantiate instantiateStreaming'],
];
/** Methods that take a callback, wherever among their arguments. */
const CALLING_BACK: readonly (readonly [owner: string, names: string])[] = [
  ['LockManager', 'request'],
  ['Scheduler', 'postTask'],
  ['OffscreenCanvas', 'requestAnimationFrame'],
];
/** Classes whose constructors take callbacks, or objects of them. */
const OBSERVERS =
  'FinalizationRegistry PerformanceObserver ReportingObserver PressureObserver ReadableStream WritableStream ' +
  'TransformStream AudioDecoder AudioEncoder VideoDecoder VideoEncoder';
/** What calls listeners before it returns. */
const DISPATCHING: readonly (readonly [owner: string, names: string])[] = [
  ['EventTarget', 'dispatchEvent'],
  ['AbortController', 'abort'],
  ['FileReader', 'abort'],
  ['XMLHttpRequest', 'abort open send'],
];

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
    // Streams ask their source, which somebody else may have made, before they return.
    const result = context.stay(() => Reflect.apply(original, self, args));
    return result instanceof Promise ? context.bindPromise(result) : result;
  };
  const calling: Change = (original) => (_target, self, args) =>
    Reflect.apply(
      original,
      self,
      (args as unknown[]).map((arg) => bound(arg, context)),
    );
  const dispatching: Change = (original) => (_target, self, args) =>
    context.stay(() => Reflect.apply(original, self, args));
  const changeAll = (object: object | null, names: string, make: Change): void => {
    if (object !== null) for (const name of names.split(' ')) change(object, name, make);
  };
  for (const name of SCHEDULERS) change(globals, name, first);
  changeAll(globals, ASKING, promised);
  changeAll(globals, 'reportError', dispatching);
  for (const [name, names] of CALLING_BACK) changeAll(ownPrototype(globals, name), names, calling);
  for (const [name, names] of ASKING_OF) changeAll(ownPrototype(globals, name), names, promised);
  for (const [name, names] of DISPATCHING) changeAll(ownPrototype(globals, name), names, dispatching);
  for (const [name, names] of ASKING_IN) {
    const object: unknown = Object.getOwnPropertyDescriptor(globals, name)?.value;
    if (isObject(object)) changeAll(object, names, promised);
  }
  const iterators = streamIterators(globals);
  if (iterators) changeAll(iterators, 'next return', promised);
  change(atomicsOf(globals), 'waitAsync', (original) => (_target, self, args) => {
    const waiting = Reflect.apply(original, self, args) as { readonly async: boolean; value: unknown };
    if (waiting.async) waiting.value = context.bindPromise(waiting.value as Promise<unknown>);
    return waiting;
  });
  for (const name of OBSERVERS.split(' ')) carryConstructor(globals, name, context);
  carryListeners(globals, context);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** What `for await … of` a stream asks. */
function streamIterators(globals: object): object | null {
  const Stream = ownClass(globals, 'ReadableStream');
  const stream: { values?(): object } = Stream === null ? {} : new Stream();
  const iterator = stream.values?.();
  return iterator === undefined ? null : (Object.getPrototypeOf(iterator) as object);
}

function atomicsOf(globals: object): object {
  const atomics: unknown = Object.getOwnPropertyDescriptor(globals, 'Atomics')?.value;
  return isObject(atomics) ? atomics : {};
}

/** `new FinalizationRegistry(f)`, `new VideoDecoder({ output, error })`. */
function carryConstructor(globals: object, name: string, context: AsyncContext<unknown>): void {
  const original = ownClass(globals, name);
  if (original === null) return;
  const construct = (target: AnyClass, args: unknown[], newTarget: AnyClass) =>
    Reflect.construct(
      target,
      args.map((arg) =>
        isObject(arg) && typeof arg !== 'function' ? withBound(arg, context) : bound(arg, context),
      ),
      newTarget,
    );
  const value = new Proxy(original, { construct: entrance(construct) });
  Object.defineProperty(globals, name, { value, writable: true, enumerable: false, configurable: true });
  const prototype = Object.getOwnPropertyDescriptor(original, 'prototype')?.value as object;
  const constructor = Object.getOwnPropertyDescriptor(prototype, 'constructor');
  if (constructor?.configurable === true)
    Object.defineProperty(prototype, 'constructor', { ...constructor, value });
}

type AnyClass = new (...args: unknown[]) => object;

/** Reads as the object, with its methods bound to whoever runs now. It stays itself for them. */
function withBound(object: object, context: AsyncContext<unknown>): object {
  const made = new Map<unknown, unknown>();
  return new Proxy(
    {},
    {
      get: entrance((_: object, key: PropertyKey) => {
        const value: unknown = Reflect.get(object, key);
        if (typeof value !== 'function') return value;
        const known = made.get(value);
        if (known !== undefined) return known;
        const method = context.bind((...args: never[]) => Reflect.apply(value, object, args) as unknown);
        made.set(value, method);
        return method;
      }),
    },
  );
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
    if (!isObject(listener)) return listener;
    const known = registered.get(listener);
    if (known) return known;
    const made = context.bind(typeof listener === 'function' ? (listener as Callable) : handling(listener));
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
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(globals))) {
    const prototype = 'value' in descriptor ? ownPrototype(globals, name) : null;
    if (prototype) carryHandlers(prototype, context);
  }
}

/** `{ handleEvent }`, which is asked for it at each event. */
function handling(listener: object): Callable {
  return (event) => {
    const { handleEvent } = listener as { readonly handleEvent?: unknown };
    if (typeof handleEvent !== 'function') throw new TypeError('The listener has no method handleEvent');
    return Reflect.apply(handleEvent, listener, [event]) as unknown;
  };
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
  const found = ownClass(globals, name);
  const prototype: unknown = found && Object.getOwnPropertyDescriptor(found, 'prototype')?.value;
  return isObject(prototype) ? prototype : null;
}

/** Node makes some of them when they are asked for. */
function ownClass(globals: object, name: string): AnyClass | null {
  const descriptor = Object.getOwnPropertyDescriptor(globals, name);
  if (descriptor?.configurable !== true) return null;
  const value: unknown = descriptor.get ? Reflect.get(globals, name) : descriptor.value;
  const { Function } = globals as { readonly Function: FunctionConstructor };
  return typeof value === 'function' && value instanceof Function ? (value as unknown as AnyClass) : null;
}
