import type { Brand } from '../base/brand.ts';
import type { EngineId, EngineUuid } from './ids.ts';
import type { Packed } from './packed.ts';

/** The engines of one call, which can send each other messages while it runs. */
export interface Group {
  /** The id of the call's first request. */
  readonly id: string;
  /** In target order: the position is the rank. */
  readonly engines: readonly EngineId[];
}

/** The place of one request in its call's group. */
export interface Seat {
  readonly group: Group;
  readonly rank: number;
}

/** The collective operations that a member of a group has called, in order. */
export interface CalledCollectives {
  readonly count: number;
  /** Made of all their names: the same for the same ones in the same order. */
  readonly digest: number;
  readonly last: string;
}

export const GONE = -1;
export const NO_SLOT = -2;

/** How a member of a group is reached through shared memory. */
export interface SharedSeat {
  /** Slot of each rank on the board; `GONE`: the engine is no more; `NO_SLOT`: there were none left for it. */
  readonly slots: readonly number[];
  /** Lives of those slots when the request was sent. */
  readonly lives: readonly number[];
  /** Where on the engine's own slot the board says who of this group has ended; -1: nowhere. */
  readonly entry: number;
}

/** What an engine is told of a group when it gets a request of it. */
export interface Membership extends Seat {
  /** By rank; null for engines that are gone. Empty where memory is shared, which needs no names. */
  readonly uuids: readonly (EngineUuid | null)[];
  /** Those whose request has ended already. */
  readonly ended: readonly Ended[];
  /** Null where memory cannot be shared: messages go through the controller. */
  readonly shared: SharedSeat | null;
}

/**
 * A membership on its way: the group's id, a blank, and the rest as a list of numbers (or, where memory cannot be shared,
 * an object). Most requests never speak to others; for them it is neither cloned part by part nor read.
 */
export type SentMembership = Brand<string, 'SentMembership'>;

/** What all members of a group are told alike: engines, slots and lives. */
export function sentPlaces(engines: readonly EngineId[], slots: readonly number[], lives: readonly number[]) {
  return [engines.length, ...engines, ...slots, ...lives].join();
}

/** `places`: of `sentPlaces`. */
export function sentShared(
  { group, rank }: Seat,
  places: string,
  entry: number,
  ended: readonly Ended[],
): SentMembership {
  const ends = ended.map((one) => `,${String(one.rank)},${one.failed ? '1' : '0'}`).join('');
  return `${group.id} [${String(rank)},${String(entry)},${places}${ends}]` as SentMembership;
}

export function sentRelayed(seat: Seat, uuids: Membership['uuids'], ended: readonly Ended[]): SentMembership {
  const membership: Membership = { ...seat, uuids, ended, shared: null };
  return `${seat.group.id} ${JSON.stringify(membership)}` as SentMembership;
}

export function groupOf(sent: SentMembership): string {
  return sent.slice(0, sent.indexOf(' '));
}

export function readMembership(sent: SentMembership): Membership {
  const content = JSON.parse(sent.slice(sent.indexOf(' ') + 1)) as Membership | readonly number[];
  if (!isList(content)) return content;
  const [rank = 0, entry = -1, n = 0, ...rest] = content;
  const part = (i: number) => rest.slice(i * n, (i + 1) * n);
  const ended: Ended[] = [];
  for (let i = 3 * n; i < rest.length; i += 2) ended.push({ rank: rest[i] ?? 0, failed: rest[i + 1] === 1 });
  const group: Group = { id: groupOf(sent), engines: part(0) };
  return { group, rank, uuids: [], ended, shared: { slots: part(1), lives: part(2), entry } };
}

function isList(content: Membership | readonly number[]): content is readonly number[] {
  return Array.isArray(content);
}

/** A member has nothing more to say. */
export interface Ended {
  readonly rank: number;
  /** By an error, an abort or a death. */
  readonly failed: boolean;
}

/** A message between two engines, where it travels as one. */
export interface CommMessage extends CommHead {
  readonly value: Packed;
}

export interface CommHead {
  readonly group: string;
  /** The sender's rank. */
  readonly source: number;
  readonly tag: number;
  /** The call of the collective operation that sent it, whose tags are its own; null: it is a plain message. */
  readonly collective: string | null;
  /** It carries nothing, but says that its sender waits in that call. */
  readonly isNotice?: true;
}
