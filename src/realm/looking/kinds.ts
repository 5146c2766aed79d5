import { inheritedClass, isNativeFunction, tagOf } from '../../protocol/brand-of.ts';
import { isSparse, namedKeys } from '../../protocol/list-copy.ts';

/** What a value is for somebody who looks into it. Nothing here runs the user's code or throws. */

const CUSTOM_TEXT = Symbol.for('nodejs.util.inspect.custom');

export type Container =
  | { readonly type: 'array'; readonly list: ArrayLike<unknown>; readonly name: string }
  | { readonly type: 'map'; readonly map: Map<unknown, unknown>; readonly name: string }
  | { readonly type: 'set'; readonly set: Set<unknown>; readonly name: string }
  | { readonly type: 'object'; readonly object: object; readonly name: string };

/** Null for what has no inside that could be shown, or says itself how it looks (dates, errors, results of ours). */
export function containerOf(value: unknown): Container | null {
  if (typeof value !== 'object' || value === null) return null;
  try {
    return open(value);
  } catch {
    return null;
  }
}

function open(value: object): Container | null {
  if (saysHowItLooks(value)) return null;
  const tag = quietTagOf(value);
  const name = inheritedClass(value) ?? tag;
  // Of a list with few items far apart, what there is counts, under its places: it is read like a record.
  if (Array.isArray(value) && isSparse(value))
    return { type: 'object', object: value, name: `${name}(${String(value.length)})` };
  if (Array.isArray(value)) return { type: 'array', list: value, name };
  if (ArrayBuffer.isView(value)) {
    return tag === 'DataView' ? null : { type: 'array', list: value as unknown as ArrayLike<unknown>, name };
  }
  switch (tag) {
    case 'Map':
      return { type: 'map', map: value as Map<unknown, unknown>, name };
    case 'Set':
      return { type: 'set', set: value as Set<unknown>, name };
    case 'Date':
    case 'RegExp':
    case 'Error':
    case 'Promise':
    case 'WeakMap':
    case 'WeakSet':
    case 'WeakRef':
    case 'ArrayBuffer':
    case 'SharedArrayBuffer':
    case 'Number':
    case 'String':
    case 'Boolean':
    case 'Symbol':
    case 'BigInt':
      return null;
    default:
      return { type: 'object', object: value, name };
  }
}

/** Whether it has a method of Node's that tells its text; calling that would run code. */
export function saysHowItLooks(value: object): boolean {
  return CUSTOM_TEXT in value;
}

/** As `tagOf`, but a getter of the user's that would name the tag is not called; `Object` for a Proxy that refuses. */
export function quietTagOf(value: object): string {
  try {
    return ownTagOf(value);
  } catch {
    return 'Object';
  }
}

function ownTagOf(value: object): string {
  for (let owner: object | null = value; owner !== null;) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, Symbol.toStringTag);
    // oxlint-disable-next-line typescript/unbound-method -- it is looked at, not called
    const getter = descriptor?.get;
    if (descriptor) return getter && !isNativeFunction(getter) ? 'Object' : tagOf(value);
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return tagOf(value);
}

/** How much is inside. */
export function sizeOf(container: Container): number {
  switch (container.type) {
    case 'array':
      return container.list.length;
    case 'map':
      return Reflect.get(Map.prototype, 'size', container.map);
    case 'set':
      return Reflect.get(Set.prototype, 'size', container.set);
    case 'object':
      return keysOf(container.object).length;
  }
}

/** To list the keys of a longer one takes too long for a look. */
const LONGEST_NAMED = 10_000;

/** What a list has besides its items: `index` and `groups` of a match. */
export function namesBeside(list: ArrayLike<unknown>): readonly string[] {
  return list.length > LONGEST_NAMED ? [] : namedKeys(list as readonly unknown[]);
}

/** A value, or in a word why there is none to read. */
export type Read = { readonly value: unknown } | '(getter)' | 'empty';

/** What can be read without running code. `empty`: a hole of a list; a Proxy that refuses is taken for a getter. */
export function readData(object: object, key: PropertyKey): Read {
  try {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    if (!descriptor) return 'empty';
    return 'value' in descriptor ? { value: descriptor.value as unknown } : '(getter)';
  } catch {
    return '(getter)';
  }
}

/** The same for those who take what cannot be read for nothing. */
export function dataOf(object: object, key: PropertyKey): unknown {
  const read = readData(object, key);
  return typeof read === 'object' ? read.value : undefined;
}

/** As `Array.isArray`, which throws for a Proxy that has been revoked. */
export function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** 0 for a view whose memory has been moved away. */
export function bytesOfView(view: ArrayBufferView): number {
  try {
    return view.byteLength;
  } catch {
    return 0;
  }
}

/** Enumerable keys, symbols last; none of a Proxy that refuses. */
export function keysOf(object: object): readonly (string | symbol)[] {
  try {
    return enumerableKeys(object);
  } catch {
    return [];
  }
}

function enumerableKeys(object: object): readonly (string | symbol)[] {
  const symbols = Object.getOwnPropertySymbols(object);
  return symbols.length === 0
    ? Object.keys(object)
    : [...Object.keys(object), ...symbols.filter(isShown, object)];
}

function isShown(this: object, key: symbol): boolean {
  return Object.prototype.propertyIsEnumerable.call(this, key);
}

/** An object literal, of whichever realm. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || isList(value)) return false;
  try {
    const proto: unknown = Object.getPrototypeOf(value);
    if (proto === null) return true;
    return (
      typeof proto === 'object' && Object.getPrototypeOf(proto) === null && quietTagOf(value) === 'Object'
    );
  } catch {
    return false;
  }
}
