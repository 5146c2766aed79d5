import { CommBoard, ENTRIES_PER_SLOT } from '../protocol/comm-board.ts';
import {
  GONE,
  NO_SLOT,
  sentPlaces,
  sentRelayed,
  sentShared,
  type Ended,
  type Group,
  type Seat,
  type SentMembership,
} from '../protocol/comm.ts';
import type { ToEngine } from '../protocol/engine-messages.ts';
import type { EngineId, EngineUuid } from '../protocol/ids.ts';

/** One life of an engine at the board. */
interface Place {
  readonly uuid: EngineUuid;
  readonly id: EngineId;
  /** -1: it has none. */
  readonly slot: number;
  /** Groups whose requests it has, and where on its slot stands who of them has ended. */
  readonly entries: Map<string, number>;
  /** Entries that have been used and are free again. */
  readonly free: number[];
}

type Post = (uuid: EngineUuid, message: ToEngine) => void;

/**
 * Serves messages between engines. Where memory is shared it gives each engine a slot of the board and keeps the
 * words there that engines read while they are blocked: who has ended. Where it is not, they are told in messages.
 */
export class CommDesk {
  readonly #board: CommBoard | null;
  readonly #post: Post;
  readonly #places = new Map<EngineUuid, Place>();
  /** The present lives. */
  readonly #byId = new Map<EngineId, Place>();
  #latest: { readonly group: Group; readonly text: string } | null = null;

  /** Null memory: none can be shared. */
  constructor(memory: SharedArrayBuffer | null, post: Post) {
    this.#board = memory === null ? null : new CommBoard(memory);
    this.#post = post;
  }

  /** For the first message to an engine. */
  welcome(
    uuid: EngineUuid,
    id: EngineId,
  ): {
    readonly board?: { readonly memory: SharedArrayBuffer; readonly slot: number };
  } {
    const slot = this.#board?.take() ?? -1;
    const place: Place = { uuid, id, slot, entries: new Map(), free: [] };
    this.#places.set(uuid, place);
    this.#byId.set(id, place);
    this.#latest = null;
    if (this.#board === null) return {};
    return { board: { memory: this.#board.memory, slot } };
  }

  gone(uuid: EngineUuid): void {
    const place = this.#places.get(uuid);
    this.#places.delete(uuid);
    this.#latest = null;
    if (place && this.#byId.get(place.id) === place) this.#byId.delete(place.id);
    if (place && place.slot >= 0) this.#board?.free(place.slot);
  }

  /** What that engine is told of the others with its request. */
  membership(
    uuid: EngineUuid,
    { seat, ended }: { readonly seat: Seat; readonly ended: readonly Ended[] },
  ): SentMembership {
    const place = this.#places.get(uuid);
    const { engines } = seat.group;
    if (this.#board === null || !place) {
      const uuids = engines.map((id) => this.#byId.get(id)?.uuid ?? null);
      return sentRelayed(seat, uuids, ended);
    }
    return sentShared(
      seat,
      this.#placesOf(seat.group, this.#board),
      this.#enter(place, seat.group, ended),
      ended,
    );
  }

  memberEnded(group: string, ended: Ended, uuid: EngineUuid | null, others: readonly EngineUuid[]): void {
    if (uuid !== null) this.#leave(uuid, group);
    for (const other of others) {
      const place = this.#places.get(other);
      if (this.#board === null) this.#post(other, { type: 'comm-ended', group, ended });
      else if (place && place.slot >= 0) {
        const entry = place.entries.get(group);
        if (entry !== undefined) this.#board.setEnded(place.slot, entry, ended.rank, ended.failed);
        this.wake(place.slot);
      }
    }
  }

  /** It may be blocked, and is to look whether it is interrupted. */
  ring(uuid: EngineUuid): void {
    const place = this.#places.get(uuid);
    if (place && place.slot >= 0) this.#board?.ring(place.slot);
  }

  /** The engine of that slot may await a message. */
  wake(slot: number): void {
    if (this.#board === null || !(slot >= 0)) return;
    if (this.#board.ring(slot) !== 'awaiting') return;
    for (const [uuid, place] of this.#places)
      if (place.slot === slot) this.#post(uuid, { type: 'comm-wake' });
  }

  /** The same for all members that are sent their requests together. */
  #placesOf(group: Group, board: CommBoard): string {
    if (this.#latest?.group !== group) {
      const slots = group.engines.map((id) => this.#slotOf(id));
      const lives = slots.map((slot) => board.life(slot));
      this.#latest = { group, text: sentPlaces(group.engines, slots, lives) };
    }
    return this.#latest.text;
  }

  #slotOf(id: EngineId): number {
    const place = this.#byId.get(id);
    if (place === undefined) return GONE;
    return place.slot < 0 ? NO_SLOT : place.slot;
  }

  #leave(uuid: EngineUuid, group: string): void {
    const place = this.#places.get(uuid);
    const entry = place?.entries.get(group);
    if (place === undefined || entry === undefined) return;
    place.entries.delete(group);
    place.free.push(entry);
  }

  #enter({ slot, entries, free }: Place, { id }: Group, ended: readonly Ended[]): number {
    // As many as there are have been used: those taken, and those free.
    const entry = free.pop() ?? entries.size;
    if (entry >= ENTRIES_PER_SLOT || slot < 0) return -1;
    entries.set(id, entry);
    this.#board?.clearEntry(slot, entry);
    for (const { rank, failed } of ended) this.#board?.setEnded(slot, entry, rank, failed);
    return entry;
  }
}
