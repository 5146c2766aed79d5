import type { NotebookDocument } from '../../notebook/document.ts';
import type { Signature } from '../journal/resolve-entries.ts';

/** One line of the list of notebooks. */
export interface NotebookSummary {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** How many. */
  readonly cells: number;
}

export interface StoredNotebook {
  readonly document: NotebookDocument;
  /** +1 at every save, from 1; what the next save must name. */
  readonly revision: number;
  readonly modified: number;
  /** The page that saved it, and how far its journal was; absent for what an older Tutti saved. */
  readonly by?: Signature;
}

/**
 * Why storage did not do it:
 * `quota` the disk, or the share of it we are given, is full; `refused` the browser gives no storage here
 * (private window, blocked site data); `blocked` another tab holds an older version of the database open;
 * `version` it was written by a newer Tutti; `conflict` another tab has saved or deleted the notebook since;
 * `outputs` everything is saved but some outputs, which do not fit; `elsewhere` another tab has the notebook open and saves it; `missing` there is no such notebook; `broken` anything
 * else; `silent` it has not answered in time.
 */
export type StorageFault =
  | 'quota'
  | 'outputs'
  | 'refused'
  | 'blocked'
  | 'version'
  | 'conflict'
  | 'elsewhere'
  | 'missing'
  | 'broken'
  | 'silent';

export interface StorageFailure {
  readonly fault: StorageFault;
  /** A sentence for the reader: what happened and what to do. */
  readonly message: string;
}

export type StorageResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: StorageFailure };
