/** Reads a name that is none of the object's own. */
export const READ = Symbol('read a name that is no member');
/** Writes one. */
export const WRITE = Symbol('write a name that is no member');

/**
 * An object whose unknown names mean something: `dview['a']`, `rc[0]`. Members always win, symbols are never
 * names. The constructor returns a Proxy, so that every `this` of a subclass is one and private fields live
 * on it; there is no second, raw identity.
 */
export abstract class Indexed {
  constructor() {
    return new Proxy(this, HANDLER);
  }

  abstract [READ](name: string): unknown;
  abstract [WRITE](name: string, value: unknown): void;
}

const HANDLER: ProxyHandler<Indexed> = {
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
