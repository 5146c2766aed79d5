/**
 * The file format: Jupyter's `.ipynb`. Reads nbformat 3 and 4, writes 4.5. It exists so that a notebook can
 * leave and come back, through tools of others, without loss: metadata, keys, MIME types and outputs that
 * Tutti does not know are kept and written again. A file is opened whole or refused with a
 * NotebookFormatError that says where and what; there is no half-open notebook.
 */
import type { CellId } from '../protocol/ids.ts';
import type { Cell, CellKind, Json, JsonObject, NotebookDocument } from './document.ts';
import { assert } from '../base/assert.ts';
import { IDLE, isCellId, isJsonObject, namesOther, newCell } from './cells.ts';
import {
  joined,
  listAt,
  NotebookFormatError,
  objectAt,
  omit,
  parseJson,
  split,
  textAt,
} from './ipynb-json.ts';
import { readOutput, writeOutput } from './ipynb-outputs.ts';
import { notebookName } from './notebook-name.ts';
import { putStrays, takeStrays } from './ipynb-strays.ts';
import { nameIn3, upgradeFrom3 } from './ipynb-upgrade.ts';

export interface ReadOptions {
  /** The new document's id in storage. */
  readonly id: string;
  /** Its name, without `.ipynb`; null takes what the file says, else `Untitled`. */
  readonly name: string | null;
  readonly origin: NotebookDocument['origin'];
  /** For cells without an id, or with one that is malformed or taken. */
  readonly createCellId: () => CellId;
}

// READ

/** Opens the text of a file. Throws NotebookFormatError. */
export function readNotebook(text: string, options: ReadOptions): NotebookDocument {
  const file = objectAt(parseJson(text), 'The notebook');
  const notebook = inFormat4(file);
  const cells = listAt(notebook['cells'], 'cells').map((cell, i) => readCell(cell, `cells[${String(i)}]`));
  return {
    id: options.id,
    name: firstName(options.name, nameIn3(file), titleIn(notebook)),
    cells: withIds(cells, options.createCellId),
    ...takeStrays(
      {
        metadata: objectAt(notebook['metadata'] ?? {}, 'metadata'),
        foreign: { ...omit(notebook, NOTEBOOK_KEYS), ...laterMinor(notebook) },
      },
      NOTEBOOK_KEYS,
    ),
    origin: options.origin,
  };
}

function firstName(...names: readonly (string | null)[]): string {
  return names.map((name) => notebookName(name ?? '')).find((name) => name !== '') ?? 'Untitled';
}

/** nbformat's own key for it. */
function titleIn(notebook: JsonObject): string | null {
  const { metadata } = notebook;
  const title = isJsonObject(metadata) ? metadata['title'] : undefined;
  return typeof title === 'string' && title.trim() !== '' ? title : null;
}

function inFormat4(notebook: JsonObject): JsonObject {
  const { nbformat } = notebook;
  if (nbformat === 4) return notebook;
  if (nbformat === 3) return upgradeFrom3(notebook);
  if (typeof nbformat !== 'number') {
    throw new NotebookFormatError('nbformat must be a number: the file is JSON, but not a Jupyter notebook.');
  }
  throw new NotebookFormatError(`nbformat is ${String(nbformat)}; Tutti opens notebooks of format 3 and 4.`);
}

/** A cell as found; null where its id is missing or malformed. */
type FoundCell = Omit<Cell, 'id'> & { readonly id: CellId | null };

function readCell(json: Json, path: string): FoundCell {
  const cell = objectAt(json, path);
  if (isOfLaterFormat(cell)) return readLaterCell(cell);
  const kind = readKind(cell['cell_type'], path);
  const found = {
    id: isCellId(cell['id']) ? cell['id'] : null,
    kind,
    source: textAt(cell['source'], `${path}.source`),
    ...takeStrays(
      {
        metadata: objectAt(cell['metadata'] ?? {}, `${path}.metadata`),
        foreign: omit(cell, kind === 'code' ? CODE_KEYS : KEYS),
      },
      CODE_KEYS,
    ),
    run: IDLE,
    targets: undefined,
    stale: false,
  };
  if (kind !== 'code') {
    return { ...found, outputs: [], executionCount: null };
  }
  return {
    ...found,
    ...takeAttachments(found.metadata, found.foreign),
    outputs: listAt(cell['outputs'] ?? [], `${path}.outputs`).map((output, i) =>
      readOutput(objectAt(output, `${path}.outputs[${String(i)}]`)),
    ),
    executionCount: readCount(cell['execution_count'] ?? null, path),
  };
}

// CELLS OF LATER FORMATS, of a type that Tutti does not know: shown as raw text, and saved as they came. What is edited
// of one is its source.

function isOfLaterFormat({ cell_type: type }: JsonObject): boolean {
  return typeof type === 'string' && !CELL_KINDS.some((kind) => kind === type);
}

const CELL_KINDS: readonly CellKind[] = ['code', 'markdown', 'raw'];

function readLaterCell(cell: JsonObject): FoundCell {
  const source = joined(cell['source']);
  const { metadata } = cell;
  const understood = [
    ...(isCellId(cell['id']) ? ['id'] : []),
    ...(source === null ? [] : ['source']),
    ...(isJsonObject(metadata) ? ['metadata'] : []),
  ];
  return {
    id: isCellId(cell['id']) ? cell['id'] : null,
    kind: 'raw',
    source: source ?? '',
    metadata: isJsonObject(metadata) ? metadata : {},
    foreign: omit(cell, understood),
    run: IDLE,
    targets: undefined,
    stale: false,
    outputs: [],
    executionCount: null,
  };
}

/** Null: a cell like all others. */
function writeLaterCell({ id, kind, source, metadata, foreign }: Cell): JsonObject | null {
  if (kind !== 'raw' || !isOfLaterFormat(foreign)) return null;
  return { id, metadata, source: split(source), ...foreign };
}

/** Kept where it is higher than ours: other tools tell by it what may be in the file. */
function laterMinor({ nbformat_minor: minor }: JsonObject): JsonObject {
  return typeof minor === 'number' && minor > MINOR ? { nbformat_minor: minor } : {};
}

const MINOR = 5;

const NOTEBOOK_KEYS = ['cells', 'metadata', 'nbformat', 'nbformat_minor'];
const KEYS = ['id', 'cell_type', 'source', 'metadata'];
const CODE_KEYS = [...KEYS, 'outputs', 'execution_count'];

function readKind(kind: Json | undefined, path: string): CellKind {
  if (kind === 'code' || kind === 'markdown' || kind === 'raw') return kind;
  throw new NotebookFormatError(
    `${path}.cell_type must be a word ("code", "markdown" or "raw"), not ${JSON.stringify(kind)}.`,
  );
}

function readCount(count: Json, path: string): number | null {
  if (count === null || (typeof count === 'number' && Number.isInteger(count) && count >= 0)) return count;
  throw new NotebookFormatError(`${path}.execution_count must be a whole number or null.`);
}

function withIds(found: readonly FoundCell[], createCellId: () => CellId): readonly Cell[] {
  const taken = new Set<CellId>();
  const wanted = new Set(found.map(({ id }) => id));
  const create = () => unused(createCellId, (id) => taken.has(id) || wanted.has(id));
  const cells = found.map((cell): Cell => {
    const id = cell.id === null || taken.has(cell.id) ? create() : cell.id;
    taken.add(id);
    return { ...cell, id };
  });
  return cells.length > 0 ? cells : [newCell(create(), 'code', '')];
}

function unused(createCellId: () => CellId, isTaken: (id: CellId) => boolean): CellId {
  for (let tries = 0; tries < 1000; tries++) {
    const id = createCellId();
    if (!isTaken(id)) return id;
  }
  assert(false, 'createCellId gave nothing but ids that are taken');
}

// WRITE

export interface WriteOptions {
  /** False leaves out outputs and counts. Default true. */
  readonly outputs?: boolean;
}

const LANGUAGE: JsonObject = {
  kernelspec: { name: 'tutti', display_name: 'Tutti (TypeScript)', language: 'typescript' },
  language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/typescript' },
};

/** The document as the JSON of a file, nbformat 4.5. A language that it names already stays. */
export function notebookJson(document: NotebookDocument, options: WriteOptions = {}): JsonObject {
  const { metadata, foreign } = putStrays(
    { metadata: document.metadata, foreign: omit(document.foreign, ['nbformat_minor']) },
    'notebook',
  );
  return {
    ...foreign,
    cells: document.cells.map((cell) => writeCell(cell, options.outputs ?? true)),
    metadata:
      'kernelspec' in document.metadata || namesOther(document) ? metadata : { ...LANGUAGE, ...metadata },
    nbformat: 4,
    nbformat_minor: MINOR,
    ...laterMinor(document.foreign),
  };
}

/** The document as the text of a file, laid out as Jupyter does. */
export function writeNotebook(document: NotebookDocument, options: WriteOptions = {}): string {
  return JSON.stringify(notebookJson(document, options), null, 1) + '\n';
}

function writeCell(cell: Cell, withOutputs: boolean): JsonObject {
  const { id, kind } = cell;
  const later = writeLaterCell(cell);
  if (later) return later;
  const source = split(cell.source);
  if (kind !== 'code') {
    const { metadata, foreign } = putStrays(cell, kind);
    return { ...foreign, cell_type: kind, id, metadata, source };
  }
  const { metadata, foreign } = putStrays(
    {
      metadata: putAttachments(cell.metadata, cell.foreign),
      foreign: omit(cell.foreign, ['attachments']),
    },
    kind,
  );
  return {
    ...foreign,
    cell_type: kind,
    execution_count: withOutputs ? cell.executionCount : null,
    id,
    metadata,
    outputs: withOutputs ? cell.outputs.map(writeOutput) : [],
    source,
  };
}

// ATTACHMENTS of a cell that was markdown before it became code. nbformat allows them in markdown and raw
// cells only, so a code cell keeps them in its metadata, for the day when it is made markdown again.

function putAttachments(metadata: JsonObject, { attachments }: JsonObject): JsonObject {
  if (attachments === undefined) return metadata;
  const tutti = isJsonObject(metadata['tutti']) ? metadata['tutti'] : {};
  return { ...metadata, tutti: { ...tutti, attachments } };
}

function takeAttachments(
  metadata: JsonObject,
  foreign: JsonObject,
): { readonly metadata: JsonObject; readonly foreign: JsonObject } {
  const tutti = metadata['tutti'];
  if (!isJsonObject(tutti) || tutti['attachments'] === undefined) return { metadata, foreign };
  const { attachments, ...rest } = tutti;
  const others = omit(metadata, ['tutti']);
  return {
    metadata: Object.keys(rest).length > 0 ? { ...others, tutti: rest } : others,
    foreign: { ...foreign, attachments },
  };
}
