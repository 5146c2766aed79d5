import type { MsgId } from '../protocol/ids.ts';
import type { RuntimeEvent } from '../protocol/runtime-messages.ts';
import { MOST_TOLD, storableBytes, type StoredEntry, type StoredTask } from '../protocol/stored-task.ts';

/**
 * The frame has an opaque origin and no storage of its own: what is to outlive the page is told to the page. The
 * page hears which notebook's tasks they are by the number that it gave that notebook, its book.
 */
export class HistoryChannel {
  readonly #emit: (event: RuntimeEvent) => void;
  readonly #book: number;

  constructor(book: number, emit: (event: RuntimeEvent) => void) {
    this.#book = book;
    this.#emit = emit;
  }

  tell(kept: readonly StoredTask[], gone: readonly MsgId[]): void {
    const entries = kept.flatMap(entryOf);
    for (let i = 0; i === 0 || i < entries.length; i += MOST_TOLD) {
      const part = entries.slice(i, i + MOST_TOLD);
      this.#emit({ type: 'history', book: this.#book, kept: part, gone: i === 0 ? gone : [] });
    }
  }
}

/** One value that cannot be sent would take the whole message with it: what is not plain data stays here. */
function entryOf(task: StoredTask): StoredEntry[] {
  const settlement = isStorable(task.settlement) ? task.settlement : null;
  const request = isStorable(task.request) ? task.request : null;
  const storable = { ...task, settlement, request };
  return isStorable(storable.header) ? [{ msgId: task.msgId, task: storable }] : [];
}

function isStorable(value: unknown): boolean {
  return storableBytes(value) !== null;
}
