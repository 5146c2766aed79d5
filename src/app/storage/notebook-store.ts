/**
 * The notebooks kept in this browser, in IndexedDB. A thin hand over the database: what is written and what
 * is a conflict is decided in `stored-record.ts`. Every answer is a StorageResult; nothing here rejects, for
 * whoever saves has to say so to the reader when it fails.
 *
 * A notebook's revision counts its saves. A save names the revision it builds on, and within one transaction
 * is refused as a conflict when that is no longer the latest: two tabs cannot silently overwrite each other.
 */
import { openDB, unwrap, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type { NotebookDocument } from '../../notebook/document.ts';
import type { NotebookSummary, StorageResult, StoredNotebook } from './storage-types.ts';
import type { Signature } from '../journal/resolve-entries.ts';
import { endWithPage, whileShown } from './end-with-page.ts';
import { attempt, boundedWaits, failed } from './storage-failure.ts';
import {
  listed,
  planSave,
  readRecord,
  type DocumentRecord,
  type SavePlan,
  type SummaryRecord,
} from './stored-record.ts';

const DATABASE = 'tutti';
/** +1 whenever `upgrade` below gets a step more. */
const SCHEMA = 1;

interface Schema extends DBSchema {
  summaries: { key: string; value: SummaryRecord };
  documents: { key: string; value: DocumentRecord };
  settings: { key: 'last-opened'; value: string };
}

/**
 * Seconds that a page waits for what it shows first. Disks take less; a page that was left and is kept as it stands may
 * hold the database for minutes.
 */
const PATIENCE = 8;

export interface NotebookStore {
  /**
   * Saves as the revision after `expected` (0: the notebook has never been saved), gives the new one.
   * `now`: milliseconds since 1970. `by`: what the save says of itself.
   */
  save(
    document: NotebookDocument,
    how: { readonly expected: number; readonly now: number; readonly by?: Signature },
  ): Promise<StorageResult<number>>;
  load(id: string): Promise<StorageResult<StoredNotebook>>;
  /** How often it has been saved; 0 for what is not there. */
  revision(id: string): Promise<StorageResult<number>>;
  /** The latest first. */
  list(): Promise<StorageResult<readonly NotebookSummary[]>>;
  /** Deleting what is not there is no error. */
  delete(id: string): Promise<StorageResult<null>>;
  /** The id of the notebook that was open last; null when there is none. */
  lastOpened(): Promise<StorageResult<string | null>>;
  setLastOpened(id: string): Promise<StorageResult<null>>;
  close(): void;
}

export function createNotebookStore(name: string = DATABASE): NotebookStore {
  const connection = createConnection(name);
  const inTime = boundedWaits(PATIENCE);
  const using = <T>(work: (db: IDBPDatabase<Schema>) => Promise<StorageResult<T>>) =>
    attempt(async () => {
      const opened = await connection.open();
      return opened === 'blocked' ? failed('blocked') : work(opened);
    });

  return {
    save: (document, how) => using((db) => save(db, document, how)),
    load: (id) => inTime(using((db) => load(db, id))),
    revision: (id) => using(async (db) => done((await db.get('summaries', id))?.revision ?? 0)),
    list: () => inTime(using(async (db) => done(listed(await db.getAll('summaries'))))),
    delete: (id) => using((db) => remove(db, id)),
    lastOpened: () => inTime(using(async (db) => done((await db.get('settings', 'last-opened')) ?? null))),
    setLastOpened: (id) =>
      using(async (db) => {
        await db.put('settings', id, 'last-opened');
        return done(null);
      }),
    close: connection.close,
  };
}

function done<T>(value: T): StorageResult<T> {
  return { ok: true, value };
}

// WORK

async function save(
  db: IDBPDatabase<Schema>,
  document: NotebookDocument,
  how: { readonly expected: number; readonly now: number; readonly by?: Signature },
): Promise<StorageResult<number>> {
  const transaction = db.transaction(['summaries', 'documents'], 'readwrite', { durability: 'strict' });
  const found = await transaction.objectStore('summaries').get(document.id);
  const plan = planSave(document, { found, ...how });
  if (!plan.ok) {
    await transaction.done;
    return plan;
  }
  await write(transaction, plan.value);
  return done(plan.value.summary.revision);
}

type WriteTransaction = IDBPTransaction<Schema, ['summaries', 'documents'], 'readwrite'>;

/** Both or neither: a `put` that throws (what it was given cannot be cloned) would not by itself undo the
 * other one. */
async function write(transaction: WriteTransaction, plan: SavePlan): Promise<void> {
  try {
    const puts = [
      transaction.objectStore('documents').put(plan.record),
      transaction.objectStore('summaries').put(plan.summary),
    ];
    // From now on it needs this page no more, which may be left.
    transaction.commit();
    await Promise.all([...puts, transaction.done]);
  } catch (error) {
    abort(transaction);
    throw error;
  }
}

function abort(transaction: WriteTransaction): void {
  transaction.done.catch(() => {
    /* The error that led here is the one to tell. */
  });
  try {
    transaction.abort();
  } catch {
    /* The database has aborted it already. */
  }
}

async function load(db: IDBPDatabase<Schema>, id: string): Promise<StorageResult<StoredNotebook>> {
  const transaction = db.transaction(['summaries', 'documents']);
  const [summary, record] = await Promise.all([
    transaction.objectStore('summaries').get(id),
    transaction.objectStore('documents').get(id),
    transaction.done,
  ]);
  return readRecord(summary, record);
}

async function remove(db: IDBPDatabase<Schema>, id: string): Promise<StorageResult<null>> {
  const transaction = db.transaction(['summaries', 'documents'], 'readwrite');
  await Promise.all([
    transaction.objectStore('summaries').delete(id),
    transaction.objectStore('documents').delete(id),
    transaction.done,
  ]);
  return done(null);
}

// CONNECTION

/** Opened at the first use, and again after the browser or a newer tab has closed it, or the page was left. */
function createConnection(name: string) {
  let opening: Promise<IDBPDatabase<Schema> | 'blocked'> | null = null;
  let current: IDBPDatabase<Schema> | null = null;

  const forget = () => {
    opening = null;
    current = null;
  };
  const close = () => {
    current?.close();
    forget();
  };
  const open = () => {
    opening ??= whileShown()
      .then(() => openDatabase(name, { onOutdated: close, onLost: forget }))
      .then(
        (result) => {
          if (result === 'blocked') forget();
          else {
            current = result;
            endWithPage(unwrap(result), forget);
          }
          return result;
        },
        (error: unknown) => {
          forget();
          throw error;
        },
      );
    return opening;
  };
  return { open, close };
}

function openDatabase(
  name: string,
  on: { readonly onOutdated: () => void; readonly onLost: () => void },
): Promise<IDBPDatabase<Schema> | 'blocked'> {
  return new Promise((resolve, reject) => {
    let isGivenUp = false;
    openDB<Schema>(name, SCHEMA, {
      upgrade(db, oldVersion) {
        if (oldVersion < 1) {
          db.createObjectStore('summaries', { keyPath: 'id' });
          db.createObjectStore('documents', { keyPath: 'id' });
          db.createObjectStore('settings');
        }
      },
      blocked() {
        isGivenUp = true;
        resolve('blocked');
      },
      // A newer Tutti in another tab waits for us: make way, and say `version` at the next save.
      blocking: on.onOutdated,
      terminated: on.onLost,
    }).then((db) => {
      if (isGivenUp) db.close();
      else resolve(db);
    }, reject);
  });
}
