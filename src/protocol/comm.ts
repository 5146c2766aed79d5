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

/** How a member of a group is reached through shared memory. */
export interface SharedSeat {
  /** Slot of each rank on the board; -1: it has none. */
  readonly slots: readonly number[];
  /** Lives of those slots when the request was sent. */
  readonly lives: readonly number[];
  /** Where on the engine's own slot the board says who of this group has ended; -1: nowhere. */
  readonly entry: number;
}

/** What an engine is told of a group when it gets a request of it. */
export interface Membership extends Seat {
  /** By rank; null for engines that are gone. */
  readonly uuids: readonly (EngineUuid | null)[];
  /** Those whose request has ended already. */
  readonly ended: readonly Ended[];
  /** Null where memory cannot be shared: messages go through the controller. */
  readonly shared: SharedSeat | null;
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
  /** Sent by a collective operation: its tags are its own. */
  readonly collective: boolean;
}
