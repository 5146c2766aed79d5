import type { Cell, NotebookDocument } from '../../notebook/document.ts';
import { type JournalEntry, withChanges } from './journal-entry.ts';

/** What a save says of itself: the page, and how far its journal was. */
export interface Signature {
  readonly tab: string;
  readonly seq: number;
}

/** A notebook as it is on disk. */
export interface OnDisk {
  readonly document: NotebookDocument;
  readonly revision: number;
  /** Absent for what a Tutti without a journal saved. */
  readonly by?: Signature;
}

/** What pages that are gone have left of a notebook. */
export interface Resolution {
  /** The document as one of them left it; null: as it is on disk. */
  readonly taken: {
    readonly document: NotebookDocument;
    readonly entry: JournalEntry;
    /** The revision that the next save builds on. */
    readonly revision: number;
  } | null;
  /** What others left that is in neither; each is a version of its own. */
  readonly others: readonly JournalEntry[];
  /** Nothing is lost with these. */
  readonly spent: readonly JournalEntry[];
}

/**
 * What becomes of the entries of a notebook. An entry that continues what is on disk is taken; of two that do, that of
 * the tab that had the notebook, then the newer. What was left on top of an older version, since another tab has saved
 * since, is taken only where it is this tab's own (`former`: the reader sees again what he saw before the reload, and
 * decides about the conflict as before).
 */
export function resolveEntries(
  entries: readonly JournalEntry[],
  disk: OnDisk | null,
  former: string | null,
): Resolution {
  const contained = new Set(entries.flatMap(({ contains }) => contains));
  const isSpent = (entry: JournalEntry): boolean => contained.has(entry.tab) || isOnDisk(entry, disk);
  const spent = entries.filter(isSpent);
  const live = entries.filter((entry) => !isSpent(entry)).toSorted(byWorth);
  const entry =
    live.find(({ tab }) => tab === former) ?? live.find((candidate) => continues(candidate, disk));
  const exact = entry !== undefined && continues(entry, disk);
  const document = entry ? withChanges(disk?.document ?? null, entry, { exact }) : null;
  if (entry === undefined || document === null) return { taken: null, others: live, spent };
  const revision = exact ? (disk?.revision ?? 0) : entry.base;
  // Made of the same version, by another tab: what of it is not in what has been taken?
  const isIn = (other: JournalEntry): boolean => {
    const both = withChanges(document, other, { exact: false });
    return both !== null && hasSameContent(document, both);
  };
  const others = live.filter((other) => other !== entry);
  return {
    taken: { document, entry, revision },
    others: others.filter((other) => !isIn(other)),
    spent: [...spent, ...others.filter(isIn)],
  };
}

/** Of the tab that saves it first; then the newest. */
function byWorth(a: JournalEntry, b: JournalEntry): number {
  return Number(b.mine) - Number(a.mine) || b.seq - a.seq;
}

function continues(entry: JournalEntry, disk: OnDisk | null): boolean {
  if (disk === null) return entry.base === 0;
  // A save of its own may have been made without the page's hearing of it.
  return entry.base === disk.revision || (entry.base + 1 === disk.revision && disk.by?.tab === entry.tab);
}

function isOnDisk(entry: JournalEntry, disk: OnDisk | null): boolean {
  if (disk === null) return false;
  if (disk.by?.tab === entry.tab && entry.seq <= disk.by.seq) return true;
  const exact = continues(entry, disk);
  const document = withChanges(disk.document, entry, { exact });
  return (
    document !== null &&
    hasSameContent(disk.document, document) &&
    (!exact || hasSameRuns(disk.document, document))
  );
}

function hasSameRuns(a: NotebookDocument, b: NotebookDocument): boolean {
  return a.cells.every(({ run }, i) => run.status === b.cells[i]?.run.status);
}

/** Whatever runs and outputs have made of it. */
function hasSameContent(a: NotebookDocument, b: NotebookDocument): boolean {
  return a === b || contentOf(a) === contentOf(b);
}

function contentOf({ name, metadata, foreign, cells }: NotebookDocument): string {
  return JSON.stringify([name, metadata, foreign, cells.map(textOf)]);
}

function textOf({ id, kind, source, metadata, foreign }: Cell): readonly unknown[] {
  return [id, kind, source, metadata, foreign];
}
