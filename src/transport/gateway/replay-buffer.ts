/**
 * What one side has sent and the other has not confirmed, so that it can be sent again after a cut. Frames are
 * counted, not numbered: both sides count what comes, in order, over all connections of a session.
 *
 * Pure: it holds and counts, and sends nothing.
 */
export class ReplayBuffer {
  readonly #limit: number;
  #frames: ArrayBuffer[] = [];
  #bytes = 0;
  /** Of all frames ever sent, how many lie before the first that is held. */
  #confirmed = 0;

  /** `limit`: bytes that may be held. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Frames ever sent. */
  get sent(): number {
    return this.#confirmed + this.#frames.length;
  }

  /** Whether a frame of so many bytes may be added. One is always taken: messages have a limit of their own. */
  hasRoomFor(bytes: number): boolean {
    return this.#frames.length === 0 || this.#bytes + bytes <= this.#limit;
  }

  add(frame: ArrayBuffer): void {
    this.#frames.push(frame);
    this.#bytes += frame.byteLength;
  }

  /** The other side has got so many frames. False when it claims what was never sent. */
  confirm(received: number): boolean {
    if (received > this.sent) return false;
    const done = Math.max(0, received - this.#confirmed);
    for (const frame of this.#frames.splice(0, done)) this.#bytes -= frame.byteLength;
    this.#confirmed += done;
    return true;
  }

  /** What the other side lacks that has got `received` frames; null when some of it is gone, or it is none of ours. */
  since(received: number): readonly ArrayBuffer[] | null {
    if (received < this.#confirmed || received > this.sent) return null;
    return this.#frames.slice(received - this.#confirmed);
  }

  /** All that is held, for a reader that begins anew. */
  get held(): readonly ArrayBuffer[] {
    return this.#frames;
  }
}
