import type { MsgId } from '../protocol/ids.ts';
import type { ClientCore } from './client-core.ts';
import { KeyError } from './errors.ts';

/** Which requests have ended, well or badly, and which have not. */
export interface ResultStatus {
  readonly pending: MsgId[];
  readonly completed: MsgId[];
  /** Of those that have ended: the value, or the error. Only when asked for. */
  readonly results?: Record<MsgId, unknown>;
}

/** Waits for no request. @throws KeyError for an id that the hub does not know. */
export async function resultStatus(
  core: ClientCore,
  msgIds: readonly MsgId[],
  statusOnly: boolean,
): Promise<ResultStatus> {
  const isStranger = (msgId: MsgId) => !core.find(msgId) || core.find(msgId)?.error instanceof KeyError;
  const areStrangers = msgIds.some(isStranger);
  const jobs = msgIds.flatMap((msgId) => core.recall([msgId]));
  // Answers come in order: when this one is there, what the hub has of the others has come before.
  const known = areStrangers ? new Set((await core.ask({ type: 'history' })) as readonly MsgId[]) : null;
  const lost = jobs.find((job) => job.error instanceof KeyError && known?.has(job.facts.msgId) === false);
  if (lost?.error) throw lost.error;
  const [pending, ended] = [jobs.filter((job) => job.isPending), jobs.filter((job) => !job.isPending)];
  const status = {
    pending: pending.map((job) => job.facts.msgId),
    completed: ended.map((job) => job.facts.msgId),
  };
  if (statusOnly) return status;
  return {
    ...status,
    results: Object.fromEntries(ended.map((job) => [job.facts.msgId, job.error ?? job.value])),
  };
}
