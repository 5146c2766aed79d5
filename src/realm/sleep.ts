import type { Timers } from '../base/clock.ts';
import { registerBuiltin } from '../protocol/canned.ts';
import { KeyboardInterrupt } from './keyboard-interrupt.ts';

export interface Sleeper {
  /** Resolves after `seconds`; rejects with KeyboardInterrupt when the run is interrupted. Travels by name. */
  readonly sleep: (seconds: number) => Promise<void>;
  /** Ends all sleeps that are under way with KeyboardInterrupt. */
  interrupt(): void;
  /** How often that has happened: what loops without sleeping looks whether it still is what it was. */
  readonly interruptions: number;
}

export function createSleeper(timers: Timers): Sleeper {
  const sleeping = new Set<() => void>();
  let interruptions = 0;
  const sleep = (seconds: number): Promise<void> => {
    if (typeof seconds !== 'number' || !(seconds >= 0)) {
      return Promise.reject(new TypeError('sleep takes a number of seconds that is not negative'));
    }
    return new Promise((resolve, reject) => {
      const cancel = timers.after(seconds, () => {
        sleeping.delete(stop);
        resolve();
      });
      const stop = () => {
        cancel();
        reject(new KeyboardInterrupt());
      };
      sleeping.add(stop);
    });
  };
  return {
    sleep: registerBuiltin('sleep', sleep),
    get interruptions() {
      return interruptions;
    },
    interrupt() {
      interruptions++;
      for (const stop of sleeping) stop();
      sleeping.clear();
    },
  };
}
