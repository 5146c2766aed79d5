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

interface Watched {
  /** How far it is now. */
  measure(): Progress;
  /** True when it is over, false when that many seconds are over first. */
  until(seconds: number): Promise<boolean>;
}

/** A pause is at least so many times as long as the drawing before it: a million tasks are slow to count. */
const MOST_EFFORT = 20;

/** Draws how far something is until it is over, or until time is up. Seconds, as everywhere. */
export async function drawProgress(
  watched: Watched,
  { interval, timeout = Infinity }: InteractiveWaiting,
  { display, clock }: Pick<ClientEnvironment, 'display' | 'clock'>,
): Promise<void> {
  const end = clock.now() + 1000 * timeout;
  const bar = new Bar(display);
  for (;;) {
    const from = clock.now();
    bar.draw(progressBundle(watched.measure()));
    const now = clock.now();
    const pause = Math.max(interval, (MOST_EFFORT * (now - from)) / 1000);
    const left = (end - now) / 1000;
    if (left <= 0 || (await watched.until(Math.min(pause, left)))) break;
  }
  bar.draw(progressBundle(watched.measure()));
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
