import { type DBSchema, type IDBPDatabase, openDB, unwrap } from 'idb';
import { endWithPage, whileShown } from './end-with-page.ts';

/**
 * A database of one version that is opened at the first need, and again after it was lost: the browser has ended it,
 * another tab wants to change or delete it, the page was left, or opening it has failed. Rejects as the browser does.
 */
export function databaseOf<Schema extends DBSchema>(
  name: string,
  create: (db: IDBPDatabase<Schema>) => void,
): () => Promise<IDBPDatabase<Schema>> {
  let opening: Promise<IDBPDatabase<Schema>> | null = null;
  const forget = (): void => {
    opening = null;
  };
  return () => {
    opening ??= whileShown()
      .then(() =>
        openDB<Schema>(name, 1, {
          upgrade: create,
          blocking(_current, _blocked, event) {
            (event.target as IDBDatabase).close();
            forget();
          },
          terminated: forget,
        }),
      )
      .then(
        (db) => {
          endWithPage(unwrap(db), forget);
          return db;
        },
        (error: unknown) => {
          forget();
          throw error;
        },
      );
    return opening;
  };
}

/** All keys that begin with this: a list sorts behind any text and number. */
export function keysUnder(first: string): IDBKeyRange {
  return IDBKeyRange.bound([first], [first, []]);
}
