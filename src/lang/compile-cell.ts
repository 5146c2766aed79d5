import type { Program } from 'acorn';
import { hasTopLevelAwait } from './awaits.ts';
import { findDeclarations } from './declarations.ts';
import { Edits } from './edits.ts';
import { cellUses } from './free-names.ts';
import { findDynamicImports, rewriteDynamicImport, rewriteImport, specifiersOf } from './imports.ts';
import { lastExpressions, returnValue } from './last-value.ts';
import { guardLoops } from './loop-guards.ts';
import { located, parseCell, type Language, type ParsedCell } from './parse-cell.ts';
import type { ShiftLayer } from './positions.ts';
import { rewriteDeclarations } from './rewrite-declarations.ts';
import { wrapCell } from './wrapper.ts';

/**
 * The room `lang`: what people type into cells becomes text that an engine can run.
 *
 * It promises:
 * - Top-level names (`let`, `const`, `class`, `function`, `import`, `using`, and every `var` outside
 *   functions) become plain data properties of the global object. Later cells may declare them again,
 *   functions of earlier cells see the new value, and what was assigned before a throw stays assigned.
 * - Code runs sloppy, as in the browsers' consoles: assigning an undeclared name makes a global. With `'use strict'`
 *   at the top of a cell it runs strict.
 * - `await`, `for await` and imports work at the top level. A cell without them stays synchronous.
 * - The words of modules (`export`, `export default`) are left out: every cell sees every name.
 * - The value of the last statement, if it is an expression, is the result; a semicolon does not hide it. Of a `try`
 *   it is that of the last statement that was reached, tried or in `catch`.
 * - Loops that could run for ever have guards (`guardLoops`), which call the realm's `GUARD`.
 * - Lines stay; columns can be mapped back with `originalPosition`.
 * - No text is thrown at but with `CellSyntaxError`.
 *
 * Known differences from a module: a name read before its declaration has its old value (or is no name),
 * `const` is not protected against assignment, imports load where they stand, and a `using` resource is
 * disposed of at the end of the cell while its name stays.
 *
 * Rejected, with measurements: `with (proxy)` (about 190 times slower), accessors on the global object
 * (reads from other cells 18 times slower), copying names out at the end (lost on a throw, and closures
 * see old values).
 */
export interface CompiledCell {
  /** Text for an indirect eval; gives a function of no arguments that runs the cell and returns
   * `{ value }`, or `{}` when the last statement is no expression (or a promise of it). */
  readonly js: string;
  /** The call returns a promise. */
  readonly isAsync: boolean;
  /** Top-level names that the cell declares, each once, in order of appearance. */
  readonly defines: readonly string[];
  /** Names that the cell reads and has not itself given a value before, builtins included. */
  readonly uses: readonly string[];
  /** Modules that it imports by name, statically or not, each once. */
  readonly imports: readonly string[];
  /** For `originalPosition`: what happened to columns, last step first. Plain JSON. */
  readonly shifts: readonly ShiftLayer[];
}

export interface CompileOptions {
  /** What stack frames call the code. Blanks and quotes in it become `_`. */
  readonly url: string;
  /** Default `ts`, which includes JavaScript. */
  readonly language?: Language;
}

/** Throws `CellSyntaxError`, and nothing else, whatever the text. */
export function compileCell(source: string, options: CompileOptions): CompiledCell {
  const cell = parseCell(source, options.language ?? 'ts');
  try {
    return transform(cell, options.url);
  } catch (error) {
    throw located(error, cell.text, cell.layers);
  }
}

function transform({ text, program, layers }: ParsedCell, url: string): CompiledCell {
  const declarations = findDeclarations(program);
  const dynamicImports = findDynamicImports(program);
  const isAsync = hasTopLevelAwait(program);
  const { expressions, always } = lastExpressions(program);

  const edits = new Edits(text);
  keepFirstComment(edits);
  rewriteDeclarations(edits, declarations);
  for (const node of declarations.imports) rewriteImport(edits, node);
  for (const node of dynamicImports) rewriteDynamicImport(edits, node);
  for (const expression of expressions) returnValue(edits, expression);
  guardLoops(edits, program);
  const { js, shifts } = wrapCell(edits, {
    declarations,
    isAsync,
    hasValue: always,
    isStrict: isStrict(program),
    url,
  });

  return {
    js,
    isAsync,
    defines: [...new Set(declarations.definitions.map((one) => one.name))],
    uses: cellUses(program, declarations),
    imports: specifiersOf(declarations.imports, dynamicImports),
    shifts: [shifts, ...layers],
  };
}

function isStrict({ body }: Program): boolean {
  for (const statement of body) {
    if (statement.type !== 'ExpressionStatement' || statement.directive === undefined) return false;
    if (statement.directive === 'use strict') return true;
  }
  return false;
}

/** `#!` and `-->` are comments only at the very start; the wrapper takes that place. */
function keepFirstComment(edits: Edits): void {
  const [blank = '', sign] = /^(?:[^\S\n\r]|\/\*(?:[^*]|\*(?!\/))*\*\/)*(#!|-->)/.exec(edits.source) ?? [];
  if (sign !== undefined) edits.replace(blank.length - sign.length, blank.length - sign.length + 2, '//');
}
