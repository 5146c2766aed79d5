import { carry } from '../protocol/canned.ts';
import { IMPORT_EXPRESSION } from '../protocol/keys-hook.ts';
import { UNMET } from '../protocol/terms.ts';
import { checkCallable, sendable } from './callable.ts';
import { UnmetDependency } from './errors.ts';
import { parseImport, type ImportSpec } from './import-spec.ts';
import { isPlainObject } from './options.ts';

/** Functions with a condition, which an engine may refuse to run: load-balanced, they are tried on others. */

type AnyFunction = (...args: never[]) => unknown;
type LooseFunction = (...args: readonly unknown[]) => unknown;

const conditional = new WeakSet();

/** Its engine may refuse it: what it is sent with must not leave for good. */
export function isConditional(f: unknown): boolean {
  return typeof f === 'function' && conditional.has(f);
}

/**
 * `depend(df, ...args)(f)`: a function that runs only where `df(...args)` is not false. Elsewhere it raises
 * UnmetDependency, and a load-balanced task goes on to another engine.
 * @throws TypeError "f must be callable".
 */
export function depend<A extends readonly unknown[]>(
  df: (...args: A) => unknown,
  ...args: A
): <F extends AnyFunction>(f: F) => F {
  checkCallable(df);
  return (f) => dependent(f, df, ...args);
}

/** `depend(df, ...args)(f)`, in one call. */
export function dependent<F extends AnyFunction, A extends readonly unknown[]>(
  f: F,
  df: (...args: A) => unknown,
  ...args: A
): F {
  checkCallable(f);
  checkCallable(df);
  const local = (...given: readonly unknown[]): unknown => {
    const isMet: unknown = df(...args);
    if (isMet instanceof Promise) return isMet.then((met) => go(met, f, given));
    return go(isMet, f, given);
  };
  const values = { $f: sendable(f), $df: sendable(df), $args: args };
  return conditioned(f, local, DEPENDENT, values);
}

function go(isMet: unknown, f: AnyFunction, args: readonly unknown[]): unknown {
  if (isMet === false) throw new UnmetDependency('depend: its condition is false here');
  return (f as unknown as LooseFunction)(...args);
}

const RAISE = `(why) => { throw Object.assign(new Error(why), { name: ${JSON.stringify(UNMET)} }); }`;

const DEPENDENT = `(...args) => {
  const go = (isMet) => {
    if (isMet === false) (${RAISE})('depend: its condition is false on this engine');
    return $f(...args);
  };
  const isMet = $df(...$args);
  return typeof isMet?.then === 'function' ? isMet.then(go) : go(isMet);
}`;

/** What `require` takes: modules by name, functions, and objects of names and values. */
export type Requirement = string | AnyFunction | Readonly<Record<string, unknown>>;

/**
 * `require(...things)(f)`: a function that has, wherever it runs, these modules (`'d3'` binds `d3`; `'mean from d3'`
 * and `'lodash-es as _'` work too), functions (by their names) and values (`{ name: value }`). An engine that
 * cannot import a module raises UnmetDependency, and a load-balanced task goes on to another.
 * @throws TypeError for anything else, and for functions without a name.
 */
export function require(...things: readonly Requirement[]): <F extends AnyFunction>(f: F) => F {
  const modules: ImportSpec[] = [];
  const values: Record<string, unknown> = {};
  for (const thing of things) {
    if (typeof thing === 'string') modules.push(parseImport(thing));
    else if (typeof thing === 'function') values[nameOf(thing)] = sendable(thing);
    else if (isPlainObject(thing)) Object.assign(values, thing);
    else
      throw new TypeError(`require takes module names, functions and objects of values, not ${typeof thing}`);
  }
  return (f) => {
    checkCallable(f);
    const carried = { $f: sendable(f), $values: values, $modules: modules };
    const source = modules.length > 0 ? REQUIRE_MODULES : REQUIRE_VALUES;
    return conditioned(f, (...args) => (f as unknown as LooseFunction)(...args), source, carried);
  };
}

function nameOf(f: AnyFunction): string {
  if (f.name !== '') return f.name;
  throw new TypeError(
    'require: a function without a name has nothing to be bound by; use { name: function }',
  );
}

const REQUIRE_VALUES = `(...args) => {
  Object.assign(globalThis, $values);
  return $f(...args);
}`;

const REQUIRE_MODULES = `async (...args) => {
  Object.assign(globalThis, $values);
  for (const { module, exported, name } of $modules) {
    if (name in globalThis) continue;
    let loaded;
    try {
      loaded = await ${IMPORT_EXPRESSION}(module);
    } catch (error) {
      (${RAISE})('require: ' + module + ' cannot be imported on this engine: ' + error.message);
    }
    const isDefaultOnly = Object.keys(loaded).join() === 'default';
    globalThis[name] = exported === null ? (isDefaultOnly ? loaded.default : loaded) : loaded[exported];
  }
  return $f(...args);
}`;

function conditioned<F extends AnyFunction>(
  f: F,
  local: LooseFunction,
  source: string,
  values: Readonly<Record<string, unknown>>,
): F {
  Object.defineProperty(local, 'name', { value: f.name, configurable: true });
  conditional.add(local);
  return carry(local, { source, name: f.name, values }) as unknown as F;
}
