import { intoRuns } from '../protocol/runs.ts';

/**
 * One turn, one message. What is posted during a turn of the event loop is kept here and leaves together when
 * the turn's microtasks are done (or at `flush`, for senders that are about to be busy for long). Measured: a
 * message costs 10–30 µs, an item in a message about 2 µs, so messages that are alike leave as one: see `runs`.
 */
export class Outbox<Message> {
  /** Empty exactly when no flush is scheduled, or one has just happened. */
  #messages: Message[] = [];
  #transfer: ArrayBuffer[] = [];
  readonly #send: (batch: readonly unknown[], transfer: readonly ArrayBuffer[]) => void;

  /** `send` gets what an `Inbox` takes apart. */
  constructor(send: (batch: readonly unknown[], transfer: readonly ArrayBuffer[]) => void) {
    this.#send = send;
  }

  post(message: Message, transfer?: readonly ArrayBuffer[]): void {
    if (this.#messages.length === 0) {
      queueMicrotask(() => {
        this.flush();
      });
    }
    this.#messages.push(message);
    for (const buffer of transfer ?? []) this.#transfer.push(buffer);
  }

  flush(): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    const transfer = this.#transfer;
    this.#messages = [];
    this.#transfer = [];
    // A buffer named twice in one transfer list is an error; two messages of a turn may well share one.
    this.#send(intoRuns(messages), transfer.length > 1 ? [...new Set(transfer)] : transfer);
  }
}
