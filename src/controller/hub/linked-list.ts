/** What an item of a `LinkedList` carries: the list it stands in, and its neighbours there. */
export interface Linked<T extends Linked<T>> {
  /** For how many it stands. */
  readonly count: number;
  /** Null exactly when it stands in no list; then both neighbours are null too. */
  list: LinkedList<T> | null;
  prev: T | null;
  next: T | null;
}

/**
 * A queue whose items know their place, so that one can be taken out of the middle (abort, cancel) as cheaply
 * as from an end. An item stands in one list at a time.
 */
export class LinkedList<T extends Linked<T>> implements Iterable<T> {
  first: T | null = null;
  last: T | null = null;
  /** For how many its items stand together. */
  count = 0;

  push(item: T): void {
    this.insertAfter(this.last, item);
  }

  /** After `place`, or at the head for null. */
  insertAfter(place: T | null, item: T): void {
    const next = place === null ? this.first : place.next;
    item.list = this;
    item.prev = place;
    item.next = next;
    if (place === null) this.first = item;
    else place.next = item;
    if (next === null) this.last = item;
    else next.prev = item;
    this.count += item.count;
  }

  /** One of its items stands for so many more than before. */
  resized(by: number): void {
    this.count += by;
  }

  /** `item` must stand in this list. */
  remove(item: T): void {
    if (item.prev === null) this.first = item.next;
    else item.prev.next = item.next;
    if (item.next === null) this.last = item.prev;
    else item.next.prev = item.prev;
    item.list = null;
    item.prev = null;
    item.next = null;
    this.count -= item.count;
  }

  /** The item handed out last may be removed while iterating. */
  *[Symbol.iterator](): Generator<T, void> {
    let item = this.first;
    while (item !== null) {
      const { next } = item;
      yield item;
      item = next;
    }
  }
}
