import type { Ends } from '../protocol/calls.ts';
import type { FromEngine } from '../protocol/engine-messages.ts';
import type { Link } from '../protocol/link.ts';
import { sizeOf } from '../protocol/pack.ts';
import type { ItemFacts, SlateWriter } from '../protocol/reply-slate.ts';
import type { QueuedItems } from './request-queue.ts';

/** What a list of one takes besides its item, as `bytes` of a packed value counts it. */
const BOX = 24;

/**
 * Items that have ended well, until they are told: on the slate where they fit, else as columns that leave in one
 * message. Everything is told in the order in which it was.
 */
export class DoneItems {
  readonly #link: Pick<Link<never, FromEngine>, 'post'>;
  /** Messages that were posted. */
  readonly #posted: () => number;
  /** Null: there is none. */
  slate: SlateWriter | null = null;
  /** Of which the columns are, and the number of the first one's id; null: they are empty. */
  #of: QueuedItems | null = null;
  #first = 0;
  #values: unknown[] = [];
  #bytes: number[] = [];
  #started: number[] = [];
  #completed: number[] = [];
  #counts: number[] = [];

  constructor(link: Pick<Link<never, FromEngine>, 'post'>, posted: () => number) {
    this.#link = link;
    this.#posted = posted;
  }

  /** `value`: of a `map`, that of the item. */
  add(queued: QueuedItems, item: number, value: unknown, bytes: number, facts: ItemFacts): void {
    const isAlone = this.#of === null;
    if (isAlone && this.slate?.writeItem(queued.place + item, this.#posted(), value, bytes, facts) === true)
      return;
    if (this.#of !== queued || this.#first + this.#values.length !== queued.first + item) this.flush();
    if (this.#of === null) {
      this.#of = queued;
      this.#first = queued.first + item;
    }
    this.#values.push(value);
    this.#bytes.push(bytes);
    this.#started.push(facts.started);
    this.#completed.push(facts.completed);
    this.#counts.push(facts.executionCount);
  }

  /** What is told now. */
  flush(): void {
    const queued = this.#of;
    if (queued === null) return;
    this.#of = null;
    const values = this.#values;
    const ends: Ends = {
      values: values.every((value) => typeof value === 'number') ? Float64Array.from(values) : values,
      boxed: queued.items.method === 'map',
      canned: false,
      bytes: Float64Array.from(this.#bytes),
      started: Float64Array.from(this.#started),
      completed: Float64Array.from(this.#completed),
      counts: Float64Array.from(this.#counts),
    };
    this.#values = [];
    this.#bytes = [];
    this.#started = [];
    this.#completed = [];
    this.#counts = [];
    this.#link.post({ type: 'items-done', client: queued.client, first: this.#first, ends });
  }

  get isEmpty(): boolean {
    return this.#of === null && this.slate?.isEmpty !== false;
  }

  /** All is told, if the other side looks. */
  tell(): void {
    this.flush();
    if (this.slate?.isEmpty === false) this.#link.post({ type: 'slate' });
  }
}

/** What the result of an item takes that is a primitive, as `pack` counts it. */
export function resultBytes(value: unknown, isBoxed: boolean): number {
  if (!isBoxed) return sizeOf(value);
  return typeof value === 'string' ? BOX + sizeOf(value) : BOX;
}
