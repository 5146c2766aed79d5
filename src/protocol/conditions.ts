import { nameOf } from './brand-of.ts';
import { carry } from './canned.ts';
import type { ImportSpec } from './import-spec.ts';
import { IMPORT_EXPRESSION } from './keys-hook.ts';
import { isNodeModule } from './module-names.ts';
import { UNMET } from './terms.ts';

/**
 * Functions with a condition, which an engine may refuse to run: load-balanced, they are tried on others. They are
 * made in the kernel and on engines alike, and travel as their own text with what they need.
 */

export type AnyFunction = (...args: never[]) => unknown;
type LooseFunction = (...args: readonly unknown[]) => unknown;

/** What `require` takes: modules by name, functions, and objects of names and values. */
export type Requirement = string | AnyFunction | Readonly<Record<string, unknown>>;

export interface Conditions {
  /** Its engine may refuse it: what it is sent with must not leave for good. */
  readonly isConditional: (f: unknown) => boolean;
  /**
   * `depend(df, ...args)(f)`: a function that runs only where `df(...args)` is not false. Elsewhere it raises
   * UnmetDependency, and a load-balanced task goes on to another engine.
   * @throws TypeError "f must be callable".
   */
  readonly depend: <A extends readonly unknown[]>(
    df: (...args: A) => unknown,
    ...args: A
  ) => <F extends AnyFunction>(f: F) => F;
  /** `depend(df, ...args)(f)`, in one call. */
  readonly dependent: <F extends AnyFunction, A extends readonly unknown[]>(
    f: F,
    df: (...args: A) => unknown,
    ...args: A
  ) => F;
  /**
   * `require(...things)(f)`: a function that has, wherever it runs, these modules (`'d3'` binds `d3`; `'mean from d3'`
   * and `'lodash-es as _'` work too), functions (by their names) and values (`{ name: value }`). An engine that
   * cannot import a module raises UnmetDependency, and a load-balanced task goes on to another.
   * @throws TypeError for anything else, and for functions without a name.
   */
  readonly require: (...things: readonly Requirement[]) => <F extends AnyFunction>(f: F) => F;
}

/** The realm in which conditions are made. */
export interface ConditionTools {
  /** @throws TypeError. */
  readonly checkCallable: (f: unknown) => void;
  /** As it can be sent. */
  readonly sendable: (f: unknown) => unknown;
  readonly isPlainObject: (value: unknown) => value is Readonly<Record<string, unknown>>;
  /** @throws for a text that names no module. */
  readonly parseImport: (text: string) => ImportSpec;
  /** The error that refuses a task. */
  readonly unmet: (message: string) => Error;
  /** How a required thing gets its name in this realm; null: functions with requirements are only sent from here. */
  readonly here: RequirementsHere | null;
}

export interface RequirementsHere {
  has(name: string): boolean;
  set(name: string, value: unknown): void;
  load(module: string): Promise<unknown>;
}

export function createConditions(tools: ConditionTools): Conditions {
  const { checkCallable, sendable, here } = tools;
  const conditional = new WeakSet();
  const conditioned = <F extends AnyFunction>(
    f: F,
    local: LooseFunction,
    source: string,
    values: Readonly<Record<string, unknown>>,
  ): F => {
    Object.defineProperty(local, 'name', { value: nameOf(f), configurable: true });
    conditional.add(local);
    return carry(local, { source, name: nameOf(f), values }) as unknown as F;
  };
  const go = (isMet: unknown, f: AnyFunction, args: readonly unknown[]): unknown => {
    if (isMet === false) throw tools.unmet('depend: its condition is false here');
    return (f as unknown as LooseFunction)(...args);
  };
  const dependent: Conditions['dependent'] = (f, df, ...args) => {
    checkCallable(f);
    checkCallable(df);
    const local = (...given: readonly unknown[]): unknown => {
      const isMet: unknown = df(...args);
      if (isMet instanceof Promise) return isMet.then((met) => go(met, f, given));
      return go(isMet, f, given);
    };
    return conditioned(f, local, DEPENDENT, { $f: sendable(f), $df: sendable(df), $args: args });
  };
  return {
    isConditional: (f) => typeof f === 'function' && conditional.has(f),
    dependent,
    depend: (df, ...args) => {
      checkCallable(df);
      return (f) => dependent(f, df, ...args);
    },
    require: (...things) => {
      const { modules, values } = readRequirements(things, tools);
      const [module] = modules;
      return guardDecorator(module, (f) => {
        if (module && typeof f !== 'function') throw new TypeError(noModule(module));
        checkCallable(f);
        const call = f as unknown as LooseFunction;
        const local = (...args: readonly unknown[]): unknown => {
          const loading = here && provide(modules, values, here, tools);
          return loading ? loading.then(() => call(...args)) : call(...args);
        };
        const carried = { $f: sendable(f), $values: values, $modules: modules };
        return conditioned(f, local, modules.length > 0 ? REQUIRE_MODULES : REQUIRE_VALUES, carried);
      });
    },
  };
}

/** `const fs = require('fs'); fs.readFile(…)`: who wants a module's member has taken the decorator for the module. */
function guardDecorator<D extends ReturnType<Conditions['require']>>(
  module: ImportSpec | undefined,
  decorator: D,
): D {
  if (!module) return decorator;
  return new Proxy(decorator, {
    get(target, key, receiver): unknown {
      const isMember = typeof key === 'string' && !key.startsWith('_') && !ASKED_OF_VALUES.has(key);
      if (isMember && !(key in target)) throw new TypeError(`${noModule(module)} ('${key}' was asked of it)`);
      return Reflect.get(target, key, receiver);
    },
  });
}

/** What is asked of any value, to await it, to write it or to show it. */
const ASKED_OF_VALUES: ReadonlySet<string> = new Set([
  'then',
  'toJSON',
  'inspect',
  'nodeType',
  'asymmetricMatch',
]);

function noModule({ module, name }: ImportSpec): string {
  const text = JSON.stringify(module);
  const instead = isNodeModule(module)
    ? "Node's modules are not here: cells run in the browser, where files are read with files.read(name)"
    : `write import ${name} from ${text}, or await import(${text})`;
  return `require(${text}) gives no module: it makes functions that have one, as in require(${text})(f); ${instead}`;
}

function readRequirements(things: readonly unknown[], tools: ConditionTools) {
  const modules: ImportSpec[] = [];
  const values: Record<string, unknown> = {};
  for (const thing of things) {
    if (typeof thing === 'string') modules.push(tools.parseImport(thing));
    else if (typeof thing === 'function') values[boundName(thing as AnyFunction)] = tools.sendable(thing);
    else if (tools.isPlainObject(thing)) Object.assign(values, thing);
    else
      throw new TypeError(`require takes module names, functions and objects of values, not ${typeof thing}`);
  }
  return { modules, values };
}

function boundName(f: AnyFunction): string {
  const name = nameOf(f);
  if (name !== '') return name;
  throw new TypeError(
    'require: a function without a name has nothing to be bound by; use { name: function }',
  );
}

/** Null when nothing has to be loaded. What the texts below do, in the realm that made the function. */
function provide(
  modules: readonly ImportSpec[],
  values: Readonly<Record<string, unknown>>,
  here: RequirementsHere,
  { unmet }: ConditionTools,
): Promise<unknown> | null {
  for (const [name, value] of Object.entries(values)) here.set(name, value);
  const missing = modules.filter(({ name }) => !here.has(name));
  if (missing.length === 0) return null;
  const load = async ({ module, exported, name }: ImportSpec): Promise<void> => {
    try {
      const loaded = (await here.load(module)) as Record<string, unknown>;
      const isDefaultOnly = Object.keys(loaded).join() === 'default';
      const whole = isDefaultOnly ? loaded['default'] : loaded;
      here.set(name, exported === null ? whole : loaded[exported]);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw unmet(`require: ${module} cannot be imported on this engine: ${why}`);
    }
  };
  return Promise.all(missing.map(load));
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
