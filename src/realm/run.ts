import type { CompiledCode } from '../protocol/code.ts';
import type { Evaluator } from './evaluator.ts';

/** The value of a cell's last expression, boxed, so that a promise in it is not awaited by accident. */
export interface CellValue {
  readonly value?: unknown;
}

/** Runs compiled code; `code.isAsync` says which of the two comes back. What it throws is the user's. */
export function runCompiled(evaluator: Evaluator, code: CompiledCode): CellValue | Promise<CellValue> {
  const run = evaluator.evaluate(code.js) as () => CellValue | Promise<CellValue>;
  return run();
}
