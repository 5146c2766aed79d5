import type { DBSchema } from 'idb';
import { databaseOf, keysUnder } from '../storage/database.ts';
import { attempt, failed } from '../storage/storage-failure.ts';
import type { StorageResult } from '../storage/storage-types.ts';
import { BatchIndex } from './batch-index.ts';

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
  load(notebook: string): Promise<StorageResult<readonly HistoryRow[]>>;
  /** Both or neither. */
  write(notebook: string, kept: readonly HistoryRow[], gone: readonly string[]): Promise<StorageResult<null>>;
  /** Forgets all of a notebook. */
  clear(notebook: string): Promise<StorageResult<null>>;
}

/** Tasks that were written together. `msgId`: the batch's key. */
interface Batch {
  readonly notebook: string;
  readonly msgId: string;
  readonly rows: readonly HistoryRow[];
}

interface Schema extends DBSchema {
  /** A row by itself was written by an earlier Tutti. */
  tasks: { key: [string, string]; value: HistoryRow | Batch };
}

const DATABASE = 'tutti-history';

export function createHistoryStore(): HistoryStore {
  const open = databaseOf<Schema>(DATABASE, (db) => {
    db.createObjectStore('tasks', { keyPath: ['notebook', 'msgId'] });
  });
  /** Of the notebook that was asked for last; null when it is not known what is there. */
  let known: { readonly notebook: string; readonly index: BatchIndex } | null = null;
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: each knows what is there from the one before. */
  const inTurn = <Value>(
    notebook: string,
    work: () => Promise<StorageResult<Value>>,
  ): Promise<StorageResult<Value>> => {
    const result = last
      .then(() => attempt(work))
      .then((done) => {
        if (!done.ok && known?.notebook === notebook) known = null;
        return done;
      });
    last = result;
    return result;
  };

  const load = async (notebook: string): Promise<readonly HistoryRow[]> => {
    const entries = await (await open()).getAll('tasks', keysUnder(notebook));
    const index = new BatchIndex();
    const rows = entries.map((entry) => {
      const its = 'rows' in entry ? entry.rows : [entry];
      index.add(
        entry.msgId,
        its.map(({ msgId }) => msgId),
      );
      return its;
    });
    known = { notebook, index };
    return rows.flat();
  };

  const write = async (
    notebook: string,
    kept: readonly HistoryRow[],
    gone: readonly string[],
  ): Promise<StorageResult<null>> => {
    if (known?.notebook !== notebook) await load(notebook);
    const plan = known?.index.plan(kept, gone) ?? { put: [], thin: [], remove: [] };
    const db = await open();
    // The last moments of a page are written too, if nobody waits for the disk.
    const transaction = db.transaction('tasks', 'readwrite', { durability: 'relaxed' });
    const { store } = transaction;
    const thin = async (key: string, left: ReadonlySet<string>): Promise<void> => {
      const entry = await store.get([notebook, key]);
      if (entry === undefined || !('rows' in entry)) return;
      await store.put({ ...entry, rows: entry.rows.filter(({ msgId }) => left.has(msgId)) });
    };
    try {
      const work = [
        ...plan.put.map(({ key, rows }) => store.put({ notebook, msgId: key, rows })),
        ...plan.thin.map(({ key, left }) => thin(key, left)),
        ...plan.remove.map((key) => store.delete([notebook, key])),
      ];
      await Promise.all([...work, transaction.done]);
    } catch (error) {
      transaction.done.catch(() => undefined);
      if (error instanceof Error && error.name === 'DataCloneError') return failed('broken', error.message);
      throw error;
    }
    return { ok: true, value: null };
  };

  return {
    load: (notebook) => inTurn(notebook, async () => ({ ok: true, value: await load(notebook) })),
    write: (notebook, kept, gone) => inTurn(notebook, () => write(notebook, kept, gone)),
    clear: (notebook) =>
      inTurn(notebook, async () => {
        await (await open()).delete('tasks', keysUnder(notebook));
        if (known?.notebook === notebook) known = null;
        return { ok: true, value: null };
      }),
  };
}
