/**
 * Memory that a client lends to engines for large results for which it waits without `await`. A blocked thread can be
 * handed nothing but shared memory; so the engine's snapshot is written right into memory that the client shares, and
 * the client's copy out of it is the second and last.
 *
 * Which requests are waited for is written in it too: an engine sees that when it has the result, however long ago
 * the request has left. Several engines may write at once: each takes room of its own. The memory grows as it is
 * needed.
 */
export class LentMemory implements Room {
  /** Which of its client's it is. */
  readonly n: number;
  readonly memory: SharedArrayBuffer;
  readonly #head: Int32Array;

  constructor(n: number, memory: SharedArrayBuffer) {
    this.n = n;
    this.memory = memory;
    this.#head = new Int32Array(memory, 0, HEAD_WORDS);
  }

  /** The request is waited for: said in that slot, of `SLOTS`. 0: nothing is, in that slot. */
  say(slot: number, request: number): void {
    Atomics.store(this.#head, FIRST_SLOT + slot, request);
    if (slot >= Atomics.load(this.#head, USED_SLOTS)) Atomics.store(this.#head, USED_SLOTS, slot + 1);
  }

  /** Whether the client has said that it waits for this request, by number. */
  isOpenFor(request: number): boolean {
    const end = FIRST_SLOT + Atomics.load(this.#head, USED_SLOTS);
    for (let i = FIRST_SLOT; i < end; i++) if (Atomics.load(this.#head, i) === request) return true;
    return false;
  }

  /** As large as it has become, in bytes. */
  get size(): number {
    return this.memory.byteLength;
  }

  get isTouched(): boolean {
    return Atomics.load(this.#head, TAKEN) > 0;
  }

  /** All room is free again: nobody writes, and what was written is not needed any more. */
  reset(): void {
    Atomics.store(this.#head, TAKEN, 0);
  }

  put(bytes: Uint8Array): number | null {
    const at = this.#take(Math.ceil(bytes.length / UNIT));
    if (at !== null) new Uint8Array(this.memory, at, bytes.length).set(bytes);
    return at;
  }

  copyOut(at: number, length: number): ArrayBuffer {
    const copy = new Uint8Array(length);
    copy.set(new Uint8Array(this.memory, at, length));
    return copy.buffer;
  }

  #take(units: number): number | null {
    for (;;) {
      const taken = Atomics.load(this.#head, TAKEN);
      const at = HEAD + UNIT * taken;
      if (!this.#growTo(at + UNIT * units)) return null;
      if (Atomics.compareExchange(this.#head, TAKEN, taken, taken + units) === taken) return at;
    }
  }

  /** In steps, so that many small ones do not each ask the system. False: it cannot be had. */
  #growTo(end: number): boolean {
    const { memory } = this;
    if (end > memory.maxByteLength) return false;
    const wanted = Math.min(memory.maxByteLength, STEP * Math.ceil(end / STEP));
    while (memory.byteLength < end) {
      try {
        memory.grow(wanted);
      } catch {
        // Another engine may have made it larger than that in the meantime.
        if (memory.byteLength < end) return false;
      }
    }
    return true;
  }
}

/** Where large buffers of a value can be put instead of being copied into buffers of their own. */
export interface Room {
  readonly n: number;
  /** Copies the bytes there and says where they are; null when there is no room for them. */
  put(bytes: Uint8Array): number | null;
}

const UNIT = 8;
/** One page at its beginning: the words of `Atomics`. */
const HEAD = 4096;
const HEAD_WORDS = HEAD / Int32Array.BYTES_PER_ELEMENT;
/** How much has been taken, in units. */
const TAKEN = 0;
/** How many slots have ever said a request that is waited for, and from where on they stand. */
const USED_SLOTS = 1;
const FIRST_SLOT = 2;
export const SLOTS = HEAD_WORDS - FIRST_SLOT;
const STEP = 1 << 20;
/** What it may grow to, the first of these that the system grants; nothing of it is used before it grows. */
const LARGEST = [2 ** 32, 2 ** 30, 2 ** 28];

/** Null where memory cannot be shared, or cannot grow, or the system refuses it. */
export function lendableMemory(): SharedArrayBuffer | null {
  if (typeof SharedArrayBuffer === 'undefined' || !('grow' in SharedArrayBuffer.prototype)) return null;
  for (const maxByteLength of LARGEST) {
    try {
      return new SharedArrayBuffer(HEAD, { maxByteLength });
    } catch {
      // A smaller one, then.
    }
  }
  return null;
}
