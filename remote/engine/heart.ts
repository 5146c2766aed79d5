import type { Dealer, Subscriber } from 'zeromq';

export interface HeartOptions {
  readonly pings: Subscriber;
  readonly pongs: Dealer;
  /** Milliseconds between two pings. */
  readonly period: number;
  /** Pings that may be missed in a row before `lost` is called; 0: any number. */
  readonly misses: number;
  /** Pings come again after a pause: the hub may have given this engine up. Beats go on when it resolves. */
  readonly back: () => Promise<void>;
  /** The hub has not been heard for `misses` periods. */
  readonly lost: () => void;
}

/** Periods without a ping that are a pause. */
const PAUSE = 2;

/**
 * Answers the hub's pings, on a thread that no user code runs on: an engine in an endless loop is busy, not dead.
 *
 * After a pause (a stopped process, a network that was cut) beats are held back until the hub has been asked:
 * a hub that has given an engine up takes no notice of its heart, so it must be registered anew before it beats.
 */
export class Heart {
  readonly #options: HeartOptions;
  readonly #watch: NodeJS.Timeout;
  readonly #beating: Promise<void>;
  #heard = Date.now();
  /** The latest ping, not answered yet; only during a pause's end. */
  #held: Buffer[] | null = null;

  constructor(options: HeartOptions) {
    this.#options = options;
    // A little longer than the hub's own period, so that a late ping is no missed one.
    this.#watch = setInterval(() => {
      this.#look();
    }, options.period + 500);
    this.#beating = this.#beat();
  }

  /** Resolves when the last beat has been dealt with. */
  stop(): Promise<void> {
    clearInterval(this.#watch);
    this.#options.pings.close();
    this.#options.pongs.close();
    return this.#beating;
  }

  async #beat(): Promise<void> {
    const { pings, pongs, period } = this.#options;
    try {
      for await (const ping of pings) {
        const now = Date.now();
        const paused = now - this.#heard > PAUSE * period + 500;
        this.#heard = now;
        if (this.#held) this.#held = ping;
        else if (paused) void this.#resume(ping);
        else await pongs.send(ping);
      }
    } catch {
      // The sockets were closed.
    }
  }

  async #resume(ping: Buffer[]): Promise<void> {
    this.#held = ping;
    try {
      await this.#options.back();
    } finally {
      const latest = this.#held;
      this.#held = null;
      if (!this.#options.pongs.closed) await this.#options.pongs.send(latest);
    }
  }

  #look(): void {
    const { misses, period, lost } = this.#options;
    if (misses > 0 && Date.now() - this.#heard > misses * (period + 500)) lost();
  }
}
