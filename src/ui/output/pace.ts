/**
 * How much of the page's time goes into drawing foreign markup: however much comes (an endless `updateDisplay` of
 * fifty thousand elements), no more than a quarter of it in the long run, so that the page goes on answering. What has
 * to wait is drawn as it is when its time comes.
 */
export class Pace {
  readonly #clock: () => number;
  /** Seconds that may be spent now. */
  #credit = BURST;
  #at: number;

  /** `clock`: seconds. */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.#at = clock();
  }

  /** Seconds until there is time again; 0: now. */
  get wait(): number {
    this.#refill();
    return this.#credit > 0 ? 0 : (SMALLEST - this.#credit) / SHARE;
  }

  spent(seconds: number): void {
    this.#refill();
    this.#credit = Math.max(-LONGEST_WAIT * SHARE, this.#credit - seconds);
  }

  #refill(): void {
    const now = this.#clock();
    this.#credit = Math.min(BURST, this.#credit + Math.max(0, now - this.#at) * SHARE);
    this.#at = now;
  }
}

/** Of the page's time. */
const SHARE = 0.25;
/** Seconds: what a page that has been at rest draws at once. */
const BURST = 1;
/** So that whoever has waited finds time. */
const SMALLEST = 0.001;
/** Seconds after which something is drawn whatever it costs. */
const LONGEST_WAIT = 10;
