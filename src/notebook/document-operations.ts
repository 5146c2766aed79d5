import type { CellId } from '../protocol/ids.ts';
import type { Cell } from './document.ts';
import type { ApplyResult, CellPart, DocumentOperation, SessionData } from './session-types.ts';
import { assertNever } from '../base/assert.ts';
import { attachPicture } from './attachments.ts';
import {
  deleteCells,
  insertCell,
  mergeCells,
  moveCells,
  pasteCells,
  replaceSources,
  restoreCell,
  restoreVersion,
  setHeadings,
  setKinds,
  splitCell,
  withSource,
} from './cell-edits.ts';
import { isJsonObject } from './cells.ts';
import { notebookName } from './notebook-name.ts';
import { opened } from './living-forms.ts';
import { setFolded } from './sections.ts';
import { applied, changeCell, changeCells, findCell, including, refused } from './session-steps.ts';
import { redo, undo } from './undo-history.ts';

type Op<T extends DocumentOperation['type']> = Extract<DocumentOperation, { type: T }>;

export function applyToDocument(data: SessionData, operation: DocumentOperation): ApplyResult {
  switch (operation.type) {
    case 'load':
      return load(data, operation);
    case 'rename':
      return rename(data, notebookName(operation.name));
    case 'insert-cell':
      return insertCell(data, operation);
    case 'paste-cells':
      return pasteCells(data, operation);
    case 'delete-cells':
      return deleteCells(data, operation);
    case 'restore-cell':
      return restoreCell(data);
    case 'move-cells':
      return moveCells(data, operation);
    case 'split-cell':
      return splitCell(data, operation);
    case 'merge-cells':
      return mergeCells(data, operation);
    case 'set-kind':
      return setKinds(data, operation);
    case 'set-heading':
      return setHeadings(data, operation);
    case 'replace-sources':
      return replaceSources(data, operation);
    case 'attach-picture':
      return attachPicture(data, operation);
    case 'undo':
      return undo(data);
    case 'redo':
      return redo(data);
    case 'restore-version':
      return restoreVersion(data, operation);
    case 'set-hidden':
      return setHidden(data, operation);
    case 'set-folded':
      return setFolded(data, operation);
    case 'accept-foreign':
      return applied({ ...data, document: { ...data.document, origin: 'own' } });
    case 'clear-outputs':
      return clearOutputs(data, operation.id);
    case 'select-cells':
      return selectCells(data, operation);
    case 'set-source':
    case 'select-cell':
    case 'open-markdown':
      return applyToCell(data, operation);
    default:
      return assertNever(operation);
  }
}

function applyToCell(
  data: SessionData,
  operation: Op<'set-source' | 'select-cell' | 'open-markdown'>,
): ApplyResult {
  const cell = findCell(data, operation.id);
  if (cell === undefined) return refused('no-such-cell');
  switch (operation.type) {
    case 'set-source':
      return applied(changeCell(data, cell.id, () => withSource(cell, operation.source)));
    case 'select-cell':
      return applied({ ...data, selectedCell: cell.id, selectionAnchor: cell.id });
    case 'open-markdown':
      if (cell.kind !== 'markdown') return refused('wrong-kind');
      return applied({ ...data, openMarkdown: including(data.openMarkdown, cell.id) });
    default:
      return assertNever(operation);
  }
}

/** What cannot be a name changes nothing. */
function rename(data: SessionData, name: string): ApplyResult {
  return applied(name === '' ? data : { ...data, document: { ...data.document, name } });
}

function selectCells(data: SessionData, { anchor, active }: Op<'select-cells'>): ApplyResult {
  if (!findCell(data, anchor) || !findCell(data, active)) return refused('no-such-cell');
  return applied({ ...data, selectedCell: active, selectionAnchor: anchor });
}

function load(data: SessionData, { document }: Op<'load'>): ApplyResult {
  const cells = document.cells.map(opened);
  const selectedCell = cells[0]?.id ?? data.selectedCell;
  return applied({
    ...data,
    document: { ...document, cells },
    selectedCell,
    selectionAnchor: selectedCell,
    runQueue: { inFlight: data.runQueue.inFlight, waiting: [] },
    openMarkdown: [],
    pendingClears: [],
    bin: [],
    history: { undo: [], redo: [] },
  });
}

// WHAT IS HIDDEN

const HIDDEN_KEYS = { input: 'source_hidden', output: 'outputs_hidden' } as const;

/** JupyterLab's keys, nbformat's too: `metadata.jupyter.source_hidden` and `outputs_hidden`. */
export function isHidden(cell: Cell, part: CellPart): boolean {
  const { jupyter } = cell.metadata;
  return isJsonObject(jupyter) && jupyter[HIDDEN_KEYS[part]] === true;
}

function setHidden(data: SessionData, { ids, part, hidden }: Op<'set-hidden'>): ApplyResult {
  const isMeant = (id: CellId): boolean => ids.includes(id);
  if (!data.document.cells.some((cell) => isMeant(cell.id))) return refused('no-such-cell');
  return applied(
    changeCells(data, (cell) =>
      isMeant(cell.id) && isHidden(cell, part) !== hidden ? withHidden(cell, part, hidden) : cell,
    ),
  );
}

function withHidden(cell: Cell, part: CellPart, hidden: boolean): Cell {
  const { jupyter, ...metadata } = cell.metadata;
  const key = HIDDEN_KEYS[part];
  const others = Object.entries(isJsonObject(jupyter) ? jupyter : {}).filter(([name]) => name !== key);
  const now = Object.fromEntries(hidden ? [...others, [key, true]] : others);
  return { ...cell, metadata: Object.keys(now).length === 0 ? metadata : { ...metadata, jupyter: now } };
}

// OUTPUTS

function clearOutputs(data: SessionData, id: CellId | null): ApplyResult {
  if (id !== null && findCell(data, id) === undefined) return refused('no-such-cell');
  return applied(changeCells(data, (cell) => (id === null || cell.id === id ? withoutOutputs(cell) : cell)));
}

/** A running cell keeps its count: it is still at it. */
export function withoutOutputs(cell: Cell): Cell {
  const executionCount = cell.run.status === 'running' ? cell.executionCount : null;
  if (cell.outputs.length === 0 && cell.executionCount === executionCount) return cell;
  return { ...cell, outputs: [], executionCount };
}
