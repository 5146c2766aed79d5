import { expect, test } from 'vitest';
import { cellsOf, type ClipForms, clipOf, MOST_CLIP } from '../notebook/cell-clip.ts';
import type { Cell } from '../notebook/document.ts';
import { newCell } from '../notebook/cells.ts';
import type { CellId } from '../protocol/ids.ts';
import { createCellClipboard } from './cell-clipboard.ts';

const code: Cell = {
  ...newCell('a' as CellId, 'code', 'one < 2'),
  executionCount: 3,
  outputs: [
    { type: 'stream', name: 'stdout', lane: 2, text: 'said\n' },
    {
      type: 'result',
      lane: null,
      executionCount: 3,
      bundle: { data: { 'text/plain': '1', 'image/png': 'aGk=' }, metadata: { width: 3 } },
    },
  ],
  metadata: { tags: ['raises-exception'], jupyter: { source_hidden: true }, other: { tool: [1, null] } },
  foreign: { strange: true },
};
const attachments = { 'image.png': { 'image/png': 'aGk=' } };
const markdown: Cell = {
  ...newCell('b' as CellId, 'markdown', '# two\n\n![](attachment:image.png)'),
  foreign: { attachments },
};
const raw = newCell('c' as CellId, 'raw', '% three');
const cells = [code, markdown, raw];
const NOTHING: ClipForms = { cells: '', text: '', html: '' };

const without = (cell: Cell) => ({ ...cell, id: '' });
const said = (taken: readonly Cell[]) => taken.map(({ kind, source }) => `${kind}: ${source}`);
const [first, second, third] = ['code: one < 2', `markdown: ${markdown.source}`, 'raw: % three'];

/** Pages of one browser. */
function browser(refuses = false) {
  let stored: ClipForms | undefined;
  const marks = new Map<string, string>();
  let made = 0;
  return () =>
    createCellClipboard({
      store: {
        write: (forms) => {
          if (refuses) return Promise.reject(new Error('refused'));
          stored = forms;
          return Promise.resolve();
        },
        read: () => Promise.resolve(stored),
      },
      marks: {
        get: (key) => marks.get(key) ?? null,
        set: (key, text) => {
          marks.set(key, text);
          return true;
        },
      },
      createMark: () => String(++made),
    });
}

test('in another page, and after a reload, cells are whole, under new ids: kind, outputs, attachments, metadata', async () => {
  const page = browser();
  const forms = page().put(cells);
  const fromSystem = await page().take(forms);
  await Promise.resolve();
  const byKey = await page().last();
  for (const taken of [fromSystem, byKey]) {
    expect(taken.map(without)).toEqual(cells.map(without));
    expect(new Set([...taken, ...cells].map(({ id }) => id)).size).toBe(6);
  }
});

test('in the page itself they are there at once, as they are', () => {
  const clipboard = browser()();
  const live = { ...code, outputs: code.outputs.map((output) => ({ ...output })) };
  const forms = clipboard.put([live]);
  for (const taken of [clipboard.last(), clipboard.take(forms), clipboard.take({ ...forms, cells: '' })]) {
    if (taken instanceof Promise) throw new Error('late');
    expect(taken[0]?.outputs).toBe(live.outputs);
    expect(taken[0]?.id).not.toBe(code.id);
  }
});

test('the page that copied last counts, for the key V', async () => {
  const page = browser();
  const [one, two] = [page(), page()];
  one.put([code]);
  await Promise.resolve();
  expect(said(await two.last())).toEqual([first]);
  two.put([raw]);
  expect(said(await two.last())).toEqual([third]);
  await Promise.resolve();
  expect(said(await one.last())).toEqual([third]);
  one.put([markdown]);
  // Before it is stored.
  expect(said(await one.last())).toEqual([second]);
});

test('a browser that stores nothing has them in the page and on the clipboard', async () => {
  const page = browser(true);
  const one = page();
  const forms = one.put(cells);
  await Promise.resolve();
  expect(said(await one.last())).toEqual([first, second, third]);
  expect(said(await page().take(forms))).toEqual([first, second, third]);
  expect(await page().last()).toEqual([]);
});

test.each<[string, Partial<ClipForms>, readonly string[]]>([
  [
    'our text, as the system gives it back',
    { text: clipOf(cells).text.replaceAll('\n', '\r\n') },
    [first, second, third],
  ],
  ['nothing', {}, [first, second, third]],
  ['blanks', { text: '  \n' }, [first, second, third]],
  ['another text', { text: 'let x = 1\r\nx\n' }, ['code: let x = 1\nx']],
  ['HTML alone', { html: '<p>a &lt; b</p><p>c</p>' }, ['code: a < b\n\nc']],
  ['text beside HTML', { text: 'plain', html: '<b>bold</b>' }, ['code: plain']],
  [
    'cells of another tool',
    { cells: '[{"cell_type":"markdown","source":["# x"]}]', text: '# x' },
    ['markdown: # x'],
  ],
  ['cells that are none', { cells: '{"x":1}', text: 'x' }, ['code: x']],
  ['cells that are broken', { cells: '[{"cell_type":"code"', text: 'x' }, ['code: x']],
  ['cells of odd kinds', { cells: '[{"cell_type":5}]', text: 'x' }, ['code: x']],
  ['no cells', { cells: '[]', text: 'x' }, ['code: x']],
  ['far too many cells', { cells: `[${' '.repeat(MOST_CLIP)}]`, text: 'x' }, ['code: x']],
])('pasted here: %s', async (_what, forms, expected) => {
  const page = browser();
  const here = page();
  here.put(cells);
  await Promise.resolve();
  expect(said(await here.take({ ...NOTHING, ...forms }))).toEqual(expected);
  // In another page, too.
  expect(said(await page().take({ ...NOTHING, ...forms }))).toEqual(expected);
});

test('nothing copied, nothing pasted', async () => {
  expect(await browser()().last()).toEqual([]);
  expect(await browser()().take(NOTHING)).toEqual([]);
});

test('other programs get text, and HTML of it; too long outputs stay behind', () => {
  const { text, html } = clipOf(cells);
  expect(text).toBe(`one < 2\n\n${markdown.source}\n\n% three`);
  expect(html).toContain('<pre><code>one &lt; 2</code></pre>');
  const long: Cell = {
    ...code,
    outputs: [{ type: 'stream', name: 'stdout', lane: null, text: 'x'.repeat(MOST_CLIP) }],
  };
  const [taken] = cellsOf(clipOf([long]), () => 'new' as CellId);
  expect(taken).toMatchObject({ source: code.source, outputs: [], metadata: code.metadata });
});
