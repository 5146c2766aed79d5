import { expect, test } from 'vitest';
import type { CellId } from '../../protocol/ids.ts';
import { newDocument } from '../../notebook/cells.ts';
import { createDocumentWriter } from './document-writer.ts';
import type { NotebookStore } from './notebook-store.ts';
import type { StorageResult } from './storage-types.ts';
import { planSave, type SummaryRecord } from './stored-record.ts';

/** Two tabs on one database, which is a map here. */
function tabs() {
  const stored = new Map<string, SummaryRecord>();
  const store = {
    save: (...[document, how]: Parameters<NotebookStore['save']>) => {
      const plan = planSave(document, { found: stored.get(document.id), ...how });
      if (plan.ok) stored.set(document.id, plan.value.summary);
      const result: StorageResult<number> = plan.ok ? { ok: true, value: plan.value.summary.revision } : plan;
      return Promise.resolve(result);
    },
  };
  const clock = { now: () => 7 };
  const journal = { saving: () => ({ tab: 't', seq: 1 }), saved: () => undefined };
  const writer = () => createDocumentWriter({ store, journal, clock });
  return { stored, one: writer(), two: writer() };
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
