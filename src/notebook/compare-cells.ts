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
  // What the later version lacks stands behind the last of the changed cells that stood above it.
  const places = new Map(changed.map(({ id }, i) => [id, i + 1]));
  const lacking: CellDifference[][] = Array.from({ length: changed.length + 1 }, () => []);
  let behind = 0;
  for (const { id, kind, source } of before) {
    behind = Math.max(behind, places.get(id) ?? 0);
    if (!now.has(id)) lacking[behind]?.push({ id, kind, before: source, after: null });
  }
  const differences = lacking.flatMap((group, i) =>
    i === 0 ? group : [...changed.slice(i - 1, i), ...group],
  );
  const kept = (cells: readonly Cell[], others: ReadonlyMap<CellId, Cell>): string =>
    cells.flatMap(({ id }) => (others.has(id) ? [id] : [])).join(' ');
  return { differences, reordered: kept(before, now) !== kept(after, old) };
}
