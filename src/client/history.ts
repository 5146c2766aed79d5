import { MsgId, type ClientId } from '../protocol/ids.ts';

/**
 * Ids in the order of submission. A client numbers its messages one after the other, so the list is kept as
 * runs of numbers: a million tasks cost a handful of them.
 */
export class History {
  readonly #clientId: ClientId;
  /** First and last number of each run, alternating; runs are in order of submission. */
  #bounds: number[] = [];

  constructor(clientId: ClientId) {
    this.#clientId = clientId;
  }

  /** The numbers from `n` on, so many. */
  add(n: number, count = 1): void {
    const last = this.#bounds.length - 1;
    const end = n + count - 1;
    if (this.#bounds[last] === n - 1) this.#bounds[last] = end;
    else this.#bounds.push(n, end);
  }

  has(n: number): boolean {
    for (let i = 0; i < this.#bounds.length; i += 2) {
      if (n >= (this.#bounds[i] ?? 0) && n <= (this.#bounds[i + 1] ?? 0)) return true;
    }
    return false;
  }

  includes(msgId: MsgId): boolean {
    const n = MsgId.number(msgId);
    return msgId === MsgId.create(this.#clientId, n) && this.has(n);
  }

  get length(): number {
    let length = 0;
    for (let i = 0; i < this.#bounds.length; i += 2) length += this.#runLength(i);
    return length;
  }

  /** The id at a place, negative ones counted from the end; undefined out of range. */
  at(index: number): MsgId | undefined {
    let place = index < 0 ? index + this.length : index;
    if (place < 0) return undefined;
    for (let i = 0; i < this.#bounds.length; i += 2) {
      if (place < this.#runLength(i)) return MsgId.create(this.#clientId, (this.#bounds[i] ?? 0) + place);
      place -= this.#runLength(i);
    }
    return undefined;
  }

  toArray(): MsgId[] {
    const ids: MsgId[] = [];
    for (let i = 0; i < this.#bounds.length; i += 2) {
      const first = this.#bounds[i] ?? 0;
      for (let n = 0; n < this.#runLength(i); n++) ids.push(MsgId.create(this.#clientId, first + n));
    }
    return ids;
  }

  clear(): void {
    this.#bounds = [];
  }

  #runLength(i: number): number {
    return (this.#bounds[i + 1] ?? 0) - (this.#bounds[i] ?? 0) + 1;
  }
}
