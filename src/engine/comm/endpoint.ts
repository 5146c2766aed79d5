import type { CalledCollectives, Ended, Membership } from '../../protocol/comm.ts';
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
  /** The collective operation; null for a plain message. */
  readonly collective: string | null;
  readonly call: string;
}

export interface Received {
  readonly value: unknown;
  readonly source: number;
  readonly tag: number;
}

/** So many collective operations are remembered, to compare them with those of others that are late. */
const REMEMBERED = 64;

/** One engine's place in one group: sends to ranks and receives from them. */
export class Endpoint {
  readonly membership: Membership;
  readonly #channel: Channel;
  readonly #mailbox: Mailbox;
  readonly #copy: (value: unknown) => unknown;
  #collectives = 0;
  #digest = 0;
  #last = '';
  /** The latest collective operations, by tag. */
  readonly #called = new Map<number, string>();
  /** Ranks that a collective operation waits for now, by tag; and whom that has been said. */
  readonly #waits = new Map<number, number>();
  readonly #announced = new Set<string>();

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

  /**
   * Begins a collective operation and gives its tag: members call them in the same order, so the count tells one from
   * the next. @throws CommError when another member has called something else in its place.
   */
  beginCollective(name: string): number {
    const tag = this.#collectives++;
    this.#digest = mixed(this.#digest, name);
    this.#last = name;
    this.#called.set(tag, name);
    this.#called.delete(tag - REMEMBERED);
    this.#compareCollectives();
    return tag;
  }

  /** Null: none. */
  get called(): CalledCollectives | null {
    if (this.#collectives === 0) return null;
    return { count: this.#collectives, digest: this.#digest, last: this.#last };
  }

  /** @throws CommError when another member has called a collective operation that does not match the one here. */
  checkCollectives(): void {
    if (this.#collectives === 0) return;
    this.#channel.poll();
    this.#compareCollectives();
  }

  /** Tells those for whom collective operations have been waiting for long which ones these are. */
  announce(): void {
    for (const [tag, dest] of this.#waits) {
      const key = `${String(tag)} ${String(dest)}`;
      if (this.#announced.has(key) || this.#endOf(dest)) continue;
      const collective = this.#called.get(tag) ?? null;
      const head = {
        group: this.membership.group.id,
        source: this.rank,
        tag,
        collective,
        isNotice: true,
      } as const;
      // Where there is no room for it now, it is tried again.
      const sending = this.#channel.send(this.membership, dest, head, null);
      if (sending.advance()) this.#announced.add(key);
      else sending.drop();
    }
  }

  *send(dest: number, value: unknown, { tag, collective, call }: Envelope): Steps<void> {
    const address = { group: this.membership.group.id, source: this.rank, tag: tag ?? 0, collective };
    if (dest === this.rank) {
      const copy = this.#copy(value);
      this.#mailbox.put({ ...address, open: () => copy });
      return;
    }
    if (this.#isLostFor(dest, collective)) throw this.#lostFor(dest, collective, call);
    const sending = this.#channel.send(this.membership, dest, address, value);
    try {
      while (!sending.advance()) {
        this.#channel.poll();
        if (sending.advance()) return;
        if (this.#isLostFor(dest, collective)) throw this.#lostFor(dest, collective, call);
        // It has ended without reading this; nobody ever will.
        if (this.#endOf(dest)) return;
        yield call;
      }
    } finally {
      sending.drop();
    }
  }

  *recv(source: number | null, { tag, collective, call }: Envelope): Steps<Received> {
    const isCollective = collective !== null;
    const wanted = { source, tag, collective: isCollective };
    const { id } = this.membership.group;
    const isLong = isCollective && tag !== null && source !== null;
    for (;;) {
      this.#channel.poll();
      if (isCollective) this.#compareCollectives();
      let letter = this.#mailbox.take(id, wanted);
      if (!letter && this.#isHopeless(source)) {
        // What it sent before it ended may have come since.
        this.#channel.poll();
        letter = this.#mailbox.take(id, wanted);
        if (!letter) throw this.#lostFor(source, collective, call);
      }
      if (isLong) this.#waits.delete(tag);
      if (letter) return { value: letter.open(), source: letter.source, tag: letter.tag };
      if (isLong) this.#waits.set(tag, source);
      yield call;
    }
  }

  #compareCollectives(): void {
    for (const { tag, source, collective } of this.#mailbox.collectives(this.membership.group.id)) {
      const here = this.#called.get(tag);
      if (here === undefined || collective === here) continue;
      throw new CommError(
        `${here} on ${this.#member(this.rank)} meets ${String(collective)} on ${this.#member(source)}: ` +
          'all members of a call must call the same collective operations, in the same order',
      );
    }
  }

  #ended(): readonly Ended[] {
    return [...this.membership.ended, ...this.#channel.ended(this.membership)];
  }

  #endOf(rank: number): Ended | undefined {
    return this.#ended().find((ended) => ended.rank === rank);
  }

  /** A plain message may be left unread by who has ended well; of a collective operation, everybody reads all. */
  #isLostFor(dest: number, collective: string | null): boolean {
    const end = this.#endOf(dest);
    return end !== undefined && (end.failed || collective !== null);
  }

  #member(rank: number): string {
    return `rank ${String(rank)} (engine ${String(this.membership.group.engines[rank])})`;
  }

  #isHopeless(source: number | null): boolean {
    if (this.size === 1) return true;
    if (source !== null) return this.#endOf(source) !== undefined;
    const silent = new Set(this.#ended().map(({ rank }) => rank)).add(this.rank);
    return silent.size === this.size;
  }

  /** What it has sent says more than that it has ended: another collective operation. @throws CommError of that. */
  #lostFor(rank: number | null, collective: string | null, call: string): CommError {
    if (collective !== null) this.checkCollectives();
    return this.#lost(rank, call);
  }

  #lost(rank: number | null, call: string): CommError {
    if (rank === null || this.size === 1) {
      return new CommError(`${call} waits for a message that nobody can send: all other engines have ended`);
    }
    const how = this.#endOf(rank)?.failed ? 'has failed' : 'has ended';
    return new CommError(`${call} waits for ${this.#member(rank)}, which ${how}`);
  }
}

/** FNV-1a, of 32 bits. */
function mixed(digest: number, name: string): number {
  let hash = digest ^ 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash;
}
