import type { Clock } from '../../base/clock.ts';
import type { NotebookDocument } from '../../notebook/document.ts';
import type { EditJournal } from '../journal/edit-journal.ts';
import type { NotebookStore } from './notebook-store.ts';
import type { StorageResult } from './storage-types.ts';

/** Saves documents of this tab, and remembers for each the revision that the next save builds on. */
export interface DocumentWriter {
  save(document: NotebookDocument): Promise<StorageResult<number>>;
  /** The notebook has been loaded, or looked at again after a conflict: `revision` is what we have seen. */
  loaded(id: string, revision: number): void;
  /** What this tab has seen last; 0 for a notebook never saved. */
  revisionOf(id: string): number;
}

interface WriterParts {
  readonly store: Pick<NotebookStore, 'save'>;
  readonly journal: Pick<EditJournal, 'saving' | 'saved'>;
  readonly clock: Clock;
}

export function createDocumentWriter({ store, journal, clock }: WriterParts): DocumentWriter {
  const revisions = new Map<string, number>();
  return {
    async save(document) {
      const by = journal.saving(document);
      const expected = revisions.get(document.id) ?? 0;
      const result = await store.save(document, { expected, now: clock.now(), by });
      if (result.ok) {
        revisions.set(document.id, result.value);
        journal.saved(document, result.value);
      }
      return result;
    },
    revisionOf: (id) => revisions.get(id) ?? 0,
    loaded(id, revision) {
      revisions.set(id, revision);
    },
  };
}
