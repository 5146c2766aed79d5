import type { Endpoint, Envelope, Received, Steps } from './endpoint.ts';
import { combiner, type Combine } from './reductions.ts';

/** What `comm` can do, as steps. Ranks and tags are checked; values are the user's. */

/** Filled by `recv`: who sent the message, and under which tag. */
export interface Status {
  source?: number;
  tag?: number;
}

export function* send(end: Endpoint, value: unknown, dest: unknown, tag: unknown = 0): Steps<void> {
  const to = rankOf(end, dest, 'dest');
  const number = tagOf(tag);
  yield* end.send(to, value, plain(`comm.send(dest=${String(to)}, tag=${String(number)})`, number));
}

export function* recv(end: Endpoint, source?: unknown, tag?: unknown, status?: Status): Steps<unknown> {
  const from = isAny(source) ? null : rankOf(end, source, 'source');
  const number = isAny(tag) ? null : tagOf(tag);
  const call = `comm.recv(source=${String(from ?? 'any')}, tag=${String(number ?? 'any')})`;
  const received = yield* end.recv(from, plain(call, number));
  if (status) Object.assign(status, { source: received.source, tag: received.tag });
  return received.value;
}

/** Sends and receives, in whichever order is possible. */
export function* sendrecv(
  end: Endpoint,
  value: unknown,
  dest: unknown,
  source?: unknown,
  sendTag: unknown = 0,
  recvTag?: unknown,
): Steps<unknown> {
  yield* send(end, value, dest, sendTag);
  return yield* recv(end, source, recvTag);
}

export function* bcast(end: Endpoint, value: unknown, root: unknown = 0): Steps<unknown> {
  const from = rankOf(end, root, 'root');
  return yield* spread(collective(end, `comm.bcast(root=${String(from)})`), value, from);
}

export function* scatter(end: Endpoint, values: unknown, root: unknown = 0): Steps<unknown> {
  const from = rankOf(end, root, 'root');
  const call = collective(end, `comm.scatter(root=${String(from)})`);
  if (end.rank !== from) return yield* call.recv(from);
  const list = firstOf((values ?? []) as Iterable<unknown>, end.size + 1);
  if (list.length !== end.size) {
    throw new TypeError(
      `comm.scatter takes one value for each of the ${String(end.size)} ranks, not ${list.length > end.size ? 'more' : String(list.length)}`,
    );
  }
  for (const [rank, value] of list.entries()) if (rank !== from) yield* call.send(rank, value);
  return list[from];
}

export function* gather(end: Endpoint, value: unknown, root: unknown = 0): Steps<unknown[] | null> {
  const to = rankOf(end, root, 'root');
  return yield* collect(collective(end, `comm.gather(root=${String(to)})`), value, to);
}

export function* allgather(end: Endpoint, value: unknown): Steps<unknown[]> {
  const call = collective(end, 'comm.allgather()');
  const list = yield* collect(call, value, 0);
  return (yield* spread(call, list, 0)) as unknown[];
}

export function* reduce(
  end: Endpoint,
  value: unknown,
  op: unknown = 'sum',
  root: unknown = 0,
): Steps<unknown> {
  const to = rankOf(end, root, 'root');
  const combine = combiner(op);
  const call = collective(end, `comm.reduce(${named(op)}root=${String(to)})`);
  const total = yield* fold(call, value, combine);
  if (to === 0) return end.rank === 0 ? total : null;
  if (end.rank === 0) yield* call.send(to, total);
  return end.rank === to ? yield* call.recv(0) : null;
}

export function* allreduce(end: Endpoint, value: unknown, op: unknown = 'sum'): Steps<unknown> {
  const combine = combiner(op);
  const call = collective(end, `comm.allreduce(${named(op).slice(0, -2)})`);
  const total = yield* fold(call, value, combine);
  return yield* spread(call, total, 0);
}

/** Each round tells twice as many that one has arrived. */
export function* barrier(end: Endpoint): Steps<void> {
  const call = collective(end, 'comm.barrier()');
  for (let step = 1; step < end.size; step *= 2) {
    yield* call.send((end.rank + step) % end.size, null);
    yield* call.recv((end.rank - step + end.size) % end.size);
  }
}

/** At most so many: the others may never end. */
function firstOf(values: Iterable<unknown>, most: number): unknown[] {
  const list: unknown[] = [];
  for (const value of values) {
    list.push(value);
    if (list.length >= most) break;
  }
  return list;
}

// TREES

/** One collective operation: all its messages have one tag, so that it meets only itself. */
interface Collective {
  readonly rank: number;
  readonly size: number;
  send(rank: number, value: unknown): Steps<void>;
  recv(rank: number): Steps<unknown>;
}

function collective(end: Endpoint, name: string): Collective {
  const tag = end.beginCollective(name);
  const envelope = (rank: number): Envelope => ({
    tag,
    collective: name,
    call: `${name}, for rank ${String(rank)}`,
  });
  return {
    rank: end.rank,
    size: end.size,
    send: (rank, value) => end.send(rank, value, envelope(rank)),
    *recv(rank) {
      const received: Received = yield* end.recv(rank, envelope(rank));
      return received.value;
    },
  };
}

/** From `root` to all, over a binomial tree: log₂(size) rounds. */
function* spread(call: Collective, value: unknown, root: number): Steps<unknown> {
  const { rank, size } = call;
  const place = (rank - root + size) % size;
  let known = value;
  let bit = 1;
  while (bit < size && (place & bit) === 0) bit *= 2;
  if (place !== 0) known = yield* call.recv((rank - bit + size) % size);
  for (bit >>= 1; bit > 0; bit >>= 1) {
    if (place + bit < size) yield* call.send((rank + bit) % size, known);
  }
  return known;
}

/** To rank 0, over a binomial tree, in the order of ranks: `combine` need not commute. */
function* fold(call: Collective, value: unknown, combine: Combine): Steps<unknown> {
  const { rank, size } = call;
  let total = value;
  for (let bit = 1; bit < size; bit *= 2) {
    if ((rank & bit) !== 0) {
      yield* call.send(rank - bit, total);
      return null;
    }
    if (rank + bit < size) total = combine(total, yield* call.recv(rank + bit));
  }
  return total;
}

function* collect(call: Collective, value: unknown, root: number): Steps<unknown[] | null> {
  if (call.rank !== root) {
    yield* call.send(root, value);
    return null;
  }
  const list: unknown[] = [];
  for (let rank = 0; rank < call.size; rank++) {
    list.push(rank === root ? value : yield* call.recv(rank));
  }
  return list;
}

// ARGUMENTS

/** The operation, as an argument that others follow, unless it is the usual one. */
function named(op: unknown): string {
  return op === 'sum' ? '' : `op=${typeof op === 'string' ? op : 'a function'}, `;
}

function plain(call: string, tag: number | null): Envelope {
  return { tag, collective: null, call };
}

/** As MPI's ANY_SOURCE and ANY_TAG: nothing, or -1. */
function isAny(value: unknown): boolean {
  return value === undefined || value === null || value === -1;
}

function rankOf({ size }: Endpoint, value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < size) return value;
  const ranks = size === 1 ? 'there is only rank 0' : `ranks go from 0 to ${String(size - 1)}`;
  throw new RangeError(`${name} must be a rank: ${ranks}; it is ${String(value)}`);
}

function tagOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new RangeError(`tag must be a whole number that is not negative; it is ${String(value)}`);
}
