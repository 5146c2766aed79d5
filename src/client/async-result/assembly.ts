import { markOrigin } from '../../protocol/origins.ts';
import { collectErrors } from '../composite-error.ts';
import { ClusterError, KeyError, RemoteError, ValueError } from '../errors.ts';
import type { Job } from '../job.ts';
import { ExecuteReply } from './execute-reply.ts';

/** What the requests of one call make together: its value, its values by engine, its error. */

/** What a finished job stands for in the result, unless the call says otherwise. */
export function readJob(job: Job): unknown {
  return job.facts.method === 'execute' ? new ExecuteReply(job) : job.value;
}

/** The values of all jobs in one list; which engine gave them is noted. `parts`: the values of each. */
export function joinParts(jobs: readonly Job[], parts: readonly (readonly unknown[])[]): unknown[] {
  jobs.forEach(({ engineId }, i) => {
    for (const value of parts[i] ?? []) if (engineId !== null) markOrigin(value, engineId);
  });
  return parts.flat(1);
}

/** The jobs' results by engine id. @throws ValueError when one engine ran several, or a job ran on none. */
export function resultsByEngine(
  jobs: readonly Job[],
  resultOf: (job: Job) => unknown,
): Record<number, unknown> {
  const counts = new Map<number, number>();
  for (const { engineId } of jobs)
    if (engineId !== null) counts.set(engineId, (counts.get(engineId) ?? 0) + 1);
  for (const [engineId, n] of counts) {
    if (n > 1)
      throw new ValueError(`Cannot build dict, ${String(n)} jobs ran on engine #${String(engineId)}`);
  }
  const entries = jobs.map((job) => {
    if (job.engineId === null) throw new ValueError(`Cannot build dict, no engine ran ${job.facts.msgId}`);
    return [job.engineId, resultOf(job)] as const;
  });
  return Object.fromEntries<unknown>(entries);
}

/** One error for all of the jobs that have failed so far; null: none has. */
export function errorOf(
  jobs: readonly Job[],
  failed: readonly Job[],
  { isSingle, name }: { readonly isSingle: boolean; readonly name: string },
): Error | null {
  const errors = failed.flatMap((job) => job.error ?? []);
  const [first] = errors;
  if (!first) return null;
  // What kept the whole call from happening is no failure of several engines.
  const isOne = jobs.every((job) => (job.failedHere && job.error === first) || isRefusal(job, first));
  return isSingle || isOne ? first : collectErrors(errors.map(asClusterError), name);
}

/** The hub does not know what the call is about, and nothing of it has run. */
function isRefusal({ error, engineId }: Job, { message }: Error): boolean {
  return error instanceof KeyError && engineId === null && error.message === message;
}

function asClusterError(error: Error): ClusterError {
  return error instanceof ClusterError
    ? error
    : new RemoteError(error.name, error.message, error.stack ?? []);
}
