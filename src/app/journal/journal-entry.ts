/**
 * What has been edited since the last save, as data: the cells whose text, kind or metadata are not those on disk, whole,
 * and the order of all cells where that is another one. Applied to what is on disk it gives the document as it was
 * left. Outputs are not in it (they are in the save that is made within a second), but for cells that the disk does not
 * have, where they are small.
 */
import { CUT_OFF, IDLE, isCellId } from '../../notebook/cells.ts';
import type { Cell, JsonObject, NotebookDocument } from '../../notebook/document.ts';

/** The form of the entries; one with a higher form is left alone. */
export const ENTRY_FORMAT = 1;

/** Characters of a new cell's outputs that go along. */
const SMALL_OUTPUTS = 50_000;

/** A cell without what runs leave in it, which the disk has. */
export type JournalCell = Omit<Cell, 'run' | 'outputs' | 'executionCount' | 'targets'> &
  Partial<Pick<Cell, 'outputs' | 'executionCount' | 'targets'>>;

export interface Changes {
  readonly name?: string;
  readonly metadata?: JsonObject;
  readonly foreign?: JsonObject;
  readonly origin?: NotebookDocument['origin'];
  /** All ids of cells in order; absent where it is that of the disk. */
  readonly order?: readonly string[];
  readonly cells: readonly JournalCell[];
  /** Cells that are running; absent where the disk knows that. */
  readonly running?: readonly string[];
}

export interface JournalEntry extends Changes {
  readonly format: number;
  readonly notebook: string;
  /** Of the page that wrote it. */
  readonly tab: string;
  /** Counts what is written of a notebook, over all its tabs: the later is the newer, whatever the clock says. */
  readonly seq: number;
  /** The revision on disk that it changes; 0: the notebook has never been saved, and all of it is here. */
  readonly base: number;
  /** The tab had the notebook for its own, to save it. */
  readonly mine: boolean;
  /** Pages whose entries have gone into this one. */
  readonly contains: readonly string[];
}

/** A version that is, or may be, on disk. */
export interface Base {
  readonly document: NotebookDocument;
  readonly cells: ReadonlyMap<string, Cell>;
}

export function baseOf(document: NotebookDocument): Base {
  return { document, cells: new Map(document.cells.map((cell) => [cell.id, cell])) };
}

/**
 * What must be applied to any of `versions` to get `document`: the newest save that is known, and one that may just
 * have been made. None: the notebook is not on disk. Null when there is nothing.
 */
export function changesSince(versions: readonly Base[], document: NotebookDocument): Changes | null {
  const bases = versions.map((version) => version.document);
  const isIn = (cell: Cell): boolean => versions.every((of) => isSameText(of.cells.get(cell.id), cell));
  const cells = document.cells
    .filter((cell) => versions.length === 0 || !isIn(cell))
    .map((cell) =>
      journalCell(cell, !versions.every((of) => of.cells.has(cell.id)) || versions.length === 0),
    );
  const running = runningIn(document);
  const isOther = (key: 'name' | 'metadata' | 'foreign' | 'origin'): boolean =>
    bases.length === 0 || bases.some((base) => base[key] !== document[key]);
  const { name, metadata, foreign, origin } = document;
  const changes: Changes = {
    ...(isOther('name') ? { name } : {}),
    ...(isOther('metadata') ? { metadata } : {}),
    ...(isOther('foreign') ? { foreign } : {}),
    ...(isOther('origin') ? { origin } : {}),
    ...(bases.length === 0 || bases.some((base) => !isSameOrder(base.cells, document.cells))
      ? { order: document.cells.map(({ id }) => id) }
      : {}),
    ...(bases.some((base) => String(runningIn(base)) !== String(running)) ? { running } : {}),
    cells,
  };
  return cells.length === 0 && Object.keys(changes).length === 1 ? null : changes;
}

function runningIn({ cells }: NotebookDocument): readonly string[] {
  return cells.filter(({ run }) => run.status === 'running').map(({ id }) => id);
}

/** Whether a journal has nothing new to say of the second. */
export function isSameToJournal(before: NotebookDocument, after: NotebookDocument): boolean {
  if (before === after) return true;
  const keys = ['id', 'name', 'metadata', 'foreign', 'origin'] as const;
  if (keys.some((key) => before[key] !== after[key])) return false;
  if (before.cells.length !== after.cells.length) return false;
  return after.cells.every((cell, i) => {
    const was = before.cells[i];
    if (was === cell) return true;
    const isRunning = cell.run.status === 'running';
    return isSameText(was, cell) && (was?.run.status === 'running') === isRunning;
  });
}

function isSameText(a: Cell | undefined, b: Cell): boolean {
  if (a === b) return true;
  return (
    a?.id === b.id &&
    a.source === b.source &&
    a.kind === b.kind &&
    a.metadata === b.metadata &&
    a.foreign === b.foreign &&
    a.stale === b.stale
  );
}

function isSameOrder(a: readonly Cell[], b: readonly Cell[]): boolean {
  return a.length === b.length && a.every((cell, i) => cell.id === b[i]?.id);
}

function journalCell(cell: Cell, isNew: boolean): JournalCell {
  const { id, kind, source, stale, metadata, foreign, outputs, executionCount, targets } = cell;
  const text = { id, kind, source, stale, metadata, foreign };
  if (!isNew || outputs.length === 0) return text;
  return isSmall(outputs) ? { ...text, outputs, executionCount, targets } : text;
}

function isSmall(outputs: Cell['outputs']): boolean {
  return outputs.length <= 100 && JSON.stringify(outputs).length <= SMALL_OUTPUTS;
}

/**
 * The document as it was left. `disk`: null when it is not there; then the entry must hold all of it, and null comes
 * back when it does not. `exact`: `disk` is one of the versions that the entry was made from; else somebody has saved
 * another one since, and no cell of that is lost either.
 */
export function withChanges(
  disk: NotebookDocument | null,
  entry: JournalEntry,
  { exact }: { readonly exact: boolean },
): NotebookDocument | null {
  const base = disk ?? wholeOf(entry);
  if (base === null) return null;
  const changed = new Map<string, JournalCell>(entry.cells.map((cell) => [cell.id, cell]));
  const kept = new Map<string, Cell>(base.cells.map((cell) => [cell.id, cell]));
  const running = entry.running && new Set(entry.running);
  const order = entry.order ?? [...kept.keys()];
  const missing = exact ? [] : [...kept.keys()].filter((id) => !order.includes(id));
  const added = [...changed.keys()].filter((id) => entry.order === undefined && !kept.has(id));
  const cells = [...new Set([...order, ...missing, ...added])].flatMap((id) => {
    const cell = cellOf(kept.get(id), changed.get(id));
    if (cell === null) return [];
    return [running && cell.kind === 'code' ? { ...cell, run: running.has(id) ? CUT_OFF : IDLE } : cell];
  });
  if (cells.length === 0) return null;
  const { name, metadata, foreign, origin } = { ...base, ...definedOf(entry) };
  return { id: base.id, name, metadata, foreign, origin, cells };
}

function wholeOf(entry: JournalEntry): NotebookDocument | null {
  const { base, notebook, name, metadata, foreign, origin } = entry;
  if (base !== 0 || name === undefined || metadata === undefined) return null;
  return { id: notebook, name, metadata, foreign: foreign ?? {}, origin: origin ?? 'elsewhere', cells: [] };
}

function definedOf({ name, metadata, foreign, origin }: Changes): Partial<NotebookDocument> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(foreign === undefined ? {} : { foreign }),
    ...(origin === undefined ? {} : { origin }),
  };
}

function cellOf(disk: Cell | undefined, journal: JournalCell | undefined): Cell | null {
  if (journal === undefined) return disk ?? null;
  const isCode = journal.kind === 'code';
  const blank = { outputs: [], executionCount: null, targets: undefined };
  return {
    ...blank,
    ...(isCode && disk
      ? { outputs: disk.outputs, executionCount: disk.executionCount, targets: disk.targets }
      : {}),
    ...journal,
    run: isCode && disk?.run.status === 'cut-off' ? disk.run : IDLE,
  };
}

/** The entry in a text of ours; null for any other, and for one of a newer Tutti. */
export function readEntry(text: string): JournalEntry | null {
  try {
    const read = JSON.parse(text) as Partial<JournalEntry> | null;
    const isOurs =
      read?.format === ENTRY_FORMAT &&
      typeof read.notebook === 'string' &&
      typeof read.tab === 'string' &&
      typeof read.seq === 'number' &&
      typeof read.base === 'number' &&
      Array.isArray(read.contains) &&
      (read.running === undefined || Array.isArray(read.running)) &&
      Array.isArray(read.cells) &&
      read.cells.every(({ id, source }: Partial<JournalCell>) => isCellId(id) && typeof source === 'string');
    return isOurs ? (read as JournalEntry) : null;
  } catch {
    return null;
  }
}
