import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Cell } from '../../notebook/document.ts';
import { type Folds, foldsOf } from '../../notebook/sections.ts';
import type { SessionData } from '../../notebook/session-types.ts';
import type { Cause } from '../../notebook/upstream.ts';
import type { CellId } from '../../protocol/ids.ts';

/** How the notebook stands towards the disk. */
export type SavedState =
  | { readonly status: 'saved' }
  /** Edited, or being written. */
  | { readonly status: 'pending' }
  /** Nothing is kept: `message` says why and what to do. `tabs`: because of another tab, not of the storage. */
  | {
      readonly status: 'failed';
      readonly cause: 'storage' | 'tabs';
      /** There would be room if something else went. */
      readonly isFull: boolean;
      readonly message: string;
    };

/** What the page shows of the notebook: the session and the ways into it that components need. */
export interface NotebookView {
  readonly session: SessionData;
  /** Keeps its identity while no cell comes, goes or moves. */
  readonly order: readonly CellId[];
  readonly cells: ReadonlyMap<CellId, Cell>;
  /** Places counted from 1. */
  readonly numbers: ReadonlyMap<CellId, number>;
  /** What is folded away, and how many cells each section has. */
  readonly folds: Folds;
  readonly saved: SavedState;
  /** Cells that stand on what is no longer so; told a moment after a run or an edit. */
  readonly outdated: ReadonlyMap<CellId, Cause>;
}

export type NotebookStore = StoreApi<NotebookView>;

export function createNotebookStore(session: SessionData): NotebookStore {
  return createStore<NotebookView>(() => ({
    ...viewOf(session, null),
    saved: { status: 'saved' },
    outdated: new Map(),
  }));
}

export function viewOf(
  session: SessionData,
  before: NotebookView | null,
): Omit<NotebookView, 'saved' | 'outdated'> {
  const { cells } = session.document;
  if (before?.session.document.cells === cells) {
    const { order, numbers, folds } = before;
    return { session, order, numbers, folds, cells: before.cells };
  }
  const sameOrder =
    before?.order.length === cells.length && cells.every((cell, i) => cell.id === before.order[i]);
  return {
    session,
    folds: foldsOf(cells),
    cells: new Map(cells.map((cell) => [cell.id, cell])),
    order: before && sameOrder ? before.order : cells.map((cell) => cell.id),
    numbers: before && sameOrder ? before.numbers : new Map(cells.map((cell, i) => [cell.id, i + 1])),
  };
}
