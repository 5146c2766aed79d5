/**
 * Time as the brains see it: handed in, never taken. `now` is in milliseconds since 1970, with fractions
 * where the realm has them, so that stamps of different workers of one machine can be compared.
 */
export interface Clock {
  now(): number;
}

/** Taken once: it does not change, and reading it costs as much as ten readings of the clock. */
const { timeOrigin } = performance;

export const systemClock: Clock = {
  now: () => timeOrigin + performance.now(),
};

/** What a shell needs to be called back later. `delay` in seconds. The returned function cancels. */
export interface Timers {
  after(delay: number, callback: () => void): () => void;
}

export const systemTimers: Timers = {
  after(delay, callback) {
    const id = setTimeout(callback, delay * 1000);
    return () => {
      clearTimeout(id);
    };
  },
};
