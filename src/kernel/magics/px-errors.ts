import type { Timers } from '../../base/clock.ts';
import type { AsyncResult } from '../../client/async-result/async-result.ts';
import { CompositeError } from '../../client/composite-error.ts';
import { AlreadyDisplayedError, ClusterError } from '../../client/errors.ts';
import type { Job } from '../../client/job.ts';
import type { WireError } from '../../protocol/errors.ts';
import type { RunContext } from '../run-context.ts';

/** Seconds that an error waits for others of its kind. */
const HOLD = 0.25;

/**
 * The errors of a run whose output streams. They are shown as they happen, so that nobody waits for the slowest
 * engine to hear of the first mistake; but those that come together are shown together, because equal errors of
 * many engines are one line for the reader. So:
 * - All engines answer within a quarter of a second of the first error: nothing has been shown, the cell fails
 *   with the one CompositeError.
 * - Else errors are shown in waves, the first `CompositeError.tbLimit` of the run with their tracebacks and each
 *   further one in a line, and at the end the cell fails with "6 errors" alone (AlreadyDisplayedError, whose
 *   `original` is the CompositeError).
 */
export class ErrorWaves {
  readonly #ar: AsyncResult;
  readonly #timers: Timers;
  readonly #context: RunContext;
  /** Failed and not shown. */
  #held: Job[] = [];
  #shown = 0;
  /** Null while nothing is held. */
  #cancel: (() => void) | null = null;

  constructor(ar: AsyncResult, timers: Timers, context: RunContext) {
    this.#ar = ar;
    this.#timers = timers;
    this.#context = context;
    for (const job of ar.jobs) {
      job.onSettled(() => {
        if (job.error !== null) this.#hold(job);
      });
    }
  }

  /** What the cell fails with: `error`, or that its parts have been shown. */
  end(error: unknown): unknown {
    this.#cancel?.();
    if (this.#shown === 0 || !(error instanceof ClusterError)) return error;
    this.#show();
    const count = error instanceof CompositeError ? error.elist.length : 1;
    return new AlreadyDisplayedError(count, error);
  }

  #hold(job: Job): void {
    this.#held.push(job);
    this.#cancel ??= this.#timers.after(HOLD, () => {
      this.#cancel = null;
      // When all have answered, `end` is about to be called.
      if (!this.#ar.ready()) this.#show();
    });
  }

  #show(): void {
    // In target order, as in every list of engines.
    const held = new Set(this.#held.splice(0));
    const errors = this.#ar.jobs.filter((job) => held.has(job)).flatMap((job) => wireOf(job) ?? []);
    const limit = CompositeError.tbLimit - this.#shown;
    this.#shown += errors.length;
    const told = errors.map((error, i) => (i < limit ? error : headlineOnly(error)));
    const [only] = told;
    if (only === undefined) return;
    if (told.length === 1) {
      const lane = only.engineInfo?.engineId ?? null;
      this.#context.outputs.add({ type: 'error', lane, error: only });
      return;
    }
    const message = `one or more exceptions raised in: ${this.#ar.name}`;
    this.#context.outputs.add({
      type: 'composite-error',
      lane: null,
      message,
      errors: told,
      tbLimit: told.length,
    });
  }
}

function wireOf({ error }: Job): WireError | null {
  return error instanceof ClusterError ? error.toWire() : null;
}

function headlineOnly(error: WireError): WireError {
  return { ...error, traceback: error.traceback.slice(0, 1) };
}
