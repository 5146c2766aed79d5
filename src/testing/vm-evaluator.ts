import vm from 'node:vm';
import type { Evaluator } from '../realm/evaluator.ts';

/** What a worker has and a bare vm context lacks. Typed arrays, Map, Promise … are the context's own. */
const PLATFORM = {
  console,
  structuredClone,
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  setImmediate,
  queueMicrotask,
  performance,
  TextEncoder,
  TextDecoder,
  URL,
  URLSearchParams,
  AbortController,
  AbortSignal,
  Blob,
  btoa,
  atob,
};

/** A fresh realm: an empty namespace, its own builtins, a platform like a worker's. */
export function vmEvaluator(): Evaluator {
  const sandbox = vm.createContext({});
  for (const [name, value] of Object.entries(PLATFORM)) {
    Object.defineProperty(sandbox, name, { value, writable: true, enumerable: false, configurable: true });
  }
  // The context's own indirect eval, as in a worker: it heeds `sourceURL`, which `runInContext` does not.
  const evaluate = vm.runInContext('(js) => (0, eval)(js)', sandbox) as Evaluator['evaluate'];
  return { globals: evaluate('globalThis') as object, evaluate };
}
