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

/** Milliseconds: a longer `setTimeout` ends at once. */
const LONGEST = 2 ** 31 - 1;

/** Any delay: one of more than 24 days is waited for in parts, and one of `Infinity` never ends. */
export const systemTimers: Timers = {
  after(delay, callback) {
    let id: ReturnType<typeof setTimeout>;
    const wait = (left: number): void => {
      const later = () => {
        wait(left - LONGEST);
      };
      id = left > LONGEST ? setTimeout(later, LONGEST) : setTimeout(callback, left);
    };
    wait(delay * 1000);
    return () => {
      clearTimeout(id);
    };
  },
};
