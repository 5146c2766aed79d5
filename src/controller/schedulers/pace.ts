/** Milliseconds: tasks that take less than this are tiny, for sending one costs as much. */
const TINY = 0.5;
/** Milliseconds of work that an engine may be given ahead: more than twice of what passes until it tells of some. */
const MOST_WORK = 2;
/** What an item costs an engine besides its own run, in milliseconds; roughly. */
const OVERHEAD = 0.005;
/** Tasks that it may be given ahead: those that can be taken from it at once wait for nobody. */
const MOST_TAKEN_BACK = 256;
const MOST_ASKED_FOR = 32;
/** Runs that must have been seen. */
const LEAST_RUNS = 4;
/** The weight of the last run in the mean. One run of several milliseconds ends the trust in a call at once. */
const WEIGHT = 1 / 8;

/** How long the tasks of one call take. */
export class Pace {
  readonly #most: number;
  #runs = 0;
  /** Milliseconds. */
  #mean = 0;

  /** `canTakeBack`: what an engine has not begun, without asking. */
  constructor(canTakeBack: boolean) {
    this.#most = canTakeBack ? MOST_TAKEN_BACK : MOST_ASKED_FOR;
  }

  /** Times in milliseconds; null or NaN where the task never ran. */
  learn(started: number | null, completed: number | null): void {
    const took = (completed ?? NaN) - (started ?? NaN);
    if (Number.isNaN(took)) return;
    this.#runs++;
    this.#mean += (Math.max(0, took) - this.#mean) * Math.max(WEIGHT, 1 / this.#runs);
  }

  /** How many tasks of this call an engine may be given behind the one that runs. */
  get ahead(): number {
    if (this.#runs < LEAST_RUNS || this.#mean >= TINY) return 0;
    return Math.min(this.#most, Math.floor(MOST_WORK / (this.#mean + OVERHEAD)));
  }
}
