import { tagOf } from '../protocol/brand-of.ts';
import { isSparse } from '../protocol/list-copy.ts';

/**
 * What keeps formatting cheap. The formatter prints a hundred items of an array, but it lists all its keys
 * first, and objects it prints whole: a value of a million parts would hold the engine for seconds. Values
 * with huge parts are therefore formatted through a small stand-in that prints like them.
 */
export interface Caps {
  /** Levels below the value that are shown. */
  readonly depth: number;
  /** Items of an array, Map or Set, and properties of an object, that are shown. */
  readonly items: number;
}

export type InspectPart = (value: unknown, depth: number) => string;

/** Longer than this, a container is replaced. */
const HUGE = 1000;
const MOST_NODES = 5000;

export interface Survey {
  /** Parts that would be printed; counting stops a little above 5000. */
  readonly nodes: number;
  readonly huge: boolean;
}

export function survey(value: unknown, caps: Caps): Survey {
  // What is met twice is printed twice, but for what contains itself.
  const above = new Set<object>();
  let nodes = 0;
  let huge = false;
  const visit = (part: unknown, depth: number): void => {
    nodes++;
    if (typeof part !== 'object' || part === null || above.has(part)) return;
    if (depth > caps.depth || nodes > MOST_NODES) return;
    above.add(part);
    const { size, children } = contentsOf(part, caps.items);
    huge ||= size > HUGE;
    for (const child of children) visit(child, depth + 1);
    above.delete(part);
  };
  visit(value, 0);
  return { nodes, huge };
}

export function fits(found: Survey): boolean {
  return found.nodes <= MOST_NODES;
}

interface Contents {
  readonly size: number;
  readonly children: readonly unknown[];
}

function contentsOf(object: object, items: number): Contents {
  if (Array.isArray(object)) {
    // Of a list with few items far apart, these are what is printed.
    const size = isSparse(object) ? Object.keys(object).length : object.length;
    return { size, children: object.slice(0, items) as unknown[] };
  }
  if (ArrayBuffer.isView(object)) return { size: lengthOf(object), children: [] };
  switch (tagOf(object)) {
    case 'Map':
      return { size: mapSize(object), children: firstEntries(object, items).flat() };
    case 'Set':
      return { size: setSize(object), children: firstItems(object, items) };
    default: {
      const keys = Object.keys(object);
      return { size: keys.length, children: keys.slice(0, HUGE).map((key) => dataOf(object, key)) };
    }
  }
}

/** Never runs a getter. */
function dataOf(object: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}

const lengthOf = (view: ArrayBufferView) => (view as { readonly length?: number }).length ?? 0;
// Of our own realm's prototypes, on objects of any realm: what counts is the internal slot.
const mapSize = (map: object) => Reflect.get(Map.prototype, 'size', map);
const setSize = (set: object) => Reflect.get(Set.prototype, 'size', set);
const firstEntries = (map: object, n: number) =>
  first(Map.prototype.entries.call(map as Map<unknown, unknown>) as Iterable<[unknown, unknown]>, n);
const firstItems = (set: object, n: number) =>
  first(Set.prototype.values.call(set as Set<unknown>) as Iterable<unknown>, n);

function first<T>(iterator: Iterable<T>, n: number): T[] {
  const items: T[] = [];
  for (const item of iterator) if (items.push(item) >= n) break;
  return items;
}

/** A stand-in for `value` in which every huge container prints its beginning and how much more there is. */
export function shrink(value: unknown, caps: Caps, inspectPart: InspectPart): unknown {
  const standIns = new Map<object, unknown>();
  const visit = (part: unknown, depth: number): unknown => {
    if (typeof part !== 'object' || part === null || depth > caps.depth) return part;
    if (standIns.has(part)) return standIns.get(part);
    return replace(
      part,
      (child) => visit(child, depth + 1),
      (standIn) => standIns.set(part, standIn),
    );
  };

  const replace = (
    part: object,
    visitChild: (child: unknown) => unknown,
    keep: (standIn: unknown) => void,
  ): unknown => {
    const { size } = contentsOf(part, 0);
    const sample = sampleOf(part, caps.items + 1, visitChild, size > HUGE ? () => undefined : keep);
    if (size <= HUGE || sample === part) return sample;
    const standIn = printed((depth) => withRealSize(inspectPart(sample, depth), size, caps.items));
    keep(standIn);
    return standIn;
  };
  return visit(value, 0);
}

const CUSTOM = Symbol.for('nodejs.util.inspect.custom');

function printed(text: (depth: number) => string): object {
  return { [CUSTOM]: text };
}

function sampleOf(
  part: object,
  n: number,
  visit: (child: unknown) => unknown,
  keep: (sample: unknown) => void,
): unknown {
  if (Array.isArray(part)) {
    const copy: unknown[] = [];
    keep(copy);
    if (isSparse(part)) return sampleSparse(part, copy, visit);
    const items: readonly unknown[] = part.length > HUGE ? (part.slice(0, n) as unknown[]) : part;
    for (let i = 0; i < items.length; i++) {
      if (i in items) copy.push(visit(items[i]));
      else copy.length = i + 1;
    }
    return copy;
  }
  if (ArrayBuffer.isView(part)) return lengthOf(part) > HUGE ? subarray(part, n) : part;
  switch (tagOf(part)) {
    case 'Map': {
      const copy = new Map<unknown, unknown>();
      keep(copy);
      for (const [key, item] of firstEntries(part, HUGE < mapSize(part) ? n : HUGE))
        copy.set(visit(key), visit(item));
      return copy;
    }
    case 'Set': {
      const copy = new Set<unknown>();
      keep(copy);
      for (const item of firstItems(part, HUGE < setSize(part) ? n : HUGE)) copy.add(visit(item));
      return copy;
    }
    case 'Object':
      return sampleObject(part, n, visit, keep);
    default:
      return part;
  }
}

function sampleSparse(
  part: readonly unknown[],
  copy: unknown[],
  visit: (child: unknown) => unknown,
): unknown[] {
  copy.length = part.length;
  for (const key of Object.keys(part).slice(0, HUGE)) Reflect.set(copy, key, visit(Reflect.get(part, key)));
  return copy;
}

function sampleObject(
  part: object,
  n: number,
  visit: (child: unknown) => unknown,
  keep: (sample: unknown) => void,
): object {
  const copy = Object.create(Object.getPrototypeOf(part) as object | null) as object;
  keep(copy);
  const keys = Object.keys(part);
  for (const key of keys.length > HUGE ? keys.slice(0, n - 1) : keys) {
    const descriptor = Object.getOwnPropertyDescriptor(part, key);
    if (!descriptor) continue;
    const value = 'value' in descriptor ? { value: visit(descriptor.value) } : {};
    Object.defineProperty(copy, key, { ...descriptor, ...value });
  }
  return copy;
}

type Subarray = (begin: number, end: number) => object;

function subarray(view: ArrayBufferView, n: number): object {
  return Reflect.apply(Reflect.get(view, 'subarray') as Subarray, view, [0, n]);
}

/** The sample has one item more than is shown; its text is corrected to tell the size of the original. */
function withRealSize(text: string, size: number, shown: number): string {
  const more = `... ${String(size - shown)} more item${size - shown === 1 ? '' : 's'}`;
  if (/\.\.\. 1 more item\s*[\]}]$/.test(text)) {
    return text
      .replace(/\.\.\. 1 more item(?=\s*[\]}]$)/, more)
      .replace(/^(\w+)\(\d+\)/, (_match, name: string) => `${name}(${String(size)})`);
  }
  return text.replace(/\s*\}$/, `,\n  ... ${String(size - shown)} more properties\n}`);
}
