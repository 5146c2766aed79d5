const TypedArray = Object.getPrototypeOf(Int8Array) as { readonly prototype: Iterable<unknown> };
/** Iterators of what has an end before a loop begins that adds nothing to it. Taken before users can change them. */
const ENDING: ReadonlySet<unknown> = new Set([
  Array.prototype[Symbol.iterator],
  TypedArray.prototype[Symbol.iterator],
  String.prototype[Symbol.iterator],
  Map.prototype[Symbol.iterator],
  Set.prototype[Symbol.iterator],
]);

/** Items between two checks. */
const MANY = 1024;

/**
 * For `for … of` loops with short rounds: arrays and their like are gone through as they are, at no cost. All else
 * may have no end (a generator, say), and gets a check once in so many items.
 *
 * `guard` is called with 0, and throws when the loop is to stop. `name`: what the items are called in the code, or
 * ''; for the error when they are none.
 */
export function guardItems(guard: (rounds: number) => number) {
  return (items: unknown, name: string): unknown => {
    const own = iteratorOf(items);
    if (ENDING.has(own)) return items;
    if (typeof own !== 'function') {
      throw new TypeError(`${name === '' ? describe(items) : name} is not iterable`);
    }
    return checkedItems(items as Iterable<unknown>, guard);
  };
}

function iteratorOf(items: unknown): unknown {
  return items === null || items === undefined
    ? undefined
    : (items as Partial<Iterable<unknown>>)[Symbol.iterator];
}

function describe(items: unknown): string {
  return typeof items === 'object' && items !== null ? 'object' : String(items);
}

function* checkedItems(items: Iterable<unknown>, guard: (rounds: number) => number): Generator {
  let left = MANY;
  for (const item of items) {
    if (--left < 0) {
      left = MANY;
      guard(0);
    }
    yield item;
  }
}
