import type { Clock, Timers } from '../base/clock.ts';
import { ownProgressBundle } from '../client/async-result/progress.ts';
import type { MimeBundle } from '../protocol/outputs.ts';
import type { Outputs } from './run-outputs.ts';

/** Seconds between two drawings: a loop may tell more often than anybody can see. */
const PACE = 0.05;

export interface OwnProgressHost {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Of the run that runs. */
  outputs(): Outputs | null;
  newDisplay(bundle: MimeBundle, outputs: Outputs): { update(bundle: MimeBundle): void };
}

/** The bar of one run. */
interface Bar {
  readonly outputs: Outputs;
  readonly display: { update(bundle: MimeBundle): void };
  readonly since: number;
  drawn: number;
  /** What is to be drawn when it is time. */
  next: { readonly done: number; readonly total: number } | null;
}

/** `progress(done, total)` in a cell: a bar in its output, one for each run, as tasks on engines have it. */
export function createOwnProgress(host: OwnProgressHost) {
  const { clock, timers } = host;
  let bar: Bar | null = null;
  const draw = (to: Bar, done: number, total: number) => {
    to.next = null;
    to.drawn = clock.now();
    to.display.update(ownProgressBundle(done, total, (to.drawn - to.since) / 1000));
  };
  return (done: number, total = 1): void => {
    if (typeof done !== 'number' || typeof total !== 'number' || Number.isNaN(done) || Number.isNaN(total)) {
      throw new TypeError('progress takes two numbers: progress(done, total)');
    }
    const outputs = host.outputs();
    if (outputs === null) return;
    const now = clock.now();
    if (bar?.outputs !== outputs) {
      const display = host.newDisplay(ownProgressBundle(done, total, 0), outputs);
      bar = { outputs, display, since: now, drawn: now, next: null };
    } else if (done >= total || now - bar.drawn >= 1000 * PACE) {
      draw(bar, done, total);
    } else {
      const isWaiting = bar.next !== null;
      bar.next = { done, total };
      const late = bar;
      if (!isWaiting) {
        timers.after(PACE, () => {
          if (late.next) draw(late, late.next.done, late.next.total);
        });
      }
    }
  };
}
