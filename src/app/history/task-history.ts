import type { Clock } from '../../base/clock.ts';
import { storableBytes, type StoredEntry } from '../../protocol/stored-task.ts';
import type { StorageFailure, StorageResult } from '../storage/storage-types.ts';
import { createAllowance } from './allowance.ts';
import type { HistoryRow, HistoryStore } from './history-store.ts';

/** Of one notebook. The frame culls by rules of its own; these hold whatever the frame does. */
const MOST_TASKS = 4096;
const MOST_BYTES = 64 * 1024 * 1024;
/** Bytes of one task. */
const BIGGEST = 16 * 1024 * 1024;
/** What the frame may write a second: a little more than it does of itself. */
const TASKS_PER_SECOND = 3000;
const BYTES_PER_SECOND = 64 * 1024 * 1024;

/** What the frame tells about the tasks of a notebook. */
export interface HistoryChange {
  readonly book: number;
  readonly kept: readonly StoredEntry[];
  readonly gone: readonly string[];
}

/** A notebook's tasks of earlier visits. */
export interface OpenedHistory {
  /** The number by which the frame is to name the notebook; it never learns another's. */
  readonly book: number;
  readonly tasks: readonly unknown[];
}

export interface TaskHistory {
  /** From now on this notebook's tasks are kept, and no others. Never rejects: without storage there are none. */
  open(notebook: string): { readonly book: number; readonly opened: Promise<OpenedHistory> };
  /** What does not belong to the notebook that is open, or is more than is allowed, is dropped. */
  hear(change: HistoryChange): void;
  /** Forgets what was kept of a notebook, open or not; without one, of the one that is open. */
  purge(notebook?: string): Promise<StorageResult<null>>;
}

interface Book {
  readonly number: number;
  readonly notebook: string;
  /** Bytes by message id, oldest first. */
  readonly sizes: Map<string, number>;
  bytes: number;
}

export interface HistoryParts {
  readonly store: HistoryStore;
  readonly clock: Clock;
  /** A sentence for the reader: the history is not kept. */
  readonly onTrouble: (text: string) => void;
  /** How much is kept of the open notebook, at every change. */
  readonly onUsage?: (usage: HistoryUsage) => void;
}

export interface HistoryUsage {
  readonly tasks: number;
  /** Of requests and results. */
  readonly bytes: number;
}

/**
 * The page's side of the hub's database: it takes in what the frame tells, within bounds of count, bytes and rate,
 * under the notebook that the reader has open. The frame runs strangers' code; it names no notebook and no key.
 */
export function createTaskHistory({ store, clock, onTrouble, onUsage }: HistoryParts): TaskHistory {
  let books = 0;
  let current: Book | null = null;
  const allowance = createAllowance(clock, { tasks: TASKS_PER_SECOND, bytes: BYTES_PER_SECOND });

  const tell = (book: Book): void => {
    if (book === current) onUsage?.({ tasks: book.sizes.size, bytes: book.bytes });
  };

  const load = async (book: Book): Promise<OpenedHistory> => {
    const loaded = await store.load(book.notebook);
    const rows = loaded.ok ? loaded.value : [];
    for (const { msgId, bytes } of rows) {
      if (!book.sizes.has(msgId)) note(book, msgId, bytes);
    }
    tell(book);
    return { book: book.number, tasks: rows.map(({ task }) => task) };
  };

  return {
    open: (notebook) => {
      const book: Book = { number: ++books, notebook, sizes: new Map(), bytes: 0 };
      current = book;
      tell(book);
      return { book: book.number, opened: load(book) };
    },
    hear: ({ book: number, kept, gone }) => {
      const book = current;
      if (book?.number !== number) return;
      const { notebook } = book;
      const rows = kept.flatMap(({ msgId, task }): HistoryRow[] => {
        const bytes = storableBytes(task);
        return bytes === null || bytes > BIGGEST ? [] : [{ notebook, msgId, bytes, task }];
      });
      if (
        !allowance.take(
          rows.length,
          rows.reduce((sum, { bytes }) => sum + bytes, 0),
        )
      ) {
        onTrouble(TOO_FAST);
        return;
      }
      for (const msgId of gone) drop(book, msgId);
      for (const { msgId, bytes } of rows) note(book, msgId, bytes);
      const removed = [...gone, ...excess(book)];
      tell(book);
      if (rows.length === 0 && removed.length === 0) return;
      const there = rows.filter(({ msgId }) => book.sizes.has(msgId));
      void store.write(notebook, there, removed).then((result) => {
        if (!result.ok) onTrouble(trouble(result.failure));
      });
    },
    purge: async (notebook = current?.notebook) => {
      if (current?.notebook === notebook && current) {
        forget(current);
        tell(current);
      }
      return notebook === undefined ? { ok: true, value: null } : store.clear(notebook);
    },
  };
}

function note(book: Book, msgId: string, bytes: number): void {
  book.bytes += bytes - (book.sizes.get(msgId) ?? 0);
  book.sizes.set(msgId, bytes);
}

function drop(book: Book, msgId: string): void {
  book.bytes -= book.sizes.get(msgId) ?? 0;
  book.sizes.delete(msgId);
}

function forget(book: Book): void {
  book.sizes.clear();
  book.bytes = 0;
}

/** Drops the oldest until the rest is within bounds, and says which. */
function excess(book: Book): string[] {
  const dropped: string[] = [];
  for (const msgId of book.sizes.keys()) {
    if (book.sizes.size <= MOST_TASKS && book.bytes <= MOST_BYTES) break;
    drop(book, msgId);
    dropped.push(msgId);
  }
  return dropped;
}

const KEPT_HERE = 'What runs goes on, and its results are here until the page is closed.';

const TOO_FAST = `Tasks end faster than they can be saved, so some of them will not be in the history after a reload. ${KEPT_HERE}`;

function trouble({ fault, message }: StorageFailure): string {
  const why = {
    quota: 'the browser’s storage is full. Free some, or forget tasks with rc.purgeEverything().',
    refused: 'the browser gives this page no storage (a private window, or site data are blocked).',
    blocked: 'another tab with an older Tutti holds the history. Close or reload it.',
    version: 'the history was saved by a newer Tutti. Reload this page to get it.',
    outputs: message,
    conflict: message,
    elsewhere: message,
    missing: message,
    broken: `the browser’s storage failed. ${message}`,
    silent: message,
  }[fault];
  return `The history of tasks is not saved: ${why} ${KEPT_HERE}`;
}
