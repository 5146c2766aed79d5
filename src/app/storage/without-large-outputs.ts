import type { Cell, NotebookDocument } from '../../notebook/document.ts';

/** Characters of a cell's outputs, as JSON. */
const LARGE = 100_000;

export interface Slimmed {
  readonly document: NotebookDocument;
  /** The places, from 1, of the cells whose outputs are not in it. */
  readonly places: readonly number[];
}

/**
 * The notebook without the outputs that may be too much for the storage: the large ones, or all where none is. In
 * their place stands that they were not saved. Null when there are no outputs.
 */
export function withoutLargeOutputs(document: NotebookDocument): Slimmed | null {
  const sizes = document.cells.map(({ outputs }) => (outputs.length === 0 ? 0 : sizeOf(outputs)));
  const least = sizes.some((size) => size >= LARGE) ? LARGE : 1;
  const places = sizes.flatMap((size, i) => (size >= least ? [i + 1] : []));
  if (places.length === 0) return null;
  const cells = document.cells.map((cell, i) =>
    places.includes(i + 1) ? { ...cell, outputs: [NOTE] } : cell,
  );
  return { document: { ...document, cells }, places };
}

const NOTE: Cell['outputs'][number] = {
  type: 'stream',
  lane: null,
  name: 'stderr',
  text: 'The output of this cell was not saved: it did not fit in the browser’s storage.\n',
};

function sizeOf(outputs: Cell['outputs']): number {
  try {
    return JSON.stringify(outputs).length;
  } catch {
    // Longer than a text can be.
    return Infinity;
  }
}
