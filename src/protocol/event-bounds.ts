/**
 * What comes from the frame is hostile until it has been looked at, and looking must cost little. This is the first
 * look, in one pass: how deep, how many, how long. All that is done with an event later is in proportion to that.
 */
export interface Bounds {
  readonly depth: number;
  /** Values, in all. */
  readonly count: number;
  /** Items of one list, keys of one object. */
  readonly list: number;
  /** Characters and bytes, in all. */
  readonly size: number;
}

/** Of one event. */
export const EVENT_BOUNDS: Bounds = { depth: 200, count: 500_000, list: 100_000, size: 64 << 20 };

/** How many values were looked at is counted in `work`. */
export function isWithin(bounds: Bounds, value: unknown, work: { count: number } = { count: 0 }): boolean {
  const most = work.count + bounds.count;
  let size = 0;
  /** Lists of values at one depth each, and how far they have been looked at. */
  const open: { readonly values: readonly unknown[]; next: number }[] = [{ values: [value], next: 0 }];
  for (let list = open.at(-1); list !== undefined; list = open.at(-1)) {
    if (list.next >= list.values.length) {
      open.pop();
      continue;
    }
    const one = list.values[list.next++];
    if (++work.count > most) return false;
    if (typeof one === 'string') size += one.length;
    else if (typeof one === 'object' && one !== null) {
      const inside = insideOf(one, bounds.list);
      if (inside === null || open.length > bounds.depth) return false;
      if (typeof inside === 'number') size += inside;
      else open.push({ values: inside, next: 0 });
    }
    if (size > bounds.size) return false;
  }
  return true;
}

/** Its values (an object's keys count, too), or its bytes; null: too many, or nothing that an event has. */
function insideOf(object: object, most: number): readonly unknown[] | number | null {
  if (Array.isArray(object)) return object.length > most ? null : object;
  if (ArrayBuffer.isView(object)) return object.byteLength;
  // The page keeps it and does not read it here.
  if (object instanceof Blob) return 0;
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== null && prototype !== Object.prototype) return null;
  const entries = Object.entries(object);
  return entries.length > most ? null : entries.flat();
}

/** JSON, in one pass: no value is looked at twice. What is in it has been found to be within bounds. */
export function isJson(value: unknown): boolean {
  const waiting = [value];
  while (waiting.length > 0) {
    const one = waiting.pop();
    if (one === null || typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean')
      continue;
    if (typeof one !== 'object') return false;
    if (!Array.isArray(one) && Object.getPrototypeOf(one) !== Object.prototype) return false;
    // The holes of a list, too, are none.
    const inside = (Array.isArray(one) ? one : Object.values(one)) as readonly unknown[];
    for (const item of inside) waiting.push(item);
  }
  return true;
}
