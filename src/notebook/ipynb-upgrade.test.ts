import { expect, test } from 'vitest';
import type { CellId } from '../protocol/ids.ts';
import { notebookJson, readNotebook } from './ipynb.ts';
import { breaches } from './nbformat-rules.ts';

const read = (notebook: unknown, name: string | null = null) => {
  let made = 0;
  return readNotebook(JSON.stringify(notebook), {
    id: 'doc',
    name,
    origin: 'elsewhere',
    createCellId: () => `new${String(++made)}` as CellId,
  });
};

const sheet = (...cells: readonly unknown[]) => ({
  metadata: { name: 'Old one', signature: 'sha256:0', vendor: 1 },
  nbformat: 3,
  nbformat_minor: 0,
  worksheets: [{ cells, metadata: {} }],
});

test('a notebook of format 3 opens, with its name, and is saved as a valid 4.5', () => {
  const document = read(
    sheet(
      { cell_type: 'heading', level: 2, metadata: {}, source: ['Pricing\n', 'options'] },
      { cell_type: 'markdown', metadata: {}, source: 'text' },
      { cell_type: 'html', metadata: {}, source: ['<b>x</b>'] },
      { cell_type: 'raw', metadata: {}, source: [] },
      {
        cell_type: 'code',
        collapsed: false,
        language: 'python',
        input: ['a = 1\n', 'a'],
        prompt_number: 3,
        metadata: {},
        outputs: [
          { output_type: 'stream', stream: 'stderr', text: ['x\n'] },
          { output_type: 'pyout', prompt_number: 3, text: ['1'], html: '<i>1</i>', metadata: {} },
          { output_type: 'display_data', png: 'iVBO\n', json: '{"a": 1}', metadata: { png: { width: 3 } } },
          { output_type: 'pyerr', ename: 'E', evalue: 'v', traceback: ['E: v'] },
        ],
      },
    ),
  );
  expect(document).toMatchObject({ name: 'Old one', metadata: { vendor: 1 } });
  expect(document.metadata).not.toHaveProperty('signature');
  expect(document.cells.map((cell) => [cell.kind, cell.source])).toEqual([
    ['markdown', '## Pricing options'],
    ['markdown', 'text'],
    ['markdown', '<b>x</b>'],
    ['raw', ''],
    ['code', 'a = 1\na'],
  ]);
  expect(document.cells[4]).toMatchObject({
    executionCount: 3,
    metadata: { collapsed: false },
    outputs: [
      { type: 'stream', name: 'stderr', text: 'x\n' },
      { type: 'result', executionCount: 3, bundle: { data: { 'text/plain': '1', 'text/html': '<i>1</i>' } } },
      {
        type: 'display',
        bundle: {
          data: { 'image/png': 'iVBO\n', 'application/json': { a: 1 } },
          metadata: { 'image/png': { width: 3 } },
        },
      },
      { type: 'error', error: { ename: 'E' } },
    ],
  });
  expect(breaches(notebookJson(document))).toEqual([]);
});

test('the cells of several worksheets follow each other', () => {
  const first = sheet({ cell_type: 'markdown', source: 'a' });
  const second = sheet({ cell_type: 'markdown', source: 'b' });
  const both = { ...first, worksheets: [...first.worksheets, ...second.worksheets] };
  expect(read(both).cells.map((cell) => cell.source)).toEqual(['a', 'b']);
});

test('a cell that was running when it was saved has no count', () => {
  const cell = { cell_type: 'code', input: 'x', prompt_number: '*', outputs: [] };
  expect(read(sheet(cell)).cells[0]?.executionCount).toBe(null);
});

test('the name that the caller gives wins over the one in the file', () => {
  expect(read(sheet(), 'Mine').name).toBe('Mine');
});

test.each([
  [{ nbformat: 3 }, 'worksheets must be a list.'],
  [{ nbformat: 3, worksheets: [1] }, 'worksheets[0] must be an object.'],
  [sheet({ cell_type: 'code' }), 'worksheets[0].cells[0].input must be a string or a list of strings.'],
  [sheet({ cell_type: 5 }), 'cells[0].cell_type must be a word ("code", "markdown" or "raw"), not 5.'],
  [
    sheet({ cell_type: 'code', input: '', outputs: [3] }),
    'worksheets[0].cells[0].outputs[0] must be an object.',
  ],
])('a malformed file is refused with its place in format 3: %j', (notebook, message) => {
  expect(() => read(notebook)).toThrow(message);
});
