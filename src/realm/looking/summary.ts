import type { ValueKind } from '../../protocol/looking.ts';
import { inspect } from '../format.ts';
import { isClass, signatureOf, typeName } from '../magics/describe.ts';
import {
  containerOf,
  dataOf,
  keysOf,
  quietTagOf,
  readData,
  sizeOf,
  type Container,
  type Read,
} from './kinds.ts';

/** Items of a container that its line names. */
const NAMED = 6;
const LONGEST_STRING = 200;
const LONGEST_LINE = 120;

export interface Line {
  readonly kind: ValueKind;
  readonly text: string;
}

/** The text of what has no inside that could be shown. */
type LeafText = (value: unknown) => string;

/** A value in a line, one level deep, in bounded time. What says itself how it looks is asked. */
export function lineOf(value: unknown): Line {
  return { kind: lineKindOf(value), text: textOf(value, leafText) };
}

/** The same without running any code of the user's: what would say itself how it looks is named by its class. */
export function quietText(value: unknown): string {
  return textOf(value, quietLeaf);
}

function textOf(value: unknown, leaf: LeafText): string {
  const container = containerOf(value);
  return container ? containerLine(container, 1, leaf) : leaf(value);
}

/** Of a value in a line. */
export function lineKindOf(value: unknown): ValueKind {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return 'number';
    case 'string':
      return 'string';
    case 'function':
      return 'function';
    case 'object':
      return value === null ? 'word' : 'object';
    default:
      return 'word';
  }
}

function leafText(value: unknown): string {
  if (typeof value === 'function') return functionLine(value);
  if (typeof value === 'string') {
    const more = value.length - LONGEST_STRING;
    return more > 0 ? `${inspect(value.slice(0, LONGEST_STRING))}… ${String(more)} more` : inspect(value);
  }
  return cut(inspect(value).split('\n')[0] ?? '');
}

function quietLeaf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return leafText(value);
  try {
    return cut(objectText(value));
  } catch {
    return typeName(value);
  }
}

function objectText(value: object): string {
  switch (quietTagOf(value)) {
    case 'Date':
      return dateText(Date.prototype.getTime.call(value));
    case 'RegExp':
      return `/${Reflect.get(RegExp.prototype, 'source', value)}/`;
    case 'Error':
      return errorText(value);
    case 'ArrayBuffer':
      return `ArrayBuffer(${String(Reflect.get(ArrayBuffer.prototype, 'byteLength', value))})`;
    default:
      return typeName(value);
  }
}

function dateText(time: number): string {
  return Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString();
}

function errorText(error: object): string {
  const message = dataOf(error, 'message');
  return typeof message === 'string' && message !== '' ? `${typeName(error)}: ${message}` : typeName(error);
}

function functionLine(fn: object): string {
  const own = dataOf(fn, 'name');
  const name = typeof own === 'string' ? own : '';
  if (isClass(fn)) return `class ${name}`;
  return cut(signatureOf(fn, name === '' ? 'f' : name) ?? `${name}()`);
}

function cut(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}

/** `Array(3) [ 1, 2, 3 ]`, `{ a: 1, b: [Array] }`, `Map(1) { 'k' => 1 }`. */
function containerLine(container: Container, depth: number, leaf: LeafText): string {
  const size = sizeOf(container);
  const { name } = container;
  const head =
    container.type === 'object' ? (name === 'Object' ? '' : `${name} `) : `${name}(${String(size)}) `;
  const [open, close] = container.type === 'array' ? ['[', ']'] : ['{', '}'];
  if (size === 0) return `${head}${open}${close}`;
  if (depth === 0) return container.type === 'object' ? `${head}{…}` : head.trimEnd();
  const parts = partsOf(container, leaf).map(([key, value]) => `${key}${partText(value, leaf)}`);
  const more = size > parts.length ? ', …' : '';
  return `${head}${open} ${cutParts(parts)}${more} ${close}`;
}

function partText(value: Read, leaf: LeafText): string {
  if (typeof value === 'string') return value;
  const inner = containerOf(value.value);
  if (inner) return containerLine(inner, 0, leaf);
  const text = leaf(value.value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function cutParts(parts: readonly string[]): string {
  return cut(parts.join(', '));
}

function partsOf(container: Container, leaf: LeafText): readonly (readonly [key: string, value: Read])[] {
  switch (container.type) {
    case 'array':
      return Array.from({ length: Math.min(NAMED, container.list.length) }, (_none, i) => [
        '',
        readData(container.list, i),
      ]);
    case 'map':
      return entriesOf(container.map, NAMED).map(([key, value]) => [
        `${partText({ value: key }, leaf)} => `,
        { value },
      ]);
    case 'set':
      return itemsOf(container.set, NAMED).map((value) => ['', { value }]);
    case 'object':
      return keysOf(container.object)
        .slice(0, NAMED)
        .map((key) => [`${keyText(key)}: `, readData(container.object, key)]);
  }
}

/** A key as it would be written. */
export function keyText(key: string | symbol): string {
  if (typeof key === 'symbol') return `[${String(key)}]`;
  return /^([\p{ID_Start}$_][\p{ID_Continue}$]*|\d+)$/u.test(key) ? key : inspect(key);
}

/** Of our own realm's prototypes, on objects of any: what counts is the internal slot. */
export function entriesOf(map: object, n: number, from = 0): readonly (readonly [unknown, unknown])[] {
  return some(
    Map.prototype.entries.call(map as Map<unknown, unknown>) as Iterable<[unknown, unknown]>,
    n,
    from,
  );
}

export function itemsOf(set: object, n: number, from = 0): readonly unknown[] {
  return some(Set.prototype.values.call(set as Set<unknown>) as Iterable<unknown>, n, from);
}

function some<T>(iterable: Iterable<T>, n: number, from: number): readonly T[] {
  const items: T[] = [];
  let i = 0;
  for (const item of iterable) {
    if (i++ < from) continue;
    if (items.push(item) >= n) break;
  }
  return items;
}
