import type { Clock } from '../../base/clock.ts';
import type { NotebookDocument } from '../../notebook/document.ts';
import type { EditJournal } from '../journal/edit-journal.ts';
import type { NotebookStore } from './notebook-store.ts';
import { failed } from './storage-failure.ts';
import { withoutLargeOutputs } from './without-large-outputs.ts';
import type { StorageFault, StorageResult } from './storage-types.ts';

/** Saves documents of this tab, and remembers for each the revision that the next save builds on. */
export interface DocumentWriter {
  /** When all of it does not fit, all but large outputs is saved; the failure is `outputs` then. */
  save(document: NotebookDocument): Promise<StorageResult<number>>;
  /** The notebook has been loaded, or looked at again after a conflict: `revision` is what we have seen. */
  loaded(id: string, revision: number): void;
  /** What this tab has seen last; 0 for a notebook never saved. */
  revisionOf(id: string): number;
}

/** `broken`: a value that is larger than the browser takes has no name of its own. */
const TOO_MUCH: ReadonlySet<StorageFault> = new Set(['quota', 'broken']);

function list(places: readonly number[]): string {
  return `${places.length === 1 ? 'cell' : 'cells'} ${places.join(', ')}`;
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
      const save = (version: NotebookDocument) => store.save(version, { expected, now: clock.now(), by });
      const saved = <T extends StorageResult<number>>(result: T): T => {
        if (!result.ok) return result;
        revisions.set(document.id, result.value);
        journal.saved(document, result.value);
        return result;
      };
      const result = saved(await save(document));
      if (result.ok || !TOO_MUCH.has(result.failure.fault)) return result;
      // What was written is worth more than what came of it.
      const slim = withoutLargeOutputs(document);
      if (slim === null || !saved(await save(slim.document)).ok) return result;
      return failed('outputs', list(slim.places));
    },
    revisionOf: (id) => revisions.get(id) ?? 0,
    loaded(id, revision) {
      revisions.set(id, revision);
    },
  };
}
