import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { WorkspaceFile } from '../../protocol/file-messages.ts';

/**
 * The files of the workspaces, in IndexedDB: one workspace for each notebook, so that a notebook which came from
 * elsewhere reads no file of another. Contents are kept as Blobs, which the browser keeps beside the database:
 * what is handed out is a handle, and nothing is read for it.
 *
 * In a database of its own: it never holds up the saving of notebooks. Everything rejects as the browser does.
 */
export interface FileStore {
  list(notebook: string): Promise<readonly WorkspaceFile[]>;
  /** Makes or replaces. */
  put(notebook: string, file: WorkspaceFile): Promise<void>;
  remove(notebook: string, name: string): Promise<void>;
  /** The whole workspace of a notebook. */
  clear(notebook: string): Promise<void>;
}

interface FileRecord extends WorkspaceFile {
  readonly notebook: string;
}

interface Schema extends DBSchema {
  files: { key: [string, string]; value: FileRecord };
}

export function createFileStore(database = 'tutti-files'): FileStore {
  let opening: Promise<IDBPDatabase<Schema>> | null = null;
  const forget = (): void => {
    opening = null;
  };
  const open = (): Promise<IDBPDatabase<Schema>> => {
    opening ??= openDB<Schema>(database, 1, {
      upgrade(db) {
        db.createObjectStore('files', { keyPath: ['notebook', 'name'] });
      },
      blocking(_current, _blocked, event) {
        (event.target as IDBDatabase).close();
        forget();
      },
      terminated: forget,
    }).catch((error: unknown) => {
      forget();
      throw error;
    });
    return opening;
  };
  const workspace = (notebook: string): IDBKeyRange => IDBKeyRange.bound([notebook], [notebook, []]);
  return {
    list: async (notebook) => {
      const records = await (await open()).getAll('files', workspace(notebook));
      return records.map(({ name, blob, modified }) => ({ name, blob, modified }));
    },
    put: async (notebook, { name, blob, modified }) => {
      const db = await open();
      const transaction = db.transaction('files', 'readwrite', { durability: 'strict' });
      await Promise.all([transaction.store.put({ notebook, name, blob, modified }), transaction.done]);
    },
    remove: async (notebook, name) => {
      await (await open()).delete('files', [notebook, name]);
    },
    clear: async (notebook) => {
      await (await open()).delete('files', workspace(notebook));
    },
  };
}
