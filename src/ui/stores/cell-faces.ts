import type { Cell } from '../../notebook/document.ts';
import type { SessionData } from '../../notebook/session-types.ts';
import type { Cause } from '../../notebook/upstream.ts';
import type { CellId } from '../../protocol/ids.ts';
import type { NotebookStore, NotebookView } from './notebook-store.ts';

/** What one cell shows of the notebook. Keeps its identity while none of it changes. */
export interface CellFace {
  readonly cell: Cell;
  /** Its place, counted from 1. */
  readonly number: number;
  /** It is the selected cell, the one that keys act on. */
  readonly selected: boolean;
  /** It is one of several selected cells. */
  readonly inSelection: boolean;
  /** Its source is shown: always, but for rendered Markdown. */
  readonly open: boolean;
  /** A folded heading above hides it. */
  readonly hidden: boolean;
  /** Of a heading: how many cells its section has beside it. */
  readonly sectionSize: number;
  /** Why it stands on what is no longer so; null when it does not. */
  readonly outdated: Cause | null;
}

/**
 * The faces of all cells, each with its own subscribers: one look over the cells at each change, and whoever shows a
 * cell that looks the same hears nothing. Rejected: selectors in each cell; with five hundred cells these are
 * thousands of calls for every key.
 */
class CellFaces {
  readonly #store: NotebookStore;
  /** What the faces are of. */
  #session: SessionData | null = null;
  #outdated: NotebookView['outdated'] | null = null;
  #faces: ReadonlyMap<CellId, CellFace> = new Map();
  /** Look different than their subscribers know. */
  readonly #changed = new Set<CellId>();
  readonly #listeners = new Map<CellId, Set<() => void>>();

  constructor(store: NotebookStore) {
    this.#store = store;
    this.#look();
    this.#changed.clear();
    store.subscribe(() => {
      this.#look();
      const changed = [...this.#changed];
      this.#changed.clear();
      for (const id of changed) for (const listener of this.#listeners.get(id) ?? []) listener();
    });
  }

  /** Undefined: there is no such cell any more. */
  of(id: CellId): CellFace | undefined {
    // Asked by a component that heard of the change first.
    this.#look();
    return this.#faces.get(id);
  }

  subscribe(id: CellId, listener: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  #look(): void {
    const view = this.#store.getState();
    if (view.session === this.#session && view.outdated === this.#outdated) return;
    this.#session = view.session;
    this.#outdated = view.outdated;
    const before = this.#faces;
    const selection = selectionOf(view);
    const open = new Set(view.session.openMarkdown);
    this.#faces = new Map(
      view.session.document.cells.map((cell, i) => {
        const face: CellFace = {
          cell,
          number: i + 1,
          selected: cell.id === view.session.selectedCell,
          inSelection: i >= selection.from && i <= selection.to,
          open: cell.kind !== 'markdown' || open.has(cell.id),
          hidden: view.folds.hidden.has(cell.id),
          sectionSize: view.folds.sizes.get(cell.id) ?? 0,
          outdated: view.outdated.get(cell.id) ?? null,
        };
        const known = before.get(cell.id);
        if (known && isEqual(known, face)) return [cell.id, known];
        this.#changed.add(cell.id);
        return [cell.id, face];
      }),
    );
    for (const id of before.keys()) if (!this.#faces.has(id)) this.#changed.add(id);
  }
}

const facesByStore = new WeakMap<NotebookStore, CellFaces>();

export function facesOf(store: NotebookStore): CellFaces {
  const known = facesByStore.get(store) ?? new CellFaces(store);
  facesByStore.set(store, known);
  return known;
}

/** Places, counted from 0, when several cells are selected; else none. */
function selectionOf({ session, numbers }: NotebookView): { readonly from: number; readonly to: number } {
  const { selectedCell, selectionAnchor } = session;
  if (selectedCell === selectionAnchor) return { from: Infinity, to: -1 };
  const ends = [numbers.get(selectedCell) ?? 0, numbers.get(selectionAnchor) ?? 0];
  return { from: Math.min(...ends) - 1, to: Math.max(...ends) - 1 };
}

function isEqual(a: CellFace, b: CellFace): boolean {
  return (Object.keys(a) as (keyof CellFace)[]).every((name) => a[name] === b[name]);
}
