import type { ReduceOp } from './reductions.ts';
import * as operations from './operations.ts';
import type { Status } from './operations.ts';
import type { CommRunner } from './comm-runner.ts';
import type { Endpoint, Steps } from './endpoint.ts';

/** A value, or where it is awaited a promise of it. */
type Given<Mode extends 'blocking' | 'awaited', T> = Mode extends 'blocking' ? T : Promise<T>;

/**
 * Messages between the engines of one call, in MPI's words. Ranks are positions among the view's engines.
 * Messages of one sender arrive in the order in which they were sent; what nobody has received when the call ends
 * is dropped. Errors: CommError when the other side fails, dies or ends first; RangeError for ranks that do not
 * exist; KeyboardInterrupt when interrupted.
 */
export interface Messages<Mode extends 'blocking' | 'awaited'> {
  /** Sends a copy. Returns when the message is on its way, which for large ones may need the receiver. */
  send(value: unknown, dest: number, tag?: number): Given<Mode, void>;
  /** The next message from `source` with `tag`; without them, from anybody, with any. `status` gets both. */
  recv<T = unknown>(source?: number | null, tag?: number | null, status?: Status): Given<Mode, T>;
  /** Sends to one and receives from another, without a deadlock. */
  sendrecv<T = unknown>(
    value: unknown,
    dest: number,
    source?: number | null,
    sendTag?: number,
    recvTag?: number | null,
  ): Given<Mode, T>;
  /** `root`'s value, on every rank. */
  bcast<T>(value: T, root?: number): Given<Mode, T>;
  /** One of `root`'s values for each rank; the others may give null. */
  scatter<T>(values: Iterable<T> | null | undefined, root?: number): Given<Mode, T>;
  /** The list of all values, on `root`; null elsewhere. */
  gather<T>(value: T, root?: number): Given<Mode, T[] | null>;
  /** The list of all values, on every rank. */
  allgather<T>(value: T): Given<Mode, T[]>;
  /** All values in one, on `root`; null elsewhere. Arrays are combined item by item. */
  reduce<T>(value: T, op?: ReduceOp<T>, root?: number): Given<Mode, T | null>;
  /** All values in one, on every rank. */
  allreduce<T>(value: T, op?: ReduceOp<T>): Given<Mode, T>;
  /** Waits until all ranks are here. */
  barrier(): Given<Mode, void>;
}

/** The global `comm` of engines. Its own methods block; `comm.async` has the same ones to be awaited. */
export interface Comm extends Messages<'blocking'> {
  /** This engine's position among the engines of the call; 0 outside of calls on several. */
  readonly rank: number;
  /** How many engines the call runs on. */
  readonly size: number;
  /** To be awaited; these work where memory cannot be shared, too. */
  readonly async: Messages<'awaited'>;
  readonly ANY_SOURCE: -1;
  readonly ANY_TAG: -1;
}

type Operation = (end: Endpoint, ...args: never[]) => Steps<unknown>;

export function createComm(runner: CommRunner): Comm {
  const blocking: Record<string, unknown> = {};
  const awaited: Record<string, unknown> = {};
  for (const [name, operation] of Object.entries(operations) as [string, Operation][]) {
    const start = (args: unknown[]) => operation(runner.endpoint, ...(args as never[]));
    const methods = {
      [name]: (...args: unknown[]) => runner.block(name, () => start(args)),
      [`${name}Async`]: (...args: unknown[]) => runner.await(() => start(args)),
    };
    blocking[name] = methods[name];
    awaited[name] = methods[`${name}Async`];
  }
  return {
    ...(blocking as unknown as Messages<'blocking'>),
    async: awaited as unknown as Messages<'awaited'>,
    get rank() {
      return runner.endpoint.rank;
    },
    get size() {
      return runner.endpoint.size;
    },
    ANY_SOURCE: -1,
    ANY_TAG: -1,
  };
}
