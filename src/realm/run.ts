import { outside } from '../base/primordials.ts';
import type { CompiledCode } from '../protocol/code.ts';
import type { Evaluator } from './evaluator.ts';

/** The value of a cell's last expression, boxed, so that a promise in it is not awaited by accident. */
export interface CellValue {
  readonly value?: unknown;
}

/** Compiled code as a function; `code.isAsync` says which of the two it gives. What it throws is the user's. */
export function loadCompiled(evaluator: Evaluator, code: CompiledCode): () => CellValue | Promise<CellValue> {
  const run = outside(() => evaluator.evaluate(code.js)) as () => CellValue | Promise<CellValue>;
  return () => outside(run);
}

/** Runs compiled code, once. */
export function runCompiled(evaluator: Evaluator, code: CompiledCode): CellValue | Promise<CellValue> {
  return loadCompiled(evaluator, code)();
}
