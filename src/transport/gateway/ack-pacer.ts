import type { Timers } from '../../base/clock.ts';

/** A confirmation after so many frames or bytes, and else after so many seconds. */
const FRAMES = 64;
const BYTES = 1 << 20;
const DELAY = 0.1;

/** Counts what has come and says so to the other side, often enough that it need not keep much, and not oftener. */
export class AckPacer {
  readonly #timers: Timers;
  readonly #send: (received: number) => void;
  #received = 0;
  #told = 0;
  #bytes = 0;
  #cancel: (() => void) | null = null;

  constructor(timers: Timers, send: (received: number) => void) {
    this.#timers = timers;
    this.#send = send;
  }

  get received(): number {
    return this.#received;
  }

  got(bytes: number): void {
    this.#received++;
    this.#bytes += bytes;
    if (this.#received - this.#told >= FRAMES || this.#bytes >= BYTES) this.#tell();
    else
      this.#cancel ??= this.#timers.after(DELAY, () => {
        this.#cancel = null;
        this.#tell();
      });
  }

  /** For the next life of the session. */
  beginAnew(): void {
    this.stop();
    this.#received = 0;
    this.#told = 0;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#bytes = 0;
  }

  #tell(): void {
    this.stop();
    this.#told = this.#received;
    this.#send(this.#received);
  }
}
