import type { Timers } from '../base/clock.ts';
import { registerBuiltin } from '../protocol/canned.ts';
import { TuttiError } from '../protocol/tutti-error.ts';
import type { InterruptEar } from './interrupt-ear.ts';
import { KeyboardInterrupt } from './keyboard-interrupt.ts';

export interface Sleeper {
  /** Resolves after `seconds`; rejects with KeyboardInterrupt when the run is interrupted. Travels by name. */
  readonly sleep: (seconds: number) => Promise<void>;
  /** The same without `await`: blocks this thread. */
  readonly sleepSync: (seconds: number) => void;
  /** Ends all sleeps that are under way with KeyboardInterrupt. */
  interrupt(): void;
  /** How often that has happened: what loops without sleeping looks whether it still is what it was. */
  readonly interruptions: number;
}

/** `block` stops the thread for so many seconds, or throws where that is impossible. */
export function createSleeper(timers: Timers, block: (seconds: number) => void): Sleeper {
  const sleeping = new Set<() => void>();
  let interruptions = 0;
  const sleep = (seconds: number): Promise<void> => {
    if (!isDuration(seconds)) return Promise.reject(notADuration('sleep'));
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
  const sleepSync = (seconds: number): void => {
    if (!isDuration(seconds)) throw notADuration('sleepSync');
    block(seconds);
  };
  return {
    sleep: registerBuiltin('sleep', sleep),
    sleepSync: registerBuiltin('sleepSync', sleepSync),
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

/** Stops this thread. @throws KeyboardInterrupt; BlockingUnavailableError without shared memory. */
export function holdThread(ear: InterruptEar, seconds: number): void {
  if (!ear.hears) throw new BlockingUnavailableError();
  ear.wait(() => false, seconds);
}

class BlockingUnavailableError extends TuttiError {
  override readonly name = 'BlockingUnavailableError';

  constructor() {
    super(
      'sleepSync blocks, which needs shared memory, and there is none here. Use `await sleep(t)` instead.',
    );
  }
}

function isDuration(seconds: unknown): boolean {
  return typeof seconds === 'number' && seconds >= 0;
}

function notADuration(name: string): TypeError {
  return new TypeError(`${name} takes a number of seconds that is not negative`);
}
