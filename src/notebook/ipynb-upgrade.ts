import type { Json, JsonObject } from './document.ts';
import { isJsonObject } from './cells.ts';
import { joined, listAt, objectAt, omit, textAt } from './ipynb-json.ts';

/** A notebook of nbformat 3 (2012 to 2014) in the words of nbformat 4. Throws NotebookFormatError. */
export function upgradeFrom3(notebook: JsonObject): JsonObject {
  const worksheets = listAt(notebook['worksheets'], 'worksheets');
  const metadata = objectAt(notebook['metadata'] ?? {}, 'metadata');
  return {
    ...omit(notebook, ['worksheets', 'nbformat', 'nbformat_minor', 'orig_nbformat', 'orig_nbformat_minor']),
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { ...languageIn(worksheets), ...omit(metadata, ['name', 'signature']) },
    cells: worksheets.flatMap((sheet, i) => worksheetCells(sheet, `worksheets[${String(i)}]`)),
  };
}

/** In nbformat 3 each cell said it. */
function languageIn(worksheets: readonly Json[]): JsonObject {
  const cells = worksheets.flatMap((sheet) => (isJsonObject(sheet) ? (sheet['cells'] ?? []) : []));
  const code = cells.find((cell) => isJsonObject(cell) && cell['cell_type'] === 'code');
  const language = isJsonObject(code) ? code['language'] : undefined;
  return typeof language === 'string' && language !== '' ? { language_info: { name: language } } : {};
}

/** The notebook's name, which nbformat 3 kept in the file. */
export function nameIn3(notebook: JsonObject): string | null {
  const name = isJsonObject(notebook['metadata']) ? notebook['metadata']['name'] : null;
  return typeof name === 'string' && name !== '' ? name : null;
}

function worksheetCells(sheet: Json, path: string): readonly JsonObject[] {
  const cells = listAt(objectAt(sheet, path)['cells'], `${path}.cells`);
  return cells.map((cell, i) => upgradeCell(cell, `${path}.cells[${String(i)}]`));
}

function upgradeCell(json: Json, path: string): JsonObject {
  const cell = objectAt(json, path);
  switch (cell['cell_type']) {
    case 'code':
      return upgradeCode(cell, path);
    case 'heading':
      return upgradeHeading(cell, path);
    case 'html':
      return { ...cell, cell_type: 'markdown', source: textAt(cell['source'], `${path}.source`) };
    case 'markdown':
    case 'raw':
      return { ...cell, source: textAt(cell['source'], `${path}.source`) };
    default:
      // Whatever it is, it is kept.
      return cell;
  }
}

function upgradeCode(cell: JsonObject, path: string): JsonObject {
  const outputs = listAt(cell['outputs'] ?? [], `${path}.outputs`);
  const metadata = objectAt(cell['metadata'] ?? {}, `${path}.metadata`);
  const { collapsed } = cell;
  return {
    ...omit(cell, ['input', 'prompt_number', 'collapsed', 'language', 'outputs']),
    source: textAt(cell['input'], `${path}.input`),
    execution_count: countIn(cell),
    metadata: typeof collapsed === 'boolean' ? { ...metadata, collapsed } : metadata,
    outputs: outputs.map((output, i) => upgradeOutput(objectAt(output, `${path}.outputs[${String(i)}]`))),
  };
}

/** A cell that was running when it was saved has `"*"` there. */
function countIn(object: JsonObject): number | null {
  const count = object['prompt_number'];
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : null;
}

function upgradeHeading(cell: JsonObject, path: string): JsonObject {
  const level = typeof cell['level'] === 'number' ? Math.min(6, Math.max(1, Math.trunc(cell['level']))) : 1;
  const source = textAt(cell['source'], `${path}.source`).replace(/\s*\n\s*/g, ' ');
  return {
    ...omit(cell, ['level']),
    cell_type: 'markdown',
    source: `${'#'.repeat(level)} ${source}`,
  };
}

function upgradeOutput(output: JsonObject): JsonObject {
  switch (output['output_type']) {
    case 'pyout':
      return { ...bundled(output), output_type: 'execute_result', execution_count: countIn(output) };
    case 'display_data':
      return bundled(output);
    case 'pyerr':
      return { ...output, output_type: 'error' };
    case 'stream':
      return { ...omit(output, ['stream']), name: output['stream'] ?? 'stdout' };
    default:
      return output;
  }
}

const MIME_OF: Readonly<Record<string, string>> = {
  text: 'text/plain',
  html: 'text/html',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpeg: 'image/jpeg',
  latex: 'text/latex',
  json: 'application/json',
  javascript: 'application/javascript',
};

/** nbformat 3 had the forms of an output among its keys, and JSON as text. */
function bundled(output: JsonObject): JsonObject {
  const { output_type: type, metadata, ...forms } = omit(output, ['prompt_number']);
  const data = Object.entries(forms).map(([key, value]) => {
    const mime = MIME_OF[key] ?? key;
    return [mime, mime === 'application/json' ? parsed(value) : value];
  });
  return {
    output_type: type ?? 'display_data',
    data: Object.fromEntries(data) as JsonObject,
    metadata: isJsonObject(metadata) ? renamed(metadata) : {},
  };
}

function renamed(metadata: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [MIME_OF[key] ?? key, value]));
}

function parsed(value: Json): Json {
  try {
    return JSON.parse(joined(value) ?? '') as Json;
  } catch {
    return value;
  }
}
