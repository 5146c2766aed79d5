import type { CellId } from '../protocol/ids.ts';
import type { Cell, CellKind } from './document.ts';

/** A cell that is not the same in two versions of a notebook; outputs and counts are not compared. */
export interface CellDifference {
  readonly id: CellId;
  readonly kind: CellKind;
  /** Null: not there in this version. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface Comparison {
  /** In the order of the later version; cells that it lacks stand where they stood. */
  readonly differences: readonly CellDifference[];
  /** The cells that are in both stand in another order. */
  readonly reordered: boolean;
}

/** Two versions of one notebook, cell by cell: cells are the same by their ids. */
export function compareCells(before: readonly Cell[], after: readonly Cell[]): Comparison {
  const old = new Map(before.map((cell) => [cell.id, cell]));
  const now = new Map(after.map((cell) => [cell.id, cell]));
  const changed = after.flatMap((cell): readonly CellDifference[] => {
    const was = old.get(cell.id);
    if (was?.source === cell.source && was.kind === cell.kind) return [];
    return [{ id: cell.id, kind: cell.kind, before: was?.source ?? null, after: cell.source }];
  });
  const differences = [...changed];
  before.forEach((cell, i) => {
    if (now.has(cell.id)) return;
    // Behind the nearest cell above it that is in the list too.
    const above = new Set(before.slice(0, i).map(({ id }) => id));
    const at = differences.findLastIndex(({ id }) => above.has(id));
    differences.splice(at + 1, 0, { id: cell.id, kind: cell.kind, before: cell.source, after: null });
  });
  const kept = (cells: readonly Cell[], others: ReadonlyMap<CellId, Cell>): string =>
    cells.flatMap(({ id }) => (others.has(id) ? [id] : [])).join(' ');
  return { differences, reordered: kept(before, now) !== kept(after, old) };
}
