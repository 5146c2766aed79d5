import type { EngineId, MsgId } from '../protocol/ids.ts';
import type { ClientCore } from './client-core.ts';
import { RuntimeError, ValueError } from './errors.ts';
import { engineList, type TargetSpec } from './indexing.ts';
import { msgIdsOf, type JobSpec } from './job-specs.ts';

/** Finished tasks that are to be forgotten: these, those of these engines, or all. */
export interface Purge {
  readonly all: boolean;
  readonly msgIds: readonly MsgId[];
  readonly engines: readonly EngineId[];
}

/** @throws ValueError when nothing is named. */
export function readPurge(core: ClientCore, jobs: JobSpec | null | undefined, targets: TargetSpec): Purge {
  const hasTargets = targets !== null && targets !== undefined;
  const hasJobs = jobs !== null && jobs !== undefined;
  if (!hasJobs && !hasTargets) throw new ValueError("say what to purge: jobs, targets, or 'all'");
  const all = jobs === 'all';
  const msgIds = all || !hasJobs ? [] : msgIdsOf(jobs, core.history);
  return { all, msgIds, engines: hasTargets ? engineList(targets, core.ids) : [] };
}

/** @throws RuntimeError when one of them is outstanding. */
export function purgeHere(core: ClientCore, unwanted: Purge): void {
  const msgIds = unwanted.all
    ? [...core.outstanding, ...core.knownIds]
    : [...unwanted.msgIds, ...finishedOn(core, unwanted.engines)];
  const open = msgIds.find((msgId) => core.isPending(msgId));
  if (open !== undefined) throw new RuntimeError(`Can't purge outstanding tasks: ${open}`);
  core.forget(msgIds);
}

export async function purgeInHub(core: ClientCore, { all, msgIds, engines }: Purge): Promise<void> {
  await core.ask({ type: 'purge', all, msgIds, engines: engines.length > 0 ? engines : null });
}

function finishedOn(core: ClientCore, engines: readonly EngineId[]): MsgId[] {
  const there = new Set<EngineId | null>(engines);
  const finished = core.knownJobs.filter((job) => !job.isPending && there.has(job.engineId));
  return finished.map((job) => job.facts.msgId);
}
