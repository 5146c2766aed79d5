import type { BinaryExpression, Options, Program } from 'acorn';
import { full } from 'acorn-walk';
import { CellSyntaxError, ProblemAt } from './cell-syntax-error.ts';
import { DecoratorParser } from './decorator-syntax.ts';
import { lowerDecorators } from './lower-decorators.ts';
import { originalPosition, positionAt, type ShiftLayer } from './positions.ts';
import { stripTypes } from './strip-types.ts';
import { friendlyMessage } from './syntax-messages.ts';
import { skipTrivia } from './trivia.ts';

export type Language = 'ts' | 'js';

export interface ParsedCell {
  /** JavaScript with the lines of the cell. */
  readonly text: string;
  /** Of `text`. */
  readonly program: Program;
  /** From `text` back to the cell as typed. */
  readonly layers: readonly ShiftLayer[];
}

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

const SWITCH_SCOPE = 1024;

/** acorn knows `using` at the top level of modules only. */
class CellParser extends DecoratorParser {
  declare currentScope: () => { readonly flags: number };

  get allowUsing(): boolean {
    return (this.currentScope().flags & SWITCH_SCOPE) === 0;
  }
}

/**
 * JavaScript first, because then columns stay as typed; TypeScript when it is not, or when it is both and
 * means different things. Throws the CellSyntaxError of the reading that got furthest.
 */
export function parseCell(source: string, language: Language): ParsedCell {
  try {
    const asObject = objectLiteral(source, language);
    if (asObject && isParsed(asObject)) return asObject;
    const asProgram = parseProgram(source, language, []);
    if (isParsed(asProgram)) return asProgram;
    throw asObject ? furthest(asProgram, asObject) : asProgram;
  } catch (error) {
    throw located(error, source, []);
  }
}

function parseProgram(
  source: string,
  language: Language,
  layers: readonly ShiftLayer[],
): ParsedCell | CellSyntaxError {
  const plain = parseJavaScript(source, layers);
  if (language === 'js' || (isParsed(plain) && !hasGenericCall(plain))) return plain;
  const typed = parseTypeScript(source, layers);
  if (isParsed(typed)) return typed;
  return isParsed(plain) || startsUnclosed(plain) ? plain : furthest(plain, typed);
}

/** All before it has been understood, and everything behind it has been swallowed. */
function startsUnclosed(error: CellSyntaxError): boolean {
  return error.message.startsWith('Unterminated');
}

function parseJavaScript(text: string, layers: readonly ShiftLayer[]): ParsedCell | CellSyntaxError {
  try {
    const program = CellParser.parse(text, PARSE_OPTIONS);
    const lowered = text.includes('@') ? lowerDecorators(text, program) : null;
    if (lowered) return parseJavaScript(lowered.text, [lowered.shifts, ...layers]);
    return { text, program, layers };
  } catch (error) {
    return located(error, text, layers);
  }
}

function parseTypeScript(source: string, layers: readonly ShiftLayer[]): ParsedCell | CellSyntaxError {
  try {
    const { text, shifts } = stripTypes(source);
    return parseJavaScript(text, [shifts, ...layers]);
  } catch (error) {
    return located(error, source, layers);
  }
}

/**
 * `{ a: 1, b: 2 }` reads as a block; who types it means an object, as in the browsers' consoles. A block of
 * statements is no object literal and stays a block. Null when the cell is nothing in braces.
 */
function objectLiteral(source: string, language: Language): ParsedCell | CellSyntaxError | null {
  const start = skipTrivia(source, 0);
  const end = closingBrace(source, start);
  if (source[start] !== '{' || end === null) return null;
  const text = `${source.slice(0, start)}(${source.slice(start, end)})${source.slice(end)}`;
  const { line, column } = positionAt(source, start);
  const layers: readonly ShiftLayer[] = [[[line, column + 1, -1]]];
  const plain = parseJavaScript(text, layers);
  // Sucrase takes `({ f() })` for an object with a method that has no body.
  const mayBeTyped = language === 'ts' && !isParsed(plain) && OBJECT_START.test(source.slice(start));
  const parsed = mayBeTyped ? parseTypeScript(text, layers) : plain;
  return isParsed(parsed) && !isObject(parsed.program) ? null : parsed;
}

const OBJECT_START = /^\{\s*(?:\.\.\.|(?:[\w$]+|"[^"\n]*"|'[^'\n]*')\s*[:,])/;

const MOST_BRACES_IN_COMMENTS = 8;

/** The end of the first `}` that has only semicolons and comments behind it: later ones stand in comments. */
function closingBrace(source: string, start: number): number | null {
  let end: number | null = null;
  let at = source.lastIndexOf('}');
  for (let tries = 0; at > start && tries < MOST_BRACES_IN_COMMENTS; tries++) {
    if (skipTrivia(source, at + 1, true) === source.length) end = at + 1;
    at = source.lastIndexOf('}', at - 1);
  }
  return end;
}

function isObject(program: Program): boolean {
  const statements = program.body.filter((statement) => statement.type !== 'EmptyStatement');
  const [only] = statements;
  return (
    statements.length === 1 &&
    only?.type === 'ExpressionStatement' &&
    only.expression.type === 'ObjectExpression'
  );
}

/** `f<T>(x)`, `f<A, B>(x)` and `f<Array<T>>(x)` are comparisons and shifts in JavaScript and calls in TypeScript. */
function hasGenericCall({ text, program }: ParsedCell): boolean {
  let found = false;
  full(program, (node) => {
    if (found || node.type !== 'BinaryExpression' || !/^>+$/.test(node.operator)) return;
    found = (node.operator === '>' && isLessThan(node.left)) || closesTypes(text, node);
  });
  return found;
}

const LONGEST_TYPES = 1000;
/** No list of types has these in it. */
const NO_TYPE = /[;+*/%!^~@]|&&|\|\|/;

/** Whether what stands before this `>` may be a list of types, and what stands behind it takes one. */
function closesTypes(text: string, { left, right, operator }: BinaryExpression): boolean {
  if (!/>\s*[(`]/.test(text.slice(left.end, right.start + 1))) return false;
  const before = text.slice(Math.max(0, left.end - LONGEST_TYPES), left.end);
  const signs = [...before.matchAll(/<|(?<!=)>/g)].toReversed();
  let open: number = operator.length;
  const first = signs.find(([sign]) => (open += sign === '<' ? -1 : 1) === 0);
  return first !== undefined && !NO_TYPE.test(before.slice(first.index));
}

function isLessThan(node: BinaryExpression['left']): boolean {
  return node.type === 'BinaryExpression' && node.operator === '<';
}

function isParsed(result: ParsedCell | CellSyntaxError): result is ParsedCell {
  return 'program' in result;
}

/** What was thrown while `text` was read or analysed, told in positions of the cell as typed. */
export function located(error: unknown, text: string, layers: readonly ShiftLayer[]): CellSyntaxError {
  if (error instanceof CellSyntaxError) return error;
  if (error instanceof RangeError) return at('This cell is nested too deeply', 0, text, layers);
  if (error instanceof ProblemAt) {
    return at(friendlyMessage(error.message, text, error.offset), error.offset, text, layers);
  }
  if (error instanceof SyntaxError && 'pos' in error && typeof error.pos === 'number') {
    return at(friendlyMessage(error.message, text, error.pos), error.pos, text, layers);
  }
  throw error;
}

function at(message: string, offset: number, text: string, layers: readonly ShiftLayer[]): CellSyntaxError {
  const { line, column } = positionAt(text, offset);
  return new CellSyntaxError(message, originalPosition({ shifts: layers }, line, column));
}

/** Of two readings the one that understood more tells better what is wrong; the first when they agree. */
function furthest(one: CellSyntaxError, other: CellSyntaxError): CellSyntaxError {
  return other.line > one.line || (other.line === one.line && other.column > one.column) ? other : one;
}
