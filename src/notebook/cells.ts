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

/** The language that the notebook's file names, in lower case; null when it names none. Kernels of Python are known by
 * their names, too. */
export function languageOf({ metadata }: NotebookDocument): string | null {
  const [kernel, info] = [metadata['kernelspec'], metadata['language_info']].map((part) =>
    isJsonObject(part) ? part : {},
  );
  const name = [kernel?.['language'], info?.['name']].find((said) => typeof said === 'string' && said !== '');
  if (typeof name === 'string') return name.toLowerCase();
  const kernelName = kernel?.['name'];
  return typeof kernelName === 'string' && /python|pyodide|^ipy/i.test(kernelName) ? 'python' : null;
}

/** Whether the file names a language that is none of ours. */
export function namesOther(document: NotebookDocument): boolean {
  const language = languageOf(document);
  return language !== null && !OURS.test(language);
}

/** The language that the notebook's code is written in, for a reader, where it is not one of ours; null: it is, or there
 * is no code but for engines. */
export function foreignLanguage(document: NotebookDocument): string | null {
  if (!namesOther(document)) return null;
  const language = languageOf(document) ?? '';
  const isForeign = ({ kind, source }: Cell): boolean =>
    kind === 'code' && source.trim() !== '' && !/^\s*%%px\b/.test(source);
  if (!document.cells.some(isForeign)) return null;
  return language.charAt(0).toUpperCase() + language.slice(1, MOST_LANGUAGE);
}

const OURS = /^(?:java|type)script\b|^[jt]sx?$|^node|^deno|^tutti/;
/** Characters: anything may stand in a file. */
const MOST_LANGUAGE = 40;

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
