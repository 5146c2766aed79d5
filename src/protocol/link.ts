/**
 * One end of a channel between two realms. The minimum that a worker's own postMessage, an in-process pair
 * and (later) a WebSocket have in common.
 *
 * `post` does not send at once: what one turn of the event loop posts goes out as one message, and arrives
 * as one batch, in order. `flush` sends now.
 */
export interface Link<Incoming, Outgoing> {
  /** Buffers in `transfer` are moved; the sender's are detached once sent. */
  post(message: Outgoing, transfer?: readonly ArrayBuffer[]): void;
  flush(): void;
  /** One handler; messages that came before it was set are kept for it. */
  onMessages(handler: (messages: readonly Incoming[]) => void): void;
  /** Called once when the other side is gone (error, terminate, exit), with a sentence why. */
  onLost(handler: (reason: string) => void): void;
  /** Ends the other side if we own it (a worker), else the channel only. `onLost` is not called. */
  close(): void;
}

/** The end of a link in a thread that can wait for the other side without giving up its turn. */
export interface BlockableLink<Incoming, Outgoing> extends Link<Incoming, Outgoing> {
  /** Whether `block` is possible; it turns true with the first message, where memory can be shared. */
  readonly canBlock: boolean;
  /**
   * Blocks until `until()`, handling messages as they come and sending what is posted, or for `timeout` seconds
   * (undefined: for ever). Returns null, or why it had to give up: a message that cannot be had while blocked.
   */
  block(until: () => boolean, timeout?: number): string | null;
}
