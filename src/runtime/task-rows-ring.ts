import { MsgId } from '../protocol/ids.ts';
import type { NumberRange } from './stream-numbers.ts';
import { MOST_TEXTS, NONE, ROW, ROW_LENGTH, type TaskBatch } from '../protocol/task-rows.ts';

/**
 * The latest facts about tasks, in memory that is taken once: writing a row makes no garbage, and the oldest rows
 * give way. A reader takes batches from where it stopped.
 */
export class TaskRowsRing {
  readonly #capacity: number;
  #rows: Float64Array | null = null;
  /** Of the submission in each row. */
  readonly #ids: (MsgId | NumberRange)[] = [];
  /** Rows ever written, and rows ever read or given up. */
  #written = 0;
  #read = 0;
  readonly #texts: string[] = ['…'];
  readonly #places = new Map<string, number>();
  #textsRead = 0;

  /** `capacity`: rows kept. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get hasNews(): boolean {
    return this.#read < this.#written;
  }

  /** Rows that are kept and have not been read. */
  get waiting(): number {
    return Math.min(this.#written - this.#read, this.#capacity);
  }

  /** The place of a text; null and texts beyond the limit have places of their own. */
  text(text: string | null): number {
    if (text === null) return NONE;
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length >= MOST_TEXTS) return 0;
    const place = this.#texts.push(text) - 1;
    this.#places.set(text, place);
    return place;
  }

  /** The id of the task whose `submitted` row is written next. */
  name(msgId: MsgId): void {
    this.#ids[this.#written % this.#capacity] = msgId;
  }

  /** The same: it is one of these. */
  nameIn(range: NumberRange): void {
    this.#ids[this.#written % this.#capacity] = range;
  }

  /** Ten numbers; see `readRow` for what they mean. */
  write(
    kind: number,
    n: number,
    at = NONE,
    a = NONE,
    b = NONE,
    c = NONE,
    d = NONE,
    e = NONE,
    f = NONE,
    g = NONE,
  ): void {
    const rows = (this.#rows ??= new Float64Array(this.#capacity * ROW_LENGTH));
    const start = (this.#written % this.#capacity) * ROW_LENGTH;
    rows[start] = kind;
    rows[start + 1] = n;
    rows[start + 2] = at;
    rows[start + 3] = a;
    rows[start + 4] = b;
    rows[start + 5] = c;
    rows[start + 6] = d;
    rows[start + 7] = e;
    rows[start + 8] = f;
    rows[start + 9] = g;
    this.#written++;
  }

  /** The oldest `most` rows that have not been read. */
  take(most: number): TaskBatch {
    this.#read = Math.max(this.#read, this.#written - this.#capacity);
    const count = Math.min(most, this.#written - this.#read);
    const rows = new Float64Array(count * ROW_LENGTH);
    const msgIds: MsgId[] = [];
    for (let i = 0; i < count; i++) {
      const place = (this.#read + i) % this.#capacity;
      const start = place * ROW_LENGTH;
      rows.set(this.#rows?.subarray(start, start + ROW_LENGTH) ?? [], i * ROW_LENGTH);
      if (rows[i * ROW_LENGTH] === ROW.submitted)
        msgIds.push(idOf(this.#ids[place], rows[i * ROW_LENGTH + 1] ?? 0));
    }
    this.#read += count;
    const firstText = this.#textsRead;
    this.#textsRead = this.#texts.length;
    return { texts: this.#texts.slice(firstText), firstText, msgIds, rows };
  }
}

function idOf(name: MsgId | NumberRange | undefined, n: number): MsgId {
  if (typeof name !== 'object') return name ?? ('' as MsgId);
  return MsgId.create(name.clientId, name.first + n - name.base);
}
