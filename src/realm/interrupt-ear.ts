import type { Clock } from '../base/clock.ts';
import { ASKED, BELL, interruptWord, type InterruptFlag } from '../protocol/interrupt-flag.ts';
import { KeyboardInterrupt } from './keyboard-interrupt.ts';

/** Interrupts of what has ended that may still arrive: those of the last so many. */
const MOST_ENDED = 256;
/** Guards check after at most so many rounds of a loop that may take long: few enough that they notice soon when
 * rounds become slow. */
const MOST_ROUNDS = 255;
/** Where a loop makes at least so many rounds between two checks, each check looks at the clock, until it is known
 * to be quick. */
const MANY_ROUNDS = 31;
/** Checks between two looks at the clock where loops are short, and all together quick; a fourth where they are
 * long and quick. */
const CHECKS_PER_LOOK = 16;
/** Milliseconds between two looks at the clock: below the first guards check less often, above the other more. */
const FAST = 4;
const SLOW = 16;

/**
 * A realm's side of its `InterruptFlag`: hears interrupts while code holds the thread. Without shared memory it
 * hears nothing, and everything else works as ever.
 *
 * Guards in loops call `guard`; it is called once in so many rounds, and gives how many rounds to let pass
 * before the next call: more where rounds are quick, fewer where they take long. A loop begins with few.
 *
 * Blocking waits use `wait`, or `check` and `bell` themselves:
 * `const rung = ear.bell(); if (done()) …; ear.check(); Atomics.wait(ear.words, BELL, rung, ms)`. Who has the
 * other end of what is waited for rings with `ringBell(flag)`.
 */
export class InterruptEar {
  readonly #clock: Clock;
  /** Null without shared memory. */
  #words: Int32Array<SharedArrayBuffer> | null = null;
  /** What runs now, as `interruptWord`; 0 between runs. */
  #running = 0;
  /** Recently ended: an interrupt of these comes too late. */
  #ended: number[] = [];
  /** Checks since the last look at the clock. */
  #checks = 0;
  #looked = 0;
  /** At the last look, loops were quick. What runs next is to show it anew. */
  #isFast = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The flag has arrived; null: there is none. */
  connect(flag: InterruptFlag | null | undefined): void {
    this.#words = flag ? new Int32Array(flag.buffer) : null;
  }

  /** Whether interrupts reach code that holds the thread. */
  get hears(): boolean {
    return this.#words !== null;
  }

  /** The shared words, for `Atomics.wait` on `BELL`; null without shared memory. */
  get words(): Int32Array<SharedArrayBuffer> | null {
    return this.#words;
  }

  /** Interrupts of `id` are heard from now on. */
  begin(id: string): void {
    this.beginWord(interruptWord(id));
  }

  /** The same by the id's `interruptWord`. */
  beginWord(word: number): void {
    this.#running = word;
    this.#isFast = false;
  }

  /** What ran has ended: interrupts of it come too late. */
  end(): void {
    if (this.#running === 0) return;
    this.#dismiss(this.#running);
    this.#running = 0;
  }

  /** `id` does not begin here, or not before it is sent again: an interrupt of it is meant for nobody else. */
  dismiss(id: string): void {
    this.#dismiss(interruptWord(id));
  }

  #dismiss(word: number): void {
    this.#ended.push(word);
    if (this.#ended.length > MOST_ENDED) this.#ended = this.#ended.slice(-MOST_ENDED / 2);
    if (this.#words) Atomics.compareExchange(this.#words, ASKED, word, 0);
  }

  /**
   * Whether what holds the thread is to stop: what runs, or, when nothing does (a timer's code, say), what
   * waits for its turn behind it.
   */
  get isAsked(): boolean {
    if (this.#words === null) return false;
    const asked = Atomics.load(this.#words, ASKED);
    if (asked === 0) return false;
    return asked === this.#running || !this.#ended.includes(asked);
  }

  /** Throws KeyboardInterrupt when what holds the thread is to stop. */
  check(): void {
    if (this.isAsked) throw new KeyboardInterrupt();
  }

  /** For guards: checks, and says how many rounds are to pass until the next check. `rounds`: what it said the
   * last time, 0 where a loop begins. */
  readonly guard = (rounds: number): number => {
    if (this.#words !== null && Atomics.load(this.#words, ASKED) !== 0) this.check();
    if (this.#isFast && rounds < MANY_ROUNDS && ++this.#checks < CHECKS_PER_LOOK) return 2 * rounds + 1;
    if (this.#isFast && rounds === MOST_ROUNDS && ++this.#checks < CHECKS_PER_LOOK / 4) return rounds;
    return this.#pace(rounds);
  };

  #pace(rounds: number): number {
    this.#checks = 0;
    const now = this.#clock.now();
    const passed = now - this.#looked;
    this.#looked = now;
    this.#isFast = passed < FAST;
    if (this.#isFast) return Math.min(2 * rounds + 1, MOST_ROUNDS);
    return passed > SLOW ? rounds >> 2 : rounds;
  }

  /** What the bell's count is: to be read before looking whether what is waited for has come. */
  bell(): number {
    return this.#words ? Atomics.load(this.#words, BELL) : 0;
  }

  /**
   * Holds the thread until `isDone` is true (asked whenever the bell rings), or `seconds` are over: then false.
   * Throws KeyboardInterrupt when interrupted, and TypeError without shared memory.
   */
  wait(isDone: () => boolean, seconds = Infinity): boolean {
    const words = this.#words;
    if (words === null) throw new TypeError('Waiting for another thread needs shared memory');
    const until = this.#clock.now() + seconds * 1000;
    for (;;) {
      const rung = this.bell();
      if (isDone()) return true;
      this.check();
      const left = until - this.#clock.now();
      if (left <= 0) return false;
      Atomics.wait(words, BELL, rung, left);
    }
  }
}
