import { expect, test } from 'vitest';
import type { CellId, RunId } from '../../protocol/ids.ts';
import { newDocument } from '../../notebook/cells.ts';
import { listed, planSave, readRecord, RECORD_FORMAT } from './stored-record.ts';

const document = newDocument({ id: 'd', name: 'N', cellId: 'a' as CellId });
const summary = { id: 'd', name: 'N', modified: 5, cells: 1, revision: 3 };

test('a first save is revision 1, each further one is one more', () => {
  expect(planSave(document, { found: undefined, expected: 0, now: 9 })).toMatchObject({
    ok: true,
    value: { summary: { id: 'd', name: 'N', cells: 1, modified: 9, revision: 1 } },
  });
  expect(planSave(document, { found: summary, expected: 3, now: 9 })).toMatchObject({
    value: { summary: { revision: 4 } },
  });
});

test('a save that builds on an older revision is a conflict', () => {
  const conflict = { ok: false, failure: { fault: 'conflict' } };
  expect(planSave(document, { found: summary, expected: 2, now: 9 })).toMatchObject(conflict);
  expect(planSave(document, { found: summary, expected: 0, now: 9 })).toMatchObject(conflict);
});

test('a save of what another tab has deleted is a conflict', () => {
  expect(planSave(document, { found: undefined, expected: 3, now: 9 })).toMatchObject({
    failure: { fault: 'conflict' },
  });
});

test('outputs are kept; what runs will have been cut off', () => {
  const outputs = [{ type: 'stream', lane: 1, name: 'stdout', text: 'x' }] as const;
  const run = { status: 'running', runId: 'r' as RunId, startedAt: 1 } as const;
  const cells = document.cells.map((cell) => ({ ...cell, outputs, run }));
  expect(planSave({ ...document, cells }, { found: undefined, expected: 0, now: 9 })).toMatchObject({
    value: { record: { document: { cells: [{ outputs, run: { status: 'cut-off' } }] } } },
  });
});

test('a record gives its document with its revision; one that is not there is missing', () => {
  const record = { id: 'd', format: RECORD_FORMAT, document };
  expect(readRecord(summary, record)).toEqual({ ok: true, value: { document, revision: 3, modified: 5 } });
  expect(readRecord(undefined, undefined)).toMatchObject({ failure: { fault: 'missing' } });
});

test('a record of a newer Tutti is not read', () => {
  const record = { id: 'd', format: RECORD_FORMAT + 1, document };
  expect(readRecord(summary, record)).toMatchObject({ failure: { fault: 'version' } });
});

test('the list has the latest first', () => {
  const records = [1, 3, 2].map((modified) => ({ ...summary, id: String(modified), modified }));
  expect(listed(records).map(({ id }) => id)).toEqual(['3', '2', '1']);
});
