import type { DBSchema } from 'idb';
import type { ClipForms } from '../../notebook/cell-clip.ts';
import type { ClipStore } from '../cell-clipboard.ts';
import { databaseOf } from './database.ts';

interface Schema extends DBSchema {
  clip: { key: 'last'; value: ClipForms };
}

/** The cells that were copied last, in a database of their own. */
export function createClipStore(): ClipStore {
  const open = databaseOf<Schema>('tutti-clipboard', (db) => {
    db.createObjectStore('clip');
  });
  return {
    write: async (forms) => {
      await (await open()).put('clip', forms, 'last');
    },
    read: async () => (await open()).get('clip', 'last'),
  };
}
