import { expect, test } from 'vitest';
import type { CellId, EngineUuid } from '../protocol/ids.ts';
import type { Output } from '../protocol/outputs.ts';
import type { NotebookDocument } from './document.ts';
import { foreignLanguage, languageOf, newDocument } from './cells.ts';
import { FOREIGN_MIME } from './ipynb-outputs.ts';
import { LANE_MIME } from './ipynb-lanes.ts';
import { notebookJson, readNotebook, writeNotebook } from './ipynb.ts';
import { NotebookFormatError } from './ipynb-json.ts';
import { fileName, notebookName } from './notebook-name.ts';
import { breaches } from './nbformat-rules.ts';
import { id } from './session-history.ts';

function read(file: unknown): NotebookDocument {
  let made = 0;
  const createCellId = () => `new${String(++made)}` as CellId;
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  return readNotebook(text, { id: 'doc', name: 'Test', origin: 'own', createCellId });
}

const file = (cells: readonly unknown[], more: object = {}) => ({
  cells,
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
  ...more,
});
const code = (more: object = {}) => ({
  cell_type: 'code',
  id: 'c1',
  metadata: {},
  source: 'x',
  outputs: [],
  execution_count: null,
  ...more,
});
const outputsOf = (document: NotebookDocument) => document.cells[0]?.outputs ?? [];
const withOutputs = (...outputs: readonly unknown[]) => read(file([code({ outputs })]));
const savedOutputs = (...outputs: readonly unknown[]) =>
  (notebookJson(withOutputs(...outputs))['cells'] as { outputs: unknown }[])[0]?.outputs;

// WRITING

test('a new notebook is written as a valid one in TypeScript', () => {
  const json = notebookJson(newDocument({ id: 'd', name: 'N', cellId: id('a') }));
  expect(breaches(json)).toEqual([]);
  expect(json['metadata']).toEqual({
    kernelspec: { name: 'tutti', display_name: 'Tutti (TypeScript)', language: 'typescript' },
    language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/typescript' },
  });
});

test('sources are written line by line, as Jupyter does', () => {
  const json = JSON.parse(writeNotebook(read(file([code({ source: 'a\n\nb' })])))) as {
    cells: { source: unknown }[];
  };
  expect(json.cells[0]?.source).toEqual(['a\n', '\n', 'b']);
});

test('without outputs a notebook has neither outputs nor counts', () => {
  const stream = { output_type: 'stream', name: 'stdout', text: 'x' };
  const document = read(file([code({ outputs: [stream], execution_count: 3 })]));
  const json = notebookJson(document, { outputs: false });
  expect(json['cells']).toMatchObject([{ outputs: [], execution_count: null }]);
});

const engineError = {
  ename: 'ReferenceError',
  evalue: 'x is not defined',
  traceback: ['ReferenceError: x is not defined', '    at f (cell-4/c1:3:5)'],
  frames: [{ functionName: 'f', url: 'cell-4/c1', line: 3, column: 5 }],
  engineInfo: { engineId: 1, engineUuid: 'engine-abc' as EngineUuid, method: 'apply' },
};

test('outputs of every kind and lane are valid in the file and come back as they were', () => {
  const bundle = {
    data: {
      'text/plain': 'one\ntwo',
      'text/html': '<b>\n1</b>',
      'image/png': 'iVBO',
      'application/json': [1],
    },
    metadata: { 'image/png': { width: 10 } },
  };
  const bare = { data: { 'image/svg+xml': '<svg/>' }, metadata: {} };
  const outputs: readonly Output[] = [
    { type: 'stream', lane: null, name: 'stderr', text: 'k\nk' },
    { type: 'display', lane: null, bundle },
    { type: 'result', lane: null, bundle, executionCount: 4 },
    { type: 'error', lane: null, error: { ...engineError, engineInfo: null } },
    { type: 'stream', lane: 0, name: 'stdout', text: 'one line\n' },
    { type: 'stream', lane: 3, name: 'stderr', text: 'two\nlines' },
    { type: 'stream', lane: 3, name: 'stderr', text: 'two\nlines', group: 1 },
    { type: 'stream', lane: 3, name: 'stdout', text: 'of nobody', isLate: true },
    { type: 'stream', lane: null, name: 'stdout', text: 'of nobody\n', isLate: true },
    { type: 'display', lane: null, bundle, isLate: true },
    { type: 'display', lane: 2, bundle: bare, isLate: true },
    { type: 'display', lane: 2, bundle },
    { type: 'display', lane: 2, bundle, group: 2 },
    { type: 'result', lane: 2, bundle, executionCount: 4, group: 3 },
    { type: 'display', lane: 2, bundle: bare },
    { type: 'result', lane: 1, bundle, executionCount: 7 },
    { type: 'error', lane: 1, error: engineError },
    {
      type: 'composite-error',
      lane: null,
      message: 'one or more exceptions raised in: f',
      errors: [engineError, { ...engineError, position: { url: 'cell-4/c1', line: 1, column: 2 } }],
      tbLimit: 5,
    },
  ];
  const document = newDocument({ id: 'd', name: 'N', cellId: id('c1') });
  const cells = document.cells.map((cell) => ({ ...cell, source: 'x', outputs, executionCount: 4 }));
  const written = writeNotebook({ ...document, cells });
  expect(breaches(JSON.parse(written))).toEqual([]);
  expect(outputsOf(read(written))).toEqual(outputs);
  expect(writeNotebook(read(written))).toBe(written);
});

test('another Jupyter shows which engine an output came from', () => {
  const document = newDocument({ id: 'd', name: 'N', cellId: id('c1') });
  const outputs: readonly Output[] = [
    { type: 'stream', lane: 0, name: 'stdout', text: 'hi\n' },
    { type: 'stream', lane: 0, name: 'stdout', text: 'hi\n', isLate: true },
    { type: 'stream', lane: null, name: 'stderr', text: 'oh\n', isLate: true },
    { type: 'result', lane: 1, bundle: { data: { 'text/plain': '5' }, metadata: {} }, executionCount: 3 },
    { type: 'error', lane: 1, error: engineError },
  ];
  const json = notebookJson({ ...document, cells: document.cells.map((cell) => ({ ...cell, outputs })) });
  const saved = (json['cells'] as { outputs: { data: Record<string, string[]> }[] }[])[0]?.outputs ?? [];
  expect(saved.map((output) => output.data['text/plain']?.join(''))).toEqual([
    '[stdout:0] hi\n',
    '[stdout:0, late] hi\n',
    '[stderr, late] oh\n',
    'Out[1:3]: 5',
    '[1:apply] ReferenceError: x is not defined\n    at f (cell-4/c1:3:5)',
  ]);
});

test('what JSON cannot hold is left out of the file', () => {
  const loop: Record<string, unknown> = {};
  loop['self'] = loop;
  const data = { 'text/plain': 'ok', 'application/json': { big: 1n }, 'application/x+json': loop };
  const document = newDocument({ id: 'd', name: 'N', cellId: id('c1') });
  const outputs: readonly Output[] = [{ type: 'display', lane: null, bundle: { data, metadata: loop } }];
  const json = notebookJson({ ...document, cells: document.cells.map((cell) => ({ ...cell, outputs })) });
  expect(json['cells']).toMatchObject([{ outputs: [{ data: { 'text/plain': ['ok'] }, metadata: {} }] }]);
  expect(breaches(json)).toEqual([]);
});

test('the rules that saved files are held to notice a breach', () => {
  const bad = file([code({ id: 'no id', attachments: {}, outputs: [{ output_type: 'stream', text: 5 }] })]);
  expect(breaches(bad)).toEqual([
    'cells[0] may not have attachments',
    'cells[0].id is valid',
    'cells[0].outputs[0] lacks name',
    'cells[0].outputs[0] is a stream',
  ]);
});

// READING

test('sources, streams and bundles may be a string or a list of strings', () => {
  const data = { 'text/plain': ['a\n', 'b'], 'image/png': 'iVBO\nRw0K\n' };
  const document = read(
    file([
      code({
        source: ['a\n', 'b'],
        outputs: [
          { output_type: 'stream', name: 'stdout', text: ['x\n', 'y'] },
          { output_type: 'display_data', data, metadata: {} },
        ],
      }),
    ]),
  );
  expect(document.cells[0]?.source).toBe('a\nb');
  expect(outputsOf(document)).toMatchObject([
    { type: 'stream', text: 'x\ny' },
    { type: 'display', bundle: { data: { 'text/plain': 'a\nb', 'image/png': 'iVBO\nRw0K\n' } } },
  ]);
});

test('valid ids are kept; missing, malformed and repeated ones are made anew', () => {
  const cells = ['keep', 'keep', undefined, 'no good!', 'new1'].map((cellId) => code({ id: cellId }));
  expect(read(file(cells)).cells.map((cell) => cell.id)).toEqual(['keep', 'new2', 'new3', 'new4', 'new1']);
});

test('a notebook without cells opens with an empty one', () => {
  expect(read(file([])).cells).toMatchObject([{ kind: 'code', source: '' }]);
});

test('metadata, unknown keys, MIME types and attachments are written again', () => {
  const original = file(
    [
      {
        cell_type: 'markdown',
        id: 'm',
        metadata: { tags: ['x'], vendor: { a: [1] } },
        source: ['![](attachment:a.png)'],
        attachments: { 'a.png': { 'image/png': 'iVBO' } },
        vendorKey: { deep: null },
      },
      code({
        metadata: { collapsed: true },
        source: ['x'],
        vendorKey: 1,
        outputs: [
          {
            output_type: 'display_data',
            data: { 'application/vnd.vega.v5+json': { $schema: 'v' }, 'chemical/x-pdb': 'ATOM' },
            metadata: { 'application/vnd.vega.v5+json': { theme: 'dark' } },
          },
        ],
      }),
    ],
    { metadata: { kernelspec: { name: 'python3', display_name: 'Python 3' }, colab: {} }, vendor: 'kept' },
  );
  const opened = read(original);
  expect(opened.foreign).toEqual({ vendor: 'kept' });
  expect(opened.cells[0]?.foreign).toMatchObject({ vendorKey: { deep: null } });
  // nbformat allows no keys of others beside its own: they are kept in the metadata and come back to their places.
  const saved = notebookJson(opened);
  expect(breaches(saved)).toEqual([]);
  expect(saved['metadata']).toMatchObject({ colab: {}, tutti: { strays: { keys: { vendor: 'kept' } } } });
  expect(read(saved)).toEqual(opened);
});

test.each([
  ['an output type of the future', { output_type: 'hologram', rays: [1] }, /"hologram"/],
  ['a stream of another name', { output_type: 'stream', name: 'log', text: ['a\n', 'b'] }, /a\nb/],
  ['keys that nbformat does not know', { output_type: 'stream', name: 'stdout', text: ['a'], at: 1 }, /a/],
  ['an error without lines', { output_type: 'error', ename: 'E', evalue: 'v', traceback: [1] }, /1/],
  [
    'a result without a count',
    { output_type: 'execute_result', data: { 'text/plain': ['5'] }, metadata: {}, execution_count: null },
    /5/,
  ],
  ['a bundle that is none', { output_type: 'display_data', data: 'x', metadata: {} }, /display_data/],
  [
    'text that is no text',
    { output_type: 'display_data', data: { 'text/plain': ['t'], 'text/html': 5 }, metadata: {} },
    /t/,
  ],
])('%s is shown as well as can be and saved as it was', (_, output, shown) => {
  const [read] = outputsOf(withOutputs(output));
  expect(read?.type).toBe('display');
  expect(read?.type === 'display' && read.bundle.data['text/plain']).toMatch(shown);
  expect(read?.type === 'display' && FOREIGN_MIME in read.bundle.data).toBe(true);
  // Where nbformat allows the output it is saved as it was, else beside what is shown, in a valid display.
  const [saved] = savedOutputs(output) as [{ data?: Record<string, unknown> }];
  expect(breaches(file([code({ outputs: [saved] })]))).toEqual([]);
  expect(saved.data?.[FOREIGN_MIME] ?? saved).toEqual(output);
  expect(savedOutputs(saved)).toEqual([saved]);
});

test.each([
  ['of another form', { type: 'stream', lane: 'zero', name: 'stdout' }],
  ['that says more than we know', { type: 'stream', lane: 0, name: 'stdout', later: true }],
  ['that does not fit its text', { type: 'result', lane: 0, plain: true, executionCount: 9 }],
  ['with a malformed error', { type: 'error', lane: 0, error: { ename: 'E' } }],
])('a lane note %s is not believed, and kept', (_, note) => {
  const output = {
    output_type: 'display_data',
    data: { 'text/plain': ['[stdout:0] x'], [LANE_MIME]: note },
    metadata: {},
  };
  expect(outputsOf(withOutputs(output))).toMatchObject([{ type: 'display', lane: null }]);
  expect(savedOutputs(output)).toEqual([output]);
});

test('tracebacks of saved errors know their places in cells', () => {
  const output = {
    output_type: 'error',
    ename: 'E',
    evalue: 'v',
    traceback: [
      'E: v',
      '    at f (cell-4/a1:3:5)',
      '    at cell-2/b-2:1:9',
      'cause: E: w',
      '    at cell-9/c:1:1',
    ],
  };
  expect(outputsOf(withOutputs(output))).toMatchObject([
    {
      error: {
        frames: [
          { functionName: 'f', url: 'cell-4/a1', line: 3, column: 5 },
          { functionName: null, url: 'cell-2/b-2', line: 1, column: 9 },
        ],
      },
    },
  ]);
});

test('attachments survive a cell that is code for a while', () => {
  const attachments = { 'a.png': { 'image/png': 'iVBO' } };
  const markdown = { cell_type: 'markdown', id: 'm', metadata: {}, source: ['x'], attachments };
  const document = read(file([markdown]));
  const asCode = { ...document, cells: document.cells.map((cell) => ({ ...cell, kind: 'code' as const })) };
  const written = writeNotebook(asCode);
  expect(breaches(JSON.parse(written))).toEqual([]);
  expect(read(written).cells).toMatchObject([{ kind: 'code', foreign: { attachments }, metadata: {} }]);
});

test('the language of a notebook is what its file names', () => {
  expect(languageOf(read(file([], { metadata: { kernelspec: { language: 'Python' } } })))).toBe('python');
  expect(languageOf(read(file([], { metadata: { language_info: { name: 'typescript' } } })))).toBe(
    'typescript',
  );
  expect(languageOf(read(file([])))).toBe(null);
});

test.each<[object, string | null, (object | null)?]>([
  [{ kernelspec: { name: 'python3', display_name: 'Python 3' } }, 'Python'],
  [{ kernelspec: { name: 'x', language: 'python' } }, 'Python'],
  [{ language_info: { name: 'python', version: '3.12' } }, 'Python'],
  [{ kernelspec: { name: 'conda-env-py310-ipykernel', language: 'python' } }, 'Python'],
  [{ kernelspec: { name: 'xpython' } }, 'Python'],
  [{ kernelspec: { language: '' }, language_info: { name: 'R' } }, 'R'],
  [{ kernelspec: { language: 'julia' } }, 'Julia'],
  [{ kernelspec: { name: 'deno', language: 'typescript' } }, null],
  [{ kernelspec: { name: 'jslab', language: 'javascript' } }, null],
  [{ language_info: { name: 'nodejs' } }, null],
  [{ kernelspec: 'python3', language_info: 7 }, null],
  [{}, null],
  // Nothing that would not run.
  [{ kernelspec: { language: 'python' } }, null, { source: ' ' }],
  [{ kernelspec: { language: 'python' } }, null, { source: '%%px\nx = 1' }],
])('a notebook of %j is written in %s', (metadata, language, cell = null) => {
  expect(foreignLanguage(read(file([code({ source: 'x = 1', ...cell })], { metadata })))).toBe(language);
});

test('of nbformat 3 the cells say the language', () => {
  const cells = [{ cell_type: 'code', language: 'python', input: 'x = 1', outputs: [] }];
  const notebook = read({ nbformat: 3, nbformat_minor: 0, metadata: {}, worksheets: [{ cells }] });
  expect(foreignLanguage(notebook)).toBe('Python');
  expect(foreignLanguage(read(writeNotebook(notebook)))).toBe('Python');
});

test('a file that begins with a byte order mark opens', () => {
  expect(read('\uFEFF' + JSON.stringify(file([code()]))).cells).toHaveLength(1);
});

// REFUSING

test.each([
  ['hello', /^The file is not JSON, so it is not a notebook: /],
  [[], /^The notebook must be an object\.$/],
  [{}, /^nbformat must be a number: the file is JSON, but not a Jupyter notebook\.$/],
  [{ nbformat: 5 }, /^nbformat is 5; Tutti opens notebooks of format 3 and 4\.$/],
  [{ nbformat: 4 }, /^cells must be a list\.$/],
  [file([], { metadata: [] }), /^metadata must be an object\.$/],
  [file([code(), 7]), /^cells\[1\] must be an object\.$/],
  [
    file([code({ cell_type: 5 })]),
    /^cells\[0\]\.cell_type must be a word \("code", "markdown" or "raw"\), not 5\.$/,
  ],
  [file([code(), code({ source: 5 })]), /^cells\[1\]\.source must be a string or a list of strings\.$/],
  [file([code({ source: ['a', 1] })]), /^cells\[0\]\.source must be/],
  [file([code({ metadata: 'x' })]), /^cells\[0\]\.metadata must be an object\.$/],
  [file([code({ outputs: {} })]), /^cells\[0\]\.outputs must be a list\.$/],
  [file([code({ outputs: [null] })]), /^cells\[0\]\.outputs\[0\] must be an object\.$/],
  [file([code({ execution_count: 1.5 })]), /^cells\[0\]\.execution_count must be a whole number or null\.$/],
  ['['.repeat(2000) + ']'.repeat(2000), /nested more than 500 levels deep/],
])('a malformed file is refused with where and what: %j', (malformed, message) => {
  expect(() => read(malformed)).toThrow(NotebookFormatError);
  expect(() => read(malformed)).toThrow(message);
});

test.each([
  [
    {
      cell_type: 'widget',
      id: 'w',
      metadata: { a: 1 },
      source: ['x\n', 'y'],
      outputs: [{}],
      execution_count: 3,
    },
  ],
  [{ cell_type: 'query', id: 'w', metadata: {}, source: { sql: 'select' }, language: 'sql' }],
  [{ cell_type: 'rule', id: 'w', metadata: {} }],
])('a cell of a later format is shown as raw text and saved as it came: %j', (cell) => {
  const text = JSON.stringify({ ...file([cell, code()]), nbformat_minor: 7 });
  const notebook = read(text);
  expect(notebook.cells[0]?.kind).toBe('raw');
  const saved = JSON.parse(writeNotebook(notebook));
  expect({ source: [], ...saved.cells[0] }).toEqual({ source: [], ...cell });
  expect(saved.nbformat_minor).toBe(7);
  // As often as one likes.
  expect(writeNotebook(read(writeNotebook(notebook)))).toBe(writeNotebook(notebook));
});

/** What is typed; the notebook's name; the file's, without its ending. */
test.each([
  ['Prices 2026', 'Prices 2026', 'Prices 2026'],
  [' a \t b\n', 'a b', 'a b'],
  ['notebook.ipynb', 'notebook', 'notebook'],
  ['x.IPYNB.ipynb', 'x', 'x'],
  ['.ipynb', '', 'Untitled'],
  ['..', '', 'Untitled'],
  ['. .', '', 'Untitled'],
  ['', '', 'Untitled'],
  ['../../etc/passwd', '../../etc/passwd', '-..-etc-passwd'],
  ['.hidden', '.hidden', 'hidden'],
  ['ends. ', 'ends.', 'ends'],
  ['a/b\\c:d*e?f"g<h>i|j', 'a/b\\c:d*e?f"g<h>i|j', 'a-b-c-d-e-f-g-h-i-j'],
  ['c\u0000o\u0007n\u001b[31m', 'c o n [31m', 'c o n [31m'],
  ['evil\u202eipynb.exe\u2069', 'evilipynb.exe', 'evilipynb.exe'],
  ['\u200fשלום\u200e', 'שלום', 'שלום'],
  ['می\u200cخواهم 👩\u200d💻', 'می\u200cخواهم 👩\u200d💻', 'می\u200cخواهم 👩\u200d💻'],
  ['half \ud83d', 'half', 'half'],
  ['con', 'con', '_con'],
  ['NUL.txt', 'NUL.txt', '_NUL.txt'],
  ['com1 .x', 'com1 .x', '_com1 .x'],
  ['LPT³', 'LPT³', '_LPT³'],
  ['console', 'console', 'console'],
  ['n'.repeat(300), 'n'.repeat(200), 'n'.repeat(200)],
  ['日'.repeat(300), '日'.repeat(200), '日'.repeat(66)],
  ['😀'.repeat(300), '😀'.repeat(200), '😀'.repeat(50)],
])('the name %j', (typed, name, stem) => {
  expect(notebookName(typed)).toBe(name);
  expect(notebookName(name)).toBe(name);
  expect(fileName(typed, 'ipynb')).toBe(`${stem}.ipynb`);
  const opened = readNotebook(JSON.stringify(file([code()], { metadata: { title: 'Said' } })), {
    id: 'doc',
    name: typed,
    origin: 'own',
    createCellId: () => id('new'),
  });
  expect(opened.name).toBe(name === '' ? 'Said' : name);
});
