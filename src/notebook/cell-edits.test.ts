import { expect, test } from 'vitest';
import { isHidden } from './document-operations.ts';
import { attachmentsOf } from './mime-data.ts';
import { selectionOf } from './cell-edits.ts';
import type { Operation, SessionData } from './session-types.ts';
import {
  after,
  cellOf,
  finished,
  id,
  order,
  outputs,
  runCell,
  session,
  started,
  step,
  text,
} from './session-history.ts';

const ids = (...names: readonly string[]) => names.map(id);
const UNDO: Operation = { type: 'undo' };
const REDO: Operation = { type: 'redo' };
const type = (name: string, source: string): Operation => ({ type: 'set-source', id: id(name), source });
const sources = (data: SessionData) => data.document.cells.map((cell) => cell.source);
const select = (anchor: string, active: string): Operation => ({
  type: 'select-cells',
  anchor: id(anchor),
  active: id(active),
});
const split = (name: string, offset: number, head: string): Operation => ({
  type: 'split-cell',
  id: id(name),
  offsets: [offset],
  newIds: [id(head)],
});

test('the selection reaches from its anchor to the active cell, in document order', () => {
  const data = after(session('a', 'b', 'c', 'd'), select('c', 'a'));
  expect(selectionOf(data)).toEqual(['a', 'b', 'c']);
  expect(data.selectedCell).toBe('a');
});

test('selected cells are deleted together, and one undo brings them back', () => {
  const remove: Operation = { type: 'delete-cells', ids: ids('b', 'c'), spareId: id('spare') };
  const data = after(session('a', 'b', 'c', 'd'), select('b', 'c'), remove);
  expect(order(data)).toBe('a d');
  expect(data.selectedCell).toBe('d');
  const back = after(data, UNDO);
  expect(order(back)).toBe('a b c d');
  expect(selectionOf(back)).toEqual(['b', 'c']);
  expect(order(after(back, REDO))).toBe('a d');
});

test('pasted cells stand below, selected, with their outputs and not running', () => {
  const ran = after(session('a', 'b'), runCell('a', 'r1'), started('r1'), outputs('r1', text('out')));
  const copy = { ...cellOf(ran, 'a'), id: id('copy') };
  const data = after(ran, { type: 'paste-cells', cells: [copy], place: { below: id('b') } });
  expect(order(data)).toBe('a b copy');
  expect(cellOf(data, 'copy')).toMatchObject({ run: { status: 'idle' }, outputs: [{ text: 'out' }] });
  expect(step(data, { type: 'paste-cells', cells: [copy], place: { index: 0 } })).toMatchObject({
    reason: 'id-taken',
  });
});

test('a split cell keeps its outputs with the last piece, and empty lines at the cut go', () => {
  const ran = after(session('a'), type('a', 'one\n\ntwo'), runCell('a', 'r1'), started('r1'), finished('r1'));
  const data = after(ran, split('a', 4, 'head'));
  expect(order(data)).toBe('head a');
  expect(sources(data)).toEqual(['one', 'two']);
  expect(cellOf(data, 'a')).toMatchObject({ stale: true, executionCount: 1 });
  expect(sources(after(data, UNDO))).toEqual(['one\n\ntwo']);
});

test('a cell that is split while it runs goes on running, and undo does not stop its outputs', () => {
  const data = after(session('a'), runCell('a', 'r1'), started('r1'), split('a', 0, 'head'), UNDO);
  expect(order(data)).toBe('a');
  const later = after(data, outputs('r1', text('late')), finished('r1'));
  expect(cellOf(later, 'a')).toMatchObject({ run: { status: 'ok' }, outputs: [{ text: 'late' }] });
});

test('merged cells are one, without outputs; undo gives all of them back', () => {
  const ran = after(
    session('a', 'b'),
    runCell('a', 'r1'),
    started('r1'),
    outputs('r1', text('out')),
    finished('r1'),
  );
  const data = after(ran, { type: 'merge-cells', ids: ids('a', 'b'), into: id('a') });
  expect(sources(data)).toEqual(['a\n\nb']);
  expect(cellOf(data, 'a').outputs).toEqual([]);
  const back = after(data, UNDO);
  expect(sources(back)).toEqual(['a', 'b']);
  expect(cellOf(back, 'a')).toMatchObject({ outputs: [{ text: 'out' }], run: { status: 'idle' } });
  expect(step(ran, { type: 'merge-cells', ids: ids('a'), into: id('a') })).toMatchObject({
    reason: 'nothing-to-merge',
  });
});

test('undo never makes a cell run or wait, and takes one that must go out of the queue', () => {
  const kind = (to: 'code' | 'markdown'): Operation => ({ type: 'set-kind', ids: ids('b'), kind: to });
  const queued = after(session('a', 'm:b'), runCell('a', 'r1'), kind('code'), runCell('b', 'r2'));
  expect(cellOf(queued, 'b').run.status).toBe('queued');
  const undone = after(queued, UNDO);
  expect(cellOf(undone, 'b')).toMatchObject({ kind: 'markdown', run: { status: 'idle' } });
  expect(undone.runQueue.waiting).toEqual([]);
  expect(cellOf(after(undone, REDO), 'b').run.status).toBe('idle');
});

test('what was typed since an edit stays when the edit is undone, and comes back with redo', () => {
  const insert: Operation = {
    type: 'insert-cell',
    id: id('n'),
    place: { index: 1 },
    kind: 'code',
    source: '',
  };
  const typed = after(session('a', 'b'), insert, type('n', 'new'), type('b', 'changed'));
  const undone = after(typed, UNDO);
  expect(sources(undone)).toEqual(['a', 'changed']);
  expect(sources(after(undone, REDO))).toEqual(['a', 'new', 'changed']);
});

test('an edit forgets what had been undone; loading forgets all', () => {
  const move: Operation = { type: 'move-cells', ids: ids('a'), index: 1 };
  const data = after(session('a', 'b', 'c'), move, UNDO, { type: 'move-cells', ids: ids('c'), index: 0 });
  expect(step(data, REDO)).toMatchObject({ reason: 'nothing-to-redo' });
  expect(step(session('a'), UNDO)).toMatchObject({ reason: 'nothing-to-undo' });
});

test('several cells move as one', () => {
  const move: Operation = { type: 'move-cells', ids: ids('a', 'b'), index: 1 };
  expect(order(after(session('a', 'b', 'c', 'd'), move))).toBe('c a b d');
});

test('a heading replaces the marks that stood there', () => {
  const heading: Operation = { type: 'set-heading', ids: ids('a'), level: 3 };
  const data = after(session('a'), type('a', '# Title'), heading);
  expect(cellOf(data, 'a')).toMatchObject({ kind: 'markdown', source: '### Title' });
});

test('replacing in many cells is one step, and ran cells are stale after it', () => {
  const ran = after(session('a', 'b'), runCell('a', 'r1'), started('r1'), finished('r1'));
  const replace: Operation = {
    type: 'replace-sources',
    sources: [
      { id: id('a'), source: 'x' },
      { id: id('b'), source: 'y' },
    ],
  };
  const data = after(ran, replace);
  expect(cellOf(data, 'a').stale).toBe(true);
  expect(sources(after(data, UNDO))).toEqual(['a', 'b']);
});

const attach = (
  name: string,
  picture: string,
  start: number,
  end = start,
  mime = 'image/png',
): Operation => ({
  type: 'attach-picture',
  id: id('m'),
  name: picture,
  mime,
  data: name,
  start,
  end,
});

test('a picture is attached where the caret is, or at the end, and undone as one', () => {
  const data = after(session('m:m', 'a'), type('m', 'See  here'), attach('one', 'image.png', 4));
  expect(cellOf(data, 'm').source).toBe('See ![image.png](attachment:image.png) here');
  const more = after(data, attach('two', 'image.png', Infinity), attach('three', 'image.png', 0, 3));
  expect(cellOf(more, 'm').source).toBe(
    '![image-2.png](attachment:image-2.png) ![image.png](attachment:image.png) here\n\n' +
      '![image-1.png](attachment:image-1.png)',
  );
  expect(cellOf(more, 'm').foreign).toEqual({
    attachments: {
      'image.png': { 'image/png': 'one' },
      'image-1.png': { 'image/png': 'two' },
      'image-2.png': { 'image/png': 'three' },
    },
  });
  const undone = after(data, UNDO);
  expect(cellOf(undone, 'm')).toMatchObject({ source: 'See  here', foreign: {} });
  const attached = attach('x', 'x.png', 0) as Extract<Operation, { type: 'attach-picture' }>;
  expect(step(data, { ...attached, id: id('a') })).toMatchObject({ reason: 'wrong-kind' });
});

test.each([
  ['My photo (1).JPG', 'image/jpeg', 'My-photo-1-.JPG'],
  ['Bild 日本.webp', 'image/webp', 'Bild-日本.webp'],
  ['../../x.png', 'image/png', 'x.png'],
  ['', 'image/png', 'image.png'],
  ['noending', 'image/svg+xml', 'image.svg'],
  ['__proto__.png', 'image/png', '__proto__.png'],
])('the picture %j of type %s is attached as %s', (picture, mime, name) => {
  const cell = cellOf(after(session('m:m'), attach('data', picture, 0, 9, mime)), 'm');
  expect(cell.source).toBe(`![${name}](attachment:${name})`);
  expect(attachmentsOf(cell.foreign)(name)).toBe(`data:${mime};base64,data`);
});

test('what is hidden is kept as JupyterLab keeps it, and the rest of the metadata stays', () => {
  const hide = (hidden: boolean): Operation => ({
    type: 'set-hidden',
    ids: ids('a'),
    part: 'output',
    hidden,
  });
  const data = after(session('a'), hide(true));
  expect(cellOf(data, 'a').metadata).toEqual({ jupyter: { outputs_hidden: true } });
  expect(isHidden(cellOf(data, 'a'), 'output')).toBe(true);
  expect(cellOf(after(data, hide(false)), 'a').metadata).toEqual({});
});

test('chosen cells run in document order, those on their way excepted', () => {
  const data = after(session('a', 'b', 'c'), runCell('b', 'r1'), {
    type: 'run-cells',
    ids: ids('c', 'b', 'a'),
    runIds: ['x', 'y', 'z'] as never,
  });
  expect(data.runQueue.waiting.map(({ cellId }) => cellId)).toEqual(['a', 'c']);
});

test('another version takes the place of the cells, and one undo brings them back with what they showed', () => {
  const version = session('a', 'c').document.cells.map((cell) => ({ ...cell, source: `old ${cell.id}` }));
  const now = after(
    session('a', 'b'),
    runCell('a', 'r1'),
    started('r1'),
    outputs('r1', text('out')),
    finished('r1', 'ok'),
  );
  const data = after(now, { type: 'restore-version', cells: version });
  expect(sources(data)).toEqual(['old a', 'old c']);
  const back = after(data, UNDO);
  expect(sources(back)).toEqual(sources(now));
  expect(cellOf(back, 'a').outputs).toEqual(cellOf(now, 'a').outputs);
  expect(sources(after(back, REDO))).toEqual(['old a', 'old c']);
  expect(step(now, { type: 'restore-version', cells: [] })).toMatchObject({ reason: 'no-such-cell' });
});

test('what runs goes on when another version comes', () => {
  const now = after(session('a', 'b'), runCell('a', 'r1'), runCell('b', 'r2'), started('r1'));
  const version = session('a').document.cells.map((cell) => ({ ...cell, source: 'old' }));
  const data = after(now, { type: 'restore-version', cells: version });
  expect(cellOf(data, 'a')).toMatchObject({ source: 'old', run: { status: 'running' } });
  expect(data.runQueue.waiting).toEqual([]);
});
