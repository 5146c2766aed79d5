import { expect, test } from 'vitest';
import type { CellId } from '../../protocol/ids.ts';
import { newCell, newDocument } from '../../notebook/cells.ts';
import type { NotebookDocument } from '../../notebook/document.ts';
import { createDocumentWriter } from './document-writer.ts';
import type { NotebookStore } from './notebook-store.ts';
import { failed } from './storage-failure.ts';
import type { StorageResult } from './storage-types.ts';
import { planSave, type SummaryRecord } from './stored-record.ts';

/** Two tabs on one database, which is a map here. */
function tabs(room = Infinity) {
  const stored = new Map<string, SummaryRecord>();
  const kept: NotebookDocument[] = [];
  const store = {
    save: (...[document, how]: Parameters<NotebookStore['save']>) => {
      if (JSON.stringify(document).length > room) return Promise.resolve(failed('quota'));
      const plan = planSave(document, { found: stored.get(document.id), ...how });
      if (plan.ok) kept.push(document);
      if (plan.ok) stored.set(document.id, plan.value.summary);
      const result: StorageResult<number> = plan.ok ? { ok: true, value: plan.value.summary.revision } : plan;
      return Promise.resolve(result);
    },
  };
  const clock = { now: () => 7 };
  const journal = { saving: () => ({ tab: 't', seq: 1 }), saved: () => undefined };
  const writer = () => createDocumentWriter({ store, journal, clock });
  return { stored, kept, one: writer(), two: writer() };
}

const document = newDocument({ id: 'd', name: 'N', cellId: 'a' as CellId });

test('each save builds on the one before', async () => {
  const { one } = tabs();
  expect(await one.save(document)).toEqual({ ok: true, value: 1 });
  expect(await one.save(document)).toEqual({ ok: true, value: 2 });
});

test('the second of two tabs is told of the conflict, and can save a copy', async () => {
  const { stored, one, two } = tabs();
  await one.save(document);
  two.loaded('d', 1);
  await one.save({ ...document, name: 'theirs' });
  expect(await two.save({ ...document, name: 'mine' })).toMatchObject({ failure: { fault: 'conflict' } });
  expect(await two.save({ ...document, id: 'copy', name: 'mine' })).toEqual({ ok: true, value: 1 });
  expect([...stored.values()].map(({ name }) => name)).toEqual(['theirs', 'mine']);
});

test('outputs that do not fit are not kept, which is said with their cells; what was written is', async () => {
  const { kept, one } = tabs(150_000);
  const put = (id: string, length: number) => ({
    ...newCell(id as CellId, 'code', `source of ${id}`),
    outputs: [{ type: 'stream', lane: null, name: 'stdout', text: 'x'.repeat(length) }] as const,
  });
  const large = { ...document, cells: [put('a', 10), put('b', 200_000), put('c', 10), put('d', 120_000)] };
  const result = await one.save(large);
  expect(result).toMatchObject({
    failure: { fault: 'outputs', message: expect.stringContaining('cells 2, 4') as string },
  });
  expect(kept[0]?.cells.map(({ source }) => source)).toEqual(large.cells.map(({ source }) => source));
  expect(kept[0]?.cells.map(({ outputs }) => outputs[0])).toMatchObject([
    { text: 'x'.repeat(10) },
    { text: expect.stringContaining('not saved') as string },
    { text: 'x'.repeat(10) },
    { text: expect.stringContaining('not saved') as string },
  ]);
  // The next save builds on it.
  expect(await one.save(document)).toEqual({ ok: true, value: 2 });
});

test('where not even the cells fit, the failure is what it was', async () => {
  const { kept, one } = tabs(10);
  expect(await one.save(document)).toMatchObject({ failure: { fault: 'quota' } });
  expect(kept).toEqual([]);
});
