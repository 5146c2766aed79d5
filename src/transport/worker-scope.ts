import type { WorkerScope } from './worker-link.ts';

/** A worker's global, seen as such: this file is compiled with the page's types, whose `self` is a window. */
export const workerScope = self as unknown as WorkerScope;
