import type { MsgId } from '../protocol/ids.ts';
import { AsyncResult } from './async-result/async-result.ts';
import { metadataOf, type Metadata } from './async-result/metadata.ts';
import type { WaitInteractiveOptions } from './async-result/wait-interactive.ts';
import type { ClientCore } from './client-core.ts';
import { engineList, type TargetSpec } from './indexing.ts';
import type { Job } from './job.ts';
import { jobsOf, msgIdsOf, tellEach, type JobSpec } from './job-specs.ts';

/** The requests that a client knows: what it has of them, and what it can do to them. */

/** The message ids that are meant: all that is outstanding, when nothing is said. @throws as `msgIdsOf`. */
export function msgIdsOrOutstanding(core: ClientCore, jobs: JobSpec | null | undefined): MsgId[] {
  if (jobs === null || jobs === undefined) return [...core.outstanding];
  return msgIdsOf(jobs, core.history);
}

/** The same as requests. @throws as `msgIdsOf`. */
export function jobsOrPending(core: ClientCore, jobs: JobSpec | null | undefined): Job[] {
  return jobs === null || jobs === undefined ? [...core.pending] : jobsOf(core, jobs, core.history);
}

/** Results that are there and still held by somebody, by message id. */
export function knownResults(core: ClientCore): Record<MsgId, unknown> {
  const finished = core.knownJobs.filter((job) => job.status === 'ok');
  return Object.fromEntries(finished.map((job) => [job.facts.msgId, job.value]));
}

/** The facts about requests that are pending or still held by somebody, by message id. */
export function knownMetadata(core: ClientCore): Record<MsgId, Metadata> {
  return Object.fromEntries(core.knownJobs.map((job) => [job.facts.msgId, metadataOf(job)] as const));
}

/** See `Client.waitInteractive`. */
export async function watchJobs(
  core: ClientCore,
  jobs: JobSpec | null | undefined,
  options?: WaitInteractiveOptions,
): Promise<void> {
  const pending = jobsOrPending(core, jobs);
  if (pending.length === 0) return;
  const all = new AsyncResult(core, pending, { isSingle: false, name: 'waiting', owner: false });
  await all.waitInteractive(options);
}

/** See `Client.abort`. */
export function abortJobs(
  core: ClientCore,
  jobs: JobSpec | null | undefined,
  targets: TargetSpec,
): Promise<void> {
  const msgIds = msgIdsOrOutstanding(core, jobs);
  tellEach(core, onTargets(core, msgIds, targets), (reaching, ids) => {
    reaching.post({ type: 'abort', msgIds: ids });
  });
  return Promise.resolve();
}

function onTargets(core: ClientCore, msgIds: readonly MsgId[], targets: TargetSpec): readonly MsgId[] {
  if (targets === null || targets === undefined) return msgIds;
  const engines = engineList(targets, core.ids);
  return msgIds.filter((msgId) => engines.includes(core.find(msgId)?.engineId ?? -1));
}
