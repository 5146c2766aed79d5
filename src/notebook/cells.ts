import type { CellId } from '../protocol/ids.ts';
import type { Cell, CellKind, Json, JsonObject, NotebookDocument, RunState } from './document.ts';

export const IDLE: RunState = { status: 'idle' };
export const CUT_OFF: RunState = { status: 'cut-off' };

const VALID_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** nbformat's rule for cell ids. */
export function isCellId(value: unknown): value is CellId {
  return typeof value === 'string' && VALID_ID.test(value);
}

export function newCell(id: CellId, kind: CellKind, source: string): Cell {
  return {
    id,
    kind,
    source,
    outputs: [],
    executionCount: null,
    run: IDLE,
    targets: undefined,
    stale: false,
    metadata: {},
    foreign: {},
  };
}

/** A notebook of the reader's own with one empty code cell. */
export function newDocument(made: { id: string; name: string; cellId: CellId }): NotebookDocument {
  return {
    id: made.id,
    name: made.name,
    cells: [newCell(made.cellId, 'code', '')],
    metadata: {},
    foreign: {},
    origin: 'own',
  };
}

/** The cell as it is before its first run: nothing runs in a file. */
export function atRest(cell: Cell): Cell {
  return cell.run === IDLE ? cell : { ...cell, run: IDLE };
}

/** The cell as it is kept: should the page end now, what runs is cut off, and the reader is told when it is opened. */
export function asKept(cell: Cell): Cell {
  const { status } = cell.run;
  return status === 'running' || status === 'cut-off' ? { ...cell, run: CUT_OFF } : atRest(cell);
}

/** Jupyter's tag for a cell that is meant to fail: "Run all" goes on behind it. */
export function mayFail(cell: Cell): boolean {
  const tags = cell.metadata['tags'];
  return Array.isArray(tags) && tags.includes('raises-exception');
}

/** The language that the notebook's file names, in lower case; null when it names none. */
export function languageOf(document: NotebookDocument): string | null {
  const kernel = document.metadata['kernelspec'];
  const info = document.metadata['language_info'];
  const name = (isJsonObject(kernel) && kernel['language']) || (isJsonObject(info) && info['name']);
  return typeof name === 'string' ? name.toLowerCase() : null;
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
