import { outOfRuns } from '../protocol/runs.ts';

/** Incoming batches for one handler; what comes before there is a handler waits for it. */
export class Inbox<Message> {
  #handler: ((messages: readonly Message[]) => void) | null = null;
  /** Batches that came early; empty once there is a handler. */
  #early: (readonly Message[])[] = [];

  /** As an `Outbox` sent it. */
  deliver(sent: readonly unknown[]): void {
    const batch = outOfRuns(sent) as readonly Message[];
    if (this.#handler) this.#handler(batch);
    else this.#early.push(batch);
  }

  listen(handler: (messages: readonly Message[]) => void): void {
    this.#handler = handler;
    const early = this.#early;
    this.#early = [];
    for (const batch of early) handler(batch);
  }
}
