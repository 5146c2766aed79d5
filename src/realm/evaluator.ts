/**
 * The JavaScript realm in which users' code runs. A worker's door passes its own global and an indirect
 * `eval`; tests pass a vm context.
 */
export interface Evaluator {
  /** The global object, on which top-level names are properties. */
  readonly globals: object;
  /** Runs a script in sloppy mode at the top level; gives its completion value. */
  evaluate(js: string): unknown;
}
