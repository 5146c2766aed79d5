import { functionText } from '../../base/guard-text.ts';
import { inheritedClass, tagOf } from '../../protocol/brand-of.ts';
import { inspect } from '../format.ts';
import { countText } from './time-text.ts';

/** What variables are, in few words: for `%whos`, `name?` and completion. Nothing here throws. */

/** `number`, `function`, `class`, `Array`, `Float64Array`, or the name of the object's class. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'function') return isClass(value) ? 'class' : 'function';
  if (typeof value !== 'object') return typeof value;
  try {
    return inheritedClass(value) ?? tagOf(value);
  } catch {
    return 'Object';
  }
}

export function isClass(fn: object): boolean {
  return /^class\b/.test(sourceOf(fn));
}

export function sourceOf(fn: object): string {
  try {
    return functionText(fn);
  } catch {
    return '';
  }
}

/** `f(a, b = 1)`: the parameters as they were written; null for what has no text of its own. */
export function signatureOf(fn: object, name: string): string | null {
  const source = sourceOf(fn);
  if (isClass(fn)) return `new ${name}${constructorParameters(source) ?? '()'}`;
  if (/\{\s*\[native code\]\s*\}\s*$/.test(source)) return null;
  const lone = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(source);
  if (lone?.[1] !== undefined) return `${name}(${lone[1]})`;
  const open = source.indexOf('(');
  const parameters = open < 0 ? null : balanced(source, open);
  return parameters === null ? null : `${name}${parameters}`;
}

function constructorParameters(source: string): string | null {
  const match = /\bconstructor\s*\(/.exec(source);
  return match ? balanced(source, match.index + match[0].length - 1) : null;
}

/** From the bracket at `open` to its partner, on one line. Strings with brackets in defaults may cut it short. */
function balanced(source: string, open: number): string | null {
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    const char = source.charAt(at);
    if ('([{'.includes(char)) depth++;
    if (')]}'.includes(char) && --depth === 0) return oneLine(source.slice(open, at + 1));
  }
  return null;
}

/** `3 elements`, `1,000 elements, 8,000 bytes`, `12 characters`; '' for what has no size. */
export function sizeText(value: unknown): string {
  try {
    return sizeOf(value);
  } catch {
    return '';
  }
}

function sizeOf(value: unknown): string {
  if (typeof value === 'string') return plural(value.length, 'character');
  if (typeof value !== 'object' || value === null) return '';
  if (Array.isArray(value)) return plural(value.length, 'element');
  if (ArrayBuffer.isView(value)) {
    const length = (value as { readonly length?: number }).length;
    const bytes = plural(value.byteLength, 'byte');
    return length === undefined ? bytes : `${plural(length, 'element')}, ${bytes}`;
  }
  switch (tagOf(value)) {
    case 'Map':
      return plural(Reflect.get(Map.prototype, 'size', value), 'entry');
    case 'Set':
      return plural(Reflect.get(Set.prototype, 'size', value), 'element');
    case 'ArrayBuffer':
    case 'SharedArrayBuffer':
      return plural((value as ArrayBuffer).byteLength, 'byte');
    default:
      return '';
  }
}

/** The value on one line of at most `longest` characters. */
export function preview(value: unknown, longest = 60): string {
  const text = typeof value === 'function' ? shortText(value, longest) : oneLine(inspect(value));
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function shortText(fn: object, longest: number): string {
  return oneLine(sourceOf(fn).slice(0, longest * 4));
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function plural(count: number, word: string): string {
  const many = word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`;
  return `${countText(count)} ${count === 1 ? word : many}`;
}
