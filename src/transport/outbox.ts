/** So many turns in a row, each less than so many milliseconds after the one before, are a burst. */
const BURST = 4;
const CLOSE = 0.1;

/**
 * One turn, one message. What is posted during a turn of the event loop is kept here and leaves together when
 * the turn's microtasks are done (or at `flush`, for senders that are about to be busy for long). Measured: a
 * message costs 10–30 µs, an item in a message about 2 µs.
 *
 * In a burst of turns (many workers' messages wait to be heard) what one of them posts leaves with the next
 * turn that `later` gives, which comes when those that wait now have had theirs: the other side then hears of
 * all of them at once.
 */
export class Outbox<Message> {
  /** Empty exactly when no flush is scheduled, or one has just happened. */
  #messages: Message[] = [];
  #transfer: ArrayBuffer[] = [];
  readonly #send: (batch: readonly Message[], transfer: readonly ArrayBuffer[]) => void;
  /** Null: bursts are not looked for. */
  readonly #later: ((callback: () => void) => void) | null;
  /** By this realm's own clock. */
  #flushed = -Infinity;
  /** Turns in a row that posted soon after the last flush. */
  #closeTurns = 0;
  readonly #flush = () => {
    this.flush();
  };

  constructor(
    send: (batch: readonly Message[], transfer: readonly ArrayBuffer[]) => void,
    later: ((callback: () => void) => void) | null = null,
  ) {
    this.#send = send;
    this.#later = later;
  }

  post(message: Message, transfer?: readonly ArrayBuffer[]): void {
    if (this.#messages.length === 0) this.#schedule();
    this.#messages.push(message);
    if (transfer !== undefined) this.#transfer.push(...transfer);
  }

  flush(): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    const transfer = this.#transfer;
    this.#messages = [];
    this.#transfer = [];
    if (this.#later !== null) this.#flushed = performance.now();
    // A buffer named twice in one transfer list is an error; two messages of a turn may well share one.
    this.#send(messages, transfer.length > 1 ? [...new Set(transfer)] : transfer);
  }

  #schedule(): void {
    if (this.#later !== null && this.#isInBurst()) this.#later(this.#flush);
    else queueMicrotask(this.#flush);
  }

  #isInBurst(): boolean {
    const isClose = performance.now() - this.#flushed < CLOSE;
    this.#closeTurns = isClose ? this.#closeTurns + 1 : 0;
    return this.#closeTurns >= BURST;
  }
}
