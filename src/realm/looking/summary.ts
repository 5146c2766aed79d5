import type { ValueKind } from '../../protocol/looking.ts';
import { inspect } from '../format.ts';
import { isClass, signatureOf } from '../magics/describe.ts';
import { containerOf, keysOf, readData, sizeOf, type Container } from './kinds.ts';

/** Items of a container that its line names. */
const NAMED = 6;
const LONGEST_STRING = 200;
const LONGEST_LINE = 120;

export interface Line {
  readonly kind: ValueKind;
  readonly text: string;
}

/** A value in a line, one level deep, in bounded time. */
export function lineOf(value: unknown): Line {
  const kind = kindOf(value);
  const container = containerOf(value);
  if (container) return { kind, text: containerLine(container, 1) };
  return { kind, text: leafText(value) };
}

function kindOf(value: unknown): ValueKind {
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

function functionLine(fn: object): string {
  const own = readData(fn, 'name')?.value;
  const name = typeof own === 'string' ? own : '';
  if (isClass(fn)) return `class ${name}`;
  return cut(signatureOf(fn, name === '' ? 'f' : name) ?? `${name}()`);
}

function cut(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}

/** `Array(3) [ 1, 2, 3 ]`, `{ a: 1, b: [Array] }`, `Map(1) { 'k' => 1 }`. */
function containerLine(container: Container, depth: number): string {
  const size = sizeOf(container);
  const { name } = container;
  const head =
    container.type === 'object' ? (name === 'Object' ? '' : `${name} `) : `${name}(${String(size)}) `;
  const [open, close] = container.type === 'array' ? ['[', ']'] : ['{', '}'];
  if (size === 0) return `${head}${open}${close}`;
  if (depth === 0) return container.type === 'object' ? `${head}{…}` : head.trimEnd();
  const parts = partsOf(container).map(([key, value]) => `${key}${partText(value)}`);
  const more = size > parts.length ? ', …' : '';
  return `${head}${open} ${cutParts(parts)}${more} ${close}`;
}

function partText(value: Read): string {
  if (value === null) return '(getter)';
  const inner = containerOf(value.value);
  if (inner) return containerLine(inner, 0);
  const text = leafText(value.value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function cutParts(parts: readonly string[]): string {
  return cut(parts.join(', '));
}

type Read = { readonly value: unknown } | null;

function partsOf(container: Container): readonly (readonly [key: string, value: Read])[] {
  switch (container.type) {
    case 'array':
      return Array.from({ length: Math.min(NAMED, container.list.length) }, (_none, i) => [
        '',
        readData(container.list, i),
      ]);
    case 'map':
      return entriesOf(container.map, NAMED).map(([key, value]) => [
        `${partText({ value: key })} => `,
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
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : inspect(key);
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
