import { isShared, type NumberArray } from '../protocol/share.ts';
import { isSparse } from '../protocol/list-copy.ts';
import { listOf, MOST_ITEMS } from '../protocol/sequences.ts';
import { ValueError } from './errors.ts';

/**
 * How a sequence is spread over engines, and put together again: contiguous blocks (`'b'`), whose remainder
 * goes to the earliest engines, or round robin (`'r'`). Typed arrays stay typed arrays of their class.
 */
export type Dist = 'b' | 'r';

export type TypedArray = NumberArray;

export type Sequence<T = unknown> = readonly T[] | TypedArray;

export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Arrays as they are, everything else iterable (sets, generators, strings) as an array of its items. */
export function materialise(source: unknown): Sequence {
  if (isTypedArray(source)) return source;
  if (Array.isArray(source)) {
    if (source.length > MOST_ITEMS && isSparse(source)) throw new RangeError(mostlyHoles(source.length));
    return source as readonly unknown[];
  }
  if (isIterable(source)) return listOf(source, 'The sequence');
  if (typeof source === 'object' && source !== null && Symbol.asyncIterator in source) {
    throw new TypeError(
      'its items come asynchronously: use lview.imap(f, items), or await them first: await Array.fromAsync(items)',
    );
  }
  throw new TypeError(
    `not a sequence: ${describe(source)}; give an array, a typed array or anything iterable`,
  );
}

function mostlyHoles(length: number): string {
  return (
    `The sequence has ${length.toLocaleString('en')} places, and most of them are holes. ` +
    'Divide what is in it: Object.entries(list)'
  );
}

export function isIterable(value: unknown): value is Iterable<unknown> {
  if (typeof value === 'string') return true;
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function describe(value: unknown): string {
  return value === null
    ? 'null'
    : typeof value === 'object'
      ? 'an object that is not iterable'
      : typeof value;
}

/** @throws ValueError for anything but `'b'` and `'r'`. */
export function checkDist(dist: unknown): Dist {
  if (dist === 'b' || dist === 'r') return dist;
  throw new ValueError(`unknown dist ${JSON.stringify(dist)}: it is 'b' (blocks) or 'r' (round robin)`);
}

/** How many of `length` items each of `parts` gets: 10 over 4 are 3, 3, 2, 2. */
export function partitionSizes(length: number, parts: number): number[] {
  const base = Math.floor(length / parts);
  const remainder = length % parts;
  return Array.from({ length: parts }, (_, part) => base + (part < remainder ? 1 : 0));
}

/** The sequence in `parts` pieces; pieces are empty when there are fewer items than parts. */
export function partition(sequence: Sequence, parts: number, dist: Dist = 'b'): Sequence[] {
  return dist === 'b' ? blocks(sequence, parts) : roundRobin(sequence, parts);
}

function blocks(sequence: Sequence, parts: number): Sequence[] {
  let start = 0;
  return partitionSizes(sequence.length, parts).map((size) => {
    const piece =
      isTypedArray(sequence) && isShared(sequence)
        ? sequence.subarray(start, start + size)
        : sequence.slice(start, start + size);
    start += size;
    return piece;
  });
}

function roundRobin(sequence: Sequence, parts: number): Sequence[] {
  return Array.from({ length: parts }, (_, part) => {
    const isMine = (_item: unknown, index: number) => index % parts === part;
    // A union of array types has no common `filter` signature that the compiler can call.
    return (sequence as readonly unknown[]).filter(isMine);
  });
}

/**
 * Puts partitions together. The first decides, as in IPython: arrays are chained, typed arrays become one
 * typed array, and if it is no sequence (scattered with `flatten`), the list of parts itself is the answer.
 */
export function joinPartitions(parts: readonly unknown[], dist: Dist = 'b'): unknown {
  const [first] = parts;
  if (isTypedArray(first)) return joinTyped(first, parts, dist);
  return Array.isArray(first) ? joinItems(parts, dist) : [...parts];
}

function joinTyped(first: TypedArray, parts: readonly unknown[], dist: Dist): TypedArray {
  const TypedArrayOfFirst = first.constructor as TypedArrayClass;
  const isUniform = parts.every((part) => isTypedArray(part) && part.constructor === TypedArrayOfFirst);
  if (dist === 'r' || !isUniform) return new TypedArrayOfFirst(joinItems(parts, dist));
  const pieces = parts as readonly TypedArray[];
  const joined = new TypedArrayOfFirst(pieces.reduce((total, piece) => total + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece as never, offset);
    offset += piece.length;
  }
  return joined;
}

type TypedArrayClass = new (itemsOrLength: readonly unknown[] | number) => TypedArray;

function joinItems(parts: readonly unknown[], dist: Dist): unknown[] {
  const lists = parts.map((part): unknown[] =>
    Array.isArray(part) || isTypedArray(part) ? [...part] : [part],
  );
  return dist === 'b' ? lists.flat(1) : interleave(lists);
}

function interleave(lists: readonly (readonly unknown[])[]): unknown[] {
  const longest = lists.reduce((most, list) => Math.max(most, list.length), 0);
  const rounds = Array.from({ length: longest }, (_, round) =>
    lists.filter((list) => round < list.length).map((list) => list[round]),
  );
  return rounds.flat(1);
}
