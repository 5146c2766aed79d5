import { expect, test, vi } from 'vitest';
import { placeAt, ROW, ROW_LENGTH, type TaskBatch } from '../../protocol/task-rows.ts';
import type { CellId, MsgId } from '../../protocol/ids.ts';
import { engineName } from './describe-task.ts';
import { barAt, busyShare, layOut } from './layout.ts';
import { stepFrom } from './steps.ts';
import { MOST_TASKS, TaskLog } from './task-log.ts';
import { chromeTrace } from './trace.ts';
import type { Bar } from './task-items.ts';

const TEXTS = ['…', 'f', 'g', 'cell-1', 'ZeroError', 'EngineError', 'KeyboardInterrupt'];
const [F, G, CELL, ZERO, DIED, INTERRUPTED] = [1, 2, 3, 4, 5, 6];
const [OK, ERROR, ABORTED] = [0, 1, 2];

/** Rows as the frame tells them; times count from a moment in 2026. */
const T0 = 1_790_000_000_000;
const submitted = (n: number, at: number, name = F, aim = -1, cell = -1) => [
  ROW.submitted,
  n,
  T0 + at,
  name,
  -1,
  aim,
  cell,
  100,
  0,
  1,
];
const assigned = (n: number, at: number, engine: number) => [ROW.assigned, n, T0 + at, engine];
const requeued = (n: number, at: number, engine: number) => [ROW.requeued, n, T0 + at, engine, 0];
const running = (n: number, at: number, engine: number) => [ROW.running, n, T0 + at, engine, T0 + at];
const settled = (
  n: number,
  at: number,
  engine: number,
  run: [number, number] | null,
  outcome = OK,
  error = -1,
) => [
  ROW.settled,
  n,
  T0 + at,
  engine,
  run === null ? -1 : T0 + run[0],
  run === null ? -1 : T0 + run[1],
  outcome,
  error,
  outcome === OK ? 8 : -1,
];
const engineIs = (at: number, id: number, generation = 1, life = 1) => [
  ROW.engine,
  0,
  T0 + at,
  id,
  generation,
  life,
];

function logOf(...rows: number[][]): TaskLog {
  const log = new TaskLog();
  log.hear(batchOf(...rows));
  return log;
}

function batchOf(...rows: number[][]): TaskBatch {
  const numbers = new Float64Array(rows.length * ROW_LENGTH).fill(-1);
  rows.forEach((row, i) => {
    numbers.set(row, i * ROW_LENGTH);
  });
  const msgIds = rows.flatMap((row) => (row[0] === ROW.submitted ? [`m${String(row[1])}` as MsgId] : []));
  return { texts: TEXTS, firstText: 0, msgIds, rows: numbers };
}

const shown = ({ task, start, end, look }: Bar) => [task.n, start - T0, end - T0, look];

test('a task waits, is sent, runs and ends, each counted once', () => {
  const log = logOf(submitted(0, 0), submitted(1, 0));
  expect(log.counts).toMatchObject({ waiting: 2, running: 0, done: 0 });
  log.hear(batchOf(assigned(0, 1, 3), assigned(1, 1, 3)));
  expect(log.counts).toMatchObject({ waiting: 0, sent: 1, running: 1 });
  expect(log.lanes[0]?.running?.task.n).toBe(0);
  log.hear(batchOf(settled(0, 11, 3, [2, 10])));
  expect(log.counts).toMatchObject({ running: 1, sent: 0, done: 1 });
  expect(log.lanes[0]?.running).toMatchObject({ task: { n: 1 }, start: T0 + 11 });
  log.hear(batchOf(settled(1, 21, 3, [11, 20], ERROR, ZERO)));
  expect(log.isActive).toBe(false);
  expect(log.lanes[0]?.bars.map(shown)).toEqual([
    [0, 2, 10, 'done'],
    [1, 11, 20, 'failed'],
  ]);
  expect(log.task(1)).toMatchObject({ ename: 'ZeroError', engine: 3, bytesIn: null });
  expect([...log.kinds.all][0]).toMatchObject({
    name: 'f',
    total: 2,
    done: 1,
    failed: 1,
    runs: 2,
    spent: 17,
  });
});

test('what is on its way is apart from what is computed', () => {
  const log = logOf(submitted(0, 0), assigned(0, 1, 0), settled(0, 60, 0, [20, 40]));
  const [bar] = log.lanes[0]?.bars ?? [];
  expect([bar?.sent, bar?.start, bar?.end, bar?.got].map((at) => (at ?? 0) - T0)).toEqual([1, 20, 40, 60]);
  const marks = layOut(log.lanes[0]!, { left: T0, span: 100, follows: true }, 1000, T0 + 100);
  expect(marks.map(({ type, x, ...rest }) => [type, x, 'width' in rest ? rest.width : 1])).toEqual([
    ['bar', 200, 200],
    ['transfer', 10, 190],
    ['transfer', 400, 200],
  ]);
});

test('a try that failed stays to be seen where it ran, and the task goes on elsewhere', () => {
  const log = logOf(
    submitted(0, 0),
    assigned(0, 1, 0),
    requeued(0, 9, 0),
    assigned(0, 10, 1),
    settled(0, 21, 1, [11, 20]),
  );
  expect(log.lanes.map(({ bars }) => bars.map(shown))).toEqual([
    [[0, 1, 9, 'retried']],
    [[0, 11, 20, 'done']],
  ]);
  expect(log.task(0)?.tries).toEqual([{ engine: 0, at: T0 + 9, cause: 'failed' }]);
  expect(log.counts).toMatchObject({ done: 1, waiting: 0 });
});

test('lost, interrupted and aborted are told apart', () => {
  const log = logOf(
    ...[0, 1, 2].map((n) => submitted(n, 0, F, n)),
    settled(0, 10, 0, [1, 10], ERROR, DIED),
    settled(1, 10, 1, [1, 10], ERROR, INTERRUPTED),
    settled(2, 10, 2, null, ABORTED),
  );
  expect([0, 1, 2].map((n) => log.task(n)?.state)).toEqual(['lost', 'cancelled', 'cancelled']);
  expect(log.lanes[2]).toMatchObject({ bars: [], never: [{ n: 2 }] });
});

test('how many wait is known for any time, also of direct requests that nobody assigns', () => {
  const log = logOf(
    submitted(0, 0, F, 0),
    submitted(1, 0, F, 0),
    submitted(2, 5),
    assigned(2, 8, 1),
    running(0, 1, 0),
  );
  expect([-1, 0, 2, 6, 9].map((at) => log.waitingAt(T0 + at))).toEqual([0, 2, 1, 2, 1]);
  log.hear(batchOf(settled(0, 10, 0, [1, 10]), settled(1, 20, 0, [11, 19])));
  expect([10, 12].map((at) => log.waitingAt(T0 + at))).toEqual([1, 0]);
});

test("an engine's clock that is seconds ahead is set right by what cannot be", () => {
  const log = logOf(
    submitted(0, 0),
    assigned(0, 1, 0),
    settled(0, 11, 0, [5002, 5010]),
    submitted(1, 12),
    assigned(1, 12, 0),
    settled(1, 30, 0, [5013, 5028]),
  );
  for (const { start, end } of log.lanes[0]?.bars ?? []) {
    expect(end - T0).toBeLessThanOrEqual(30);
    expect(start - T0).toBeGreaterThanOrEqual(1);
    expect(end - start).toBeGreaterThan(7);
  }
});

test('a clock far behind, cut off at the submission by the hub, gives way to the times of the hub', () => {
  const log = logOf(submitted(0, 0), assigned(0, 1, 0), settled(0, 50, 0, [0, 0]));
  expect(log.lanes[0]?.bars.map(shown)).toEqual([[0, 1, 50, 'done']]);
  expect(log.task(0)?.byHub).toBe(true);
});

test('dependencies are known both ways', () => {
  const log = logOf(submitted(0, 0), submitted(1, 0), [ROW.depends, 1, -1, 0, 0], submitted(2, 0), [
    ROW.again,
    2,
    -1,
    0,
  ]);
  expect(log.task(1)?.links).toEqual([{ on: 0, how: 'after' }]);
  expect(log.task(0)).toMatchObject({ heirs: [1], again: 2 });
  expect(log.task(2)).toMatchObject({ from: 0 });
});

test('an engine that dies, is renewed or comes later leaves a mark', () => {
  const log = logOf(engineIs(0, 0), submitted(0, 1), engineIs(5, 0, 1, 2), engineIs(6, 0, 2), engineIs(7, 1));
  expect(log.lanes.map(({ marks }) => marks.map(({ what }) => what))).toEqual([
    ['died', 'renewed'],
    ['started'],
  ]);
});

test('at most so many tasks are kept; what went, and what the frame did not tell, is counted', () => {
  const log = logOf(submitted(7, 0), settled(7, 1, 0, [0, 1]));
  expect(log.dropped).toBe(7);
  for (let n = 8; n < MOST_TASKS + 8; n += 1000) {
    const some = Array.from({ length: 1000 }, (_, i) => n + i);
    log.hear(batchOf(...some.flatMap((k) => [submitted(k, k), settled(k, k + 1, 0, [k, k + 1])])));
  }
  expect(log.tasks.length).toBeLessThanOrEqual(MOST_TASKS);
  expect(log.dropped + log.tasks.length).toBe(MOST_TASKS + 8);
  expect(log.counts.done).toBe(log.tasks.length);
  expect(log.lanes[0]?.bars).toHaveLength(log.tasks.length);
});

test('of more than are kept all that are open stay, and are looked through a few times only', () => {
  const log = new TaskLog();
  const lookings = vi.spyOn(Map.prototype, 'clear');
  const [count, step] = [MOST_TASKS + 50_000, 1000];
  const numbers = (from: number) => Array.from({ length: step }, (_, i) => from + i);
  for (let n = 0; n < count; n += step) log.hear(batchOf(...numbers(n).map((k) => submitted(k, k))));
  expect(log.tasks).toHaveLength(count);
  for (let n = 0; n < count; n += step)
    log.hear(batchOf(...numbers(n).map((k) => settled(k, count + k, 0, [k, k + 1]))));
  expect(log.tasks.length).toBeLessThanOrEqual(MOST_TASKS);
  expect(log.dropped + log.tasks.length).toBe(count);
  expect(lookings.mock.calls.length).toBeLessThan(20);
  lookings.mockRestore();
});

test('clearing keeps what has not ended', () => {
  const log = logOf(
    submitted(0, 0),
    assigned(0, 0, 0),
    settled(0, 2, 0, [0, 1]),
    submitted(1, 5, G),
    assigned(1, 5, 0),
  );
  log.clear();
  expect(log.tasks.map(({ n }) => n)).toEqual([1]);
  expect(log.counts).toMatchObject({ done: 0, running: 1 });
  expect([...log.kinds.all].map(({ name }) => name)).toEqual(['g']);
  log.hear(batchOf(settled(1, 9, 0, [5, 8])));
  expect(log.lanes[0]?.bars.map(shown)).toEqual([[1, 5, 8, 'done']]);
});

test('a hundred thousand tasks are drawn with at most a few marks for each pixel, and no failure is averaged away', () => {
  const log = new TaskLog();
  for (let n = 0; n < 99_000; n += 1000) {
    const some = Array.from({ length: 1000 }, (_, i) => n + i);
    log.hear(
      batchOf(
        ...some.flatMap((k) => [
          submitted(k, k),
          settled(k, k + 1, 0, [k, k + 0.5], k === 50_000 ? ERROR : OK, ZERO),
        ]),
      ),
    );
  }
  const [lane] = log.lanes;
  const marks = layOut(lane!, { left: T0, span: 99_000, follows: true }, 1000, T0 + 99_000);
  expect(marks.length).toBeLessThanOrEqual(1001);
  expect(marks.filter((mark) => mark.type === 'heap' && mark.failed)).toHaveLength(1);
  expect(marks.reduce((sum, mark) => sum + (mark.type === 'heap' ? mark.runs : 1), 0)).toBe(99_000);
  expect(busyShare(lane!, { left: T0, span: 99_000, follows: true }, T0 + 99_000)).toBeCloseTo(0.5, 1);
  expect(barAt(lane!, T0 + 500.2, 1, T0 + 99_000)?.task.n).toBe(500);
});

test('one goes through the runs in sight by the time of their start', () => {
  const log = logOf(
    ...[0, 1, 2].map((n) => submitted(n, 0)),
    settled(0, 5, 0, [1, 4]),
    settled(1, 6, 1, [2, 5]),
    settled(2, 90, 0, [80, 85]),
  );
  const view = { left: T0, span: 50, follows: false };
  const step = (n: number | null, by: 1 | -1) =>
    stepFrom(log.lanes, view, T0 + 100, n === null ? null : { n }, by)?.task.n ?? null;
  expect([step(null, 1), step(0, 1), step(1, 1), step(1, -1), step(null, -1)]).toEqual([0, 1, null, 0, 1]);
});

test('the trace that Perfetto opens has a thread for each engine, a slice for each run, and the arrows', () => {
  const log = logOf(
    submitted(0, 0, F, -1, CELL),
    settled(0, 11, 0, [1, 10]),
    submitted(1, 0, G),
    [ROW.depends, 1, -1, 0, 0],
    settled(1, 21, 1, [12, 20], ERROR, ZERO),
  );
  const { traceEvents } = JSON.parse(chromeTrace(log, new Map([['cell-1' as CellId, 4]]))) as {
    traceEvents: { ph: string; name: string; ts: number; dur?: number; tid?: number; args?: object }[];
  };
  const slices = traceEvents.filter(({ ph }) => ph === 'X');
  expect(slices).toEqual([
    expect.objectContaining({ name: 'f', ts: 1000, dur: 9000, tid: 1 }),
    expect.objectContaining({ name: 'g', ts: 12_000, dur: 8000, tid: 2 }),
  ]);
  expect(slices[0]?.args).toMatchObject({ cell: 4, outcome: 'done', bytesOut: 100, bytesIn: 8 });
  expect(slices[1]?.args).toMatchObject({ error: 'ZeroError' });
  expect(traceEvents.filter(({ ph }) => ph === 's' || ph === 'f')).toHaveLength(2);
  expect(traceEvents.find(({ ph }) => ph === 'C')).toMatchObject({ name: 'waiting', args: { tasks: 2 } });
});

test('a trace holds as many tasks as are kept', () => {
  const log = new TaskLog();
  const tasks = 70_000;
  const rows = Array.from({ length: tasks }, (_, n) => [submitted(n, n), settled(n, n + 1, 0, [n, n + 1])]);
  for (let n = 0; n < tasks; n += 1000) log.hear(batchOf(...rows.slice(n, n + 1000).flat()));
  const { traceEvents } = JSON.parse(chromeTrace(log, new Map())) as { traceEvents: { ph: string }[] };
  expect(traceEvents.filter(({ ph }) => ph === 'X')).toHaveLength(tasks);
});

test('engines of clusters that cells have started have lanes of their own, and outlive another cluster of the notebook', () => {
  const place = placeAt(1, 0);
  const log = logOf(
    [ROW.named, 1, -1, G],
    submitted(0, 0, F, 0),
    submitted(1, 0, F, place),
    settled(0, 9, 0, [1, 2]),
    settled(1, 9, place, [1, 2]),
  );
  expect(log.lanes.map(({ engine }) => [engineName(engine), log.clusterOf(engine)])).toEqual([
    ['e0', null],
    ['c1:e0', 'g'],
  ]);
  expect(chromeTrace(log, new Map())).toContain('"c1:e0 (g)"');
  log.hear(batchOf([ROW.cluster, 0, T0 + 10]));
  expect(log.lanes.map(({ engine }) => engine)).toEqual([place]);
  expect(log.tasks.map(({ n }) => n)).toEqual([1]);
});
