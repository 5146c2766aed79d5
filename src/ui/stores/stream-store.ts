import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TaskLog } from '../timeline/task-log.ts';

/** What the page knows of tasks. */
export interface StreamView {
  /** Null until the task stream is opened for the first time. It changes in place: */
  readonly log: TaskLog | null;
  /** grows with each change. */
  readonly version: number;
}

export type StreamStore = StoreApi<StreamView>;

export function createStreamStore(): StreamStore {
  return createStore<StreamView>(() => ({ log: null, version: 0 }));
}
