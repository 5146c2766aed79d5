/**
 * Code on the wire. Cells are rewritten once, where they are submitted (`lang` does it; what it returns
 * fits this shape), and not once per engine.
 */
export interface CompiledCode {
  /** Runnable text for an indirect eval: an expression that gives a function of no arguments. Calling the
   * function runs the cell and returns `{ value }` (or a promise of it), the value of the last expression;
   * without one, `{}`. */
  readonly js: string;
  /** The call returns a promise. */
  readonly isAsync: boolean;
  /** Top-level names that the code declares, in order of appearance. */
  readonly defines: readonly string[];
  /** What the rewriting did to columns, last step first: how stack frames find back to the code as typed. */
  readonly shifts?: readonly (readonly (readonly [line: number, column: number, delta: number])[])[];
}

export interface ExecuteCode {
  /** What the user typed. */
  readonly source: string;
  /** Null: the engine compiles `source` itself (and a SyntaxError is then a remote one). */
  readonly compiled: CompiledCode | null;
  /** The `sourceURL`: `CellUrl.create(…)` for code from a cell, else a short word. */
  readonly url: string;
}
