import type { NotebookDocument } from '../../notebook/document.ts';
import { asKept } from '../../notebook/cells.ts';
import type { NotebookSummary, StorageResult, StoredNotebook } from './storage-types.ts';
import type { Signature } from '../journal/resolve-entries.ts';
import { failed } from './storage-failure.ts';

/** The form of the records; a record with a higher one is not read. */
export const RECORD_FORMAT = 1;

/** A row of the list, small, so that listing reads no notebooks. */
export interface SummaryRecord extends NotebookSummary {
  readonly revision: number;
  /** The page that saved it, and how far its journal was. */
  readonly by?: Signature;
}

export interface DocumentRecord {
  readonly id: string;
  readonly format: number;
  readonly document: NotebookDocument;
}

export interface SavePlan {
  readonly summary: SummaryRecord;
  readonly record: DocumentRecord;
}

/** What a save writes, or the conflict. `found`: what is stored under the id now; `expected`: the revision
 * that the caller has last seen, 0 for a notebook never saved. */
export function planSave(
  document: NotebookDocument,
  save: {
    readonly found: SummaryRecord | undefined;
    readonly expected: number;
    readonly now: number;
    readonly by?: Signature;
  },
): StorageResult<SavePlan> {
  if ((save.found?.revision ?? 0) !== save.expected) return failed('conflict');
  const { id, name, cells } = document;
  const revision = save.expected + 1;
  const by = save.by && { by: save.by };
  const summary = { id, name, modified: save.now, cells: cells.length, revision, ...by };
  const record = { id, format: RECORD_FORMAT, document: { ...document, cells: cells.map(asKept) } };
  return { ok: true, value: { summary, record } };
}

export function readRecord(
  summary: SummaryRecord | undefined,
  record: DocumentRecord | undefined,
): StorageResult<StoredNotebook> {
  if (summary === undefined || record === undefined) return failed('missing');
  if (record.format > RECORD_FORMAT) return failed('version');
  const { revision, modified, by } = summary;
  return { ok: true, value: { document: record.document, revision, modified, ...(by && { by }) } };
}

/** The latest first. */
export function listed(records: readonly SummaryRecord[]): readonly NotebookSummary[] {
  return records
    .toSorted((a, b) => b.modified - a.modified)
    .map(({ id, name, modified, cells }) => ({ id, name, modified, cells }));
}
