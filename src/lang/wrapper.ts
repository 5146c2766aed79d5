import type { FunctionDeclaration } from 'acorn';
import type { Declarations, Definition } from './declarations.ts';
import { HIDDEN_PREFIX } from './declarations.ts';
import type { Edits } from './edits.ts';
import { blank, type ShiftLayer } from './positions.ts';

const BEGIN = `${HIDDEN_PREFIX}Begin`;

export interface WrappedCode {
  readonly js: string;
  readonly shifts: ShiftLayer;
}

/**
 * Puts the edited text into a function. An arrow, so that `this` is the global object and there is no
 * `arguments`.
 *
 * Functions declared at the top level go into a text of their own, which is evaluated as a script before
 * anything runs: there they become globals, are hoisted, keep their source text, and see each other and
 * everything else through the global object, so that a later cell can replace any of them. Both texts are
 * the same text with one half blanked, so that every line and column means the same in both.
 */
export function wrapCell(
  edits: Edits,
  cell: {
    readonly declarations: Declarations;
    readonly isAsync: boolean;
    readonly hasValue: boolean;
    /** `'use strict'` heads the cell. */
    readonly isStrict: boolean;
    readonly url: string;
  },
): WrappedCode {
  const { functions, definitions } = cell.declarations;
  const arrow = (cell.isAsync ? 'async () => {' : '() => {') + (cell.isStrict ? STRICT : '');
  if (cell.isStrict) functions.forEach((node) => makeStrict(edits, node));
  // The semicolon keeps a string on the first line from becoming a directive.
  edits.prefix(definitions.length > 0 ? `(${BEGIN} => ${arrow}${BEGIN}();` : `(${arrow};`);
  const { text, shifts, generated } = edits.apply();
  const ranges = functions.map(({ start, end }) => [generated(start), generated(end)] as const);
  const sourceUrl = `\n//# sourceURL=${safeUrl(cell.url)}`;
  const begin =
    preparation(definitions, cell.isStrict) + (functions.length > 0 ? hoisting(text, ranges, sourceUrl) : '');
  const end = cell.hasValue ? '\n})' : '\nreturn {};})';
  const argument = definitions.length > 0 ? `(() => {${begin}})` : '';
  return { js: withoutRanges(text, ranges) + end + argument + sourceUrl, shifts };
}

/**
 * Names that cannot simply be assigned get a plain, writable property of the global object: `var`s (which
 * exist from the start), and names that the realm has as accessors or fixed values (`name`, `location` …).
 */
function preparation(definitions: readonly Definition[], isStrict: boolean): string {
  // Strict code assigns only to names that are there.
  const assigned = isStrict ? [] : namesOf(definitions, ['lexical', 'import', 'function']);
  const variables = namesOf(definitions, isStrict ? ['var', 'lexical', 'import', 'function'] : ['var']);
  if (assigned.length + variables.length === 0) return '';
  return (
    `const O = ({}).constructor, g = globalThis, plain = {writable: true, enumerable: true, configurable: true};` +
    `const own = (n, must) => {const d = O.getOwnPropertyDescriptor(g, n);` +
    `if (d ? !d.writable || !d.enumerable : must || n in g) O.defineProperty(g, n, {...plain, value: d && d.value});};` +
    (assigned.length > 0 ? `for (const n of ${JSON.stringify(assigned)}) own(n, false);` : '') +
    (variables.length > 0 ? `for (const n of ${JSON.stringify(variables)}) own(n, true);` : '')
  );
}

const STRICT = `'use strict';`;

/** They stand in a text of their own. With defaults or patterns among its parameters, none may say it itself. */
function makeStrict(edits: Edits, { params, body }: FunctionDeclaration): void {
  if (params.every(({ type }) => type === 'Identifier')) edits.close(body.start + 1, STRICT);
}

function namesOf(
  definitions: readonly Definition[],
  kinds: readonly Definition['kind'][],
): readonly string[] {
  return [...new Set(definitions.filter((one) => kinds.includes(one.kind)).map((one) => one.name))];
}

function hoisting(text: string, ranges: readonly Range[], sourceUrl: string): string {
  return `(0, eval)(${JSON.stringify(onlyRanges(text, ranges) + sourceUrl)});`;
}

type Range = readonly [start: number, end: number];

function onlyRanges(text: string, ranges: readonly Range[]): string {
  let result = '';
  let at = 0;
  for (const [start, end] of ranges) {
    result += blank(text.slice(at, start)) + text.slice(start, end);
    at = end;
  }
  return result;
}

/** A semicolon stays in the place of each, or the lines around it might join into one statement. */
function withoutRanges(text: string, ranges: readonly Range[]): string {
  let result = '';
  let at = 0;
  for (const [start, end] of ranges) {
    result += `${text.slice(at, start)};${blank(text.slice(start + 1, end))}`;
    at = end;
  }
  return result + text.slice(at);
}

/** A source URL ends at the first blank, and engines ignore one with quotes. */
function safeUrl(url: string): string {
  return url.replace(/[\s"'`]/g, '_');
}
