/**
 * Keeps what is edited in the moment it is edited. A save to the database takes its time, and none that is begun while
 * the page ends is sure to be made; what is written here is written when the call returns. So the newest edits stand
 * here until the save that has them is on disk, one entry for each notebook and page, and whoever opens the notebook
 * next puts them on top of what the disk has.
 *
 * Promises: nothing that `edited` was told is lost with the page, as long as `isHeld`; an entry goes only when the disk
 * has what is in it, or when the notebook is deleted; entries of pages that are alive are never taken.
 */
import type { Timers } from '../../base/clock.ts';
import type { NotebookDocument } from '../../notebook/document.ts';
import {
  type Base,
  baseOf,
  changesSince,
  ENTRY_FORMAT,
  isSameToJournal,
  type JournalEntry,
  readEntry,
} from './journal-entry.ts';
import type { KeyValues } from './key-values.ts';
import { type OnDisk, type Resolution, resolveEntries, type Signature } from './resolve-entries.ts';
import type { TabLife } from './tab-life.ts';

export interface EditJournal {
  /** A notebook as its last reader left it, and the revision that its next save builds on. Null: as it is on disk. */
  restore(
    notebook: string,
    disk: OnDisk | null,
  ): Promise<{ readonly document: NotebookDocument; readonly revision: number } | null>;
  /** The page shows this one from now on. Whether it has been restored, and so differs from the disk. */
  opened(document: NotebookDocument): boolean;
  /** Before the call returns it is kept, unless it is long; then within a tenth of a second. */
  edited(document: NotebookDocument): void;
  /** It is being saved: what the save shall say of itself. */
  saving(document: NotebookDocument): Signature;
  /** The save is on disk. */
  saved(document: NotebookDocument, revision: number): void;
  /** This tab, or another one, has the open notebook to save. */
  claimed(mine: boolean): void;
  /** The notebook has been deleted: nothing comes back. */
  forget(notebook: string): void;
  /** Notebooks of which pages that are gone have left something. */
  left(): Promise<readonly string[]>;
  /** What was left of a notebook that is not open, or on top of an older version of it. */
  othersOf(notebook: string, disk: OnDisk | null): Promise<Resolution>;
  /** What they held is on disk. */
  settled(entries: readonly JournalEntry[]): void;
  /** Writes what waits to be written. Whether all that has been edited is kept. */
  flush(): boolean;
}

export interface JournalParts {
  readonly store: KeyValues;
  readonly life: TabLife;
  readonly timers: Timers;
}

/** Characters of one entry: a browser gives some five million to all of them. */
const LONGEST = 1_000_000;
/** Characters above which it is not written at every key. */
const LONG = 30_000;
/** Seconds that a long one waits. */
const DELAY = 0.1;
/** Seconds in which a page that is being closed is surely gone. */
const GONE_WITHIN = 0.3;

export function createEditJournal(parts: JournalParts): EditJournal {
  return new StoredJournal(parts);
}

/** The notebook that the page shows. */
interface Open {
  readonly id: string;
  /** What is on disk, as far as is known; null for a notebook never saved. */
  base: Base | null;
  revision: number;
  /** A save that has been begun; it may have been made whatever one hears of it. */
  onItsWay: Base | null;
  latest: NotebookDocument;
  seq: number;
  /** Else there is nothing that its address would not bring back. */
  isEdited: boolean;
  /** Characters of the entry; 0: there is none. */
  length: number;
  isHeld: boolean;
  contains: readonly string[];
}

type Restored = NonNullable<Resolution['taken']> & { readonly disk: OnDisk | null };

class StoredJournal implements EditJournal {
  readonly #parts: JournalParts;
  #open: Open | null = null;
  #isMine = true;
  #cancelWrite: (() => void) | null = null;
  /** What `restore` gave, until it is opened or saved. */
  readonly #restored = new Map<string, Restored>();
  readonly #disks = new Map<string, OnDisk>();
  readonly #seqs = new WeakMap<NotebookDocument, number>();

  constructor(parts: JournalParts) {
    this.#parts = parts;
  }

  async restore(
    notebook: string,
    disk: OnDisk | null,
  ): Promise<{ document: NotebookDocument; revision: number } | null> {
    this.#restored.delete(notebook);
    if (disk) this.#disks.set(notebook, disk);
    else this.#disks.delete(notebook);
    const { taken, spent } = await this.othersOf(notebook, disk);
    this.settled(spent);
    if (taken === null) return null;
    this.#restored.set(notebook, { ...taken, disk });
    return taken;
  }

  opened(document: NotebookDocument): boolean {
    this.flush();
    const { id } = document;
    const restored = this.#restored.get(id);
    const disk = restored ? restored.disk : this.#disks.get(id);
    // What this page has left of the same notebook has been given up for what is opened now.
    if (!restored) this.#parts.store.remove(this.#keyOf(id));
    this.#disks.delete(id);
    this.#open = {
      id,
      base: disk ? baseOf(disk.document) : null,
      revision: restored?.revision ?? disk?.revision ?? 0,
      onItsWay: null,
      latest: document,
      seq: Math.max(restored?.entry.seq ?? 0, disk?.by?.seq ?? 0) + 1,
      isEdited: restored !== undefined,
      length: 0,
      isHeld: true,
      contains: restored ? [...restored.entry.contains, restored.entry.tab] : [],
    };
    this.#seqs.set(document, this.#open.seq);
    if (!restored) return false;
    this.#write(this.#open);
    if (this.#open.isHeld && restored.entry.tab !== this.#parts.life.id) this.settled([restored.entry]);
    if (this.#open.isHeld) this.#restored.delete(id);
    return true;
  }

  edited(document: NotebookDocument): void {
    const open = this.#open;
    if (open?.id !== document.id) return;
    const isSame = isSameToJournal(open.latest, document);
    open.latest = document;
    if (!isSame) open.seq++;
    this.#seqs.set(document, open.seq);
    if (isSame) return;
    open.isEdited = true;
    if (open.length <= LONG) {
      this.#write(open);
      return;
    }
    open.isHeld = false;
    this.#cancelWrite ??= this.#parts.timers.after(DELAY, () => {
      this.flush();
    });
  }

  saving(document: NotebookDocument): Signature {
    if (this.#open?.id === document.id) {
      this.#open.onItsWay = baseOf(document);
      // What was changed back since the last save must not come back with this one.
      this.#write(this.#open);
    }
    return { tab: this.#parts.life.id, seq: this.#seqs.get(document) ?? 0 };
  }

  saved(document: NotebookDocument, revision: number): void {
    const { id } = document;
    const restored = this.#restored.get(id);
    if (restored) this.settled([restored.entry]);
    this.#restored.delete(id);
    const open = this.#open;
    if (open?.id !== id) return;
    open.base = baseOf(document);
    open.onItsWay = null;
    open.revision = revision;
    open.contains = [];
    this.#write(open);
  }

  claimed(mine: boolean): void {
    this.#isMine = mine;
  }

  forget(notebook: string): void {
    const { store } = this.#parts;
    if (this.#open?.id === notebook) this.#open = null;
    this.#restored.delete(notebook);
    this.#disks.delete(notebook);
    for (const key of store.keys()) if (notebookOf(key) === notebook) store.remove(key);
  }

  async left(): Promise<readonly string[]> {
    const keys = this.#parts.store.keys();
    if (keys.length === 0) return [];
    const alive = await this.#parts.life.alive();
    return [...new Set(keys.filter((key) => !alive.has(tabOf(key))).map(notebookOf))];
  }

  async othersOf(notebook: string, disk: OnDisk | null): Promise<Resolution> {
    return resolveEntries(await this.#entriesOf(notebook), disk, this.#parts.life.former);
  }

  settled(entries: readonly JournalEntry[]): void {
    for (const { tab, notebook } of entries) this.#parts.store.remove(keyFor(tab, notebook));
  }

  flush(): boolean {
    this.#cancelWrite?.();
    this.#cancelWrite = null;
    if (this.#open?.isHeld === false) this.#write(this.#open);
    return this.#open?.isHeld ?? true;
  }

  /** Of pages that are gone; of this one where the notebook is not open any more. */
  async #entriesOf(notebook: string): Promise<readonly JournalEntry[]> {
    const { store, life, timers } = this.#parts;
    const found = (): readonly string[] => store.keys().filter((key) => notebookOf(key) === notebook);
    if (found().length === 0) return [];
    const isTaken = (tab: string, alive: ReadonlySet<string>): boolean =>
      tab === life.id ? this.#open?.id === notebook : tab !== life.former && alive.has(tab);
    let alive = await life.alive();
    if (found().some((key) => tabOf(key) !== life.id && isTaken(tabOf(key), alive))) {
      await new Promise<void>((resolve) => timers.after(GONE_WITHIN, resolve));
      alive = await life.alive();
    }
    return found()
      .filter((key) => !isTaken(tabOf(key), alive))
      .flatMap((key) => readEntry(store.get(key) ?? '') ?? []);
  }

  #write(open: Open): void {
    const { store, life } = this.#parts;
    const key = this.#keyOf(open.id);
    const versions = [open.base, open.onItsWay].filter((version) => version !== null);
    const changes = open.isEdited ? changesSince(open.base === null ? [] : versions, open.latest) : null;
    if (changes === null) {
      if (open.length > 0) store.remove(key);
      open.length = 0;
      open.isHeld = true;
      return;
    }
    const entry: JournalEntry = {
      format: ENTRY_FORMAT,
      notebook: open.id,
      tab: life.id,
      seq: open.seq,
      base: open.revision,
      mine: this.#isMine,
      contains: open.contains,
      ...changes,
    };
    const text = JSON.stringify(entry);
    open.length = text.length;
    open.isHeld = text.length <= LONGEST && store.set(key, text);
    // An older entry in its place would bring back what is no more.
    if (!open.isHeld) store.remove(key);
  }

  #keyOf(notebook: string): string {
    return keyFor(this.#parts.life.id, notebook);
  }
}

function keyFor(tab: string, notebook: string): string {
  return `${tab}/${notebook}`;
}

function tabOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

function notebookOf(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}
