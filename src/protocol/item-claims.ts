/**
 * Items of calls that an engine has been given, in memory that it shares with the controller: whoever claims one first
 * has it, the engine that begins it or the controller that gives it to another. So what an engine has not begun can be
 * taken from it without asking, whatever it does meanwhile.
 *
 * Items are numbered by the place that they have among all of the life; each has a word as long as it is not claimed.
 */
export class ItemClaims {
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  /** The controller's: the item may be claimed. One that came `MOST_OPEN` places before it must not be open any more. */
  open(place: number): void {
    Atomics.store(this.#words, place & MASK, wordOf(place));
  }

  /** Nobody has claimed it. */
  isOpen(place: number): boolean {
    return Atomics.load(this.#words, place & MASK) === wordOf(place);
  }

  /** False: the other side has it. */
  claim(place: number): boolean {
    const word = wordOf(place);
    return Atomics.compareExchange(this.#words, place & MASK, word, 0) === word;
  }
}

/** Items that an engine may have and not have begun. */
export const MOST_OPEN = 1024;
const MASK = MOST_OPEN - 1;

/** Never 0. Two of one word are so far apart that the first has long been claimed. */
function wordOf(place: number): number {
  return (place & 0x3fffffff) + 1;
}

/** Null where memory cannot be shared. */
export function createItemClaims(): SharedArrayBuffer | null {
  if (typeof SharedArrayBuffer === 'undefined') return null;
  return new SharedArrayBuffer(MOST_OPEN * Int32Array.BYTES_PER_ELEMENT);
}
