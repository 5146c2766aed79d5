import type { CallItems, CallSubmission } from '../../protocol/calls.ts';
import { MsgId } from '../../protocol/ids.ts';
import { NO_TERMS, type TaskTerms } from '../../protocol/terms.ts';
import type { Pace } from '../schedulers/pace.ts';
import type { Share } from '../schedulers/share.ts';

/** Of its first item, and what its tasks share. */
export interface CallPlace {
  readonly seq: number;
  readonly turn: number;
  readonly share: Share;
}

/** Items of it, `from` to `to` (not included). */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/**
 * Many tasks that came in as one: what they have in common once, where they are as ranges, how they have ended as
 * columns. An item that something happens to alone has left, and is a `Task`.
 */
export class Call<Range extends Part, Ended extends Part> {
  readonly submission: CallSubmission;
  /** The place of its first item in the order of arrival; the others follow. */
  readonly seq: number;
  /** The turn of its first item; the others follow. */
  readonly turn: number;
  readonly share: Share;
  readonly terms: TaskTerms;
  readonly pace: Pace;
  /** Items that have neither ended nor left, in order. */
  readonly ranges: Range[] = [];
  /** How many these are. */
  pending = 0;
  /** Some of its items are in the store as pending. */
  isWritten = false;
  readonly #ended: Ended[] = [];
  #isSorted = true;

  constructor(submission: CallSubmission, { seq, turn, share }: CallPlace, pace: Pace) {
    this.pace = pace;
    this.submission = submission;
    this.seq = seq;
    this.turn = turn;
    this.share = share;
    this.terms = submission.route.terms ?? NO_TERMS;
  }

  get name(): string {
    return this.submission.items.name;
  }

  idOf(item: number): MsgId {
    return MsgId.create(this.submission.clientId, this.submission.first + item);
  }

  /** Of the ids of those items. */
  numbersOf(from: number, to: number): Float64Array {
    const numbers = new Float64Array(to - from);
    for (let i = from; i < to; i++) numbers[i - from] = this.submission.first + i;
    return numbers;
  }

  /** Those of a range, as they travel. */
  itemsOf(from: number, to: number): CallItems {
    const { items } = this.submission;
    // A part of typed memory would travel with the whole.
    const columns = items.columns.map((column) => column.slice(from, to));
    return { ...items, columns, bytes: items.bytes.slice(from, to) };
  }

  /** The range that holds the item; null: it has ended, or left. */
  rangeOf(item: number): Range | null {
    const range = this.ranges[this.#placeOf(item) - 1];
    return range !== undefined && item < range.to ? range : null;
  }

  addRange(range: Range): void {
    this.ranges.splice(this.#placeOf(range.from), 0, range);
  }

  removeRange(range: Range): void {
    this.ranges.splice(this.#placeOf(range.from) - 1, 1);
  }

  // What has ended

  end(ended: Ended): void {
    const last = this.#ended.at(-1);
    this.#isSorted &&= last === undefined || last.from < ended.from;
    this.#ended.push(ended);
  }

  /** Those with which the item ended, if it is remembered and had not left. */
  endedWith(item: number): Ended | null {
    if (!this.#isSorted) this.#ended.sort((a, b) => a.from - b.from);
    this.#isSorted = true;
    const place = placeIn(this.#ended, item);
    const ended = this.#ended[place - 1];
    return ended !== undefined && item < ended.to ? ended : null;
  }

  /** Nobody remembers them. */
  forget(ended: Ended): void {
    this.#ended.splice(this.#ended.indexOf(ended), 1);
  }

  /** Nothing of it is waited for or remembered. */
  get isOver(): boolean {
    return this.pending === 0 && this.#ended.length === 0;
  }

  #placeOf(item: number): number {
    return placeIn(this.ranges, item);
  }
}

/** How many of them begin no later than `item`. */
function placeIn(sorted: readonly { readonly from: number }[], item: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.from ?? 0) <= item) low = middle + 1;
    else high = middle;
  }
  return low;
}
