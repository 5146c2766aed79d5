import type { CommHead, Ended, Membership } from '../../protocol/comm.ts';

/** A message under way; `false` as long as there is no room for the rest of it. */
export type Sending = () => boolean;

/** How messages of one group reach other engines: through shared memory, or through the controller. */
export interface Channel {
  /** Whether a thread can wait for what comes this way. */
  readonly canBlock: boolean;
  /** Begins to send; what is returned is called until it says true. The value has been copied by then. */
  send(to: Membership, rank: number, head: CommHead, value: unknown): Sending;
  /** Notes how things stand; waits that follow end when they change from then on. Takes in what has come. */
  poll(): void;
  /** Who has ended, before the last `poll`. */
  ended(group: Membership): readonly Ended[];
  /** Stops this thread until something changes, at most for `ms`. */
  block(ms: number): void;
  /** True if nothing has changed since `poll`: `wake` will be called when something does. */
  willWake(): boolean;
}
