import type { DBSchema } from 'idb';
import { databaseOf, keysUnder } from '../storage/database.ts';
import { attempt, failed } from '../storage/storage-failure.ts';
import type { StorageResult } from '../storage/storage-types.ts';

/**
 * Why a snapshot was taken: the notebook was opened, has been edited for a while, the reader asked, or something
 * was about to take its place.
 */
export type SnapshotReason = 'opened' | 'edited' | 'asked' | 'before';

/** A snapshot without its content. */
export interface SnapshotMoment {
  readonly notebook: string;
  /** Milliseconds since 1970; with the notebook its key. */
  readonly at: number;
  readonly why: SnapshotReason;
  /** How many. */
  readonly cells: number;
  /** As it is kept, packed. */
  readonly bytes: number;
}

/** Snapshots of notebooks, in a database of their own: they never hold up the saving of notebooks. */
export interface SnapshotStore {
  /** Oldest first. */
  list(notebook: string): Promise<StorageResult<readonly SnapshotMoment[]>>;
  /** Keeps one and lets others go: all or nothing. */
  add(
    moment: SnapshotMoment,
    content: Uint8Array,
    gone: readonly SnapshotMoment[],
  ): Promise<StorageResult<null>>;
  content(notebook: string, at: number): Promise<StorageResult<Uint8Array<ArrayBuffer>>>;
  /** Forgets all of a notebook. */
  clear(notebook: string): Promise<StorageResult<null>>;
}

interface Schema extends DBSchema {
  moments: { key: [string, number]; value: SnapshotMoment };
  contents: { key: [string, number]; value: Uint8Array };
}

export function createSnapshotStore(database = 'tutti-snapshots'): SnapshotStore {
  const open = databaseOf<Schema>(database, (db) => {
    db.createObjectStore('moments', { keyPath: ['notebook', 'at'] });
    db.createObjectStore('contents');
  });
  return {
    list: (notebook) =>
      attempt(async () => ({ ok: true, value: await (await open()).getAll('moments', keysUnder(notebook)) })),
    add: (moment, content, gone) =>
      attempt(async () => {
        const transaction = (await open()).transaction(['moments', 'contents'], 'readwrite');
        const moments = transaction.objectStore('moments');
        const contents = transaction.objectStore('contents');
        await Promise.all([
          moments.put(moment),
          contents.put(content, [moment.notebook, moment.at]),
          ...gone.flatMap(({ notebook, at }) => [
            moments.delete([notebook, at]),
            contents.delete([notebook, at]),
          ]),
          transaction.done,
        ]);
        return { ok: true, value: null };
      }),
    content: (notebook, at) =>
      attempt(async () => {
        const content = await (await open()).get('contents', [notebook, at]);
        return content ? { ok: true, value: new Uint8Array(content) } : failed('missing');
      }),
    clear: (notebook) =>
      attempt(async () => {
        const transaction = (await open()).transaction(['moments', 'contents'], 'readwrite');
        await Promise.all([
          transaction.objectStore('moments').delete(keysUnder(notebook)),
          transaction.objectStore('contents').delete(keysUnder(notebook)),
          transaction.done,
        ]);
        return { ok: true, value: null };
      }),
  };
}
