import type { MimeBundle } from '../../protocol/outputs.ts';
import { waitingTime } from '../blocking.ts';
import type { ClientEnvironment } from '../environment.ts';
import { ValueError } from '../errors.ts';
import { readOptions } from '../options.ts';
import { print } from '../print.ts';
import { progressBundle, type Progress } from './progress.ts';
import { checkReturnWhen, type ReturnWhen } from './waiting.ts';

export interface WaitInteractiveOptions {
  /** Seconds between two drawings of the bar. Default 0.1. */
  readonly interval?: number;
  /** Seconds; null or negative (default) is for ever. */
  readonly timeout?: number | null;
  readonly returnWhen?: ReturnWhen;
}

export interface InteractiveWaiting {
  readonly interval: number;
  readonly timeout: number | undefined;
  readonly returnWhen: ReturnWhen | undefined;
}

/** @throws TypeError for other options; ValueError for an interval that is not positive. */
export function readInteractive(options: WaitInteractiveOptions | undefined): InteractiveWaiting {
  const names = ['interval', 'timeout', 'returnWhen'] as const;
  const { interval = 0.1, timeout, returnWhen } = readOptions(options, names, 'waitInteractive');
  if (typeof interval !== 'number' || !(interval > 0)) {
    throw new ValueError(`interval must be a positive number of seconds, not ${String(interval)}`);
  }
  return { interval, timeout: waitingTime(timeout), returnWhen: checkReturnWhen(returnWhen) };
}

interface Measured {
  /** How far it is now. */
  measure(): Progress;
}

interface Watched extends Measured {
  /** True when it is over, false when that many seconds are over first. */
  until(seconds: number): Promise<boolean>;
}

interface WatchedBlocking extends Measured {
  /** The same, blocking. */
  untilSync(seconds: number): boolean;
}

type Place = Pick<ClientEnvironment, 'display' | 'clock'>;

/** Draws how far something is until it is over, or until time is up. Seconds, as everywhere. */
export async function drawProgress(
  watched: Watched,
  waiting: InteractiveWaiting,
  place: Place,
): Promise<void> {
  const drawing = draw(watched, waiting, place);
  let step = drawing.next();
  while (!step.done) step = drawing.next(await watched.until(step.value));
}

/** The same, blocking. */
export function drawProgressSync(watched: WatchedBlocking, waiting: InteractiveWaiting, place: Place): void {
  const drawing = draw(watched, waiting, place);
  let step = drawing.next();
  while (!step.done) step = drawing.next(watched.untilSync(step.value));
}

/** A pause is at least so many times as long as the drawing before it: a million tasks are slow to count. */
const MOST_EFFORT = 20;

/** Draws, and gives for how many seconds to wait; is told whether it was over first. */
function* draw(
  measured: Measured,
  { interval, timeout = Infinity }: InteractiveWaiting,
  { display, clock }: Place,
): Generator<number, void, boolean> {
  const end = clock.now() + 1000 * timeout;
  const bar = new Bar(display);
  for (;;) {
    const from = clock.now();
    bar.draw(progressBundle(measured.measure()));
    const now = clock.now();
    const pause = Math.max(interval, (MOST_EFFORT * (now - from)) / 1000);
    const left = (end - now) / 1000;
    if (left <= 0 || (yield Math.min(pause, left))) break;
  }
  bar.draw(progressBundle(measured.measure()));
  bar.end();
}

type Show = NonNullable<ClientEnvironment['display']>;

/** One display that is replaced; where there are no displays, the last state is printed. */
class Bar {
  readonly #show: Show | undefined;
  #shown: ReturnType<Show> | null = null;
  #text: unknown = null;

  constructor(show: Show | undefined) {
    this.#show = show;
  }

  draw(bundle: MimeBundle): void {
    const text = bundle.data['text/plain'];
    if (text === this.#text) return;
    this.#text = text;
    if (this.#shown) this.#shown.update(bundle);
    else this.#shown = this.#show?.(bundle) ?? null;
  }

  end(): void {
    if (!this.#show) print(String(this.#text));
  }
}
