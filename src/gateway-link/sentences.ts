import type { Language } from '../protocol/client-messages.ts';
import type { EngineInfo, WireError } from '../protocol/errors.ts';
import type { EngineId } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/replies.ts';

/** Everything that the link to a real cluster says to people, in one place. */

export function failed(ename: string, evalue: string, engineInfo: EngineInfo | null = null): Outcome {
  const error: WireError = {
    ename,
    evalue,
    traceback: [`${ename}: ${evalue}`],
    frames: [],
    engineInfo,
  };
  return { status: 'error', error };
}

export function noSuchEngine(id: EngineId): string {
  return `No such engine: ${String(id)}`;
}

export function engineGone(id: EngineId): string {
  return `Engine ${String(id)} has left the cluster. rc.ids lists those that are there.`;
}

export function diedWith(id: EngineId, name: string, started: boolean): string {
  const when = started ? 'while running' : 'before it could start';
  return `Engine ${String(id)} died or left the cluster ${when} task ${name}.`;
}

export const LEFT_CLUSTER = 'It died or left the cluster.';

export function leftNotice(id: EngineId): string {
  return `Engine ${String(id)} died or left the cluster; its variables are gone.`;
}

export function noEngineFor(language: Language): string {
  const other = language === 'javascript' ? 'Python' : 'JavaScript';
  const own = language === 'javascript' ? 'JavaScript' : 'Python';
  return (
    `This cluster has no ${own} engines, only ${other} ones. ` +
    (language === 'javascript'
      ? 'Start some with tutti-engine, or send Python text with %%px.'
      : 'Start some with ipengine.')
  );
}

export function wrongLanguage(id: EngineId, what: string): string {
  return (
    `Engine ${String(id)} runs Python and cannot ${what}. Send it Python text (%%px, view.execute), and data with ` +
    `push and pull; JavaScript functions run on engines of JavaScript: rc.view('javascript').`
  );
}

export function cannotTravel(name: string, reason: string): string {
  return `Task ${name} cannot be sent to another machine: ${reason}.`;
}

export function tooBig(name: string, bytes: number, limit: number): string {
  return (
    `Task ${name} is ${megabytes(bytes)} big, and the gateway takes ${megabytes(limit)} at most. Send it in parts, ` +
    'or start the gateway with a larger --max-message.'
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1048576).toFixed(1)} MiB`;
}

export const OBSERVER =
  'You joined this cluster as an observer: you see its engines and queues, and run nothing.';

export const NO_PRIORITIES =
  'Priorities have no effect on this cluster: the task scheduler of ipcontroller knows none.';

export const NO_STARTING =
  "Engines of a cluster are started where the cluster is: with 'ipcluster engines' or 'tutti-engine', or by its " +
  'batch system. They appear here by themselves.';

export const YOU_LEFT = 'You left the cluster.';

export const UNREADABLE =
  'The gateway sent what this page cannot read. Are the two of one version? Reload the page, or renew the gateway.';

export const NO_RESTARTING =
  'Engines of a cluster are started where the cluster is, so they cannot be restarted from here. ' +
  'rc.clear() empties them; rc.shutdown() stops them.';

/** The scheduler gives errors without a text. */
export function schedulerSentence(ename: string, name: string): string | null {
  switch (ename) {
    case 'ImpossibleDependency':
      return `Task ${name} can never run: what it depends on ended otherwise, or no engine that it may run on is there.`;
    case 'InvalidDependency':
      return (
        `Task ${name} depends on a task that the cluster's task scheduler does not know: only load-balanced tasks ` +
        'can be depended on, and none that are submitted later.'
      );
    case 'TaskTimeout':
      return `Task ${name} was not started within its timeout.`;
    default:
      return null;
  }
}

export function ranTooLong(name: string, runTimeout: number): string {
  return `Task ${name} ran longer than its runTimeout of ${String(runTimeout)} s and was stopped.`;
}

export const ABORTED = 'It was aborted before it started.';

export function lostTask(name: string): string {
  return (
    `Task ${name} was lost while the connection to the cluster was cut: the hub does not know how it ended. ` +
    'Run it again. (A hub with --sqlitedb or --dictdb remembers results.)'
  );
}

export function notKept(msgId: string): string {
  return (
    `No such message: ${msgId}. The hub of this cluster keeps no results; started with --sqlitedb or --dictdb, ` +
    'ipcontroller does.'
  );
}

export function noSuchMessage(msgId: string): string {
  return `No such message: ${msgId}`;
}

export function cannotAnswer(what: string): string {
  return `The answer of the cluster to ${what} could not be read. Are the gateway and the engines of the same version as this page?`;
}
