import type { Clock, Timers } from '../base/clock.ts';

interface FrameWatchParts {
  /** Resolves when the frame has answered. May reject; that is no answer. */
  readonly ask: () => Promise<void>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly isVisible: () => boolean;
  /** It has not answered for some seconds, or it answers again. */
  readonly onSilence: (isSilent: boolean) => void;
}

/** Seconds between two looks, and how many in a row find the frame silent before that is told. */
const BETWEEN = 1;
const LOOKS = 5;
/** Seconds between two looks, above which the later says nothing, since the page itself was held up a little; and above
 * which those before it say nothing either: the machine slept. */
const LATE = 1.25;
const VERY_LATE = 2;

/**
 * Knows when the frame's main thread does not answer: five looks in a row, a second apart, find the same question
 * open. Only looks that the page makes in time count, so that a busy machine, a throttled tab and a laptop that
 * slept raise no false alarm: what holds up the frame there holds up the page, too.
 */
export class FrameWatch {
  readonly #parts: FrameWatchParts;
  #isOver = false;
  #isAsking = false;
  #isSilent = false;
  #looks = 0;
  #last: number;

  constructor(parts: FrameWatchParts) {
    this.#parts = parts;
    this.#last = parts.clock.now();
    this.#wait();
  }

  close(): void {
    this.#isOver = true;
    this.#tell(false);
  }

  #wait(): void {
    this.#parts.timers.after(BETWEEN, () => {
      if (this.#isOver) return;
      this.#look();
      this.#wait();
    });
  }

  #look(): void {
    const now = this.#parts.clock.now();
    const apart = (now - this.#last) / 1000;
    this.#last = now;
    if (!this.#parts.isVisible() || apart > VERY_LATE) this.#looks = 0;
    else if (this.#isAsking && apart <= LATE && ++this.#looks >= LOOKS) this.#tell(true);
    if (!this.#isAsking) this.#ask();
  }

  #ask(): void {
    this.#isAsking = true;
    this.#looks = 0;
    this.#parts.ask().then(
      () => {
        this.#isAsking = false;
        this.#tell(false);
      },
      () => undefined,
    );
  }

  #tell(isSilent: boolean): void {
    if (isSilent === this.#isSilent) return;
    this.#isSilent = isSilent;
    this.#parts.onSilence(isSilent);
  }
}
