/**
 * Chooses one of the engines that may take a task, given the load of each, the least recently used first.
 * Returns an index into `loads`, which is never empty.
 */
export type Scheme = (loads: readonly number[]) => number;

/** The least loaded; among equals the least recently used. */
export const leastload: Scheme = (loads) => {
  let best = 0;
  for (let i = 1; i < loads.length; i++) if ((loads[i] ?? 0) < (loads[best] ?? 0)) best = i;
  return best;
};
