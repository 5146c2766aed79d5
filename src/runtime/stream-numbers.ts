import type { CallSubmission } from '../protocol/calls.ts';
import { MsgId, type ClientId } from '../protocol/ids.ts';

/** Tasks of one call, which have numbers in a row. */
export interface NumberRange {
  readonly clientId: ClientId;
  /** Of the ids. */
  readonly first: number;
  readonly count: number;
  /** The number of the first. */
  readonly base: number;
}

/** Tasks that may still be spoken of, by their ids. */
const KNOWN = 1 << 16;

/** Numbers the tasks that a stream tells of, in the order of their submission, and knows those of the latest. */
export class StreamNumbers {
  readonly #numbers = new Map<MsgId, number>();
  /** Those in the map, by number, round and round. */
  readonly #latest: (MsgId | undefined)[] = [];
  /** Latest last. */
  #ranges: NumberRange[] = [];
  #tasks = 0;

  has(msgId: MsgId): boolean {
    return this.of(msgId) !== undefined;
  }

  of(msgId: MsgId): number | undefined {
    const known = this.#numbers.get(msgId);
    if (known !== undefined || this.#ranges.length === 0) return known;
    const number = MsgId.number(msgId);
    const range = this.rangeOf(MsgId.client(msgId), number);
    return range === null ? undefined : range.base + number - range.first;
  }

  /** Where the task of that number of a client's is; null: it is none of a call that is known. */
  rangeOf(clientId: ClientId, number: number): NumberRange | null {
    return this.#ranges.findLast((range) => range.clientId === clientId && isIn(range, number)) ?? null;
  }

  add(msgId: MsgId): number {
    const n = this.#tasks++;
    // Not by the order of the map's keys: to find the first of many that are gone takes long.
    const oldest = this.#latest[n % KNOWN];
    if (oldest !== undefined) this.#numbers.delete(oldest);
    this.#latest[n % KNOWN] = msgId;
    this.#numbers.set(msgId, n);
    return n;
  }

  addCall({ clientId, first, count }: CallSubmission): NumberRange {
    const range = { clientId, first, count, base: this.#tasks };
    this.#tasks += count;
    // What has not been spoken of for so long will not be.
    const isKnown = ({ base, count: n }: NumberRange) => base + n > this.#tasks - count - KNOWN;
    const from = this.#ranges.findIndex(isKnown);
    if (from !== 0) this.#ranges = from < 0 ? [] : this.#ranges.slice(from);
    this.#ranges.push(range);
    return range;
  }
}

function isIn({ first, count }: NumberRange, number: number): boolean {
  return number >= first && number < first + count;
}
