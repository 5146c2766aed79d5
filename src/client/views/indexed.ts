import { noPrimitive } from '../../protocol/no-primitive.ts';

/** Reads a name that is none of the object's own. */
export const READ = Symbol('read a name that is no member');
/** Writes one. */
export const WRITE = Symbol('write a name that is no member');
/** Whether there is something of that name. */
export const HAS = Symbol('whether there is a name that is no member');
/** Deletes it. */
export const DELETE = Symbol('delete a name that is no member');

/**
 * An object whose unknown names mean something: `dview['a']`, `rc[0]`. Members always win, symbols are never
 * names. The constructor returns a Proxy, so that every `this` of a subclass is one and private fields live
 * on it; there is no second, raw identity.
 */
export abstract class Indexed {
  constructor() {
    const proxy = new Proxy(this, HANDLER);
    PROXIES.set(this, proxy);
    return proxy;
  }

  abstract [READ](name: string): unknown;
  abstract [WRITE](name: string, value: unknown): void;
  abstract [HAS](name: string): boolean;
  abstract [DELETE](name: string): void;

  [Symbol.toPrimitive](hint: string): string {
    return noPrimitive(this, hint, 'its calls give values: await them');
  }
}

/** Of the objects behind them: not every trap is told which Proxy it serves. */
const PROXIES = new WeakMap<object, Indexed>();

const HANDLER: ProxyHandler<Indexed> = {
  has(target, key) {
    if (typeof key === 'symbol' || key in target) return Reflect.has(target, key);
    return PROXIES.get(target)?.[HAS](key) ?? false;
  },
  deleteProperty(target, key) {
    if (typeof key === 'symbol') return Reflect.deleteProperty(target, key);
    if (key in target) throw new TypeError(`'${key}' is a name of the API and cannot be deleted`);
    PROXIES.get(target)?.[DELETE](key);
    return true;
  },
  get(target, key, proxy) {
    if (typeof key === 'symbol' || key in target) return Reflect.get(target, key, proxy) as unknown;
    return (proxy as Indexed)[READ](key);
  },
  set(target, key, value, proxy) {
    if (typeof key === 'symbol') return Reflect.set(target, key, value, proxy);
    if (key in target) return assignMember(target, key, value, proxy);
    (proxy as Indexed)[WRITE](key, value);
    return true;
  },
};

function assignMember(target: object, key: string, value: unknown, proxy: unknown): boolean {
  if (isSettable(target, key)) return Reflect.set(target, key, value, proxy);
  throw new TypeError(
    `'${key}' is a name of the API and cannot be assigned. For a variable of that name on the engines use ` +
      `push({ ${key}: value }), or view.ns.${key} = value.`,
  );
}

function isSettable(target: object, key: string): boolean {
  let owner: object | null = target;
  while (owner) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, key);
    if (descriptor) return descriptor.set !== undefined;
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return false;
}
