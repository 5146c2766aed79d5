import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Adapt } from '../../protocol/adapt.ts';
import type { EngineState } from '../../protocol/client-messages.ts';
import type { CellId } from '../../protocol/ids.ts';
import type { PxTargets } from '../../protocol/kernel-messages.ts';

/** What the page shows of the cluster. */
export interface ClusterView {
  /** By id. */
  readonly engines: readonly EngineState[];
  /** How the number of engines follows the queue; null: it is set by hand. */
  readonly adapt: Adapt | null;
  /** Where `%px` goes when the cell does not say where. */
  readonly targets: PxTargets;
  /** False: no shared memory, so blocking calls and soft interrupts are off. Null: not known yet. */
  readonly isolated: boolean | null;
  /** What is kept of this notebook's tasks for later visits; null: not known. */
  readonly history: { readonly tasks: number; readonly bytes: number } | null;
  /** The real cluster that the notebook has joined; null: it runs on engines of this browser. */
  readonly join: JoinView | null;
  /** Real clusters that cells have joined beside it. */
  readonly cellJoins: readonly CellJoinView[];
}

export interface JoinView {
  readonly status: 'connecting' | 'open' | 'reconnecting' | 'leaving';
  /** Of the gateway, with its port. */
  readonly host: string;
  /** Why it is reconnecting, as a sentence. */
  readonly reason: string | null;
  readonly role: 'client' | 'observer';
}

export interface CellJoinView extends JoinView {
  /** Tells it from the others. */
  readonly n: number;
  /** The cell that joined it; null: not known. */
  readonly cell: CellId | null;
}

export type ClusterStore = StoreApi<ClusterView>;

export function createClusterStore(): ClusterStore {
  return createStore<ClusterView>(() => ({
    engines: [],
    adapt: null,
    targets: 'all',
    isolated: null,
    history: null,
    join: null,
    cellJoins: [],
  }));
}
