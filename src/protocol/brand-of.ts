/**
 * What kind of thing an object is, asked of its internal slots and tags and never of `instanceof`: values
 * come out of other realms (vm contexts, frames), whose classes are not ours.
 */
export type Brand =
  | { readonly type: 'plain' | 'buffer' | 'shared' | 'view' | 'map' | 'set' | 'error' }
  /** Copied whole, in one step. */
  | {
      readonly type: 'simple';
      readonly copy: () => object;
      /** Of its fields, besides what it is by itself. */
      readonly keys: (object: object) => readonly string[];
    }
  /** Of a class written in JavaScript. */
  | { readonly type: 'instance'; readonly className: string }
  /** Of a class of the platform that we do not know: Blob, ImageData … */
  | { readonly type: 'host' }
  | { readonly type: 'refused'; readonly advice: string };

const PLAIN: Brand = { type: 'plain' };
const VIEW: Brand = { type: 'view' };

export function brandOf(object: object): Brand {
  const proto: unknown = Object.getPrototypeOf(object);
  if (proto === Object.prototype || proto === null) return PLAIN;
  if (ArrayBuffer.isView(object)) return VIEW;
  const tag = tagOf(object);
  return brandByTag(object, tag) ?? brandByClass(object, tag);
}

/** `Map`, `Object`, `Generator` … as `Object.prototype.toString` has it. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function brandByTag(object: object, tag: string): Brand | undefined {
  switch (tag) {
    case 'ArrayBuffer':
      return { type: 'buffer' };
    case 'SharedArrayBuffer':
      return { type: 'shared' };
    case 'Map':
      return hasSlot(Map.prototype, 'size', object) ? { type: 'map' } : undefined;
    case 'Set':
      return hasSlot(Set.prototype, 'size', object) ? { type: 'set' } : undefined;
    case 'Error':
    case 'DOMException':
      return { type: 'error' };
    case 'Date':
      return simple(() => new Date(Date.prototype.getTime.call(object)));
    case 'RegExp':
      return simple(() => copyRegExp(object));
    case 'Number':
    case 'String':
    case 'Boolean':
    case 'BigInt':
      return boxed(object, tag);
    default:
      return refusal(tag);
  }
}

function hasSlot(prototype: object, getter: string, object: object): boolean {
  try {
    Reflect.get(prototype, getter, object);
    return true;
  } catch {
    return false;
  }
}

function copyRegExp(regExp: object): RegExp {
  const slot = (name: string) => String(Reflect.get(RegExp.prototype, name, regExp));
  return new RegExp(slot('source'), slot('flags'));
}

/** Each throws on what has no slot of its kind. */
const UNBOX: Readonly<Record<string, (object: object) => unknown>> = {
  Number: (object) => Number.prototype.valueOf.call(object),
  String: (object) => String.prototype.valueOf.call(object),
  Boolean: (object) => Boolean.prototype.valueOf.call(object),
  BigInt: (object) => BigInt.prototype.valueOf.call(object),
};

function boxed(object: object, tag: string): Brand | undefined {
  try {
    const primitive = UNBOX[tag]?.(object);
    const keys = (boxed: object) =>
      Object.keys(boxed).slice(typeof primitive === 'string' ? primitive.length : 0);
    return { type: 'simple', copy: () => Object(primitive) as object, keys };
  } catch {
    return undefined;
  }
}

/** Undefined for what only says that it is one. */
function simple(copy: () => object): Brand | undefined {
  try {
    copy();
    return { type: 'simple', copy, keys: Object.keys };
  } catch {
    return undefined;
  }
}

function refusal(tag: string): Brand | undefined {
  if (tag === 'Promise') return { type: 'refused', advice: 'Await it and send what it gives.' };
  if (tag === 'Generator' || tag.endsWith('Iterator') || tag === 'Iterator Helper') {
    return { type: 'refused', advice: 'Make a list of it first: [...it].' };
  }
  if (tag === 'Module') return { type: 'refused', advice: 'Import the module on the engines instead.' };
  if (/^(Weak(Map|Set|Ref)|FinalizationRegistry|Symbol|AsyncGenerator)$/.test(tag)) {
    return { type: 'refused', advice: 'Send the data that the engine needs instead.' };
  }
  return undefined;
}

function brandByClass(object: object, tag: string): Brand {
  const constructor = constructorOf(object);
  if (!constructor) return PLAIN;
  const name = nameOf(constructor);
  if (name === 'Object' || name === '') return PLAIN;
  if (isNativeFunction(constructor) || isPlatformClass(constructor, name)) {
    return tag === 'Object' && !isPlatformClass(constructor, name) ? PLAIN : { type: 'host' };
  }
  return { type: 'instance', className: name };
}

/** The class that an object was made by, by the nearest prototype that has a constructor of its own. */
export function constructorOf(object: object): object | undefined {
  let proto: object | null = Object.getPrototypeOf(object) as object | null;
  for (; proto; proto = Object.getPrototypeOf(proto) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(proto, 'constructor');
    if (descriptor && typeof descriptor.value === 'function') return descriptor.value as object;
  }
  return undefined;
}

/** The name of the class that an object was made by. */
export function inheritedClass(object: object): string | undefined {
  const constructor = constructorOf(object);
  return constructor && nameOf(constructor);
}

export function nameOf(fn: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value;
  return typeof name === 'string' ? name : '';
}

/** Some hosts write their platform's classes in JavaScript; as globals these are not enumerable, while the
 * global classes of a cell are. */
export function isPlatformClass(constructor: object, name: string): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  return descriptor?.enumerable === false && Reflect.get(globalThis, name) === constructor;
}

/** Native, bound, or a Proxy of a function: without source text. */
export function isNativeFunction(fn: object): boolean {
  return /\{\s*\[native code\]\s*\}\s*$/.test(Function.prototype.toString.call(fn));
}

const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** `Float64Array` … or `DataView`. */
export function viewName(view: ArrayBufferView): string {
  return (Reflect.get(TypedArrayPrototype, Symbol.toStringTag, view) as string | undefined) ?? 'DataView';
}

/** For messages: "a symbol", "a Promise", "an object of class Foo". */
export function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  const tag = tagOf(value);
  const name = tag === 'Object' ? (inheritedClass(value) ?? 'Object') : tag;
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}
