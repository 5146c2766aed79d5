/** Copies of lists of plain numbers, texts … in one go, and the names that lists have besides their items. */

/** Longer lists are copied in one go. */
export const LONG_LIST = 1024;

interface PrimitiveList {
  readonly items: unknown[];
  /** Enumerable keys that are no indices. */
  readonly names: readonly string[];
}

const slice = Function.prototype.call.bind(Array.prototype.slice) as (list: readonly unknown[]) => unknown[];

/** Of a long list. Null: there are objects, holes or symbols among its items. */
export function primitiveList(list: readonly unknown[]): PrimitiveList | null {
  for (let i = 0; i < list.length; i++) if (!isPlainItem(list[i])) return null;
  const items = slice(list);
  if (list.length <= MOST_VALUES) return { items, names: namesOfFull(list) };
  try {
    const clone = structuredClone(list) as unknown[];
    clone.length = 0;
    return { items, names: Object.keys(clone) };
  } catch {
    // Something beside the items cannot be cloned, or the list is a Proxy.
    return { items, names: namedKeys(list) };
  }
}

/** To count the values of longer lists takes much memory: they are cloned by the browser instead. */
const MOST_VALUES = 1_000_000;

/** As `namedKeys`, of a list without holes. To count values is several times quicker than to list keys. */
export function namesOfFull(list: readonly unknown[] | ArrayBufferView): readonly string[] {
  const { length = 0 } = list as { readonly length?: number };
  try {
    if (values(list).length === length) return NO_KEYS;
  } catch {
    // A getter throws; whoever reads it says which.
  }
  return listedNames(list, length);
}

const { values } = Object;

/** What may be a hole is not. */
export function isPlainItem(item: unknown): boolean {
  switch (typeof item) {
    case 'number':
    case 'string':
    case 'boolean':
    case 'bigint':
      return true;
    default:
      return item === null;
  }
}

/** A typed array is asked up to this length: beyond that, it takes much longer than to copy it. */
const LONGEST_VIEW = 1024;

/** Enumerable keys that are no indices. They come last. */
export function namedKeys(list: readonly unknown[] | ArrayBufferView | ArrayBuffer): readonly string[] {
  const length = 'length' in list ? list.length : 0;
  if (!ArrayBuffer.isView(list)) return listedNames(list, length);
  return length > LONGEST_VIEW ? NO_KEYS : namesOfFull(list);
}

function listedNames(list: object, length: number): readonly string[] {
  const keys = Object.keys(list);
  // As a rule there are none.
  if (keys.length === length && (length === 0 || isIndex(keys.at(-1) ?? ''))) return NO_KEYS;
  let from = keys.length;
  while (from > 0 && !isIndex(keys[from - 1] ?? '')) from--;
  return keys.slice(from);
}

const NO_KEYS: readonly string[] = [];

function isIndex(key: string): boolean {
  const n = Number(key);
  return n >= 0 && n < 2 ** 32 - 1 && Number.isInteger(n) && String(n) === key;
}

/** A long list that is mostly holes is told by its keys: `length` alone may be four billion. */
export function isSparse(list: readonly unknown[]): boolean {
  if (list.length < 10_000) return false;
  const step = Math.floor(list.length / 64);
  let hits = 0;
  for (let i = 0; i < list.length; i += step) if (i in list) hits++;
  return hits < 32;
}
