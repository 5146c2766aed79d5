import type { CommHead, Ended, Membership } from '../../protocol/comm.ts';

/** A message under way. Those of one sender to one receiver leave in the order in which they were begun. */
export interface Sending {
  /** Sends what there is room for; whether that was the rest of it. */
  advance(): boolean;
  /** Nobody waits for it any more: what has not left never does. */
  drop(): void;
}

/** How messages of one group reach other engines: through shared memory, or through the controller. */
export interface Channel {
  /** Whether a thread can wait for what comes this way. */
  readonly canBlock: boolean;
  /** Begins to send: to be advanced until that says true, or dropped. The value has been copied. */
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
