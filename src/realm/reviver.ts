import { withName } from '../base/function-from.ts';
import { Edits } from '../lang/edits.ts';
import { parseFunction } from '../lang/function-source.ts';
import { guardLoops } from '../lang/loop-guards.ts';
import type { FunctionPlace } from '../protocol/canned.ts';
import type { MissingClass, Reviver } from '../protocol/unpack.ts';
import type { Evaluator } from './evaluator.ts';
import type { PositionMap } from './position-map.ts';

/** What frames of functions are called whose place in a cell is not known. */
const FUNCTION_URL = 'function';
const MOST_CACHED = 500;

/**
 * Gives life to what arrives in a realm with a namespace: free names of functions resolve there, at the time
 * of the call. A text is compiled once; each arrival is a function of its own, but a class stays one class,
 * so that `instanceof` holds. Texts travel without guards and get them here; `positions` learns where. `onFunction`
 * hears of each arrival.
 */
export function createReviver(
  evaluator: Evaluator,
  builtins: ReadonlyMap<string, unknown>,
  positions?: PositionMap,
  onFunction?: (source: string) => void,
): Reviver {
  const factories = new Map<string, () => unknown>();

  const factoryFor = (source: string, name: string, at: FunctionPlace | undefined): (() => unknown) => {
    const key = `${at ? `${at.url}:${String(at.line)}:${String(at.column)}` : ''}\n${name}\n${source}`;
    const known = factories.get(key);
    if (known) return known;
    const factory = compile({ evaluator, positions }, source, name, at);
    const oldest = factories.keys().next();
    if (factories.size >= MOST_CACHED && oldest.done === false) factories.delete(oldest.value);
    factories.set(key, factory);
    return factory;
  };

  return {
    functionFrom: (source, name, at) => {
      onFunction?.(source);
      return factoryFor(source, name, at)();
    },
    builtin(name) {
      if (builtins.has(name)) return builtins.get(name);
      throw new ReferenceError(`Tutti has no function called ${name} here`);
    },
    reference: (expression) => evaluator.evaluate(`(${expression}\n)`),
    // A name that is no global gives undefined.
    classNamed: (name) => Reflect.get(evaluator.globals, name) as unknown,
    prototypeFor: prototypeOfMissing,
  };
}

/** What the language calls by itself, to print a value or to await it. */
const QUIET: ReadonlySet<string> = new Set(['toString', 'toLocaleString', 'valueOf', 'toJSON', 'then']);

/** As the class's own, but its methods say that the class is not here. */
function prototypeOfMissing({ className, methods, parent }: MissingClass): object {
  const refuse = (method: string) => () => {
    throw new TypeError(
      `${method} is a method of the class ${className}, which is not known here. ` +
        `Push the class first: view.push({ ${className} }).`,
    );
  };
  const constructor = refuse('constructor');
  const prototype = Object.create(parent) as object;
  const hidden = { writable: true, configurable: true, enumerable: false };
  Object.defineProperty(constructor, 'name', { value: className });
  Object.defineProperty(constructor, 'prototype', { value: prototype });
  Object.defineProperty(prototype, 'constructor', { ...hidden, value: constructor });
  for (const method of methods) {
    if (QUIET.has(method)) continue;
    Object.defineProperty(prototype, method, { ...hidden, value: refuse(method) });
  }
  return prototype;
}

interface Realm {
  readonly evaluator: Evaluator;
  readonly positions: PositionMap | undefined;
}

const FACTORY = '(()=>';

function compile(realm: Realm, source: string, name: string, at?: FunctionPlace): () => unknown {
  const { expression, program } = parseFunction(source);
  const js = `${FACTORY}${expression}\n)`;
  const before = at ? padding(js.indexOf(source), at) : '';
  const edits = new Edits(before + js);
  guardLoops(edits, program, before.length + FACTORY.length);
  const { text, shifts } = edits.apply();
  const url = at?.url ?? FUNCTION_URL;
  if (at) realm.positions?.remember(url, { shifts: [shifts] });
  const factory = realm.evaluator.evaluate(`${text}\n//# sourceURL=${url}`) as () => object;
  const named = () => withName(factory(), name);
  if (!/^\s*class\b/.test(source)) return named;
  const made = named();
  return () => made;
}

/** White space that puts the text where it stands in its cell; `offset` is how far our own text pushes it. */
function padding(offset: number, { line, column }: FunctionPlace): string {
  return '\n'.repeat(Math.max(0, line - 1)) + ' '.repeat(Math.max(0, column - 1 - Math.max(0, offset)));
}
