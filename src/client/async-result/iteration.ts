import type { Job } from '../job.ts';

/** What iterating over a result needs: its jobs, and how to read one that has finished. */
export interface JobSource {
  readonly jobs: readonly Job[];
  /** In order of submission; else in the order in which they finish. */
  readonly ordered: boolean;
  /** The items of a finished job. Throws its error. */
  readonly itemsOf: (job: Job) => readonly unknown[];
}

/** Items as they arrive, for `for await`. */
export async function* iterateAsync(source: JobSource): AsyncGenerator<unknown, void> {
  const next = source.ordered ? inOrder(source.jobs) : asFinished(source.jobs);
  for await (const job of next) yield* source.itemsOf(job);
}

/** The same for a plain `for`: `block` waits until something is true. */
export function* iterateBlocking(
  source: JobSource,
  block: (until: () => boolean) => void,
): Generator<unknown, void> {
  const waiting = new Set(source.jobs);
  while (waiting.size > 0) {
    const candidates = source.ordered ? [...waiting].slice(0, 1) : [...waiting];
    block(() => candidates.some((job) => !job.isPending));
    for (const job of candidates.filter((candidate) => !candidate.isPending)) {
      waiting.delete(job);
      yield* source.itemsOf(job);
    }
  }
}

async function* inOrder(jobs: readonly Job[]): AsyncGenerator<Job, void> {
  for (const job of jobs) {
    await finished(job);
    yield job;
  }
}

async function* asFinished(jobs: readonly Job[]): AsyncGenerator<Job, void> {
  const done: Job[] = jobs.filter((job) => !job.isPending);
  let wake: () => void = () => undefined;
  for (const job of jobs) {
    job.onSettled(() => {
      done.push(job);
      wake();
    });
  }
  for (let yielded = 0; yielded < jobs.length; yielded++) {
    if (done.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    const job = done.shift();
    if (job) yield job;
  }
}

export function finished(job: Job): Promise<void> {
  if (!job.isPending) return Promise.resolve();
  return new Promise((resolve) => {
    job.onSettled(resolve);
  });
}
