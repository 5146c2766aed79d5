import { expect, test } from 'vitest';
import { selectionOf } from './cell-edits.ts';
import { newCell } from './cells.ts';
import type { Cell } from './document.ts';
import { besideSection, headingAbove, headingBelow, headingOf, headingsOf } from './headings.ts';
import { readNotebook, writeNotebook } from './ipynb.ts';
import { foldsOf, indexPast, isFolded, withSections } from './sections.ts';
import { openSession } from './session.ts';
import { after, cellOf, id, notebook, order, runAll, session, step } from './session-history.ts';
import type { Operation, SessionData } from './session-types.ts';

/** `A` and `B` are headings of level 1, `a` and `b` of level 2, digits are code. */
function of(letters: string): SessionData {
  const cells = letters.split('').map((letter): Cell => {
    if (/\d/.test(letter)) return newCell(id(`c${letter}`), 'code', letter);
    const mark = letter === letter.toUpperCase() ? '#' : '##';
    return newCell(id(letter), 'markdown', `${mark} ${letter}`);
  });
  return openSession({ ...notebook('x'), cells });
}

const ids = (...names: readonly string[]) => names.map(id);
const fold = (...names: readonly string[]): Operation => ({
  type: 'set-folded',
  ids: ids(...names),
  folded: true,
});
const select = (name: string, anchor = name): Operation => ({
  type: 'select-cells',
  anchor: id(anchor),
  active: id(name),
});
const remove = (...names: readonly string[]): Operation => ({
  type: 'delete-cells',
  ids: ids(...names),
  spareId: id('spare'),
});
const UNDO: Operation = { type: 'undo' };
const hiddenIn = (data: SessionData): string => [...foldsOf(data.document.cells).hidden].join(' ');
const foldedIn = (data: SessionData): string =>
  data.document.cells.flatMap((cell) => (isFolded(cell) ? [cell.id] : [])).join(' ');

test('headings are those of Markdown, not what looks like one in code, quotes and lists', () => {
  const source =
    '# One\n\n```js\n# no\n```\n\n> # no\n\n- # no\n\nTwo `x`\n===\n\n### *Three* ###\n\n#hashtag';
  expect(headingsOf(source)).toEqual([
    { level: 1, text: 'One' },
    { level: 1, text: 'Two x' },
    { level: 3, text: 'Three' },
  ]);
  expect(headingsOf('no heading, 5 - 3')).toEqual([]);
});

test('of several headings in a cell the highest begins the section; code has none', () => {
  expect(headingOf(newCell(id('m'), 'markdown', '## Two\n\n# One\n\n# Last'))?.text).toBe('One');
  expect(headingOf(newCell(id('c'), 'code', '# One'))).toBeNull();
});

test('a folded heading hides all to the next one of the same or a higher level', () => {
  const data = of('1A2a3b4B5');
  expect(Object.fromEntries(foldsOf(data.document.cells).sizes)).toEqual({ A: 5, a: 1, b: 1, B: 1 });
  expect(hiddenIn(after(data, fold('a')))).toBe('c3');
  expect(hiddenIn(after(data, fold('A', 'b')))).toBe('c2 a c3 b c4');
  expect(hiddenIn(after(data, fold('A', 'b'), { ...fold('A'), folded: false } as Operation))).toBe('c4');
});

test('only headings fold', () => {
  expect(step(of('1A2'), fold('c1'))).toMatchObject({ reason: 'no-heading' });
});

test('it is kept in the file as JupyterLab keeps it, and comes back', () => {
  const data = after(of('A1'), fold('A'));
  expect(cellOf(data, 'A').metadata).toEqual({ 'jp-MarkdownHeadingCollapsed': true });
  const opened = openSession(
    readNotebook(writeNotebook(data.document), {
      id: 'again',
      name: null,
      origin: 'own',
      createCellId: () => id('fresh'),
    }),
  );
  expect(hiddenIn(opened)).toBe('c1');
  expect(cellOf(after(opened, { ...fold('A'), folded: false } as Operation), 'A').metadata).toEqual({});
});

test('a selected cell that is folded away gives the selection to the heading', () => {
  const data = after(of('A1a2B'), select('c2', 'c1'), fold('A', 'a'));
  expect([data.selectedCell, data.selectionAnchor]).toEqual(['A', 'A']);
});

test('a cell that is selected in a folded section unfolds all that hides it, and nothing else', () => {
  const data = after(of('A1a2b3'), select('A'), fold('A', 'a', 'b'), select('c2'));
  expect(foldedIn(data)).toBe('b');
});

test('the selection skips what is hidden', () => {
  const data = after(of('A12B3'), fold('A'), select('B', 'A'));
  expect(selectionOf(data)).toEqual(['A', 'B']);
});

test('a folded section is deleted, brought back, moved and taken along as a whole', () => {
  const data = after(of('A12B3'), fold('A'), select('A'));
  const gone = after(data, remove('A'));
  expect(order(gone)).toBe('B c3');
  const back = after(gone, UNDO);
  expect(order(back)).toBe('A c1 c2 B c3');
  expect(hiddenIn(back)).toBe('c1 c2');
  const down = after(data, { type: 'move-cells', ids: ids('A'), index: 2 });
  expect(order(down)).toBe('B c3 A c1 c2');
  expect(hiddenIn(down)).toBe('c1 c2');
  expect(withSections(data.document.cells, ids('c3', 'A'))).toEqual(['A', 'c1', 'c2', 'c3']);
});

test('an unfolded heading goes alone', () => {
  expect(order(after(of('A12B3'), remove('A')))).toBe('c1 c2 B c3');
});

test('what loses its heading to a folded section is not lost from sight', () => {
  const data = after(of('A1B2'), fold('A'), select('B'), remove('B'));
  expect(data.selectedCell).toBe('c2');
  expect(hiddenIn(data)).toBe('');
});

test('moving goes past one cell that is to be seen, or one folded section', () => {
  const { cells } = after(of('A12B3'), fold('A')).document;
  expect(indexPast(cells, ids('B'), -1)).toBe(0);
  expect(indexPast(cells, ids('A'), 1)).toBe(2);
  expect(indexPast(cells, ids('A'), -1)).toBe(0);
  expect(indexPast(cells, ids('c3'), 1)).toBe(4);
  expect(indexPast(after(of('1A23B'), fold('A')).document.cells, ids('c1'), 1)).toBe(3);
  expect(indexPast(of('123').document.cells, ids('c1', 'c2'), 1)).toBe(1);
});

test('a folded section passes another one, so that nothing is taken into it', () => {
  const data = after(of('A1a2b3B4'), fold('b', 'B'));
  const { cells } = data.document;
  expect(indexPast(cells, ids('b'), -1)).toBe(2);
  expect(indexPast(cells, ids('b'), 1)).toBe(6);
  const up = after(data, { type: 'move-cells', ids: ids('B'), index: indexPast(cells, ids('B'), -1) });
  expect(order(up)).toBe('B c4 A c1 a c2 b c3');
  expect(foldedIn(up)).toBe('B b');
});

test('a folded heading unfolds rather than take in what was to be seen', () => {
  const moved = after(of('1A2'), fold('A'), { type: 'move-cells', ids: ids('A'), index: 0 });
  expect([order(moved), foldedIn(moved)]).toEqual(['A c2 c1', '']);
  const lower: Operation = { type: 'set-source', id: id('B'), source: '## B' };
  expect(foldedIn(after(of('A1B2'), fold('A', 'B'), lower))).toBe('B');
});

test('a pasted section is selected by its heading and stays folded', () => {
  const { cells } = after(of('A1'), fold('A')).document;
  const copies = cells.map((cell) => ({ ...cell, id: id(`${cell.id}-copy`) }));
  const data = after(of('B2'), { type: 'paste-cells', cells: copies, place: { below: id('c2') } });
  expect(data.selectedCell).toBe('A-copy');
  expect(hiddenIn(data)).toBe('c1-copy');
});

test('a cell that is inserted under a folded heading is seen', () => {
  const insert: Operation = {
    type: 'insert-cell',
    id: id('new'),
    place: { below: id('A') },
    kind: 'code',
    source: '',
  };
  const data = after(of('A1'), fold('A'), insert);
  expect(order(data)).toBe('A new c1');
  expect(hiddenIn(data)).toBe('');
});

test('cells are not merged over what is hidden', () => {
  const data = after(of('A1B'), fold('A'));
  expect(step(data, { type: 'merge-cells', ids: ids('A', 'c1', 'B'), into: id('A') })).toMatchObject({
    reason: 'folded',
  });
});

test('undo of an edit in a section that has been folded since shows it', () => {
  const data = after(of('A1B'), remove('c1'), select('B'));
  const undone = after(data, UNDO);
  expect(undone.selectedCell).toBe('A');
  const folded = after(of('A12B'), select('c2'), remove('c2'), fold('A'), UNDO);
  expect(folded.selectedCell).toBe('c2');
  expect(hiddenIn(folded)).toBe('');
});

test('all cells run, folded or not', () => {
  const ready = after(of('A1'), fold('A'), {
    type: 'kernel-status-changed',
    status: 'idle',
    reason: null,
    at: 0,
  });
  expect(cellOf(after(ready, runAll('r0', 'r1')), 'c1').run.status).toBe('queued');
});

test('the arrows: to the heading above of the same or a higher level, to the next heading below', () => {
  const { cells } = of('1A2a3b4B5').document;
  const above = (name: string) => headingAbove(cells, id(name))?.id ?? null;
  expect([above('c3'), above('b'), above('a'), above('B'), above('A'), above('c1')]).toEqual([
    'a',
    'a',
    'A',
    'A',
    null,
    null,
  ]);
  const below = (name: string) => headingBelow(cells, id(name))?.id ?? null;
  expect([below('c1'), below('A'), below('c4'), below('B')]).toEqual(['A', 'a', 'B', null]);
});

test('a new heading has the level of its section, and stands above the cell or behind the section', () => {
  const { cells } = of('1A2a3b4B5').document;
  expect(besideSection(cells, id('c3'), 'below')).toEqual({ level: 2, index: 5 });
  expect(besideSection(cells, id('A'), 'below')).toEqual({ level: 1, index: 7 });
  expect(besideSection(cells, id('c3'), 'above')).toEqual({ level: 2, index: 4 });
  expect(besideSection(cells, id('c1'), 'above')).toEqual({ level: 1, index: 0 });
  expect(besideSection(cells, id('c5'), 'below')).toEqual({ level: 1, index: 9 });
});

test('a notebook without headings has nothing folded', () => {
  expect(foldsOf(session('a', 'm:b').document.cells)).toEqual({ hidden: new Set(), sizes: new Map() });
});
