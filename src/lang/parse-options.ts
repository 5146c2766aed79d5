import type { Options } from 'acorn';

/**
 * Sloppy script, because that is how it will run (assigning an undeclared name makes a global), and yet
 * with `await`, imports and `using` at the top level, which the transform takes care of.
 */
export const PARSE_OPTIONS: Options = {
  ecmaVersion: 'latest',
  sourceType: 'script',
  allowAwaitOutsideFunction: true,
  allowImportExportEverywhere: true,
};
