import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { EVENT_BOUNDS, isJson, isWithin } from '../protocol/event-bounds.ts';
import { checkEvents } from './runtime-events.ts';

/** One good event of each kind, to be spoiled. */
const GOOD: readonly object[] = [
  { type: 'kernel', event: { type: 'ready' } },
  { type: 'kernel', event: { type: 'cell-started', runId: 'r', executionCount: 1 } },
  {
    type: 'kernel',
    event: { type: 'output', runId: 'r', output: { type: 'stream', lane: null, name: 'stdout', text: 'x' } },
  },
  {
    type: 'kernel',
    event: {
      type: 'output',
      runId: 'r',
      output: { type: 'display', lane: 0, bundle: { data: { 'application/json': {} }, metadata: {} } },
    },
  },
  {
    type: 'kernel',
    event: { type: 'update-display', displayId: 'd', bundle: { data: { 'text/plain': 'x' }, metadata: {} } },
  },
  { type: 'kernel', event: { type: 'cell-finished', runId: 'r', status: 'ok' } },
  { type: 'kernel', event: { type: 'px-targets', targets: [0, 1] } },
  { type: 'kernel', event: { type: 'completions', n: 1, from: 0, to: 1, items: [] } },
  { type: 'kernel', event: { type: 'inspection', n: 1, found: null } },
  { type: 'kernel-status', status: 'idle', reason: null },
  { type: 'engines', engines: [] },
  { type: 'adapting', adapt: null },
  { type: 'notice', level: 'info', text: 'x' },
  { type: 'tasks', texts: [], firstText: 0, msgIds: [], rows: new Float64Array(0) },
  { type: 'seen', n: 1, answer: { type: 'gone' } },
  { type: 'history', book: 1, kept: [], gone: [] },
  { type: 'need-library', name: 'd3' },
  { type: 'join-asked', n: 1, link: '', runId: null },
  { type: 'join-withdrawn', n: 1 },
  { type: 'change-file', n: 1, change: { type: 'remove', name: 'x' } },
];

const nested = (make: (inside: unknown) => unknown, depth: number): unknown => {
  let value: unknown = undefined;
  for (let i = 0; i < depth; i++) value = make(value);
  return value;
};

const holes = (length: number): unknown[] => {
  const list: unknown[] = [];
  list.length = length;
  return list;
};

/** What a hostile frame can put anywhere. */
const HOSTILE = [
  nested((inside) => [inside], 40),
  nested((inside) => [inside], 20_000),
  nested((inside) => ({ inside }), 5000),
  nested((inside) => [inside, inside], 60),
  Array.from({ length: 100_001 }, (_, i) => i),
  holes(4e9),
  Object.fromEntries(Array.from({ length: 100_001 }, (_, i) => [`k${String(i)}`, i])),
  'x'.repeat(40 << 20),
  new Map([[1, new Map()]]),
  new Set([1]),
  new Error('x'),
  new Date(NaN),
  /x/g,
  new ArrayBuffer(1 << 20),
  Symbol.iterator,
  10n ** 30n,
  NaN,
  -1,
  null,
  undefined,
  { type: 'eval' },
  JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}') as unknown,
];

function spoiled(random: () => number, value: unknown): unknown {
  const below = (n: number): number => Math.floor(random() * n);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || random() < 0.3)
    return HOSTILE[below(HOSTILE.length)];
  const keys = Object.keys(value);
  const key = keys[below(keys.length)] ?? 'x';
  return { ...value, [key]: spoiled(random, (value as Record<string, unknown>)[key]) };
}

test.each(GOOD)('a good event passes: %o', (event) => {
  expect(checkEvents([event])).toEqual({ events: [event], dropped: 0 });
});

test.each([1, 2, 3, 4])(
  'hostile values anywhere in any event are checked, and what passes is plain (seed %i)',
  (seed) => {
    const random = seededRandom(seed);
    for (let i = 0; i < 50; i++) {
      const event = spoiled(random, GOOD[Math.floor(random() * GOOD.length)]);
      const { events, dropped } = checkEvents([event]);
      expect(events.length + dropped).toBe(1);
    }
    expect('polluted' in {}).toBe(false);
  },
);

test('an array that fails as a list is not looked at again as a record: 40 deep were 2 ** 40 looks', () => {
  const bundle = { data: { 'application/json': nested((inside) => [inside], 40) }, metadata: {} };
  const event = { type: 'kernel', event: { type: 'update-display', displayId: 'd', bundle } };
  expect(checkEvents([event])).toEqual({ events: [], dropped: 1 });
});

test.each([
  ['lists', (n: number) => nested((inside) => [inside, 1], Math.min(150, n)), 1],
  ['wide lists', (n: number) => Array.from({ length: n }, () => [1]), 2],
  ['objects', (n: number) => Array.from({ length: n }, (_, i) => ({ [String(i)]: i })), 3],
  // The same object a hundred times over is looked at a hundred times, and no more often.
  ['shared', (n: number) => Array.from({ length: 100 }, () => Array.from({ length: n / 100 }, () => 0)), 1.1],
])('the first look is in proportion to what is there: %s', (_what, make, each) => {
  for (const n of [1000, 10_000]) {
    const work = { count: 0 };
    isWithin(EVENT_BOUNDS, make(n), work);
    expect(work.count).toBeLessThanOrEqual(each * n + 400);
  }
});

test('what is shared over and over ends at the bound', () => {
  const work = { count: 0 };
  expect(
    isWithin(
      { ...EVENT_BOUNDS, count: 1000 },
      nested((inside) => [inside, inside], 60),
      work,
    ),
  ).toBe(false);
  expect(work.count).toBe(1001);
});

test.each([
  [{ a: [1, 'x', null, true, { b: [] }] }, true],
  [[undefined], false],
  [new Date(0), false],
  [{ a: new Map() }, false],
  [
    new (class Point {
      x = 1;
    })(),
    false,
  ],
  [5n, false],
])('JSON: %o', (value, is) => {
  expect(isJson(value)).toBe(is);
});
