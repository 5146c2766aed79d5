import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { BatchIndex, type BatchPlan } from './batch-index.ts';

interface Row {
  readonly msgId: string;
  readonly version: number;
}

const rowsOf = (from: number, to: number, version = 0): Row[] =>
  Array.from({ length: to - from }, (_, i) => ({ msgId: `a_${String(from + i)}`, version }));
const ids = (rows: readonly Row[]) => rows.map(({ msgId }) => msgId);

/** A storage, which counts what it is asked. */
function storage() {
  const batches = new Map<string, readonly Row[]>();
  const perform = ({ put, thin, remove }: BatchPlan<Row>) => {
    for (const { key, rows } of put) batches.set(key, rows);
    for (const { key, left } of thin)
      batches.set(key, batches.get(key)?.filter((row) => left.has(row.msgId)) ?? []);
    for (const key of remove) batches.delete(key);
    return put.length + 2 * thin.length + remove.length;
  };
  const rows = () => [...batches.values()].flat();
  return { batches, perform, rows };
}

test('a thousand tasks that come, and a thousand that go, are a few requests', () => {
  const { perform, rows } = storage();
  const index = new BatchIndex();
  expect(perform(index.plan(rowsOf(0, 1000), []))).toBe(8);
  expect(perform(index.plan(rowsOf(1000, 2000), ids(rowsOf(0, 1000))))).toBe(16);
  expect(perform(index.plan([], ids(rowsOf(1000, 1100))))).toBe(2);
  expect(rows()).toEqual(rowsOf(1100, 2000));
});

test('a task is in one batch, as it was last; what is gone is gone from all', () => {
  const { perform, rows } = storage();
  const index = new BatchIndex();
  perform(index.plan(rowsOf(0, 3), []));
  perform(index.plan(rowsOf(1, 2, 1), []));
  expect(rows()).toEqual([...rowsOf(0, 1), ...rowsOf(2, 3), ...rowsOf(1, 2, 1)]);
  perform(index.plan(rowsOf(2, 3, 5), ['a_1', 'a_2', 'a_9']));
  expect(rows()).toEqual(rowsOf(0, 1));
});

test('at a later visit it goes on behind what is there, tasks that were entries of their own, too', () => {
  const { batches, perform, rows } = storage();
  perform(new BatchIndex().plan(rowsOf(0, 2), []));
  batches.set('b_7', [{ msgId: 'b_7', version: 0 }]);
  const index = new BatchIndex();
  for (const [key, there] of batches) index.add(key, ids(there));
  perform(index.plan(rowsOf(5, 6), ['a_0', 'b_7']));
  expect(rows()).toEqual([...rowsOf(1, 2), ...rowsOf(5, 6)]);
  expect([...batches.keys()]).toEqual(['~000000000001', '~000000000002']);
});

test('whatever comes and goes, what is there is what was kept last and is not gone', () => {
  const random = seededRandom(11);
  const pick = (n: number) => Math.floor(random() * n);
  const { perform, rows, batches } = storage();
  const index = new BatchIndex();
  const wanted = new Map<string, Row>();
  for (let round = 0; round < 400; round++) {
    const from = pick(600);
    const kept = rowsOf(from, from + pick(200), round);
    const gone = pick(3) === 0 ? ids(rowsOf(from, from + pick(300))) : [];
    perform(index.plan(kept, gone));
    for (const row of kept) wanted.set(row.msgId, row);
    for (const msgId of gone) wanted.delete(msgId);
    const sorted = (list: Iterable<Row>) => [...list].sort((a, b) => a.msgId.localeCompare(b.msgId));
    expect(sorted(rows())).toEqual(sorted(wanted.values()));
    expect([...batches.values()].every((batch) => batch.length > 0)).toBe(true);
  }
});
