/** How many of the sorted `list` come before `value`, or are equal to it. */
export function countUpTo(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first place in `list`, sorted by `of`, whose value is greater than `value`. */
export function firstAfter<T>(list: readonly T[], value: number, of: (item: T) => number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = list[middle] as T;
    if (of(item) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Keeps the order; what comes is nearly always the latest. */
export function insertSorted<T>(list: T[], item: T, of: (item: T) => number): void {
  const value = of(item);
  let place = list.length;
  while (place > 0 && of(list[place - 1] as T) > value) place--;
  if (place === list.length) list.push(item);
  else list.splice(place, 0, item);
}
