import { noPrimitive } from '../../protocol/no-primitive.ts';
import { DELETE, HAS, READ, WRITE } from './indexed.ts';

/** The variables on a view's engines, by any name: `view.ns.a = 5`, `view.ns.a` (blocks). */
export type Namespace = Record<string, unknown>;

interface Variables {
  [READ](name: string): unknown;
  [WRITE](name: string, value: unknown): void;
  [HAS](name: string): boolean;
  [DELETE](name: string): void;
  /** The names that all engines have; blocks. */
  namesSync(): string[];
  toString(): string;
}

/**
 * No object has members here but `then`, which is never a variable, so that `await view.ns` ends, and `toJSON`. Names are
 * listed, and asked for with `in`, blocking.
 */
export function namespaceOf(view: Variables): Namespace {
  const self = { toString: () => `<Namespace of ${view.toString()}>` };
  return new Proxy<Namespace>(Object.create(null) as Namespace, {
    get: (_target, key) => {
      if (key === Symbol.toPrimitive) return (hint: string) => noPrimitive(self, hint, 'use its variables');
      if (key === 'toJSON') return () => self.toString();
      return typeof key === 'symbol' ? undefined : view[READ](key);
    },
    has: (_target, key) => typeof key === 'string' && view[HAS](key),
    deleteProperty: (_target, key) => {
      if (typeof key === 'string') view[DELETE](key);
      return true;
    },
    ownKeys: () => view.namesSync(),
    getOwnPropertyDescriptor: (_target, key) =>
      typeof key === 'string' && view[HAS](key)
        ? { value: view[READ](key), writable: true, enumerable: true, configurable: true }
        : undefined,
    set: (_target, key, value) => {
      if (typeof key === 'symbol') return false;
      view[WRITE](key, value);
      return true;
    },
  });
}
