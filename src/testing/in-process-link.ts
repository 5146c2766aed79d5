import type { Link } from '../protocol/link.ts';
import { Inbox } from '../transport/inbox.ts';
import { Outbox } from '../transport/outbox.ts';

/** One end of an in-process pair: a link whose realm can be made to die. */
export interface InProcessLink<Incoming, Outgoing> extends Link<Incoming, Outgoing> {
  /**
   * The realm at THIS end dies. The other end gets what was sent before, then its `onLost` with `reason`; this
   * end neither sends nor hears anything more. No effect when either end is closed or dead already.
   */
  lose(reason: string): void;
}

/**
 * Two ends of a channel within one realm that behave as a worker's postMessage does: what one turn posts
 * travels together, is cloned (and its buffers detached) at the end of the turn, and arrives as one batch in a
 * later task, in order. A message that cannot be cloned throws where postMessage would throw.
 *
 * `close()` of one end: what it sent before still arrives, then the other end's `onLost` is called; the closer
 * hears nothing more.
 */
export function linkPair<A, B>(): [InProcessLink<A, B>, InProcessLink<B, A>] {
  const left = new End<A, B>();
  const right = new End<B, A>();
  left.join(right);
  right.join(left);
  return [left, right];
}

class End<Incoming, Outgoing> implements InProcessLink<Incoming, Outgoing> {
  #peer: End<Outgoing, Incoming> | null = null;
  #open = true;
  #lost: { readonly reason: string } | null = null;
  #onLost: ((reason: string) => void) | null = null;
  readonly #inbox = new Inbox<Incoming>();
  readonly #outbox = new Outbox<Outgoing>((batch, transfer) => {
    if (!this.#open) return;
    const copy = structuredClone(batch, { transfer: [...transfer] });
    const peer = this.#peer;
    setImmediate(() => peer?.receive(copy));
  });

  join(peer: End<Outgoing, Incoming>): void {
    this.#peer = peer;
  }

  receive(batch: readonly unknown[]): void {
    if (this.#open) this.#inbox.deliver(batch);
  }

  /** The other end is gone. A handler that comes later is told too. */
  receiveLoss(reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.#lost = { reason };
    this.#onLost?.(reason);
  }

  post(message: Outgoing, transfer?: readonly ArrayBuffer[]): void {
    if (this.#open) this.#outbox.post(message, transfer);
  }

  flush(): void {
    this.#outbox.flush();
  }

  onMessages(handler: (messages: readonly Incoming[]) => void): void {
    this.#inbox.listen(handler);
  }

  onLost(handler: (reason: string) => void): void {
    this.#onLost = handler;
    if (this.#lost) handler(this.#lost.reason);
  }

  close(): void {
    this.flush();
    this.#end('the channel was closed by the other side');
  }

  lose(reason: string): void {
    this.#end(reason);
  }

  #end(reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    const peer = this.#peer;
    setImmediate(() => peer?.receiveLoss(reason));
  }
}
