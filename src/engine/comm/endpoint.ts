import type { Ended, Membership } from '../../protocol/comm.ts';
import type { Channel } from './channel.ts';
import { CommError } from './comm-error.ts';
import type { Mailbox } from './mailbox.ts';

/**
 * A communication, step by step: each `yield` says that nothing can be done until something changes, and what it
 * waits for, as a reader would write it. So one text serves calls that block and calls that are awaited.
 */
export type Steps<T> = Generator<string, T, void>;

/** What a message is sent as, or looked for as. `call`: for people. */
export interface Envelope {
  readonly tag: number | null;
  readonly collective: boolean;
  readonly call: string;
}

export interface Received {
  readonly value: unknown;
  readonly source: number;
  readonly tag: number;
}

/** One engine's place in one group: sends to ranks and receives from them. */
export class Endpoint {
  readonly membership: Membership;
  readonly #channel: Channel;
  readonly #mailbox: Mailbox;
  readonly #copy: (value: unknown) => unknown;
  #collectives = 0;

  constructor(membership: Membership, channel: Channel, mailbox: Mailbox, copy: (value: unknown) => unknown) {
    this.membership = membership;
    this.#channel = channel;
    this.#mailbox = mailbox;
    this.#copy = copy;
  }

  get rank(): number {
    return this.membership.rank;
  }

  get size(): number {
    return this.membership.group.engines.length;
  }

  get canBlock(): boolean {
    return this.#channel.canBlock || this.size === 1;
  }

  /** Members call collective operations in the same order: the count tells one from the next. */
  nextCollective(): number {
    return this.#collectives++;
  }

  *send(dest: number, value: unknown, { tag, collective, call }: Envelope): Steps<void> {
    const address = { group: this.membership.group.id, source: this.rank, tag: tag ?? 0, collective };
    if (dest === this.rank) {
      const copy = this.#copy(value);
      this.#mailbox.put({ ...address, open: () => copy });
      return;
    }
    if (this.#endOf(dest)?.failed) throw this.#lost(dest, call);
    const sending = this.#channel.send(this.membership, dest, address, value);
    while (!sending()) {
      this.#channel.poll();
      const end = this.#endOf(dest);
      if (end?.failed) throw this.#lost(dest, call);
      // It has ended without reading this; nobody ever will.
      if (end || sending()) return;
      yield call;
    }
  }

  *recv(source: number | null, { tag, collective, call }: Envelope): Steps<Received> {
    const wanted = { source, tag, collective };
    const { id } = this.membership.group;
    for (;;) {
      this.#channel.poll();
      let letter = this.#mailbox.take(id, wanted);
      if (!letter && this.#isHopeless(source)) {
        // What it sent before it ended may have come since.
        this.#channel.poll();
        letter = this.#mailbox.take(id, wanted);
        if (!letter) throw this.#lost(source, call);
      }
      if (letter) return { value: letter.open(), source: letter.source, tag: letter.tag };
      yield call;
    }
  }

  #ended(): readonly Ended[] {
    return [...this.membership.ended, ...this.#channel.ended(this.membership)];
  }

  #endOf(rank: number): Ended | undefined {
    return this.#ended().find((ended) => ended.rank === rank);
  }

  #isHopeless(source: number | null): boolean {
    if (this.size === 1) return true;
    if (source !== null) return this.#endOf(source) !== undefined;
    const silent = new Set(this.#ended().map(({ rank }) => rank)).add(this.rank);
    return silent.size === this.size;
  }

  #lost(rank: number | null, call: string): CommError {
    if (rank === null || this.size === 1) {
      return new CommError(`${call} waits for a message that nobody can send: all other engines have ended`);
    }
    const who = `rank ${String(rank)} (engine ${String(this.membership.group.engines[rank])})`;
    const how = this.#endOf(rank)?.failed ? 'has failed' : 'has ended';
    return new CommError(`${call} waits for ${who}, which ${how}`);
  }
}
