import type { Ends } from './calls.ts';
import type { Packed } from './packed.ts';
import type { RunFacts } from './replies.ts';

/**
 * Shared memory in which an engine that has more to do writes how tiny tasks have ended, so that its next task begins
 * without a message for the last. Whoever owns the engine reads it with the next message of it, or after a few
 * milliseconds, whatever the engine does by then: a result never waits for code that does not pause.
 *
 * A row tells how many messages the engine had posted before it, so that rows and messages are read in one order.
 */
export interface SlateRow {
  /** The how-manieth request of this life it is about, from 0. */
  readonly place: number;
  readonly value: Packed;
  readonly facts: RunFacts;
}

/** Rows about items of calls, which have places of their own, one after the other. */
export interface SlateItems {
  readonly place: number;
  readonly ends: Ends;
}

/** What is read: one after the other in the order in which it was written. */
export interface SlateUser {
  row(row: SlateRow): void;
  items(items: SlateItems): void;
}

/** Index of the word that counts rows written, and of that which counts rows read. */
const WRITTEN = 0;
const READ = 1;
const HEAD_BYTES = 64;
const ROWS = 256;
/** Numbers in a row: place, posted, started, completed, execution count, kind, value, bytes. */
const ROW = 8;
/** Characters of one text. */
const TEXT = 64;

/** Kinds of values, by place; then the same again in a list of one. */
const CONSTANTS: readonly unknown[] = [undefined, null, false, true];
const NUMBER = 4;
const STRING = 5;
const BOXED = 8;
/** Of an item. */
const ITEM = 16;

/** Null where memory cannot be shared. */
export function createSlate(): SharedArrayBuffer | null {
  if (typeof SharedArrayBuffer === 'undefined') return null;
  return new SharedArrayBuffer(HEAD_BYTES + ROWS * (ROW * Float64Array.BYTES_PER_ELEMENT + TEXT * 2));
}

class Slate {
  protected readonly words: Int32Array;
  protected readonly rows: Float64Array;
  protected readonly texts: Uint16Array;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory, 0, 2);
    this.rows = new Float64Array(memory, HEAD_BYTES, ROWS * ROW);
    this.texts = new Uint16Array(memory, HEAD_BYTES + this.rows.byteLength, ROWS * TEXT);
  }
}

export interface ItemFacts {
  readonly started: number;
  readonly completed: number;
  readonly executionCount: number;
  readonly boxed: boolean;
}

/** The engine's side. */
export class SlateWriter extends Slate {
  /** Rows that nobody has read. */
  get isEmpty(): boolean {
    return Atomics.load(this.words, READ) === Atomics.load(this.words, WRITTEN);
  }

  /** False: it is full, or that is no small value of no parts; nothing is written. */
  write(place: number, posted: number, { value, bytes, canned }: Packed, facts: RunFacts): boolean {
    const { started, completed, executionCount } = facts;
    if (canned || started === null || completed === null) return false;
    const boxed = Array.isArray(value) && value.length === 1 && 0 in value;
    const bare: unknown = boxed ? value[0] : value;
    return this.#append(place, posted, bare, bytes, { started, completed, executionCount, boxed }, 0);
  }

  /** How an item has ended; of a `map` its value is a list of one, of which this is that one. */
  writeItem(place: number, posted: number, value: unknown, bytes: number, facts: ItemFacts): boolean {
    return this.#append(place, posted, value, bytes, facts, ITEM);
  }

  #append(
    place: number,
    posted: number,
    value: unknown,
    bytes: number,
    { started, completed, executionCount, boxed }: ItemFacts,
    flags: number,
  ): boolean {
    const written = Atomics.load(this.words, WRITTEN);
    if (((written - Atomics.load(this.words, READ)) | 0) >= ROWS) return false;
    const row = (written & (ROWS - 1)) * ROW;
    const kind = this.#writeValue(value, row);
    if (kind < 0) return false;
    const { rows } = this;
    rows[row] = place;
    rows[row + 1] = posted;
    rows[row + 2] = started;
    rows[row + 3] = completed;
    rows[row + 4] = executionCount;
    rows[row + 5] = kind + flags + (boxed ? BOXED : 0);
    rows[row + 7] = bytes;
    Atomics.store(this.words, WRITTEN, (written + 1) | 0);
    return true;
  }

  /** Its kind; -1: it does not fit. */
  #writeValue(value: unknown, row: number): number {
    if (typeof value === 'number') {
      this.rows[row + 6] = value;
      return NUMBER;
    }
    if (typeof value !== 'string') return CONSTANTS.indexOf(value);
    if (value.length > TEXT) return -1;
    this.rows[row + 6] = value.length;
    const at = (row / ROW) * TEXT;
    for (let i = 0; i < value.length; i++) this.texts[at + i] = value.charCodeAt(i);
    return STRING;
  }
}

/** The owner's side. */
export class SlateReader extends Slate {
  /** Takes the rows that were written before the engine had posted more than so many messages. */
  take(posted: number, user: SlateUser): void {
    const written = Atomics.load(this.words, WRITTEN);
    let read = Atomics.load(this.words, READ);
    const waiting = (written - read) | 0;
    if (waiting < 0 || waiting > ROWS) {
      // Nothing of ours has written that.
      Atomics.store(this.words, READ, written);
      return;
    }
    while (read !== written && this.#number(rowAt(read) + 1) <= posted) {
      const n = this.#itemsFrom(read, written, posted);
      const row = rowAt(read);
      const items = n > 0 ? this.#items(read, n) : null;
      const taken = n > 0 ? null : this.#read(row);
      read = (read + Math.max(1, n)) | 0;
      Atomics.store(this.words, READ, read);
      if (items !== null) user.items(items);
      else if (taken !== null) user.row(taken);
    }
  }

  /** How many rows from there on are about items of one kind that follow each other. */
  #itemsFrom(read: number, written: number, posted: number): number {
    const first = rowAt(read);
    const flags = this.#number(first + 5) & (ITEM | BOXED);
    if ((flags & ITEM) === 0) return 0;
    const place = this.#number(first);
    let n = 1;
    for (let i = (read + 1) | 0; i !== written; i = (i + 1) | 0) {
      const row = rowAt(i);
      const isNext = this.#number(row) === place + n && this.#number(row + 1) <= posted;
      if (!isNext || (this.#number(row + 5) & (ITEM | BOXED)) !== flags) break;
      n++;
    }
    return n;
  }

  #items(read: number, n: number): SlateItems {
    const column = (at: number) => {
      const numbers = new Float64Array(n);
      for (let i = 0; i < n; i++) numbers[i] = this.rows[rowAt((read + i) | 0) + at] ?? 0;
      return numbers;
    };
    const kinds = column(5);
    const values = kinds.every((kind) => (kind & (BOXED - 1)) === NUMBER)
      ? column(6)
      : Array.from(kinds, (kind, i) => this.#value(kind & (BOXED - 1), rowAt((read + i) | 0)));
    const boxed = ((kinds[0] ?? 0) & BOXED) !== 0;
    const times = { started: column(2), completed: column(3) };
    const ends = { values, boxed, canned: false, bytes: column(7), ...times, counts: column(4) };
    return { place: this.#number(rowAt(read)), ends };
  }

  #read(row: number): SlateRow {
    const kind = this.#number(row + 5);
    const bare = this.#value(kind & (BOXED - 1), row);
    return {
      place: this.#number(row),
      value: {
        value: kind >= BOXED ? [bare] : bare,
        buffers: [],
        bytes: this.#number(row + 7),
        canned: false,
      },
      facts: {
        started: this.#number(row + 2),
        completed: this.#number(row + 3),
        executeResult: null,
        executionCount: this.#number(row + 4),
      },
    };
  }

  #value(kind: number, row: number): unknown {
    if (kind === NUMBER) return this.#number(row + 6);
    if (kind !== STRING) return CONSTANTS[kind];
    const at = (row / ROW) * TEXT;
    const length = Math.min(TEXT, this.#number(row + 6));
    let text = '';
    for (let i = 0; i < length; i++) text += String.fromCharCode(this.texts[at + i] ?? 0);
    return text;
  }

  #number(at: number): number {
    return this.rows[at] ?? 0;
  }
}

function rowAt(n: number): number {
  return (n & (ROWS - 1)) * ROW;
}
