import type { MsgId } from '../protocol/ids.ts';
import { AsyncResult } from './async-result/async-result.ts';
import { waitingTime } from './blocking.ts';
import type { ClientCore } from './client-core.ts';
import { IndexError } from './errors.ts';
import type { History } from './history.ts';
import type { Job } from './job.ts';

/** How people point at requests: an AsyncResult, a message id, a place in the history, or several of these. */
export type JobSpec = AsyncResult | string | number | Iterable<JobSpec>;

/** What people can wait for: requests, and promises of any kind. */
export type AwaitSpec = JobSpec | PromiseLike<unknown> | Iterable<JobSpec | PromiseLike<unknown>>;

/**
 * The message ids that a specification means; numbers are places in `history`, negative ones from its end.
 * @throws IndexError for a place that does not exist; TypeError for what points at no request.
 */
export function msgIdsOf(spec: JobSpec, history: History): MsgId[] {
  if (spec instanceof AsyncResult) return spec.msgIds;
  if (typeof spec === 'string') return [spec as MsgId];
  if (typeof spec === 'number') return [atPlace(spec, history)];
  if (typeof spec === 'object' && (spec as object | null) && Symbol.iterator in spec) {
    return [...spec].flatMap((one) => msgIdsOf(one, history));
  }
  throw new TypeError(`jobs must be AsyncResults, message ids or places in the history, not ${typeof spec}`);
}

/**
 * The requests that a specification means, to be waited for: AsyncResults stand for their own, whichever client's they
 * are; ids are looked up, here and in the hub. Without those that are known to have ended. @throws as `msgIdsOf`.
 */
export function jobsOf(core: ClientCore, spec: JobSpec, history: History): Job[] {
  if (spec instanceof AsyncResult) return [...spec.jobs];
  if (typeof spec === 'object' && (spec as object | null) && Symbol.iterator in spec)
    return [...spec].flatMap((one) => jobsOf(core, one, history));
  return core.recall(msgIdsOf(spec, history).filter((msgId) => !core.isForgotten(msgId)));
}

/** The requests by whom they are told to: each cluster has its own. */
export function tellEach(
  core: ClientCore,
  msgIds: readonly MsgId[],
  tell: (reaching: ClientCore, msgIds: readonly MsgId[]) => void,
): void {
  const groups = new Map<ClientCore, MsgId[]>([[core, []]]);
  for (const msgId of msgIds) {
    const reaching = core.reaching(msgId);
    const group = groups.get(reaching);
    if (group) group.push(msgId);
    else groups.set(reaching, [msgId]);
  }
  for (const [reaching, group] of groups) if (reaching === core || group.length > 0) tell(reaching, group);
}

function atPlace(index: number, history: History): MsgId {
  if (!Number.isInteger(index)) throw new TypeError(`${String(index)} is no place in the history`);
  const msgId = history.at(index);
  if (msgId === undefined)
    throw new IndexError(`no message at ${String(index)}: there are ${String(history.length)}`);
  return msgId;
}

/**
 * A further AsyncResult on requests of any client; bare results for one id, a list for a list. What is not
 * known here any more is asked of the hub; a culled or unknown id rejects with KeyError.
 */
export function resultOf(core: ClientCore, history: History, spec: JobSpec = -1): AsyncResult {
  if (spec === -1 && history.length === 0)
    throw new IndexError('there is no result yet: nothing was submitted');
  const jobs = core.recall(msgIdsOf(spec, history));
  const isSingle = spec instanceof AsyncResult ? spec.isSingle : typeof spec !== 'object';
  const name = spec instanceof AsyncResult ? spec.name : (jobs[0]?.facts.name ?? 'result');
  return new AsyncResult(core, jobs, { isSingle, name, owner: false });
}

/** The requests once more, under new ids: bare results for one, a list for a list. */
export function resubmitted(core: ClientCore, spec: JobSpec): AsyncResult {
  const jobs = core.resubmit(msgIdsOf(spec, core.history));
  const isSingle = spec instanceof AsyncResult ? spec.isSingle : typeof spec !== 'object';
  const name = jobs[0]?.facts.name ?? 'resubmit';
  return new AsyncResult(core, jobs, { isSingle, name, owner: false });
}

/**
 * Whether all that is named ends within `timeout` seconds. Never rejects with the errors of what it waits for.
 * @throws as `msgIdsOf`.
 */
export function waitForAll(
  core: ClientCore,
  history: History,
  spec: AwaitSpec,
  timeout: number | null | undefined,
): Promise<boolean> {
  const { jobs, promises } = sortedOut(spec);
  const requests = waitForJobs(core, jobsOf(core, jobs, history), timeout);
  if (promises.length === 0) return requests;
  return Promise.all([requests, endedWithin(core, promises, waitingTime(timeout))]).then(
    ([requestsEnded, othersEnded]) => requestsEnded && othersEnded,
  );
}

function endedWithin(
  core: ClientCore,
  promises: readonly PromiseLike<unknown>[],
  seconds: number | undefined,
): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel =
      seconds === undefined
        ? undefined
        : core.environment.timers.after(seconds, () => {
            resolve(false);
          });
    void Promise.allSettled(promises).then(() => {
      cancel?.();
      resolve(true);
    });
  });
}

function sortedOut(spec: AwaitSpec): {
  readonly jobs: readonly JobSpec[];
  readonly promises: readonly PromiseLike<unknown>[];
} {
  const isList = typeof spec === 'object' && !isPromise(spec) && Symbol.iterator in spec;
  const all = (isList && !(spec instanceof AsyncResult) ? [...spec] : [spec]) as (
    JobSpec | PromiseLike<unknown>
  )[];
  const promises = all.filter(isPromise);
  return { jobs: all.filter((one): one is JobSpec => !isPromise(one)), promises };
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== 'object' || value === null || value instanceof AsyncResult) return false;
  return 'then' in value && typeof value.then === 'function';
}

function waitForJobs(
  core: ClientCore,
  jobs: readonly Job[],
  timeout: number | null | undefined,
): Promise<boolean> {
  return new AsyncResult(core, jobs, { isSingle: false, name: 'wait', owner: false }).wait(timeout ?? null);
}

/** The same, blocking. @throws BlockingUnavailableError, naming `twin`. */
export function blockForJobs(
  core: ClientCore,
  pending: readonly Job[],
  timeout: number | null | undefined,
  twin: string,
): boolean {
  const isOver = () => pending.every((job) => !job.isPending);
  return core.block(isOver, waitingTime(timeout), twin, pending);
}
