import type { DBSchema } from 'idb';
import { databaseOf, keysUnder } from '../storage/database.ts';
import { attempt, failed } from '../storage/storage-failure.ts';
import type { StorageResult } from '../storage/storage-types.ts';

/**
 * Tasks of notebooks, in an IndexedDB of their own. What a task is, nobody here looks at: it was written by the
 * frame, where strangers' code runs, and goes back to a frame.
 */
export interface HistoryRow {
  readonly notebook: string;
  readonly msgId: string;
  readonly bytes: number;
  readonly task: unknown;
}

export interface HistoryStore {
  /** In the order of their ids. */
  load(notebook: string): Promise<StorageResult<readonly HistoryRow[]>>;
  /** Both or neither. */
  write(notebook: string, kept: readonly HistoryRow[], gone: readonly string[]): Promise<StorageResult<null>>;
  /** Forgets all of a notebook. */
  clear(notebook: string): Promise<StorageResult<null>>;
}

interface Schema extends DBSchema {
  tasks: { key: [string, string]; value: HistoryRow };
}

const DATABASE = 'tutti-history';

export function createHistoryStore(): HistoryStore {
  const open = databaseOf<Schema>(DATABASE, (db) => {
    db.createObjectStore('tasks', { keyPath: ['notebook', 'msgId'] });
  });
  return {
    load: (notebook) =>
      attempt(async () => {
        const db = await open();
        return { ok: true, value: await db.getAll('tasks', keysUnder(notebook)) };
      }),
    write: (notebook, kept, gone) =>
      attempt(async () => {
        const db = await open();
        // The last moments of a page are written too, if nobody waits for the disk.
        const transaction = db.transaction('tasks', 'readwrite', { durability: 'relaxed' });
        const { store } = transaction;
        try {
          const work = [
            ...kept.map((row) => store.put(row)),
            ...gone.map((msgId) => store.delete([notebook, msgId])),
          ];
          await Promise.all([...work, transaction.done]);
        } catch (error) {
          transaction.done.catch(() => undefined);
          if (error instanceof Error && error.name === 'DataCloneError')
            return failed('broken', error.message);
          throw error;
        }
        return { ok: true, value: null };
      }),
    clear: (notebook) =>
      attempt(async () => {
        await (await open()).delete('tasks', keysUnder(notebook));
        return { ok: true, value: null };
      }),
  };
}
