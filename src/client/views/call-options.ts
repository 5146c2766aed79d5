import type { TargetSpec } from '../indexing.ts';
import type { Dist } from '../partition.ts';

/** Options that all methods but `apply` take, last. */
export interface CallOptions {
  /** Wait, and return plain values. Default: the view's. */
  readonly block?: boolean;
  readonly targets?: TargetSpec;
  readonly label?: string | null;
}

export interface PushOptions extends CallOptions {
  /** Move buffers instead of copying them. Default: the view's. */
  readonly track?: boolean;
}

export interface ScatterOptions extends PushOptions {
  /** Blocks (default) or round robin. */
  readonly dist?: Dist;
  /** Parts of one item become that item. Default false. */
  readonly flatten?: boolean;
}

export interface GatherOptions extends CallOptions {
  readonly dist?: Dist;
}

export interface ExecuteOptions extends CallOptions {
  /** Without a result, and without counting. Default true. */
  readonly silent?: boolean;
  /** What stack frames call the code. Default `execute`. */
  readonly url?: string;
  /** A failure aborts what is queued behind it on the engine. Default: when not silent. */
  readonly abortsQueueOnError?: boolean;
  /** Run it again on every engine that is started, or started anew, before all else. Default false. */
  readonly init?: boolean;
}

export interface RunOptions extends CallOptions {
  /** As for `execute`. Default true. */
  readonly silent?: boolean;
}
