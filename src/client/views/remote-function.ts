import { nameOf } from '../../protocol/brand-of.ts';
import { isReference } from '../../protocol/reference.ts';

/** A function whose calls run on a view. */
export interface RemoteFunction<Args extends readonly unknown[], Result> {
  (...args: Args): Result;
}

/** A function on sequences: called, it gets a part of them on each engine; `map` calls it for each item. */
export interface ParallelFunction<Args extends readonly unknown[], Result, MapResult> {
  (...sequences: Args): Result;
  map(...sequences: Args): MapResult;
}

/** Names `wrapper` after what it wraps, and makes it say so. */
export function wrapAs<F extends (...args: never[]) => unknown>(
  kind: string,
  wrapper: F,
  wrapped: unknown,
): F {
  const name = typeof wrapped === 'function' ? nameOf(wrapped) : '';
  Object.defineProperty(wrapper, 'name', { value: name, configurable: true });
  const text = `${kind} wrapping:\n${String(wrapped)}`;
  Object.defineProperty(wrapper, 'toString', { value: () => text, configurable: true });
  return wrapper;
}

/** What TypeScript hands a decorator as its second argument. */
export function isDecoratorContext(value: unknown): value is DecoratorContext {
  return typeof value === 'object' && value !== null && 'kind' in value && 'addInitializer' in value;
}

/** `@view.remote()` and `@view.remote({ label })`: options or nothing at all, and no function yet. */
export function isDecoratorFactory(given: readonly unknown[]): boolean {
  const [first] = given;
  return given.length === 0 || (typeof first === 'object' && first !== null && !isReference(first));
}
