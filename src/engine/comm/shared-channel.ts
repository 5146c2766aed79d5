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

/**
 * Bytes of what stands before each chunk: how long it is, and the lives of reader and writer. The first chunk of a
 * message says besides how long its head and body are, which follow each other; in others both are 0.
 */
const PREFIX = 20;
const LEAST_CHUNK = 1024;
const TOO_MANY = `comm reaches at most ${String(MOST_ENGINES)} engines at a time; this cluster has more.`;

/** A message that leaves as there is room for it. */
interface Outgoing {
  readonly target: number;
  /** Of the engine that it is meant for. */
  readonly life: number;
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  /** Bytes of head and body; -1: nothing yet. */
  sent: number;
}

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
  /** Messages that wait for room, by the slot that they go to. */
  readonly #queues = new Map<number, Outgoing[]>();
  readonly #life: number;
  #seen = 0;

  constructor(setup: SharedChannelSetup) {
    this.#setup = setup;
    this.#life = setup.board.life(setup.slot);
  }

  send(to: Membership, rank: number, address: CommHead, value: unknown): Sending {
    const { slot } = this.#setup;
    const target = to.shared?.slots[rank] ?? GONE;
    if (slot < 0 || target === NO_SLOT) throw new CommError(TOO_MANY);
    const queue = this.#queues.get(target) ?? [];
    this.#queues.set(target, queue);
    const { head, body } = toBytes(address, value);
    const message: Outgoing = { target, life: to.shared?.lives[rank] ?? -1, head, body, sent: -1 };
    queue.push(message);
    return {
      // Whoever waits for one message sends those before it, too: their senders may not get their turn before.
      advance: () => {
        for (const first of [...queue]) {
          if (!queue.includes(message)) break;
          if (!this.#write(first)) return false;
          queue.shift();
        }
        return true;
      },
      drop: () => {
        const i = queue.indexOf(message);
        if (i >= 0) queue.splice(i, 1);
      },
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

  /** Writes as much of it as there is room for; whether that was the rest. */
  #write(message: Outgoing): boolean {
    const { board, slot } = this.#setup;
    const { target, life, head, body } = message;
    const all = head.length + body.length;
    for (;;) {
      // Who is gone reads nothing any more.
      if (target < 0 || board.life(target) !== life) return true;
      const isFirst = message.sent < 0;
      const sent = Math.max(0, message.sent);
      const room = board.room(slot, target);
      if (room < PREFIX + Math.min(all - sent, LEAST_CHUNK)) return false;
      const end = Math.min(all, sent + room - PREFIX);
      const lengths = isFirst ? [head.length, body.length] : [0, 0];
      const prefix = new Int32Array([end - sent, life, this.#life, ...lengths]);
      board.write(slot, target, [
        new Uint8Array(prefix.buffer),
        head.subarray(sent, end),
        body.subarray(Math.max(0, sent - head.length), Math.max(0, end - head.length)),
      ]);
      message.sent = end;
      this.#ring(target);
      if (end === all) return true;
    }
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
    board.read(from, slot, 0, new Uint8Array(prefix.buffer));
    const [length = 0, life = 0, senderLife = 0, headLength = 0, bodyLength = 0] = prefix;
    // What was meant for an engine that had the slot before, or the rest of what one has begun, is passed over.
    if (life === this.#life) {
      if (headLength > 0) this.#partial.set(from, partialOf(senderLife, headLength, bodyLength));
      const partial = this.#partial.get(from);
      if (partial?.life === senderLife) this.#take(from, partial, length);
    }
    board.release(from, slot, PREFIX + length);
  }

  #take(from: number, partial: Partial, length: number): void {
    const { board, slot, receive, reviver } = this.#setup;
    const { head, body, filled } = partial;
    const inHead = head.subarray(filled, filled + length);
    const start = Math.max(0, filled - head.length);
    const inBody = body.subarray(start, start + length - inHead.length);
    board.read(from, slot, PREFIX, inHead);
    board.read(from, slot, PREFIX + inHead.length, inBody);
    partial.filled += length;
    if (partial.filled < head.length + body.length) return;
    this.#partial.delete(from);
    receive(fromBytes(head, body, reviver));
  }
}

function partialOf(life: number, headLength: number, bodyLength: number): Partial {
  return { life, head: new Uint8Array(headLength), body: new Uint8Array(bodyLength), filled: 0 };
}
