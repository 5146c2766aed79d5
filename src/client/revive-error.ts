import type { EngineInfo, WireError } from '../protocol/errors.ts';
import * as errors from './errors.ts';
import type { ClusterError } from './errors.ts';
import { RemoteError } from './errors.ts';

type ErrorClass = new (message: string, options?: { engineInfo?: EngineInfo | null }) => ClusterError;

/** Raised by the cluster about a task, never by the user's code. */
const OF_THE_CLUSTER: Readonly<Record<string, ErrorClass>> = {
  EngineError: errors.EngineError,
  NoEnginesRegistered: errors.NoEnginesRegistered,
  TaskAborted: errors.TaskAborted,
  TaskTimeout: errors.TaskTimeout,
  UnmetDependency: errors.UnmetDependency,
  ImpossibleDependency: errors.ImpossibleDependency,
  InvalidDependency: errors.InvalidDependency,
  DependencyTimeout: errors.DependencyTimeout,
};

/** Ours when the controller raised them; on an engine, the user's code may have errors of these names. */
const OF_A_QUESTION: Readonly<Record<string, ErrorClass>> = {
  KeyError: errors.KeyError,
  IndexError: errors.IndexError,
  ValueError: errors.ValueError,
  RuntimeError: errors.RuntimeError,
  TimeoutError: errors.TimeoutError,
};

/** The error that the data stand for. `engineInfo`: who had the task, for errors that do not say. */
export function reviveError(wire: WireError, engineInfo: EngineInfo | null): ClusterError {
  // What no engine had, no user's code has failed.
  const isOfController = wire.engineInfo === null && engineInfo === null;
  const ErrorOfCluster =
    OF_THE_CLUSTER[wire.ename] ?? (isOfController ? OF_A_QUESTION[wire.ename] : undefined);
  if (ErrorOfCluster) return new ErrorOfCluster(wire.evalue, { engineInfo: wire.engineInfo ?? engineInfo });
  return RemoteError.fromWire(wire);
}

/** The error of a question that the controller refused. */
export function reviveRefusal(ename: string, evalue: string): ClusterError {
  const KnownError = OF_A_QUESTION[ename] ?? OF_THE_CLUSTER[ename];
  return KnownError ? new KnownError(evalue) : new RemoteError(ename, evalue);
}
