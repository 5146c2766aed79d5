import type { StoreApi } from 'zustand/vanilla';
import type { Variable } from '../../protocol/looking.ts';
import type { Lane } from '../../protocol/outputs.ts';

export interface KnownVariable extends Variable {
  /** When it was found changed, in milliseconds since 1970; null: it has been like this since it was first seen. */
  readonly changedAt: number | null;
}

/** What is known of the variables of the kernel (lane null) or of an engine. */
export interface LaneVariables {
  readonly lane: Lane;
  /** In order of appearance. */
  readonly names: readonly string[];
  readonly known: ReadonlyMap<string, KnownVariable>;
  /** When all this was true, in milliseconds since 1970; null: it has not been looked at. */
  readonly asOf: number | null;
  /** `busy`: it has been asked and has not answered. `closed`: its values cannot be looked at from here, only the names
   * that it told. `dead`: it is gone. */
  readonly state: 'fresh' | 'busy' | 'closed' | 'dead';
}

export interface VariablesView {
  /** The kernel, then the engines by id. */
  readonly lanes: readonly LaneVariables[];
}

/** Variables of kernel and engines, looked at as long as somebody watches. */
export interface Variables {
  readonly store: StoreApi<VariablesView>;
  /** Keeps the store up to date until the returned function is called. */
  watch(): () => void;
  /** Removes a variable when what runs there has ended; resolves then. */
  forget(lane: Lane, name: string): Promise<void>;
}
