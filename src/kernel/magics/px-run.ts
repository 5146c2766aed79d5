import type { Timers } from '../../base/clock.ts';
import type { AsyncResult } from '../../client/async-result/async-result.ts';
import { outputOfEvent } from '../../client/async-result/display.ts';
import type { Job } from '../../client/job.ts';
import { isShownEvent } from '../../protocol/outputs.ts';
import { say, type RunContext, type Step } from '../run-context.ts';
import { ErrorWaves } from './px-errors.ts';
import type { GroupBy, Signal } from './px-flags.ts';
import { showProgress } from './px-progress.ts';

/** Code that is on its way to engines, and a cell that waits for it. */
export interface PxRun {
  readonly ar: AsyncResult;
  readonly context: RunContext;
  readonly timers: Timers;
  readonly progressAfter: number;
  /** What `interrupt` sends, for the message. */
  readonly signal: Signal;
  interrupt(): Promise<void>;
}

/** Shows everything when it happens, in the lane of its engine; errors too: `ErrorWaves`. */
export async function followOutputs(run: PxRun, local: Step | null): Promise<void> {
  for (const job of run.ar.jobs) followJob(job, run.context);
  const waves = new ErrorWaves(run.ar, run.timers, run.context);
  try {
    await untilDone(run, local);
  } catch (error) {
    throw waves.end(error);
  }
}

/** Shows everything at the end, in the order asked for. */
export async function collectOutputs(run: PxRun, local: Step | null, groupBy: GroupBy): Promise<void> {
  try {
    await untilDone(run, local);
  } finally {
    for (const shown of run.ar.collectOutputs(groupBy)) run.context.outputs.add(shown);
  }
}

/**
 * Until all engines have answered, and the code has run here if it is to. An interrupt goes on to the engines;
 * each then ends with KeyboardInterrupt, or is terminated by the controller after its grace: either way it
 * answers, so the wait itself is not cut short.
 */
async function untilDone(run: PxRun, local: Step | null): Promise<void> {
  const { ar, context, timers, progressAfter: after } = run;
  const forget = context.interrupts.onInterrupt(() => {
    say(context, `Received Keyboard Interrupt. Sending signal ${run.signal} to engines...\n`, 'stderr');
    // What the signal cannot do is told by how the engines end.
    run.interrupt().catch((error: unknown) => {
      context.showError(error);
    });
  });
  const endProgress = showProgress(ar, { after, timers }, context);
  try {
    const here = await runHere(local);
    const there = await errorOf(ar);
    // The last error ends the cell; one before it is shown where it stands.
    if (here !== null && there !== null) context.showError(here.error);
    if (there !== null) throw there;
    if (here !== null) throw here.error;
  } finally {
    endProgress();
    forget();
  }
}

/** The magic sends its own signal: an interrupt does not cancel this wait. */
async function errorOf(ar: AsyncResult): Promise<Error | null> {
  // Asked for, so that no failure is told as one that nobody waits for.
  await ar.wait(0);
  await new Promise<void>((resolve) => {
    ar.onSettled(() => {
      resolve();
    });
  });
  return ar.exception();
}

async function runHere(local: Step | null): Promise<{ readonly error: unknown } | null> {
  try {
    await local?.();
    return null;
  } catch (error) {
    return { error };
  }
}

function followJob(job: Job, context: RunContext): void {
  const lane = job.facts.target;
  const stop = job.onEvent((event) => {
    if (!isShownEvent(event)) return;
    if (event.type === 'display' && event.update === true) {
      if (event.displayId === undefined) return;
      context.outputs.updateDisplay(event.displayId, event.bundle);
      return;
    }
    const output = outputOfEvent(event, lane);
    if (output !== null) context.outputs.add(output);
  });
  job.onSettled(() => {
    stop();
    const { executeResult: bundle, executionCount } = job;
    if (bundle === null) return;
    context.outputs.add({ type: 'result', lane, bundle, executionCount: executionCount ?? 0 });
  });
}
