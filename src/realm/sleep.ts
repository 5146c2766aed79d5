import type { Timers } from '../base/clock.ts';
import { registerBuiltin } from '../protocol/canned.ts';
import { KeyboardInterrupt } from './keyboard-interrupt.ts';

export interface Sleeper {
  /** Resolves after `seconds`; rejects with KeyboardInterrupt when the run is interrupted. Travels by name. */
  readonly sleep: (seconds: number) => Promise<void>;
  /** Ends all sleeps that are under way with KeyboardInterrupt. */
  interrupt(): void;
}

export function createSleeper(timers: Timers): Sleeper {
  const sleeping = new Set<() => void>();
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
    interrupt() {
      for (const stop of sleeping) stop();
      sleeping.clear();
    },
  };
}
