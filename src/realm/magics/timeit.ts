import type { Clock } from '../../base/clock.ts';
import { KeyboardInterrupt } from '../keyboard-interrupt.ts';
import { isThenable } from '../mime.ts';
import type { Sleeper } from '../sleep.ts';
import { countText, timeText } from './time-text.ts';

/** One time through the code. Gives a cell's boxed value, a promise of one, or nothing. */
export type Body = () => unknown;

export interface TimeitOptions {
  /** Loops of one run; null: as many as take 0.2 s. */
  readonly loops: number | null;
  readonly runs: number;
  readonly precision: number;
}

/** Seconds that a run must take for its time to mean something. */
const LONG_ENOUGH = 0.2;
/** Milliseconds after which an interrupt is let in. */
const SLICE = 50;
const MOST_LOOPS = 1e9;

/** What `%timeit -o` gives. Times are seconds of one loop. */
export class TimeitResult {
  readonly loops: number;
  readonly repeat: number;
  /** One for each run. */
  readonly allRuns: readonly number[];
  readonly average: number;
  /** Of the runs, as a population. */
  readonly stdev: number;
  readonly best: number;
  readonly worst: number;
  readonly #precision: number;

  constructor(loops: number, allRuns: readonly number[], precision: number) {
    this.loops = loops;
    this.repeat = allRuns.length;
    this.allRuns = allRuns;
    this.average = mean(allRuns);
    this.stdev = Math.sqrt(mean(allRuns.map((time) => (time - this.average) ** 2)));
    this.best = Math.min(...allRuns);
    this.worst = Math.max(...allRuns);
    this.#precision = precision;
  }

  /** `1.24 ms ± 30 µs per loop (mean ± std. dev. of 7 runs, 1,000 loops each)` */
  toString(): string {
    const [average, stdev] = [this.average, this.stdev].map((time) => timeText(time, this.#precision));
    return (
      `${average ?? ''} ± ${stdev ?? ''} per loop (mean ± std. dev. of ${plural(this.repeat, 'run')}, ` +
      `${plural(this.loops, 'loop')} each)`
    );
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `<TimeitResult : ${this.toString()}>`;
  }
}

/**
 * Runs `body` again and again. What it returns is awaited where it is a promise; an interrupt is let in
 * between slices of 50 ms, which no time is charged for.
 */
export async function timeit(
  body: Body,
  { loops, runs, precision }: TimeitOptions,
  realm: { readonly clock: Clock; readonly sleeper: Sleeper },
): Promise<TimeitResult> {
  const stopwatch = new Stopwatch(body, realm.clock, realm.sleeper);
  const n = loops ?? (await findLoops(stopwatch));
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push((await stopwatch.time(n)) / n);
  return new TimeitResult(n, times, precision);
}

/** A sentence about runs that differ too much to be trusted; null when they do not. */
export function doubtsAbout({ best, worst }: TimeitResult): string | null {
  if (!(best > 0 && worst > 4 * best && worst > 1e-6)) return null;
  return (
    `The slowest run took ${(worst / best).toFixed(2)} times longer than the fastest. ` +
    'Something may be cached, or other work may have been going on.'
  );
}

/** 1, 2, 5, 10, 20 … until a run takes long enough. */
async function findLoops(stopwatch: Stopwatch): Promise<number> {
  for (let decade = 1; decade < MOST_LOOPS; decade *= 10) {
    for (const n of [decade, 2 * decade, 5 * decade]) {
      if ((await stopwatch.time(n)) >= LONG_ENOUGH) return n;
    }
  }
  return MOST_LOOPS;
}

/** How a body has to be called so that what it does is over. */
type Kind = 'unknown' | 'now' | 'later';

class Stopwatch {
  readonly #body: Body;
  readonly #clock: Clock;
  readonly #sleeper: Sleeper;
  /** The interrupts there had been when it began. */
  readonly #interruptions: number;
  /** Found out at the first call, which counts like any other. */
  #kind: Kind = 'unknown';
  /** What the latest call gave: kept, or the compiler would be free to leave out code that does nothing else. */
  last: unknown;
  /** Loops between two looks at the clock. */
  #chunk = 1;
  #pausedAt: number;

  constructor(body: Body, clock: Clock, sleeper: Sleeper) {
    this.#body = body;
    this.#clock = clock;
    this.#sleeper = sleeper;
    this.#interruptions = sleeper.interruptions;
    this.#pausedAt = clock.now();
  }

  /** Seconds that `loops` calls take. */
  async time(loops: number): Promise<number> {
    let spent = 0;
    for (let done = 0; done < loops;) {
      const count = Math.min(this.#chunk, loops - done);
      const began = this.#clock.now();
      const pending = this.#call(count);
      if (pending) await pending;
      const took = this.#clock.now() - began;
      spent += took;
      done += count;
      if (took < SLICE / 2 && count === this.#chunk) this.#chunk *= 2;
      else if (took > 2 * SLICE) this.#chunk = Math.max(1, Math.floor(this.#chunk / 2));
      await this.#letIn();
    }
    return spent / 1000;
  }

  /** A promise only if the body needs one. */
  #call(count: number): Promise<void> | null {
    const body = this.#body;
    if (this.#kind !== 'now') return this.#callFirst(count);
    let last: unknown;
    for (let i = 0; i < count; i++) last = body();
    this.last = last;
    return null;
  }

  #callFirst(count: number): Promise<void> | null {
    if (this.#kind === 'later') return this.#callLater(count);
    const first = this.#body();
    this.#kind = isThenable(first) || isThenable(valueOf(first)) ? 'later' : 'now';
    return this.#kind === 'later' ? this.#callLater(count - 1, first) : this.#call(count - 1);
  }

  async #callLater(count: number, begun?: unknown): Promise<void> {
    if (begun !== undefined) await valueOf(isThenable(begun) ? await begun : begun);
    for (let i = 0; i < count; i++) await valueOf(await this.#body());
  }

  async #letIn(): Promise<void> {
    if (this.#sleeper.interruptions !== this.#interruptions) throw new KeyboardInterrupt();
    if (this.#clock.now() - this.#pausedAt < SLICE) return;
    await this.#sleeper.sleep(0);
    this.#pausedAt = this.#clock.now();
  }
}

function valueOf(box: unknown): unknown {
  return typeof box === 'object' && box !== null ? Reflect.get(box, 'value') : undefined;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function plural(count: number, word: string): string {
  return `${countText(count)} ${word}${count === 1 ? '' : 's'}`;
}
