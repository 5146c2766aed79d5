import type { CellId, RunId, EngineId } from '../protocol/ids.ts';
import type { Output } from '../protocol/outputs.ts';

/** Plain JSON, as it stands in a file. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export interface JsonObject {
  readonly [key: string]: Json;
}

export type CellKind = 'code' | 'markdown' | 'raw';

/**
 * The run of a cell, on one axis. Not in the file, never brought back by undo; of a cell that runs the browser keeps
 * that it was cut off.
 * `queued`: sent, or waiting for the cells before it; `place` counts from 1. `cut-off`: the page was closed or
 * reloaded, or another notebook was opened, while it ran.
 */
export type RunState =
  | { readonly status: 'idle' | 'cut-off' }
  | { readonly status: 'queued'; readonly runId: RunId; readonly place: number }
  | { readonly status: 'running'; readonly runId: RunId; readonly startedAt: number }
  /** `duration` in seconds. */
  | { readonly status: 'ok' | 'error'; readonly runId: RunId; readonly duration: number };

export interface Cell {
  readonly id: CellId;
  readonly kind: CellKind;
  readonly source: string;
  /** Code cells only; in arrival order over all lanes. */
  readonly outputs: readonly Output[];
  /** The n of `[n]`; null before the first run. */
  readonly executionCount: number | null;
  readonly run: RunState;
  /** What the cell ran on last: null is the kernel, a list is engines; undefined before the first run. */
  readonly targets: readonly EngineId[] | null | undefined;
  /** Edited since its last run. */
  readonly stale: boolean;
  /** nbformat's `metadata` as found, kept on saving. */
  readonly metadata: JsonObject;
  /** Keys of the cell in the file that we do not know (attachments …), kept on saving. */
  readonly foreign: JsonObject;
}

export interface NotebookDocument {
  /** Ours, for storage; not in the file. */
  readonly id: string;
  /** Without `.ipynb`. */
  readonly name: string;
  /** At least one. */
  readonly cells: readonly Cell[];
  /** The file's `metadata`, kept on saving. `metadata.tutti.engines` says how many engines to start. */
  readonly metadata: JsonObject;
  /** Top-level keys of the file that we do not know, kept on saving. */
  readonly foreign: JsonObject;
  /** `elsewhere` (a link, a foreign file) shows the banner "Run this notebook" until the reader has agreed. */
  readonly origin: 'own' | 'elsewhere';
}
