/**
 * What every cell finds without importing it, as the editor's type checker is told. Types only: nothing here
 * runs. The names of the client come from its own index; declared by hand is what kernel and engines make for
 * themselves while they start. `scripts/api-types.mjs` turns this file and all it leads to into declarations.
 */
import { Client as ClientOfCluster } from '../src/client/client.ts';
import { Cluster as ClusterOfHost, type ConnectOptions } from '../src/client/cluster/cluster.ts';
import type { ClusterOptions } from '../src/client/cluster/cluster-options.ts';
import type { DirectView } from '../src/client/views/direct-view.ts';
import type { LoadBalancedView } from '../src/client/views/load-balanced-view.ts';
import type { Comm } from '../src/engine/comm/comm.ts';
import type { transfer as transferOf } from '../src/protocol/canned.ts';
import type { Files } from '../src/realm/files/files.ts';
import type { Display, DisplayApi, DisplayHandle, DisplayOptions } from '../src/realm/display.ts';

export type { FileData, FileInfo, Files } from '../src/realm/files/files.ts';
export * from '../src/client/index.ts';
export { Reference } from '../src/protocol/reference.ts';
export { share } from '../src/protocol/share.ts';
export { ImportError } from '../src/realm/importer.ts';
export { KeyboardInterrupt } from '../src/realm/keyboard-interrupt.ts';
export { UsageError } from '../src/realm/magics/flags.ts';
export * as Plot from '@observablehq/plot';
export * as d3 from 'd3';
export type { DisplayHandle, DisplayOptions };

/**
 * A client of the notebook's cluster. `rc` is one; `new Client()` is another.
 * Indexed as in Python: `rc[0]`, `rc[-1]`, `rc[':']`, `rc['::2']`.
 */
export declare class Client extends ClientOfCluster {
  /** Without a cluster: of the notebook's own. */
  constructor(cluster?: Cluster);
  /** The view on one engine; negative numbers count from the end. */
  readonly [engine: number]: DirectView<'one'>;
  /** The view on a slice of the engines, by position. */
  readonly [slice: `${string}:${string}`]: DirectView<'many'>;
}

/**
 * A cluster of one's own beside the notebook's, started and stopped from cells.
 *
 *     await using cluster = new Cluster({ n: 2, scheme: 'lru' });   // ends with the cell
 *     const c = await cluster.startAndConnect();
 *     await c[':'].apply(() => engine.id);
 */
export declare class Cluster extends ClusterOfHost {
  /** A new cluster, started, and a client of it. Options of both. */
  static startAndConnect(options?: ClusterOptions & ConnectOptions): Promise<Client>;
  /** Starts nothing. @throws TypeError or ValueError for bad options. */
  constructor(options?: ClusterOptions);
  /**
   * Joins a real IPython.parallel cluster beside the notebook's own, by the link that its `tutti-gateway` prints; the
   * reader is asked first. Without a link the reader is asked for one, and no code stands in the notebook.
   *
   *     await using cluster = await Cluster.join();   // left when the cell ends
   *     const c = await cluster.connectClient();
   *     await c.python['x'];
   *
   * Rejects with JoinError when the reader does not agree, or the gateway is not reached or does not let us in.
   */
  static join(link?: string): Promise<Cluster>;
  /** The same, blocking. */
  static joinSync(link?: string): Cluster;
  startAndConnect(options?: ConnectOptions): Promise<Client>;
  startAndConnectSync(options?: ConnectOptions): Client;
  connectClient(): Promise<Client>;
  connectClientSync(): Client;
  use<R>(work: (rc: Client) => R | Promise<R>): Promise<R>;
}

/** The client of the notebook's cluster. */
export declare const rc: Client;

/** Resolves after `seconds`; rejects with KeyboardInterrupt when the run is interrupted. Travels by name. */
export declare function sleep(seconds: number): Promise<void>;

/** `sleep` without `await`: holds the cell. Throws KeyboardInterrupt when interrupted. Travels by name. */
export declare function sleepSync(seconds: number): void;

/** Shows a value where the code runs: in the cell, or in the lane of the engine. */
export declare const display: Display;

/** Changes a display that was made with `displayId`. */
export declare const updateDisplay: DisplayApi['updateDisplay'];

/** Empties the output; with `wait`, when the next output comes. */
export declare const clearOutput: DisplayApi['clearOutput'];

/**
 * Runs `f(node)` for each node on a free engine, each when those before it have succeeded: an edge `[a, b]` means
 * that b comes after a.
 */
export declare const dag: LoadBalancedView['dag'];

/** Results are copies; `return transfer(array)` moves the buffer instead. */
export declare const transfer: typeof transferOf;

/** The files of the workspace: dropped into the notebook, or written by cells. */
export declare const files: Files;

/** On engines: the engine itself. `properties` and `tags` are yours to fill. */
export declare const engine: {
  readonly id: number;
  readonly uuid: string;
  readonly properties: Record<string, unknown>;
  readonly tags: string[];
};

/** On engines: messages between the engines of one call, in MPI's words. */
export declare const comm: Comm;

/** How far the code has come: a bar in the cell's output; on engines, shown while the task runs. Travels by name. */
export declare function progress(done: number, total?: number): void;

/** On engines: `publishData({ name: value })` is merged into the AsyncResult's `data` while the task runs. */
export declare function publishData(values: Readonly<Record<string, unknown>>): void;
