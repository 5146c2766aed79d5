import type { DBSchema } from 'idb';
import type { WorkspaceFile } from '../../protocol/file-messages.ts';
import { databaseOf, keysUnder } from './database.ts';

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
  const open = databaseOf<Schema>(database, (db) => {
    db.createObjectStore('files', { keyPath: ['notebook', 'name'] });
  });
  return {
    list: async (notebook) => {
      const records = await (await open()).getAll('files', keysUnder(notebook));
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
      await (await open()).delete('files', keysUnder(notebook));
    },
  };
}
