import { CommBoard, ENTRIES_PER_SLOT } from '../protocol/comm-board.ts';
import type { Ended, Membership, SharedSeat } from '../protocol/comm.ts';
import type { ToEngine } from '../protocol/engine-messages.ts';
import type { EngineUuid } from '../protocol/ids.ts';

/** One life of an engine at the board. */
interface Place {
  readonly slot: number;
  /** Groups whose requests it has, and where on its slot stands who of them has ended. */
  readonly entries: Map<string, number>;
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

  /** Null memory: none can be shared. */
  constructor(memory: SharedArrayBuffer | null, post: Post) {
    this.#board = memory === null ? null : new CommBoard(memory);
    this.#post = post;
  }

  /** For the first message to an engine. */
  welcome(uuid: EngineUuid): {
    readonly board?: { readonly memory: SharedArrayBuffer; readonly slot: number };
  } {
    if (this.#board === null) return {};
    const slot = this.#board.take();
    this.#places.set(uuid, { slot, entries: new Map() });
    return { board: { memory: this.#board.memory, slot } };
  }

  gone(uuid: EngineUuid): void {
    const place = this.#places.get(uuid);
    this.#places.delete(uuid);
    if (place && place.slot >= 0) this.#board?.free(place.slot);
  }

  /** Completes what is sent to that engine. */
  addressed(uuid: EngineUuid, membership: Membership): Membership {
    const place = this.#places.get(uuid);
    if (this.#board === null || !place) return membership;
    const slots = membership.uuids.map((other) => (other && this.#places.get(other)?.slot) ?? -1);
    const lives = slots.map((slot) => this.#board?.life(slot) ?? 0);
    const shared: SharedSeat = { slots, lives, entry: this.#enter(place, membership) };
    return { ...membership, shared };
  }

  memberEnded(group: string, ended: Ended, uuid: EngineUuid | null, others: readonly EngineUuid[]): void {
    if (uuid !== null) this.#places.get(uuid)?.entries.delete(group);
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

  #enter({ slot, entries }: Place, { group, ended }: Membership): number {
    const taken = new Set(entries.values());
    let entry = 0;
    while (taken.has(entry)) entry++;
    if (entry >= ENTRIES_PER_SLOT || slot < 0) return -1;
    entries.set(group.id, entry);
    this.#board?.clearEntry(slot, entry);
    for (const { rank, failed } of ended) this.#board?.setEnded(slot, entry, rank, failed);
    return entry;
  }
}
