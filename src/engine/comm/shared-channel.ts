import { MOST_ENGINES, type CommBoard } from '../../protocol/comm-board.ts';
import { GONE, NO_SLOT, type CommHead, type Ended, type Membership } from '../../protocol/comm.ts';
import type { Reviver } from '../../protocol/pack.ts';
import type { Channel, Sending } from './channel.ts';
import { CommError } from './comm-error.ts';
import { fromBytes, toBytes } from './letter-bytes.ts';
import type { Letter } from './mailbox.ts';

export interface SharedChannelSetup {
  readonly board: CommBoard;
  readonly slot: number;
  readonly reviver: Reviver;
  readonly receive: (letter: Letter) => void;
  /** Has the engine of that slot, which awaits a message, told that there is something for it. */
  readonly wake: (slot: number) => void;
}

/** Bytes of what stands before each chunk: how long it is, and the lives of reader and writer. The first chunk of
 * a message says besides how long its head and body are; in others both are 0. */
const PREFIX = 20;
const LEAST_CHUNK = 1024;
const TOO_MANY = `comm reaches at most ${String(MOST_ENGINES)} engines at a time; this cluster has more.`;

/** A message that has come in part. */
interface Partial {
  readonly life: number;
  readonly head: Uint8Array;
  readonly body: Uint8Array<ArrayBuffer>;
  filled: number;
}

/** Messages through the board, chunk by chunk: what is larger than a ring passes while its reader takes it out. */
export class SharedChannel implements Channel {
  readonly canBlock = true;
  readonly #setup: SharedChannelSetup;
  readonly #partial = new Map<number, Partial>();
  readonly #life: number;
  #seen = 0;

  constructor(setup: SharedChannelSetup) {
    this.#setup = setup;
    this.#life = setup.board.life(setup.slot);
    setup.board.discard(setup.slot);
  }

  send(to: Membership, rank: number, address: CommHead, value: unknown): Sending {
    const { board, slot } = this.#setup;
    const target = to.shared?.slots[rank] ?? GONE;
    const life = to.shared?.lives[rank] ?? -1;
    if (slot < 0 || target === NO_SLOT) throw new CommError(TOO_MANY);
    const { head, body } = toBytes(address, value);
    let sent = -1;
    return () => {
      for (;;) {
        // Who is gone reads nothing any more.
        if (target < 0 || board.life(target) !== life) return true;
        const isFirst = sent < 0;
        const overhead = PREFIX + (isFirst ? head.length : 0);
        const left = body.length - Math.max(0, sent);
        const needed = overhead + Math.min(left, LEAST_CHUNK);
        const room = board.room(slot, target);
        if (room < needed) return false;
        const part = body.subarray(Math.max(0, sent), Math.max(0, sent) + Math.min(left, room - overhead));
        const lengths = isFirst ? [head.length, body.length] : [0, 0];
        const prefix = new Int32Array([part.length, life, this.#life, ...lengths]);
        board.write(slot, target, [new Uint8Array(prefix.buffer), ...(isFirst ? [head] : []), part]);
        sent = Math.max(0, sent) + part.length;
        this.#ring(target);
        if (sent >= body.length) return true;
      }
    };
  }

  poll(): void {
    const { board, slot } = this.#setup;
    this.#seen = board.bell(slot);
    for (let from = 0; from < MOST_ENGINES; from++) this.#drain(from);
  }

  ended({ group, shared }: Membership): readonly Ended[] {
    if (!shared || shared.entry < 0) return [];
    const { ended, failed } = this.#setup.board.ended(this.#setup.slot, shared.entry);
    if (ended === 0) return [];
    return group.engines.flatMap((_, rank) =>
      (ended >>> rank) & 1 ? [{ rank, failed: ((failed >>> rank) & 1) === 1 }] : [],
    );
  }

  block(ms: number): void {
    this.#setup.board.wait(this.#setup.slot, this.#seen, ms);
  }

  willWake(): boolean {
    return this.#setup.board.await(this.#setup.slot, this.#seen);
  }

  #drain(from: number): void {
    const { board, slot } = this.#setup;
    if (board.available(from, slot) === 0) return;
    while (board.available(from, slot) > 0) this.#readChunk(from);
    // It may have waited for room.
    this.#ring(from);
  }

  #ring(slot: number): void {
    if (this.#setup.board.ring(slot) === 'awaiting') this.#setup.wake(slot);
  }

  #readChunk(from: number): void {
    const { board, slot } = this.#setup;
    const prefix = new Int32Array(PREFIX / 4);
    board.read(from, slot, new Uint8Array(prefix.buffer));
    const [length = 0, life = 0, senderLife = 0, headLength = 0, bodyLength = 0] = prefix;
    if (headLength > 0) {
      const head = new Uint8Array(headLength);
      board.read(from, slot, head);
      this.#partial.set(from, { life: senderLife, head, body: new Uint8Array(bodyLength), filled: 0 });
    }
    const partial = this.#partial.get(from);
    if (life !== this.#life || partial?.life !== senderLife) {
      board.read(from, slot, new Uint8Array(length));
      return;
    }
    board.read(from, slot, partial.body.subarray(partial.filled, partial.filled + length));
    partial.filled += length;
    if (partial.filled < partial.body.length) return;
    this.#partial.delete(from);
    this.#setup.receive(fromBytes(partial.head, partial.body, this.#setup.reviver));
  }
}
