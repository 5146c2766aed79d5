import type { DBSchema } from 'idb';
import type { WorkspaceFile } from '../../protocol/file-messages.ts';
import { databaseOf, keysUnder } from './database.ts';
import { faultOf } from './storage-failure.ts';

/**
 * The files of the workspaces, in IndexedDB: one workspace for each notebook, so that a notebook which came from
 * elsewhere reads no file of another. Contents are kept as Blobs, which the browser keeps beside the database:
 * what is handed out is a handle, and nothing is read for it. Where it keeps no Blobs (WebKit in a private window)
 * their bytes are kept.
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

interface FileRecord {
  readonly notebook: string;
  readonly name: string;
  readonly blob: Blob | KeptBytes;
  readonly modified: number;
}

/** A Blob as data. */
interface KeptBytes {
  readonly bytes: ArrayBuffer;
  readonly type: string;
}

interface Schema extends DBSchema {
  files: { key: [string, string]; value: FileRecord };
}

export function createFileStore(database = 'tutti-files'): FileStore {
  const open = databaseOf<Schema>(database, (db) => {
    db.createObjectStore('files', { keyPath: ['notebook', 'name'] });
  });
  /** Until it has been seen that it does not, and keeps bytes. */
  let takesBlobs = true;
  const put = async (record: FileRecord): Promise<void> => {
    const transaction = (await open()).transaction('files', 'readwrite', { durability: 'strict' });
    await Promise.all([transaction.store.put(record), transaction.done]);
  };
  /** Where bytes are kept: what was read. A Blob is a handle, but bytes of all files would be read at every change. */
  const known = new Map<string, WorkspaceFile>();
  const read = async (key: Schema['files']['key']): Promise<WorkspaceFile[]> => {
    const before = known.get(idOf(...key));
    if (before) return [before];
    const record = await (await open()).get('files', key);
    if (record === undefined) return [];
    const file = fileOf(record);
    known.set(idOf(...key), file);
    return [file];
  };
  return {
    list: async (notebook) => {
      const files = await open();
      if (takesBlobs) return (await files.getAll('files', keysUnder(notebook))).map(fileOf);
      const keys = await files.getAllKeys('files', keysUnder(notebook));
      return (await Promise.all(keys.map(read))).flat();
    },
    put: async (notebook, { name, blob, modified }) => {
      if (takesBlobs) {
        try {
          await put({ notebook, name, blob, modified });
          return;
        } catch (error) {
          if (faultOf(error) !== 'broken') throw error;
        }
      }
      const bytes = await blob.arrayBuffer();
      await put({ notebook, name, blob: { bytes, type: blob.type }, modified });
      takesBlobs = false;
      known.delete(idOf(notebook, name));
    },
    remove: async (notebook, name) => {
      await (await open()).delete('files', [notebook, name]);
      known.delete(idOf(notebook, name));
    },
    clear: async (notebook) => {
      await (await open()).delete('files', keysUnder(notebook));
      known.clear();
    },
  };
}

function idOf(notebook: string, name: string): string {
  return JSON.stringify([notebook, name]);
}

function fileOf({ name, blob, modified }: FileRecord): WorkspaceFile {
  return { name, blob: asBlob(blob), modified };
}

function asBlob(kept: Blob | KeptBytes): Blob {
  return kept instanceof Blob ? kept : new Blob([kept.bytes], { type: kept.type });
}
