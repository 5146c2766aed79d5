import type { Job } from '../job.ts';

/** What iterating over a result needs: its jobs, and how to read one that has finished. */
export interface JobSource {
  readonly jobs: readonly Job[];
  /** In order of submission; else in the order in which they finish. */
  readonly ordered: boolean;
  /** The items of a finished job. Throws its error. */
  readonly itemsOf: (job: Job) => readonly unknown[];
  /** Somebody waits, until the returned function is called. */
  readonly awaiting?: () => () => void;
}

/** Items as they arrive, for `for await`. */
export async function* iterateAsync(source: JobSource): AsyncGenerator<unknown, void> {
  const next = source.ordered ? inOrder(source.jobs) : asFinished(source.jobs);
  for (;;) {
    const endWait = source.awaiting?.();
    const step = await next.next();
    endWait?.();
    if (step.done) return;
    yield* source.itemsOf(step.value);
  }
}

/** The same for a plain `for`: `block` waits until something is true. */
export function* iterateBlocking(
  source: JobSource,
  block: (until: () => boolean) => void,
): Generator<unknown, void> {
  const { jobs, ordered, itemsOf } = source;
  const next = ordered ? jobs : finishing(jobs);
  for (let i = 0; i < jobs.length; i++) {
    block(() => next[i]?.isPending === false);
    const job = next[i];
    if (job) yield* itemsOf(job);
  }
}

async function* inOrder(jobs: readonly Job[]): AsyncGenerator<Job, void> {
  for (const job of jobs) {
    await finished(job);
    yield job;
  }
}

async function* asFinished(jobs: readonly Job[]): AsyncGenerator<Job, void> {
  let wake: () => void = () => undefined;
  const done = finishing(jobs, () => {
    wake();
  });
  for (let i = 0; i < jobs.length; i++) {
    if (i >= done.length) await new Promise<void>((resolve) => (wake = resolve));
    const job = done[i];
    if (job) yield job;
  }
}

/** Those that have finished, then, as it happens, each that does: the list grows. */
function finishing(jobs: readonly Job[], onFinished?: () => void): readonly Job[] {
  const done = jobs.filter((job) => !job.isPending);
  for (const job of jobs) {
    job.onSettled(() => {
      done.push(job);
      onFinished?.();
    });
  }
  return done;
}

/** Resolves when it has ended. */
export function finished(job: Job): Promise<void> {
  if (!job.isPending) return Promise.resolve();
  return new Promise((resolve) => {
    job.onSettled(resolve);
  });
}
