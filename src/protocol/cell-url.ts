import type { CellId } from './ids.ts';

/**
 * The name under which a cell's code is known to the JavaScript engine (`//# sourceURL=`), and so what
 * stack frames show: `cell-4/a1b2c3d4`. The number is the cell's place in the notebook when it ran, which
 * people read; the id finds the cell again after it has been moved.
 */
export const CellUrl = {
  create: (cell: { readonly number: number; readonly id: CellId }): string =>
    `cell-${String(cell.number)}/${cell.id}`,

  /** Null for names that are no cell's. */
  parse(url: string): { readonly number: number; readonly id: CellId } | null {
    const match = /^cell-(\d+)\/([A-Za-z0-9_-]{1,64})$/.exec(url);
    return match ? { number: Number(match[1]), id: match[2] as CellId } : null;
  },
};
