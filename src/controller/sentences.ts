import type { EngineId, MsgId } from '../protocol/ids.ts';
import type { WireError } from '../protocol/errors.ts';
import type { Outcome } from '../protocol/replies.ts';
import type { DependencySpec } from '../protocol/terms.ts';

/** Everything that the controller says to people, in one place. */

/** How the life of an engine ended. */
export type Ending =
  /** `reason`: a clause. */
  | { readonly type: 'died'; readonly reason: string }
  | { readonly type: 'stopped' }
  | { readonly type: 'restarted' }
  /** It did not obey an interrupt within `grace` seconds. */
  | { readonly type: 'killed'; readonly grace: number }
  | { readonly type: 'closed' };

export function wireError(ename: string, evalue: string): WireError {
  return { ename, evalue, traceback: [`${ename}: ${evalue}`], frames: [], engineInfo: null };
}

export function failure(ename: string, evalue: string): Outcome {
  return { status: 'error', error: wireError(ename, evalue) };
}

export function aborted(reason: string): Outcome {
  return { status: 'aborted', reason };
}

export function noSuchEngine(id: EngineId): string {
  return `No such engine: ${String(id)}`;
}

export function deadEngine(id: EngineId, death: string): string {
  return `Engine ${String(id)} is dead. ${death} Restart it, or use another engine.`;
}

/** The task that ran when the engine's life ended. */
export function endedWhileRunning(id: EngineId, name: string, ending: Ending): string {
  const engine = `Engine ${String(id)}`;
  switch (ending.type) {
    case 'died':
      return sentence(`${engine} died while running task ${name}: ${ending.reason}`);
    case 'stopped':
      return `${engine} was stopped while running task ${name}.`;
    case 'restarted':
      return `${engine} was restarted while running task ${name}; its namespace is gone.`;
    case 'killed':
      return `${engine} did not stop within ${String(ending.grace)} s and was terminated; its namespace is gone.`;
    case 'closed':
      return `The cluster was stopped while engine ${String(id)} was running task ${name}.`;
  }
}

/** A task aimed at the engine, or given to it, that had not started. */
export function endedBeforeStart(id: EngineId, name: string, ending: Ending): string {
  const engine = `Engine ${String(id)}`;
  switch (ending.type) {
    case 'died':
      return sentence(`${engine} died before it could start task ${name}: ${ending.reason}`);
    case 'stopped':
      return `${engine} was stopped before it could start task ${name}.`;
    case 'restarted':
      return `${engine} was restarted before it could start task ${name}; its namespace is gone.`;
    case 'killed':
      return (
        `${engine} did not stop within ${String(ending.grace)} s of an interrupt and was terminated before ` +
        `it could start task ${name}; its namespace is gone.`
      );
    case 'closed':
      return clusterStopped(name);
  }
}

/** A load-balanced task that cannot be given to another engine. */
export function argumentsGone(id: EngineId, name: string, ending: Ending): string {
  const before = endedBeforeStart(id, name, ending);
  return `${before} The task's buffers had been moved there, so it cannot run elsewhere. Submit it again.`;
}

export function clusterStopped(name: string): string {
  return `The cluster was stopped before task ${name} could run.`;
}

export const CLUSTER_IS_STOPPED = 'The cluster has been stopped. Start a new one.';

/** For the engine list: why it is gone. */
export function deathSentence(ending: Ending): string {
  switch (ending.type) {
    case 'died':
      return sentence(`It died: ${ending.reason}`);
    case 'stopped':
      return 'It was stopped.';
    case 'restarted':
      return 'It was restarted.';
    case 'killed':
      return `It did not stop within ${String(ending.grace)} s and was terminated.`;
    case 'closed':
      return 'The cluster was stopped.';
  }
}

export function replacedNotice(id: EngineId, reason: string): string {
  return `Engine ${String(id)} died and was started anew; its variables are gone. Reason: ${sentence(reason)}`;
}

export function notReplacedNotice(id: EngineId, reason: string): string {
  return `Engine ${String(id)} died. Reason: ${sentence(reason)} Restart engines to bring it back.`;
}

export function givenUpNotice(id: EngineId, lives: number, reason: string): string {
  return (
    `Engine ${String(id)} died ${String(lives)} times soon after its start and was not started again. ` +
    `Reason: ${sentence(reason)} Restart engines to try again.`
  );
}

export function killedNotice(id: EngineId, grace: number): string {
  return `Engine ${String(id)} did not stop within ${String(grace)} s and was started anew; its variables are gone.`;
}

export function startTimedOut(timeout: number): string {
  return `it was not ready within ${String(timeout)} s`;
}

export function noneStarted(ids: readonly EngineId[]): string {
  const [first] = ids;
  if (ids.length === 1 && first !== undefined) return `Engine ${String(first)} could not be started.`;
  return `None of the engines ${list(ids)} could be started.`;
}

/** A load-balanced task that no engine may run. */
export function impossible(targets: readonly EngineId[]): Outcome {
  const why =
    targets.length === 0
      ? 'The task may run on no engine: its list of targets is empty.'
      : `None of the engines that the task may run on exists any more: ${list(targets)}.`;
  return failure('ImpossibleDependency', why);
}

export function dependsOnItself(name: string): string {
  return `Task ${name} depends on itself.`;
}

export function dependsOnLater(name: string, msgId: MsgId): string {
  return `Task ${name} depends on ${msgId}, which was submitted after it: a task can only wait for earlier ones.`;
}

export function dependsOnUnknown(name: string, msgId: MsgId, wasForgotten: boolean): string {
  const what = wasForgotten
    ? 'ended so long ago that it has been forgotten'
    : 'is no task that is known here';
  return `Task ${name} depends on ${msgId}, which ${what}.`;
}

export function neverMet(name: string, { all, success, failure, msgIds }: DependencySpec): string {
  const which = msgIds.length === 1 ? 'the task' : all ? 'each of the tasks' : 'one of the tasks';
  const how = success && failure ? 'ends' : success ? 'succeeds' : 'fails';
  const fact = success ? 'failed or was aborted' : 'succeeded';
  const what = msgIds.length === 1 ? `it ${fact}` : all ? `one of them ${fact}` : `none of them did`;
  return `Task ${name} is to run when ${which} that it depends on ${how}, and ${what}.`;
}

export function followsScattered(name: string): string {
  return `Task ${name} is to run where all the tasks that it follows ran, and they did not run on one engine.`;
}

export function followsNobody(name: string): string {
  return `Task ${name} is to run where a task ran that it follows, and none of them ever got an engine.`;
}

export function waitedTooLong(name: string, timeout: number): string {
  return `Task ${name} was not started within its timeout of ${String(timeout)} s.`;
}

export function dependencyTimedOut(name: string, timeout: number): string {
  return `The dependencies of task ${name} were not met within its timeout of ${String(timeout)} s.`;
}

export function ranTooLong(name: string, runTimeout: number): string {
  return `Task ${name} ran longer than its runTimeout of ${String(runTimeout)} s and was stopped.`;
}

export function badSchemeNotice(why: string): string {
  return `The scheme that chooses engines does not work: ${why}. The least loaded engine is taken instead.`;
}

export const ABORTED = 'It was aborted before it started.';
export const INTERRUPTED = 'It was interrupted before it started.';
export const CLIENT_GONE = 'Its client disconnected before it started.';

export function abortedByFailure(name: string, id: EngineId): string {
  return `It was queued behind ${name}, which failed on engine ${String(id)}.`;
}

export function noSuchMessage(msgId: MsgId): string {
  return `No such message: ${msgId}`;
}

export function culledMessage(msgId: MsgId): string {
  return `${msgId} has been culled for size`;
}

export function nothingRecorded(msgId: MsgId): string {
  return `${msgId} is not known here any more: this cluster remembers no finished tasks (database: 'none').`;
}

export function requestGone(msgId: MsgId): string {
  return `${msgId} cannot be resubmitted: its arguments hold buffers that were moved to an engine and are not kept.`;
}

export function stillPending(msgId: MsgId): string {
  return `${msgId} has not ended; only finished tasks can be purged. Abort or cancel it first.`;
}

export function badQuery(reason: string): string {
  return `The query cannot be answered: ${reason}`;
}

export function noSuchKey(key: string, known: readonly string[]): string {
  return `Records have no key named ${key}; they have ${known.join(', ')}.`;
}

export const NOTHING_TO_PURGE = 'Say what to purge: jobs, targets, or "all".';

export function resultMoved(msgId: MsgId): string {
  return `The result of ${msgId} is too big for the hub: its client got it, and it was not kept.`;
}

/** A task that was pending when the page went. */
export function cutOff(name: string, msgId: MsgId): string {
  return (
    `Task ${name} had not ended when the page was closed or reloaded; its engines are gone. ` +
    `rc.resubmit('${msgId}') runs it again.`
  );
}

export function cutOffNotice(n: number): string {
  const tasks = n === 1 ? '1 task had' : `${String(n)} tasks had`;
  return (
    `${tasks} not ended when this notebook was closed or reloaded, and the engines are gone. ` +
    "rc.dbQuery({ status: 'error', completed: null }) lists what was cut off; rc.resubmit(ids) runs it again."
  );
}

export function badEngineCount(n: unknown): string {
  return `The number of engines to start must be an integer of at least 0, not ${String(n)}.`;
}

export function tooManyEngines(n: number, there: number, most: number): string {
  return (
    `A page has at most ${String(most)} engines in all its clusters, and ${String(there)} are there; ${String(n)} more ` +
    'cannot be started: each is a worker. Stop some, or join a real cluster.'
  );
}

/** A clause. */
export const ENDED_BY_SIGNAL = 'it was ended by a signal';

function list(ids: readonly EngineId[]): string {
  return `[${ids.join(', ')}]`;
}

/** Ends a clause that came from elsewhere with a full stop, once. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

interface Caller {
  readonly call: string;
  readonly rank: number;
  readonly engine: EngineId | undefined;
}

export function collectivesDiffer(here: Caller, there: Caller): string {
  const named = ({ call, rank, engine }: Caller) =>
    `${call} on rank ${String(rank)} (engine ${String(engine)})`;
  return `${named(here)} meets ${named(there)}: all members of a call must call the same collective operations, in the same order`;
}
