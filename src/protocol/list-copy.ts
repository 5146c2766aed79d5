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
export function namesOfFull(list: readonly unknown[]): readonly string[] {
  const { length } = list;
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

/** Enumerable keys that are no indices. They come last. `mayHave`: it is of a class that may give it some. */
export function namedKeys(
  list: readonly unknown[] | ArrayBufferView | ArrayBuffer,
  mayHave = false,
): readonly string[] {
  const length = 'length' in list ? list.length : 0;
  const isLong = ArrayBuffer.isView(list) && length > (mayHave ? LONG_VIEW : SHORT_VIEW);
  return isLong ? namesOfLongView(list, length) : listedNames(list, length);
}

/** Items of a typed array that is asked for all its keys, which takes a microsecond at most. */
const SHORT_VIEW = 256;
/** Items of one whose keys are listed when it has a field for certain. */
const LONG_VIEW = 1_000_000;

/**
 * Names that people give to what they note on a typed array. No engine tells the names of a long one without listing
 * all its indices, which takes 40 times longer than to copy it; to ask for these and for symbols takes half a
 * microsecond.
 */
const USUAL_NAMES =
  'name names label labels title description id key kind type unit units scale shape dims dim size rows cols columns ' +
  'nrows ncols width height depth channels stride strides offset order layout index start end from to meta ' +
  'metadata info note tag tags attrs options data source parent dtype min max mean sum std domain extent range step ' +
  'bins x y z t x0 x1 dt dx dy time times date sampleRate rate fs frequency';
const usualNames = USUAL_NAMES.split(' ');

function namesOfLongView(view: object, length: number): readonly string[] {
  for (const name of usualNames) {
    if (!hasOwn(view, name)) continue;
    if (length <= LONG_VIEW) return listedNames(view, length);
    return usualNames.filter((one) => Object.getOwnPropertyDescriptor(view, one)?.enumerable === true);
  }
  return length <= LONG_VIEW && symbolsOf(view).length > 0 ? listedNames(view, length) : NO_KEYS;
}

const { hasOwn, getOwnPropertySymbols: symbolsOf } = Object;

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
