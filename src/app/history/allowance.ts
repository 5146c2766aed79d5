import type { Clock } from '../../base/clock.ts';

/** How much may be done a second; a pause saves up for two. */
export interface Rates {
  readonly tasks: number;
  readonly bytes: number;
}

const SECONDS = 2;

/** Says whether so much may be done now, and if so counts it. */
export function createAllowance(clock: Clock, rates: Rates): { take(tasks: number, bytes: number): boolean } {
  let left = { tasks: rates.tasks * SECONDS, bytes: rates.bytes * SECONDS };
  let last = clock.now();
  return {
    take: (tasks, bytes) => {
      const now = clock.now();
      const passed = Math.max(0, now - last) / 1000;
      last = now;
      left = {
        tasks: Math.min(rates.tasks * SECONDS, left.tasks + passed * rates.tasks),
        bytes: Math.min(rates.bytes * SECONDS, left.bytes + passed * rates.bytes),
      };
      if (tasks > left.tasks || bytes > left.bytes) return false;
      left = { tasks: left.tasks - tasks, bytes: left.bytes - bytes };
      return true;
    },
  };
}
