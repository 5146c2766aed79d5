import { functionExpression } from '../lang/function-source.ts';
import type { FunctionPlace } from '../protocol/canned.ts';
import type { Reviver } from '../protocol/unpack.ts';
import type { Evaluator } from './evaluator.ts';

/** What frames of functions are called whose place in a cell is not known. */
const FUNCTION_URL = 'function';
const MOST_CACHED = 500;

/**
 * Gives life to what arrives in a realm with a namespace: free names of functions resolve there, at the time
 * of the call. A text is compiled once; each arrival is a function of its own, but a class stays one class,
 * so that `instanceof` holds.
 */
export function createReviver(evaluator: Evaluator, builtins: ReadonlyMap<string, unknown>): Reviver {
  const factories = new Map<string, () => unknown>();

  const factoryFor = (source: string, name: string, at: FunctionPlace | undefined): (() => unknown) => {
    const key = `${at ? `${at.url}:${String(at.line)}:${String(at.column)}` : ''}\n${name}\n${source}`;
    const known = factories.get(key);
    if (known) return known;
    const factory = compile(evaluator, source, name, at);
    const oldest = factories.keys().next();
    if (factories.size >= MOST_CACHED && oldest.done === false) factories.delete(oldest.value);
    factories.set(key, factory);
    return factory;
  };

  return {
    functionFrom: (source, name, at) => factoryFor(source, name, at)(),
    builtin(name) {
      if (builtins.has(name)) return builtins.get(name);
      throw new ReferenceError(`Tutti has no function called ${name} here`);
    },
    reference: (expression) => evaluator.evaluate(`(${expression}\n)`),
    // A name that is no global gives undefined.
    classNamed: (name) => Reflect.get(evaluator.globals, name) as unknown,
  };
}

function compile(evaluator: Evaluator, source: string, name: string, at?: FunctionPlace): () => unknown {
  const js = `(()=>${functionExpression(source)}\n)`;
  const text = `${at ? padding(js.indexOf(source), at) : ''}${js}\n//# sourceURL=${at?.url ?? FUNCTION_URL}`;
  const factory = evaluator.evaluate(text) as () => object;
  const named = () => withName(factory(), name);
  if (!/^\s*class\b/.test(source)) return named;
  const made = named();
  return () => made;
}

/** White space that puts the text where it stands in its cell; `offset` is how far our own text pushes it. */
function padding(offset: number, { line, column }: FunctionPlace): string {
  return '\n'.repeat(Math.max(0, line - 1)) + ' '.repeat(Math.max(0, column - 1 - Math.max(0, offset)));
}

/** An arrow has its name from what it was assigned to; its text alone has lost it. */
function withName(fn: object, name: string): object {
  const own = Object.getOwnPropertyDescriptor(fn, 'name');
  if (name !== '' && own?.configurable !== false && own?.value === '') {
    Object.defineProperty(fn, 'name', { value: name, configurable: true });
  }
  return fn;
}
