import { parse, type Program, type Property } from 'acorn';
import { PARSE_OPTIONS } from './parse-options.ts';

/**
 * Functions travel as the text that `Function.prototype.toString` gives. That text is an expression for
 * functions, arrows and classes; for methods it is only a piece of an object or class.
 */
export interface ParsedFunction {
  /** An expression that evaluates to an equal function. */
  readonly expression: string;
  /** The name in the text; '' without one. */
  readonly name: string;
  /** Of `expression`. */
  readonly program: Program;
}

/** An expression that evaluates to an equal function. Throws TypeError for native and bound functions and
 * for getters and setters. */
export function functionExpression(source: string): string {
  return parseFunction(source).expression;
}

/** The name that stands in the text; '' for arrows and other nameless ones. Throws as `functionExpression`. */
export function functionName(source: string): string {
  return parseFunction(source).name;
}

/** Built into the engine, or bound: its text says nothing. */
export function isNativeSource(source: string): boolean {
  return /\{\s*\[native code\]\s*\}\s*$/.test(source);
}

export function parseFunction(source: string): ParsedFunction {
  if (isNativeSource(source))
    throw new TypeError('Native and bound functions have no source; wrap the call in an arrow function');
  const parsed = asExpression(source) ?? asMethod(source);
  if (!parsed) throw new TypeError(`This is not the source of a function: ${shorten(source)}`);
  return parsed;
}

function asExpression(source: string): ParsedFunction | null {
  const expression = `(${source})`;
  const program = tryParse(expression);
  const node = onlyExpression(program);
  switch (node?.type) {
    case 'FunctionExpression':
    case 'ClassExpression':
      return program && { expression, program, name: node.id?.name ?? '' };
    case 'ArrowFunctionExpression':
      return program && { expression, program, name: '' };
    default:
      return null;
  }
}

/** `foo(x) {}` becomes `({ foo(x) {} }).foo`. A computed or private name means nothing elsewhere and goes. */
function asMethod(source: string): ParsedFunction | null {
  const text = source.replace(/^((?:async\b\s*)?(?:\*\s*)?)#/, '$1');
  const property = onlyMethod(`({${text}})`);
  if (!property) return null;
  if (property.kind !== 'init')
    throw new TypeError('Getters and setters cannot travel; pass a function that reads or writes');
  const offset = '({'.length;
  const key = property.computed
    ? '"method"'
    : text.slice(property.key.start - offset, property.key.end - offset);
  const member = property.computed ? replaceKey(text, property, offset, key) : text;
  const expression = `({${member}})${/^[\p{ID_Start}$_]/u.test(key) ? `.${key}` : `[${key}]`}`;
  const program = tryParse(expression);
  return program && { expression, program, name: methodName(property) };
}

/** `[expression](x) {}` with a plain key in place of the brackets. */
function replaceKey(text: string, { key }: Property, offset: number, name: string): string {
  const open = text.lastIndexOf('[', key.start - offset - 1);
  const close = text.indexOf(']', key.end - offset);
  return text.slice(0, open) + name + text.slice(close + 1);
}

function methodName({ key, computed }: Property): string {
  if (computed) return '';
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : '';
}

function onlyMethod(text: string): Property | null {
  const node = onlyExpression(tryParse(text));
  const property = node?.type === 'ObjectExpression' ? node.properties[0] : null;
  if (property?.type !== 'Property') return null;
  return property.method || property.kind !== 'init' ? property : null;
}

function onlyExpression(program: Program | null) {
  const [statement] = program?.body ?? [];
  return statement?.type === 'ExpressionStatement' && program?.body.length === 1
    ? statement.expression
    : null;
}

function tryParse(text: string): Program | null {
  try {
    return parse(text, PARSE_OPTIONS);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function shorten(source: string): string {
  return source.length > 60 ? `${source.slice(0, 57)}…` : source;
}
