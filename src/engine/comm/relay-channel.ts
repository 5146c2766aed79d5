import type { CommHead, CommMessage, Ended, Membership } from '../../protocol/comm.ts';
import type { FromEngine } from '../../protocol/engine-messages.ts';
import type { Link } from '../../protocol/link.ts';
import { pack } from '../../protocol/pack.ts';
import type { Channel, Sending } from './channel.ts';

/** Has left as soon as it is begun. */
const SENT: Sending = { advance: () => true, drop: () => undefined };

/** Messages through the controller: where memory cannot be shared. Nothing can block for them. */
export class RelayChannel implements Channel {
  readonly canBlock = false;
  readonly #link: Pick<Link<never, FromEngine>, 'post'>;
  readonly #ended = new Map<string, Ended[]>();

  constructor(link: Pick<Link<never, FromEngine>, 'post'>) {
    this.#link = link;
  }

  send({ uuids }: Membership, rank: number, head: CommHead, value: unknown): Sending {
    const packed = pack(value);
    const message: CommMessage = { ...head, value: packed };
    const to = uuids[rank];
    if (to) this.#link.post({ type: 'comm', to, message }, packed.buffers);
    return SENT;
  }

  memberEnded(group: string, ended: Ended): void {
    const known = this.#ended.get(group);
    if (known) known.push(ended);
    else this.#ended.set(group, [ended]);
  }

  forget(group: string): void {
    this.#ended.delete(group);
  }

  poll(): void {
    // Messages have been taken in when they came.
  }

  ended({ group }: Membership): readonly Ended[] {
    return this.#ended.get(group.id) ?? [];
  }

  block(): void {
    throw new Error('Nothing can block without shared memory.');
  }

  willWake(): boolean {
    return true;
  }
}
