import { intoRuns } from '../protocol/runs.ts';

/**
 * One turn, one message. What is posted during a turn of the event loop is kept here and leaves together when
 * the turn's microtasks are done (or at `flush`, for senders that are about to be busy for long). Measured: a
 * message costs 10–30 µs, an item in a message about 2 µs, so messages that are alike leave as one: see `runs`.
 */
export class Outbox<Message> {
  /** Empty exactly when no flush is scheduled, or one has just happened. */
  #messages: Message[] = [];
  /** Of each message that has any. */
  #transfers = new Map<Message, readonly ArrayBuffer[]>();
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
    if (transfer !== undefined && transfer.length > 0) this.#transfers.set(message, transfer);
  }

  /** @throws DataCloneError when a message cannot be cloned (for want of memory, too); the others have left. */
  flush(): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    const transfers = this.#transfers;
    this.#messages = [];
    if (transfers.size > 0) this.#transfers = new Map();
    try {
      // A buffer named twice in one transfer list is an error; two messages of a turn may well share one.
      this.#send(
        intoRuns(messages),
        transfers.size > 0 ? [...new Set([...transfers.values()].flat())] : NOTHING,
      );
    } catch (error) {
      if (messages.length === 1 || !isCloneError(error)) throw error;
      this.#sendEach(messages, transfers);
    }
  }

  /** What was posted beside a message that cannot be cloned leaves all the same. */
  #sendEach(messages: readonly Message[], transfers: ReadonlyMap<Message, readonly ArrayBuffer[]>): void {
    const errors: unknown[] = [];
    for (const message of messages) {
      try {
        this.#send([message], transfers.get(message) ?? NOTHING);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

const NOTHING: readonly ArrayBuffer[] = [];

function isCloneError(error: unknown): boolean {
  return error instanceof Error && error.name === 'DataCloneError';
}
