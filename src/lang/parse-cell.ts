import type { Program } from 'acorn';
import { CellSyntaxError, ProblemAt } from './cell-syntax-error.ts';
import { DecoratorParser } from './decorator-syntax.ts';
import { eraseTypes } from './erase-types.ts';
import { lowerDecorators } from './lower-decorators.ts';
import { lowerExports } from './lower-exports.ts';
import { originalPosition, positionAt, type ShiftLayer } from './positions.ts';
import { PARSE_OPTIONS } from './parse-options.ts';
import { friendlyMessage, NO_JSX, TOO_DEEP } from './syntax-messages.ts';
import { skipTrivia } from './trivia.ts';
import { findJsx, parseTypes } from './type-parser.ts';
import { walk } from './walk.ts';

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
  if (language === 'js' || (isParsed(plain) && !mayHaveTypes(plain))) return plain;
  const tree = readTypes(source, layers);
  // Where the grammar of types understands it all, it knows best what is wrong.
  const typed = isTree(tree) ? eraseAndParse(source, tree, layers) : tree;
  if (isParsed(typed)) return typed;
  if (isParsed(plain)) return plain;
  if (isTree(tree)) return typed;
  if (startsUnclosed(plain)) return plain;
  if (typed.message === TOO_DEEP) return typed;
  const jsx = source.includes('<') ? findJsx(source) : null;
  return jsx === null ? furthest(plain, typed) : at(NO_JSX, jsx, source, layers);
}

/** All before it has been understood, and everything behind it has been swallowed. */
function startsUnclosed(error: CellSyntaxError): boolean {
  return error.message.startsWith('Unterminated');
}

function parseJavaScript(text: string, layers: readonly ShiftLayer[]): ParsedCell | CellSyntaxError {
  try {
    const program = DecoratorParser.parse(text, PARSE_OPTIONS);
    const lowered =
      (text.includes('export') ? lowerExports(text, program) : null) ??
      (text.includes('@') ? lowerDecorators(text, program) : null);
    if (lowered) return parseJavaScript(lowered.text, [lowered.shifts, ...layers]);
    return { text, program, layers };
  } catch (error) {
    return located(error, text, layers);
  }
}

function readTypes(source: string, layers: readonly ShiftLayer[]): Program | CellSyntaxError {
  try {
    return parseTypes(source);
  } catch (error) {
    const isKnown = error instanceof SyntaxError || error instanceof RangeError;
    return located(isKnown ? error : new ProblemAt(UNREADABLE, 0), source, layers);
  }
}

/** The plugin has lost its way, as it does where the stack ended in one of its trials. */
const UNREADABLE = 'This cell cannot be read as TypeScript';

function isTree(result: Program | CellSyntaxError): result is Program {
  return 'body' in result;
}

function eraseAndParse(
  source: string,
  tree: Program,
  layers: readonly ShiftLayer[],
): ParsedCell | CellSyntaxError {
  try {
    const { text, shifts } = eraseTypes(source, tree);
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
  const mayBeTyped = language === 'ts' && !isParsed(plain);
  const tree = mayBeTyped ? readTypes(text, layers) : null;
  const parsed = tree === null ? plain : isTree(tree) ? eraseAndParse(text, tree, layers) : tree;
  return isParsed(parsed) && !isObject(parsed.program) ? null : parsed;
}

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
function mayHaveTypes({ text, program }: ParsedCell): boolean {
  const signs = new Set<string>();
  walk(program, {
    enter(node) {
      if (node.type !== 'BinaryExpression') return true;
      const { operator, left, right } = node;
      if (operator === '<') signs.add('<');
      if (/^>+$/.test(operator) && />\s*[(`]/.test(text.slice(left.end, right.start + 1))) signs.add('>');
      return signs.size < 2;
    },
  });
  return signs.size === 2;
}

function isParsed(result: ParsedCell | CellSyntaxError): result is ParsedCell {
  return 'program' in result;
}

/** What was thrown while `text` was read or analysed, told in positions of the cell as typed. */
export function located(error: unknown, text: string, layers: readonly ShiftLayer[]): CellSyntaxError {
  if (error instanceof CellSyntaxError) return error;
  if (error instanceof RangeError) return at(TOO_DEEP, 0, text, layers);
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
