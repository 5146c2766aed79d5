import { READ, WRITE } from './indexed.ts';

/** The variables on a view's engines, by any name: `view.ns.a = 5`, `view.ns.a` (blocks). */
export type Namespace = Record<string, unknown>;

interface Variables {
  [READ](name: string): unknown;
  [WRITE](name: string, value: unknown): void;
}

/** No object has members here but `then`, which is never a variable, so that `await view.ns` ends. */
export function namespaceOf(view: Variables): Namespace {
  return new Proxy<Namespace>(Object.create(null) as Namespace, {
    get: (_target, key) => (typeof key === 'symbol' ? undefined : view[READ](key)),
    set: (_target, key, value) => {
      if (typeof key === 'symbol') return false;
      view[WRITE](key, value);
      return true;
    },
  });
}
