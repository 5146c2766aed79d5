/** So much at once, and so much a second: a bucket that fills again. `now` in milliseconds. */
export class Bucket {
  readonly #size: number;
  readonly #perSecond: number;
  #level: number;
  #at: number;

  constructor(size: number, perSecond: number, now: number) {
    this.#size = size;
    this.#perSecond = perSecond;
    this.#level = size;
    this.#at = now;
  }

  /** Takes it, even if that is more than there is. Returns the seconds until the bucket is no longer in debt. */
  take(amount: number, now: number): number {
    this.#level = Math.min(this.#size, this.#level + ((now - this.#at) / 1000) * this.#perSecond) - amount;
    this.#at = now;
    return this.#level >= 0 ? 0 : -this.#level / this.#perSecond;
  }
}

const TRIES = 10;
const TRIES_PER_SECOND = 1 / 6;
const MOST_ADDRESSES = 10_000;

/** Counts tries to get in without a ticket, by address. */
export class Tries {
  readonly #buckets = new Map<string, Bucket>();

  /** Null when it may try; else the seconds to wait. */
  failed(address: string, now: number): void {
    this.#of(address, now).take(1, now);
  }

  /** Seconds until this address may try again; 0: now. */
  wait(address: string, now: number): number {
    return this.#buckets.get(address)?.take(0, now) ?? 0;
  }

  #of(address: string, now: number): Bucket {
    const known = this.#buckets.get(address);
    if (known) return known;
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size >= MOST_ADDRESSES && oldest !== undefined) this.#buckets.delete(oldest);
    const bucket = new Bucket(TRIES, TRIES_PER_SECOND, now);
    this.#buckets.set(address, bucket);
    return bucket;
  }
}
