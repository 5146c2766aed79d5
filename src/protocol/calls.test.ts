import { expect, test } from 'vitest';
import {
  areEndsOf,
  areItemsOf,
  itemRequest,
  settlementAt,
  submissionAt,
  submissionsOf,
  type CallItems,
  type CallSubmission,
  type Ends,
} from './calls.ts';
import type { ClientId, EngineUuid } from './ids.ts';
import { pack } from './pack.ts';
import type { Packed } from './packed.ts';

const f = (x: unknown) => x;
const packedOf = (given: object) => pack({ f, ...given });
const calleeOf = ({ value }: Packed) => (value as { readonly f: unknown }).f;

function callOf(method: 'map' | 'apply', columns: CallItems['columns']): CallSubmission {
  const count = columns[0]?.length ?? 0;
  const rows = Array.from({ length: count }, (_, i) => columns.map((column) => column[i]));
  const packs = rows.map((row) =>
    packedOf(method === 'map' ? { columns: row.map((item) => [item]) } : { args: row }),
  );
  const bytes = Float64Array.from(packs, (one) => one.bytes);
  return {
    clientId: 'me' as ClientId,
    first: 7,
    count,
    route: { type: 'balanced', targets: null, share: 'me/1' },
    items: {
      ...{ method, name: 'f', returnExceptions: method === 'map', canned: true },
      ...{ f: calleeOf(packedOf({})), columns, bytes },
    },
    label: 'mine',
    submitted: 1000,
    runId: null,
  };
}

const ITEMS = [1, 'two', null, undefined, 5n, true, '', 0.5];
const NUMBERS = Float64Array.of(1, -0, NaN, Infinity, 0.1, 2 ** 53, -7, 0);

test.each([
  ['a list of a map', 'map', [ITEMS]],
  ['numbers of a map', 'map', [NUMBERS]],
  ['a list and numbers, side by side', 'map', [ITEMS, NUMBERS]],
  ['arguments of calls', 'apply', [ITEMS, NUMBERS]],
] as const)('the tasks of %s are those that a client would submit one by one', (_, method, columns) => {
  const call = callOf(method, columns);
  const there = structuredClone(call);
  expect(submissionsOf(there)).toEqual(
    ITEMS.map((__, i) => {
      const row = columns.map((column) => column[i]);
      const given =
        method === 'map'
          ? { call: packedOf({ columns: row.map((item) => [item]) }), returnExceptions: true }
          : { call: packedOf({ args: row }) };
      return {
        msgId: `me_${String(7 + i)}`,
        clientId: 'me',
        route: call.route,
        request: { method, name: 'f', ...given },
        ...{ label: 'mine', submitted: 1000, runId: null, abortsQueueOnError: false },
      };
    }),
  );
});

test('tasks of a call share nothing that one of them could write into', () => {
  const { items } = callOf('map', [ITEMS]);
  const [a, b] = [itemRequest(items, 0), itemRequest(items, 1)];
  expect(calleeOf(a.call)).toEqual(calleeOf(b.call));
  expect(calleeOf(a.call)).not.toBe(calleeOf(b.call));
  expect(calleeOf(a.call)).not.toBe(items.f);
});

test('one task is made without the others', () => {
  const call = callOf('map', [NUMBERS]);
  expect(submissionAt(call, 2)).toEqual(submissionsOf(call)[2]);
});

const ends = (values: Ends['values'], boxed: boolean): Ends => ({
  ...{ values, boxed, canned: false, bytes: Float64Array.of(8, 8), counts: Float64Array.of(3, 4) },
  ...{ started: Float64Array.of(10, NaN), completed: Float64Array.of(11, NaN) },
});

test.each([
  ['a list', ['a', 'b'], false, ['a', 'b']],
  ['items of maps', ['a', 'b'], true, [['a'], ['b']]],
  ['numbers', Float64Array.of(-0, NaN), true, [[-0], [NaN]]],
] as const)('what is told of tasks together is told of each: %s', (_, values, boxed, expected) => {
  const told = {
    ...{ clientId: 'me' as ClientId, engineId: 2, engineUuid: 'u' as EngineUuid },
    ...{ numbers: Float64Array.of(5, 9), ends: ends(values, boxed) },
  };
  const value = (i: number) => ({ value: expected[i], buffers: [], bytes: 8, canned: false });
  const facts = (time: number | null, executionCount: number) => ({
    started: time,
    completed: time === null ? null : time + 1,
    executeResult: null,
    executionCount,
  });
  const of = { engineId: 2, engineUuid: 'u' };
  expect([settlementAt(told, 0), settlementAt(told, 1)]).toEqual([
    { msgId: 'me_5', outcome: { status: 'ok', value: value(0) }, facts: facts(10, 3), ...of },
    { msgId: 'me_9', outcome: { status: 'ok', value: value(1) }, facts: facts(null, 4), ...of },
  ]);
});

test('columns that are not there, or are shorter or longer than they should be, are none', () => {
  const { items } = callOf('map', [ITEMS, NUMBERS]);
  expect(areItemsOf(items, 8)).toBe(true);
  const bad: readonly object[] = [
    { f: null },
    { f: 'text' },
    { columns: null },
    { columns: 'abc' },
    { columns: [null] },
    { columns: [ITEMS, NUMBERS.slice(1)] },
    { columns: [{ length: 8 }] },
    { columns: [new Uint8Array(8)] },
    { bytes: [1, 2, 3, 4, 5, 6, 7, 8] },
    { bytes: new Float64Array(9) },
  ];
  expect(bad.filter((part) => areItemsOf({ ...items, ...part }, 8))).toEqual([]);
  expect(areItemsOf(items, 7)).toBe(false);

  const good = ends(['a', 'b'], true);
  expect(areEndsOf(good, 2)).toBe(true);
  const worse = [{ values: 'ab' }, { values: ['a'] }, { started: [1, 2] }, { counts: new Float64Array(1) }];
  expect(worse.filter((part) => areEndsOf({ ...good, ...part } as Ends, 2))).toEqual([]);
});
