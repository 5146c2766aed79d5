import { isCellId } from './cells.ts';

/**
 * What the nbformat 4.5 schema demands of a notebook, written out by hand: the page needs no validator to write
 * valid files. Tests hold it against the schema itself. Gives each breach as a sentence; none for a valid notebook.
 */
export function breaches(notebook: unknown): readonly string[] {
  const found: string[] = [];
  const check = (holds: boolean, sentence: string) => {
    if (!holds) found.push(sentence);
  };
  checkNotebook(record(notebook), check);
  return found;
}

type Check = (holds: boolean, sentence: string) => void;
type Fields = Readonly<Record<string, unknown>>;

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown) => typeof value === 'string';
const isLines = (value: unknown) => isText(value) || (Array.isArray(value) && value.every(isText));
const isCount = (value: unknown) => value === null || (Number.isInteger(value) && (value as number) >= 0);

function checkKeys(
  value: Fields,
  required: readonly string[],
  optional: readonly string[],
  at: [string, Check],
) {
  const [path, check] = at;
  for (const key of required) check(Object.hasOwn(value, key), `${path} lacks ${key}`);
  for (const key of Object.keys(value)) {
    check(required.includes(key) || optional.includes(key), `${path} may not have ${key}`);
  }
}

function checkNotebook(notebook: Fields, check: Check): void {
  checkKeys(notebook, ['metadata', 'nbformat', 'nbformat_minor', 'cells'], [], ['notebook', check]);
  check(notebook['nbformat'] === 4, 'nbformat is 4');
  check(Number(notebook['nbformat_minor']) >= 5, 'nbformat_minor is at least 5');
  const metadata = record(notebook['metadata']);
  if ('kernelspec' in metadata) {
    const kernel = record(metadata['kernelspec']);
    check(isText(kernel['name']) && isText(kernel['display_name']), 'kernelspec has its names');
  }
  if ('language_info' in metadata) {
    check(isText(record(metadata['language_info'])['name']), 'language_info has a name');
  }
  const cells = notebook['cells'];
  check(Array.isArray(cells), 'cells is a list');
  if (Array.isArray(cells)) cells.forEach((cell, i) => checkCell(record(cell), `cells[${String(i)}]`, check));
}

const CELL = ['id', 'cell_type', 'metadata', 'source'];

function checkCell(cell: Fields, path: string, check: Check): void {
  const isCode = cell['cell_type'] === 'code';
  check(['code', 'markdown', 'raw'].includes(String(cell['cell_type'])), `${path} has a known type`);
  checkKeys(cell, isCode ? [...CELL, 'outputs', 'execution_count'] : CELL, isCode ? [] : ['attachments'], [
    path,
    check,
  ]);
  check(isCellId(cell['id']), `${path}.id is valid`);
  check(isLines(cell['source']), `${path}.source is text`);
  check(isObject(cell['metadata']), `${path}.metadata is an object`);
  for (const bundle of Object.values(record(cell['attachments'])))
    checkBundle(bundle, `${path}.attachments`, check);
  if (!isCode) return;
  check(isCount(cell['execution_count']), `${path}.execution_count is a count`);
  check(Array.isArray(cell['outputs']), `${path}.outputs is a list`);
  if (!Array.isArray(cell['outputs'])) return;
  cell['outputs'].forEach((output, i) => checkOutput(record(output), `${path}.outputs[${String(i)}]`, check));
}

const OUTPUT_KEYS: Readonly<Record<string, readonly string[]>> = {
  stream: ['name', 'text'],
  display_data: ['data', 'metadata'],
  execute_result: ['data', 'metadata', 'execution_count'],
  error: ['ename', 'evalue', 'traceback'],
};

function checkOutput(output: Fields, path: string, check: Check): void {
  const keys = OUTPUT_KEYS[String(output['output_type'])];
  check(keys !== undefined, `${path} has a known type`);
  checkKeys(output, ['output_type', ...(keys ?? [])], [], [path, check]);
  if ('data' in output) checkBundle(output['data'], path, check);
  if ('metadata' in output) check(isObject(output['metadata']), `${path}.metadata is an object`);
  if ('execution_count' in output) check(isCount(output['execution_count']), `${path} has a count`);
  if ('text' in output) check(isLines(output['text']) && isText(output['name']), `${path} is a stream`);
  if ('traceback' in output) {
    const { ename, evalue, traceback } = output;
    check(isText(ename) && isText(evalue), `${path} names its error`);
    check(Array.isArray(traceback) && traceback.every(isText), `${path}.traceback is lines`);
  }
}

function checkBundle(bundle: unknown, path: string, check: Check): void {
  check(isObject(bundle), `${path}.data is an object`);
  for (const [mime, value] of Object.entries(record(bundle))) {
    check(/^application\/(.*\+)?json$/.test(mime) || isLines(value), `${path}.data["${mime}"] is text`);
  }
}

/** Whether nbformat 4.5 allows this output as it is. */
export function isOutput(output: unknown): boolean {
  let isValid = isObject(output);
  checkOutput(record(output), '', (holds) => {
    isValid &&= holds;
  });
  return isValid;
}

export function isAttachments(attachments: unknown): boolean {
  let isValid = isObject(attachments);
  for (const bundle of Object.values(record(attachments))) {
    checkBundle(bundle, '', (holds) => {
      isValid &&= holds;
    });
  }
  return isValid;
}

/** Whether nbformat allows this value of a key of metadata: of a cell, or of the notebook. Any other key may hold
 * anything. */
export function isMetadataField(key: string, value: unknown, place: string): boolean {
  const rules = place === 'notebook' ? NOTEBOOK_FIELDS : { ...CELL_FIELDS, ...KIND_FIELDS[place] };
  return !Object.hasOwn(rules, key) || (rules[key]?.(value) ?? true);
}

type Rules = Readonly<Record<string, (value: unknown) => boolean>>;

const isBoolean = (value: unknown) => typeof value === 'boolean';
/** An object whose fields, where there are any of these names, obey. */
const fieldsObey = (rules: Rules, required: readonly string[] = []) => {
  return (value: unknown): boolean =>
    isObject(value) &&
    required.every((key) => Object.hasOwn(record(value), key)) &&
    Object.entries(record(value)).every(([key, field]) => !Object.hasOwn(rules, key) || rules[key]?.(field));
};

const NOTEBOOK_FIELDS: Rules = {
  kernelspec: fieldsObey({ name: isText, display_name: isText }, ['name', 'display_name']),
  language_info: fieldsObey(
    {
      name: isText,
      codemirror_mode: (mode) => isText(mode) || isObject(mode),
      file_extension: isText,
      mimetype: isText,
      pygments_lexer: isText,
    },
    ['name'],
  ),
  orig_nbformat: (version) => Number.isInteger(version) && (version as number) >= 1,
  title: isText,
  authors: Array.isArray,
};

const CELL_FIELDS: Rules = {
  name: (name) => typeof name === 'string' && /^.+$/.test(name),
  tags: (tags) =>
    Array.isArray(tags) &&
    new Set(tags).size === tags.length &&
    tags.every((tag) => typeof tag === 'string' && /^[^,]+$/.test(tag)),
};

const KIND_FIELDS: Readonly<Record<string, Rules>> = {
  code: {
    jupyter: fieldsObey({ source_hidden: isBoolean, outputs_hidden: isBoolean }),
    execution: (times) => isObject(times) && Object.values(record(times)).every(isText),
    collapsed: isBoolean,
    scrolled: (scrolled) => isBoolean(scrolled) || scrolled === 'auto',
  },
  markdown: { jupyter: isObject },
  raw: { jupyter: isObject, format: isText },
};
