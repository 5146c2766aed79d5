import type { Clock, Timers } from '../base/clock.ts';
import type { RuntimeEvent } from '../protocol/runtime-messages.ts';
import { checkEvents } from './runtime-events.ts';

interface IntakeParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly handle: (events: readonly RuntimeEvent[]) => void;
  /** A sentence: the frame says more than the page can take, and is not listened to any more. */
  readonly onFlood: (reason: string) => void;
}

/** Messages a second; the frame sends 60. */
const MOST_MESSAGES = 600;
/** Events that wait, beyond which outputs are dropped; and beyond which the frame is given up. */
const MANY_WAITING = 50_000;
const MOST_WAITING = 500_000;
/** Events that are handled together, milliseconds that may pass with them, and seconds of rest after that. */
const AT_ONCE = 200;
const SLICE = 12;
const REST = 0.012;

/**
 * Takes in what the frame tells, at a bounded cost a second: events are checked and handled in slices of a few
 * milliseconds, with as long a rest between them. What comes faster waits; when too much waits, outputs are dropped and
 * the reader is told.
 */
export class EventIntake {
  readonly #parts: IntakeParts;
  #waiting: unknown[] = [];
  #next = 0;
  #isResting = false;
  #isOver = false;
  #hasWarned = false;
  #dropped = 0;
  #second = 0;
  #messages = 0;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** What came through the port. */
  take(data: unknown): void {
    if (this.#isOver) return;
    const batch: readonly unknown[] = Array.isArray(data) ? data : [data];
    if (this.#isTooMany() || this.#waiting.length - this.#next + batch.length > MOST_WAITING) {
      this.#isOver = true;
      this.#waiting = [];
      this.#parts.onFlood('The sandbox says more than this page can take in. It was stopped.');
      return;
    }
    for (const event of batch) {
      if (this.#waiting.length - this.#next < MANY_WAITING || !isOutput(event)) this.#waiting.push(event);
      else this.#dropped++;
    }
    if (!this.#isResting) this.#work();
  }

  #isTooMany(): boolean {
    const second = Math.floor(this.#parts.clock.now() / 1000);
    if (second !== this.#second) this.#messages = 0;
    this.#second = second;
    return ++this.#messages > MOST_MESSAGES;
  }

  #work(): void {
    const { clock, handle } = this.#parts;
    const begun = clock.now();
    while (this.#next < this.#waiting.length && clock.now() - begun < SLICE) {
      const { events, dropped } = checkEvents(this.#waiting.slice(this.#next, this.#next + AT_ONCE));
      this.#next += AT_ONCE;
      if (events.length > 0) handle(events);
      // Once: whoever sends one may send many.
      if (dropped > 0 && !this.#hasWarned) handle([{ type: 'notice', level: 'warning', text: REFUSED }]);
      if (dropped > 0) this.#hasWarned = true;
    }
    if (this.#next < this.#waiting.length) {
      this.#rest();
      return;
    }
    this.#waiting = [];
    this.#next = 0;
    if (this.#dropped > 0) handle([{ type: 'notice', level: 'warning', text: leftOut(this.#dropped) }]);
    this.#dropped = 0;
  }

  #rest(): void {
    this.#isResting = true;
    this.#parts.timers.after(REST, () => {
      this.#isResting = false;
      if (!this.#isOver) this.#work();
    });
  }
}

const REFUSED =
  'Kernel or engines have told this page what it does not understand, or what is too much for it. It was left out.';

/** What may be left out without anything waiting for it for ever. */
function isOutput(event: unknown): boolean {
  if (typeof event !== 'object' || event === null || !('type' in event)) return true;
  if (event.type === 'notice' || event.type === 'tasks') return true;
  if (event.type !== 'kernel' || !('event' in event)) return false;
  const { event: inner } = event;
  if (typeof inner !== 'object' || inner === null || !('type' in inner)) return true;
  return inner.type === 'output' || inner.type === 'update-display';
}

function leftOut(count: number): string {
  return `Output came faster than it can be shown: ${String(count)} pieces were left out.`;
}
