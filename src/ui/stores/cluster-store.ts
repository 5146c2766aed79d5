import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineState } from '../../protocol/client-messages.ts';

/** What the page shows of the cluster. */
export interface ClusterView {
  /** By id. */
  readonly engines: readonly EngineState[];
  /** False: no shared memory, so blocking calls and soft interrupts are off. Null: not known yet. */
  readonly isolated: boolean | null;
}

export type ClusterStore = StoreApi<ClusterView>;

export function createClusterStore(): ClusterStore {
  return createStore<ClusterView>(() => ({ engines: [], isolated: null }));
}
