/**
 * The memory that the engines of a cluster share, laid out. Each engine has a slot; for each pair of slots there
 * is a ring of bytes with one writer and one reader, so nothing is ever locked. Chunks are written whole and taken out
 * whole: an engine that is terminated in the middle of either leaves whole chunks behind, and whoever has its slot next
 * begins where a chunk does.
 *
 * Words of a slot: its life (odd while an engine has it), a bell that rings at every change that may end a wait,
 * how its engine waits, and who has ended in the groups it works for.
 */

export const MOST_ENGINES = 32;
const RING = 32 * 1024;
const ENTRIES = 64;
const LIFE = 0;
const BELL = 1;
const STATE = 2;
const FIRST_ENTRY = 3;
const SLOT_WORDS = FIRST_ENTRY + 2 * ENTRIES;
const RING_WORDS = 2;
const HEADER_WORDS = MOST_ENGINES * SLOT_WORDS + MOST_ENGINES * MOST_ENGINES * RING_WORDS;
const BYTES = 4 * HEADER_WORDS + MOST_ENGINES * MOST_ENGINES * RING;

export type WaitState = 'none' | 'blocked' | 'awaiting';
const STATES: readonly WaitState[] = ['none', 'blocked', 'awaiting'];

/** Fresh memory for a board. Pages that nobody touches cost nothing. */
export function boardMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(BYTES);
}

export class CommBoard {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #bytes: Uint8Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, HEADER_WORDS);
    this.#bytes = new Uint8Array(memory, 4 * HEADER_WORDS);
  }

  // Slots

  /** A free slot, taken; -1 if there is none. */
  take(): number {
    for (let slot = 0; slot < MOST_ENGINES; slot++) {
      if (this.isAlive(slot)) continue;
      Atomics.add(this.#words, at(slot, LIFE), 1);
      Atomics.store(this.#words, at(slot, STATE), 0);
      return slot;
    }
    return -1;
  }

  /** Its engine is gone. */
  free(slot: number): void {
    if (this.isAlive(slot)) Atomics.add(this.#words, at(slot, LIFE), 1);
  }

  life(slot: number): number {
    return slot < 0 ? 0 : Atomics.load(this.#words, at(slot, LIFE));
  }

  isAlive(slot: number): boolean {
    return (this.life(slot) & 1) === 1;
  }

  // Waiting

  /** What `wait` is to be given; read before looking for what one waits for. */
  bell(slot: number): number {
    return Atomics.load(this.#words, at(slot, BELL));
  }

  /** Tells the engine that something has changed; returns how it was waiting. */
  ring(slot: number): WaitState {
    Atomics.add(this.#words, at(slot, BELL), 1);
    Atomics.notify(this.#words, at(slot, BELL));
    return STATES[Atomics.load(this.#words, at(slot, STATE))] ?? 'none';
  }

  /** Blocks this thread until the bell is another than `seen`, at most for `ms`. */
  wait(slot: number, seen: number, ms: number): void {
    Atomics.store(this.#words, at(slot, STATE), STATES.indexOf('blocked'));
    Atomics.wait(this.#words, at(slot, BELL), seen, ms);
    Atomics.store(this.#words, at(slot, STATE), 0);
  }

  /** True if the bell has not rung since: whoever rings it will know that this engine awaits a message. */
  await(slot: number, seen: number): boolean {
    Atomics.store(this.#words, at(slot, STATE), STATES.indexOf('awaiting'));
    return this.bell(slot) === seen;
  }

  awake(slot: number): void {
    Atomics.store(this.#words, at(slot, STATE), 0);
  }

  // Who has ended

  /** Ranks that have ended, and those of them that failed, as bits. */
  ended(slot: number, entry: number): { readonly ended: number; readonly failed: number } {
    const word = at(slot, FIRST_ENTRY + 2 * entry);
    return { ended: Atomics.load(this.#words, word), failed: Atomics.load(this.#words, word + 1) };
  }

  clearEntry(slot: number, entry: number): void {
    const word = at(slot, FIRST_ENTRY + 2 * entry);
    Atomics.store(this.#words, word, 0);
    Atomics.store(this.#words, word + 1, 0);
  }

  setEnded(slot: number, entry: number, rank: number, failed: boolean): void {
    const word = at(slot, FIRST_ENTRY + 2 * entry);
    if (failed) Atomics.or(this.#words, word + 1, 1 << rank);
    Atomics.or(this.#words, word, 1 << rank);
  }

  // Rings

  /** How many bytes `write` would take now. */
  room(from: number, to: number): number {
    const ring = ringAt(from, to);
    return RING - ((Atomics.load(this.#words, ring) - Atomics.load(this.#words, ring + 1)) | 0);
  }

  /** Appends these bytes, for which there must be room; readers see all of them or none. */
  write(from: number, to: number, parts: readonly Uint8Array[]): void {
    const ring = ringAt(from, to);
    let head = Atomics.load(this.#words, ring);
    for (const part of parts) {
      this.#copyIn(bytesAt(from, to), head, part);
      head = (head + part.length) | 0;
    }
    Atomics.store(this.#words, ring, head);
  }

  /** How many bytes there are to read. */
  available(from: number, to: number): number {
    const ring = ringAt(from, to);
    return (Atomics.load(this.#words, ring) - Atomics.load(this.#words, ring + 1)) | 0;
  }

  /** Copies bytes out, from `offset` behind what has been released; they stay. */
  read(from: number, to: number, offset: number, target: Uint8Array): void {
    const start = bytesAt(from, to);
    const at = ((Atomics.load(this.#words, ringAt(from, to) + 1) + offset) >>> 0) % RING;
    const first = Math.min(target.length, RING - at);
    target.set(this.#bytes.subarray(start + at, start + at + first));
    if (first < target.length) target.set(this.#bytes.subarray(start, start + target.length - first), first);
  }

  /** Gives the room of so many bytes, which have been read, to the writer again. */
  release(from: number, to: number, bytes: number): void {
    Atomics.add(this.#words, ringAt(from, to) + 1, bytes);
  }

  #copyIn(start: number, head: number, part: Uint8Array): void {
    const offset = (head >>> 0) % RING;
    const first = Math.min(part.length, RING - offset);
    this.#bytes.set(first === part.length ? part : part.subarray(0, first), start + offset);
    if (first < part.length) this.#bytes.set(part.subarray(first), start);
  }
}

/** Entries of one slot, for whoever hands them out. */
export const ENTRIES_PER_SLOT = ENTRIES;

function at(slot: number, word: number): number {
  return slot * SLOT_WORDS + word;
}

function ringAt(from: number, to: number): number {
  return MOST_ENGINES * SLOT_WORDS + (to * MOST_ENGINES + from) * RING_WORDS;
}

function bytesAt(from: number, to: number): number {
  return (to * MOST_ENGINES + from) * RING;
}
