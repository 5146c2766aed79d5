import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CellId } from '../protocol/ids.ts';
import { joined, NotebookFormatError } from './ipynb-json.ts';
import { notebookJson, readNotebook, writeNotebook } from './ipynb.ts';
import { breaches } from './nbformat-rules.ts';

const read = (text: string) => {
  let made = 0;
  const createCellId = () => `made-here-${String(++made)}` as CellId;
  return readNotebook(text, { id: 'd', name: 'N', origin: 'own', createCellId });
};

// ANY JSON

const KEYS = [
  'nbformat',
  'cells',
  'worksheets',
  'metadata',
  'cell_type',
  'source',
  'outputs',
  'output_type',
  'data',
];
const words = fc.constantFrom(
  3,
  4,
  'code',
  'markdown',
  'stream',
  'display_data',
  'pyout',
  'text',
  null,
  '__proto__',
);
const { anything } = fc.letrec((tie) => ({
  anything: fc.oneof(
    { maxDepth: 7, depthSize: 'large' },
    words,
    fc.jsonValue({ maxDepth: 1 }),
    fc.array(tie('anything'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), tie('anything'), { maxKeys: 6 }),
  ),
}));
const nearlyNotebook = fc.record({
  nbformat: fc.constantFrom(3, 4),
  cells: anything,
  worksheets: anything,
  metadata: anything,
});

test('whatever JSON a file holds, it opens or is refused as no notebook', () => {
  fc.assert(
    fc.property(fc.oneof(anything, nearlyNotebook, fc.string()), (json) => {
      const text = typeof json === 'string' ? json : JSON.stringify(json);
      try {
        const document = read(text);
        expect(read(writeNotebook(document)).cells).toHaveLength(document.cells.length);
      } catch (error) {
        expect(error).toBeInstanceOf(NotebookFormatError);
      }
    }),
    { numRuns: 1000 },
  );
});

// ANY NOTEBOOK

/** Keys for which the schema asks for a kind of value; with any other the notebook would not be valid. */
const TYPED_KEYS = ['name', 'tags', 'format', 'title'];
const bag = fc.dictionary(
  fc.string({ maxLength: 6 }).filter((key) => !TYPED_KEYS.includes(key)),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 3 },
);
const lines = fc.oneof(
  fc.string(),
  fc.array(
    fc.string().map((line) => line + '\n'),
    { maxLength: 4 },
  ),
);
const count = fc.oneof(fc.constant(null), fc.nat(99));
const bundle = fc
  .tuple(
    fc.dictionary(fc.constantFrom('text/plain', 'text/html', 'image/png', 'image/x-y', 'a/b+json'), lines),
    fc.dictionary(fc.constantFrom('application/json', 'application/v+json'), fc.jsonValue({ maxDepth: 2 })),
  )
  .map(([text, json]) => ({ ...text, ...json }));
const output = fc.oneof(
  fc.record({
    output_type: fc.constant('stream'),
    name: fc.constantFrom('stdout', 'stderr', 'log'),
    text: lines,
  }),
  fc.record({ output_type: fc.constant('display_data'), data: bundle, metadata: bag }),
  fc.record({
    output_type: fc.constant('execute_result'),
    data: bundle,
    metadata: bag,
    execution_count: count,
  }),
  fc.record({
    output_type: fc.constant('error'),
    ename: fc.string(),
    evalue: fc.string(),
    traceback: fc.array(fc.string(), { maxLength: 3 }),
  }),
);
const cellId = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/);
const cell = fc.oneof(
  fc.record({ cell_type: fc.constantFrom('markdown', 'raw'), id: cellId, metadata: bag, source: lines }),
  fc.record({
    cell_type: fc.constant('code'),
    id: cellId,
    metadata: bag,
    source: lines,
    outputs: fc.array(output, { maxLength: 4 }),
    execution_count: count,
  }),
);
const notebook = fc.record({
  cells: fc.uniqueArray(cell, { minLength: 1, maxLength: 5, selector: ({ id }) => id }),
  metadata: bag.map((metadata) => ({ ...metadata, kernelspec: { name: 'k', display_name: 'K' } })),
  nbformat: fc.constant(4),
  nbformat_minor: fc.constant(5),
});

/** Multi-line strings joined: the two spellings of the same text. */
function joinedText(json: unknown): unknown {
  if (!Array.isArray(json) && (typeof json !== 'object' || json === null)) return json;
  if (Array.isArray(json)) return json.map(joinedText);
  const entries = Object.entries(json).map(([key, value]: [string, unknown]) => {
    const isText = key === 'source' || key === 'text' || /^[a-z]+\/(plain|html|png|x-y|b\+json)$/.test(key);
    return [key, isText ? (joined(value) ?? value) : key === 'metadata' ? value : joinedText(value)];
  });
  return Object.fromEntries(entries);
}

test('every valid notebook is saved with everything that was in it, and valid', () => {
  fc.assert(
    fc.property(notebook, (json) => {
      const original: unknown = JSON.parse(JSON.stringify(json));
      const saved = notebookJson(read(JSON.stringify(json)));
      expect(breaches(saved)).toEqual([]);
      expect(joinedText(JSON.parse(JSON.stringify(saved)))).toEqual(joinedText(original));
    }),
    { numRuns: 300 },
  );
});
