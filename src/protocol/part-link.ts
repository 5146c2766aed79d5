import type { Link } from './link.ts';

/** One conversation on a channel that several share: whoever owns the channel delivers to it, and posts for it. */
export class PartLink<Incoming, Outgoing> implements Link<Incoming, Outgoing> {
  readonly #post: Link<Incoming, Outgoing>['post'];
  readonly #flush: () => void;
  readonly #close: () => void;
  #onMessages: ((batch: readonly Incoming[]) => void) | null = null;
  /** Came before there was a handler. */
  #early: Incoming[] = [];
  #onLost: ((reason: string) => void) | null = null;
  #lost: string | null = null;

  /** `close`: the conversation is to end; the channel lives on. */
  constructor(channel: {
    readonly post: Link<Incoming, Outgoing>['post'];
    readonly flush: () => void;
    readonly close?: () => void;
  }) {
    this.#post = channel.post;
    this.#flush = channel.flush;
    this.#close = channel.close ?? (() => undefined);
  }

  deliver(batch: readonly Incoming[]): void {
    if (this.#onMessages) this.#onMessages(batch);
    else for (const message of batch) this.#early.push(message);
  }

  /** The other side is gone. */
  lose(reason: string): void {
    if (this.#lost !== null) return;
    this.#lost = reason;
    this.#onLost?.(reason);
  }

  post(message: Outgoing, transfer?: readonly ArrayBuffer[]): void {
    this.#post(message, transfer);
  }

  flush(): void {
    this.#flush();
  }

  onMessages(handler: (batch: readonly Incoming[]) => void): void {
    this.#onMessages = handler;
    const early = this.#early;
    this.#early = [];
    if (early.length > 0) handler(early);
  }

  onLost(handler: (reason: string) => void): void {
    this.#onLost = handler;
    if (this.#lost !== null) handler(this.#lost);
  }

  close(): void {
    this.#close();
  }
}
