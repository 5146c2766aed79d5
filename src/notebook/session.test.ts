import { expect, test } from 'vitest';
import type { Operation } from './session-types.ts';
import { openSession } from './session.ts';
import {
  after,
  cellOf,
  finished,
  id,
  KERNEL_READY,
  notebook,
  order,
  outputs,
  run,
  runAll,
  runCell,
  session,
  started,
  step,
  text,
} from './session-history.ts';

const insert = (name: string, place: Extract<Operation, { type: 'insert-cell' }>['place']): Operation => ({
  type: 'insert-cell',
  id: id(name),
  place,
  kind: 'code',
  source: '',
});
const remove = (name: string, spare = 'spare'): Operation => ({
  type: 'delete-cells',
  ids: [id(name)],
  spareId: id(spare),
});
const edit = (name: string, source: string): Operation => ({ type: 'set-source', id: id(name), source });

// THE DOCUMENT

test('cells are inserted above, below and at an index, and become the selected one', () => {
  const data = after(
    session('a', 'b'),
    insert('above', { above: id('a') }),
    insert('below', { below: id('a') }),
    insert('end', { index: 99 }),
  );
  expect(order(data)).toBe('above a below b end');
  expect(data.selectedCell).toBe('end');
});

test('an id that is in the notebook or in its bin is not given twice', () => {
  const data = after(session('a', 'b'), remove('b'));
  expect(step(data, insert('a', { index: 0 }))).toMatchObject({ type: 'refused', reason: 'id-taken' });
  expect(step(data, insert('b', { index: 0 }))).toMatchObject({ type: 'refused', reason: 'id-taken' });
});

test('deleting the selected cell selects the one that takes its place', () => {
  const data = after(session('a', 'b', 'c'), { type: 'select-cell', id: id('b') }, remove('b'));
  expect(data.selectedCell).toBe('c');
  expect(after(data, remove('c')).selectedCell).toBe('a');
});

test('deleting the last cell leaves an empty one', () => {
  const data = after(session('a'), remove('a', 'fresh'));
  expect(data.document.cells).toMatchObject([{ id: 'fresh', kind: 'code', source: '' }]);
});

test('deleted cells come back to where they stood, the latest first', () => {
  const restore: Operation = { type: 'restore-cell' };
  const data = after(session('a', 'b', 'c'), remove('a'), remove('b'));
  expect(order(after(data, restore))).toBe('b c');
  expect(order(after(data, restore, restore))).toBe('a b c');
  expect(step(session('a'), restore)).toMatchObject({ type: 'refused', reason: 'bin-empty' });
});

test('a cell that was deleted while it ran comes back with its outputs and not running', () => {
  const data = after(
    session('a', 'b'),
    runCell('a', 'r1'),
    started('r1'),
    outputs('r1', text('so far')),
    remove('a'),
    { type: 'restore-cell' },
  );
  expect(cellOf(data, 'a')).toMatchObject({ run: { status: 'idle' }, outputs: [{ text: 'so far' }] });
});

test('a moved cell stands at the index that was asked for', () => {
  const move = (index: number): Operation => ({ type: 'move-cells', ids: [id('a')], index });
  expect(order(after(session('a', 'b', 'c'), move(1)))).toBe('b a c');
  expect(order(after(session('a', 'b', 'c'), move(7)))).toBe('b c a');
});

test('a code cell that becomes markdown loses its outputs and leaves the queue', () => {
  const data = after(session('a', 'b'), runCell('a', 'r1'), runCell('b', 'r2'), {
    type: 'set-kind',
    ids: [id('b')],
    kind: 'markdown',
  });
  expect(cellOf(data, 'b')).toMatchObject({ kind: 'markdown', outputs: [], run: { status: 'idle' } });
  expect(data.runQueue.waiting).toEqual([]);
});

test('an edit keeps the identity of every other cell', () => {
  const before = session('a', 'b');
  const data = after(before, edit('a', 'new'));
  expect(cellOf(data, 'b')).toBe(cellOf(before, 'b'));
  expect(after(data, edit('a', 'new')).document).toBe(data.document);
});

test('what is asked of a cell that is gone is refused and changes nothing', () => {
  expect(step(session('a'), edit('gone', 'x'))).toMatchObject({ type: 'refused', reason: 'no-such-cell' });
});

test('loading another notebook empties queue and bin, and its runs wait for the one that is on', () => {
  const data = after(session('a', 'b', 'c'), runCell('a', 'r1'), runCell('b', 'r2'), remove('c'), {
    type: 'load',
    document: notebook('x'),
  });
  expect(data).toMatchObject({
    selectedCell: 'x',
    runQueue: { inFlight: { runId: 'r1' }, waiting: [] },
    bin: [],
  });
  const waiting = after(data, runCell('x', 'r3'), started('r1'));
  expect(step(waiting, outputs('r1', text('stray')))).toMatchObject({
    type: 'refused',
    reason: 'unknown-run',
  });
  expect(step(waiting, finished('r1', 'error')).actions).toMatchObject([
    { type: 'send-run', run: { runId: 'r3' } },
  ]);
});

test('a markdown cell shows its source while it is open and is rendered by running it', () => {
  const open = after(session('m:x'), { type: 'open-markdown', id: id('x') });
  expect(open.openMarkdown).toEqual(['x']);
  const result = step(open, runCell('x', 'r1'));
  expect(result).toMatchObject({ type: 'applied', actions: [], data: { openMarkdown: [] } });
});

// RUNNING

test('a run is sent with the place and the source that the cell has at that moment', () => {
  const result = step(session('m:x', 'a'), runCell('a', 'r1'));
  expect(result.actions).toEqual([
    { type: 'send-run', run: { runId: 'r1', cellId: 'a', cellNumber: 2, source: 'a' } },
  ]);
});

test('cells go to the kernel one at a time, and the waiting ones know their place', () => {
  const data = after(session('a', 'b', 'c'), runAll('r1', 'r2', 'r3'));
  expect(data.document.cells.map((cell) => cell.run)).toMatchObject([
    { status: 'queued', place: 1 },
    { status: 'queued', place: 2 },
    { status: 'queued', place: 3 },
  ]);
  const running = after(data, started('r1'));
  expect(cellOf(running, 'b').run).toMatchObject({ status: 'queued', place: 1 });
  const next = step(running, finished('r1'));
  expect(next.actions).toMatchObject([{ type: 'send-run', run: { cellId: 'b', cellNumber: 2 } }]);
});

test('an edit of a waiting cell is what will run', () => {
  const data = after(session('a', 'b'), runAll('r1', 'r2'), edit('b', 'edited'), started('r1'));
  expect(step(data, finished('r1')).actions).toMatchObject([{ run: { source: 'edited' } }]);
});

test('runs wait for a kernel that is starting', () => {
  const opened = openSession(notebook('a'));
  const waiting = step(opened, runCell('a', 'r1'));
  expect(waiting.actions).toEqual([]);
  const data = after(opened, runCell('a', 'r1'));
  expect(step(data, KERNEL_READY).actions).toMatchObject([{ type: 'send-run', run: { runId: 'r1' } }]);
});

test('runs that wait for a kernel which will not start wait no more', () => {
  const waiting = after(openSession(notebook('a', 'b')), runCell('a', 'r1'), runCell('b', 'r2'));
  const data = after(waiting, { type: 'kernel-status-changed', status: 'dead', reason: 'no frame', at: 1 });
  expect(data.runQueue).toEqual({ inFlight: null, waiting: [] });
  for (const name of ['a', 'b']) expect(cellOf(data, name).run).toEqual({ status: 'idle' });
});

test('a run that ends knows its duration in seconds and its count', () => {
  const data = after(session('a'), runCell('a', 'r1'), started('r1', 1000, 7), finished('r1', 'ok', 2500));
  expect(cellOf(data, 'a')).toMatchObject({ executionCount: 7, run: { status: 'ok', duration: 1.5 } });
});

test('a cell that runs again loses its old outputs when it starts and not before', () => {
  const once = after(
    session('a'),
    runCell('a', 'r1'),
    started('r1'),
    outputs('r1', text('old')),
    finished('r1'),
  );
  const again = after(once, runCell('a', 'r2'));
  expect(cellOf(again, 'a').outputs).toHaveLength(1);
  expect(cellOf(after(again, started('r2')), 'a').outputs).toEqual([]);
});

test('run all stops at the first cell that fails and forgets all that wait', () => {
  const data = after(
    session('a', 'b', 'c', 'd'),
    runAll('r1', 'r2', 'r3'),
    runCell('d', 'r4'),
    started('r1'),
  );
  const result = step(data, finished('r1', 'error'));
  expect(result.actions).toEqual([{ type: 'reveal-cell', id: 'a' }]);
  expect(result).toMatchObject({ data: { runQueue: { inFlight: null, waiting: [] } } });
  expect(after(data, finished('r1', 'error')).document.cells.map((cell) => cell.run.status)).toEqual([
    'error',
    'idle',
    'idle',
    'idle',
  ]);
});

test('run all goes on behind a failing cell that is tagged raises-exception', () => {
  const document = notebook('a', 'b');
  const tagged = document.cells.map((cell) => ({ ...cell, metadata: { tags: ['raises-exception'] } }));
  const data = after(
    openSession({ ...document, cells: tagged }),
    KERNEL_READY,
    runAll('r1', 'r2'),
    started('r1'),
  );
  expect(step(data, finished('r1', 'error')).actions).toMatchObject([
    { type: 'send-run', run: { cellId: 'b' } },
  ]);
});

test('run all skips what is queued already, renders markdown and sends no empty cell', () => {
  const data = after(session('a', 'm:x', 'b', 'r:y'), edit('a', ' \n'), runCell('b', 'early'));
  const all = after(data, { type: 'open-markdown', id: id('x') }, runAll('r1', 'r2', 'r3', 'r4'));
  expect(all.runQueue).toMatchObject({ inFlight: { runId: 'early' }, waiting: [] });
  expect(all.openMarkdown).toEqual([]);
});

test('a cell that is queued or running is not queued twice', () => {
  const data = after(session('a'), runCell('a', 'r1'));
  expect(step(data, runCell('a', 'r2'))).toMatchObject({ type: 'refused', reason: 'already-queued' });
});

test('a waiting cell can be cancelled, one that has been sent cannot', () => {
  const data = after(session('a', 'b', 'c'), runAll('r1', 'r2', 'r3'));
  const cancelled = after(data, { type: 'cancel-queued', id: id('b') });
  expect(cellOf(cancelled, 'b').run).toEqual({ status: 'idle' });
  expect(cellOf(cancelled, 'c').run).toMatchObject({ place: 2 });
  expect(step(data, { type: 'cancel-queued', id: id('a') })).toMatchObject({ reason: 'not-queued' });
});

test('interrupt is passed on and forgets what waits', () => {
  const result = step(after(session('a', 'b'), runAll('r1', 'r2'), started('r1')), { type: 'interrupt' });
  expect(result.actions).toEqual([{ type: 'interrupt' }]);
  expect(result).toMatchObject({ data: { runQueue: { inFlight: { runId: 'r1' }, waiting: [] } } });
});

test('a cell that is deleted while it runs keeps the kernel until it has ended', () => {
  const data = after(session('a', 'b'), runAll('r1', 'r2'), started('r1'), remove('a'));
  expect(data.runQueue.inFlight).toMatchObject({ runId: 'r1' });
  expect(step(data, outputs('r1', text('lost')))).toMatchObject({ reason: 'unknown-run' });
  expect(step(data, finished('r1')).actions).toMatchObject([{ type: 'send-run', run: { cellId: 'b' } }]);
});

test('a cell that is edited after it was sent is stale until it is sent again', () => {
  const data = after(session('a'), edit('a', 'never run'));
  expect(cellOf(data, 'a').stale).toBe(false);
  const edited = after(data, runCell('a', 'r1'), started('r1'), edit('a', 'edited'), finished('r1'));
  expect(cellOf(edited, 'a').stale).toBe(true);
  expect(cellOf(after(edited, runCell('a', 'r2')), 'a').stale).toBe(false);
});

// CONSENT

test('nothing of a notebook from elsewhere runs before the reader has agreed', () => {
  const foreign = after(openSession({ ...notebook('a', 'm:x'), origin: 'elsewhere' }), KERNEL_READY);
  for (const operation of [runCell('a', 'r1'), runAll('r1', 'r2')]) {
    const result = step(foreign, operation);
    expect(result).toMatchObject({ type: 'refused', reason: 'needs-consent' });
    expect(result.actions).toEqual([{ type: 'ask-consent' }]);
  }
  expect(step(foreign, runCell('x', 'r1')).type).toBe('applied');
  const agreed = after(foreign, { type: 'accept-foreign' });
  expect(step(agreed, runCell('a', 'r1')).actions).toMatchObject([{ type: 'send-run' }]);
});

// OUTPUTS AND THE KERNEL

test('outputs that come after the cell has ended are still its own', () => {
  const data = after(
    session('a'),
    runCell('a', 'r1'),
    started('r1'),
    finished('r1'),
    outputs('r1', text('late')),
  );
  expect(cellOf(data, 'a').outputs).toMatchObject([{ text: 'late' }]);
});

test('outputs of a run before the last are dropped', () => {
  const data = after(session('a'), runCell('a', 'r1'), started('r1'), finished('r1'), runCell('a', 'r2'));
  expect(step(data, outputs('r1', text('late')))).toMatchObject({ reason: 'unknown-run' });
});

test('clear-output empties a cell at once, or with wait when the next output comes', () => {
  const data = after(session('a'), runCell('a', 'r1'), started('r1'), outputs('r1', text('old')));
  const clear = (wait: boolean): Operation => ({ type: 'output-cleared', runId: run('r1'), wait });
  expect(cellOf(after(data, clear(false)), 'a').outputs).toEqual([]);
  const waiting = after(data, clear(true));
  expect(cellOf(waiting, 'a').outputs).toMatchObject([{ text: 'old' }]);
  const next = after(waiting, outputs('r1', text('new')), outputs('r1', text('er')));
  expect(cellOf(next, 'a').outputs).toMatchObject([{ text: 'newer' }]);
});

test('an updated display changes in every cell that shows it', () => {
  const bundle = (plain: string) => ({ data: { 'text/plain': plain }, metadata: {} });
  const shown = { type: 'display', lane: null, bundle: bundle('1'), displayId: 'd' } as const;
  const data = after(
    session('a', 'b'),
    runCell('a', 'r1'),
    started('r1'),
    outputs('r1', shown),
    finished('r1'),
    runCell('b', 'r2'),
    started('r2'),
    outputs('r2', shown),
    { type: 'display-updated', displayId: 'd', bundle: bundle('2') },
  );
  expect(data.document.cells.map((cell) => cell.outputs)).toMatchObject([
    [{ bundle: bundle('2') }],
    [{ bundle: bundle('2') }],
  ]);
});

test('the badge of a cell and the banner of %autopx show what the kernel tells', () => {
  const data = after(
    session('a'),
    runCell('a', 'r1'),
    started('r1'),
    { type: 'cell-targets', runId: run('r1'), targets: [0, 2] },
    { type: 'autopx-changed', targets: 'all' },
  );
  expect(cellOf(data, 'a').targets).toEqual([0, 2]);
  expect(data.autopx).toBe('all');
});

test('a kernel that is restarted fails its cell with a reason, and forgets the queue and %autopx', () => {
  const running = after(session('a', 'b'), runAll('r1', 'r2'), started('r1'), outputs('r1', text('so far')), {
    type: 'autopx-changed',
    targets: 'all',
  });
  const lost: readonly Operation[] = [
    { type: 'kernel-lost', reason: 'It did not stop within 2 s', at: 3000 },
    { type: 'kernel-status-changed', status: 'starting', reason: 'It did not stop within 2 s', at: 3000 },
  ];
  for (const operation of lost) {
    const data = after(running, operation);
    expect(data).toMatchObject({ autopx: null, runQueue: { inFlight: null, waiting: [] } });
    expect(cellOf(data, 'b').run).toEqual({ status: 'idle' });
    expect(cellOf(data, 'a')).toMatchObject({
      run: { status: 'error', duration: 2 },
      outputs: [{ text: 'so far' }, { type: 'error', error: { ename: 'KernelRestarted' } }],
    });
    const output = cellOf(data, 'a').outputs[1];
    expect(output?.type === 'error' && output.error.evalue).toContain('It did not stop within 2 s');
  }
});

test('clearing outputs empties one cell or all, and keeps the count of a running one', () => {
  const data = after(
    session('a', 'b'),
    runCell('a', 'r1'),
    started('r1', 0, 1),
    outputs('r1', text('x')),
    finished('r1'),
    runCell('b', 'r2'),
    started('r2', 0, 2),
    outputs('r2', text('y')),
  );
  const one = after(data, { type: 'clear-outputs', id: id('a') });
  expect(one.document.cells).toMatchObject([
    { outputs: [], executionCount: null },
    { outputs: [{ text: 'y' }] },
  ]);
  const all = after(data, { type: 'clear-outputs', id: null });
  expect(all.document.cells).toMatchObject([
    { outputs: [], executionCount: null },
    { outputs: [], executionCount: 2 },
  ]);
});
