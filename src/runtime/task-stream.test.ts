import { expect, test } from 'vitest';
import type { FromController } from '../protocol/client-messages.ts';
import type { CellId, ClientId, EngineUuid, MsgId, RunId } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/replies.ts';
import type { Route, Submission } from '../protocol/requests.ts';
import {
  clusterAt,
  engineAt,
  MOST_ROWS,
  readRows,
  ROW_LENGTH,
  type TaskBatch,
  type TaskFact,
} from '../protocol/task-rows.ts';
import { NO_TERMS } from '../protocol/terms.ts';
import { idleEngine } from '../testing/idle-engine.ts';
import { TaskRowsRing } from './task-rows-ring.ts';
import { TaskStream } from './task-stream.ts';

const client = 'c' as ClientId;
const packed = (bytes: number) => ({ value: null, buffers: [], bytes, canned: false });

function submit(id: string, route: Route, runId: string | null = null): Submission {
  return {
    msgId: id as MsgId,
    clientId: client,
    route,
    request: { method: 'apply', call: packed(80), name: 'f' },
    label: null,
    submitted: 1000,
    runId: runId as RunId | null,
    abortsQueueOnError: false,
  };
}

function settled(id: string, outcome: Outcome): FromController {
  return {
    type: 'settled',
    clientId: client,
    settlement: {
      msgId: id as MsgId,
      outcome,
      facts: { started: 1001, completed: 1003, executeResult: null, executionCount: 1 },
      engineId: 2,
      engineUuid: 'u' as EngineUuid,
    },
  };
}

/** A stream with a clock of its own, and all facts that it has told. */
function watched() {
  let now = 2000;
  const due: (() => void)[] = [];
  const delays: number[] = [];
  const batches: TaskBatch[] = [];
  const stream = new TaskStream(
    { now: () => now },
    {
      after: (delay, callback) => {
        delays.push(delay);
        due.push(callback);
        return () => undefined;
      },
    },
    (batch) => batches.push(batch),
  );
  const texts: string[] = [];
  return {
    stream,
    batches,
    delays,
    pass: (ms: number) => {
      now += ms;
      for (const callback of due.splice(0)) callback();
    },
    facts: (): TaskFact[] =>
      batches.splice(0).flatMap((batch) => {
        batch.texts.forEach((text, i) => (texts[batch.firstText + i] = text));
        const facts: TaskFact[] = [];
        readRows(batch, texts, (fact) => facts.push(fact));
        return facts;
      }),
  };
}

test('tasks of a call, and what is told of several at once, are told as any others', () => {
  const { stream, pass, facts } = watched();
  stream.watch(true);
  const columns = [Float64Array.of(1, 2)];
  stream.asked([
    {
      type: 'submit-call',
      call: {
        ...{ clientId: client, first: 4, count: 2, label: 'mine', submitted: 1000, runId: null },
        route: { type: 'balanced', targets: null },
        items: {
          ...{ method: 'map', name: 'f', returnExceptions: false, canned: true, f: {} },
          ...{ columns, bytes: Float64Array.of(80, 80) },
        },
      },
    },
  ]);
  const numbers = Float64Array.of(4, 5);
  stream.told({ type: 'items-assigned', clientId: client, engineId: 2, numbers });
  stream.told({
    ...{ type: 'items-settled', clientId: client, engineId: 2, engineUuid: 'u' as EngineUuid, numbers },
    ends: {
      ...{ values: ['a', 'b'], boxed: true, canned: false, bytes: Float64Array.of(8, 9) },
      ...{ started: Float64Array.of(1001, 1003), completed: Float64Array.of(1002, 1004), counts: numbers },
    },
  });
  pass(100);
  const task = { type: 'submitted', at: 1000, name: 'f', label: 'mine', aim: null, cell: null };
  const end = { type: 'settled', at: 2000, engine: 2, outcome: 'ok', ename: null };
  expect(facts()).toEqual([
    { ...task, n: 0, msgId: 'c_4', retries: 0, bytes: 80, method: 'map' },
    { ...task, n: 1, msgId: 'c_5', retries: 0, bytes: 80, method: 'map' },
    { type: 'assigned', n: 0, at: 2000, engine: 2 },
    { type: 'assigned', n: 1, at: 2000, engine: 2 },
    { ...end, n: 0, started: 1001, completed: 1002, bytes: 8 },
    { ...end, n: 1, started: 1003, completed: 1004, bytes: 9 },
  ]);
});

test('a balanced task is told from its submission to its end, with the cell that submitted it', () => {
  const { stream, pass, facts } = watched();
  stream.watch(true);
  stream.cellRuns('r1' as RunId, 'cell-7' as CellId);
  const after = { msgIds: ['a' as MsgId], all: true, success: true, failure: false };
  stream.asked([
    { type: 'submit', submission: submit('a', { type: 'direct', engine: 2 }, 'r1') },
    {
      type: 'submit',
      submission: submit('b', {
        type: 'balanced',
        targets: null,
        terms: { ...NO_TERMS, retries: 1, after },
      }),
    },
  ]);
  stream.told({ type: 'assigned', clientId: client, msgId: 'b' as MsgId, engineId: 2 });
  stream.told({
    type: 'requeued',
    clientId: client,
    msgId: 'b' as MsgId,
    engineId: 2,
    cause: 'failed',
    why: 'Error: no',
  });
  stream.told(settled('a', { status: 'ok', value: packed(8) }));
  stream.told(settled('b', { status: 'aborted', reason: 'it was' }));
  expect(facts()).toEqual([]);
  pass(100);
  const common = { at: 1000, name: 'f', label: null, bytes: 80, method: 'apply' };
  expect(facts()).toEqual([
    { type: 'submitted', n: 0, msgId: 'a', aim: 2, cell: 'cell-7', retries: 0, ...common },
    { type: 'submitted', n: 1, msgId: 'b', aim: null, cell: null, retries: 1, ...common },
    { type: 'depends', n: 1, on: 0, how: 'after' },
    { type: 'assigned', n: 1, at: 2000, engine: 2 },
    { type: 'requeued', n: 1, at: 2000, engine: 2, cause: 'failed' },
    {
      type: 'settled',
      n: 0,
      at: 2000,
      engine: 2,
      started: 1001,
      completed: 1003,
      outcome: 'ok',
      ename: null,
      bytes: 8,
    },
    expect.objectContaining({ type: 'settled', n: 1, outcome: 'aborted', bytes: null }),
  ]);
});

test('who watches later is told what is kept, and who stops watching is told nothing', () => {
  const { stream, pass, facts } = watched();
  stream.asked([{ type: 'submit', submission: submit('a', { type: 'direct', engine: 0 }) }]);
  pass(100);
  expect(facts()).toEqual([]);
  stream.watch(true);
  pass(100);
  expect(facts().map(({ type }) => type)).toEqual(['submitted']);
  stream.watch(false);
  stream.told(settled('a', { status: 'ok', value: packed(8) }));
  pass(100);
  expect(facts()).toEqual([]);
  stream.watch(true);
  pass(100);
  expect(facts().map(({ type }) => type)).toEqual(['settled']);
});

test('a flood is told in batches of bounded size', () => {
  const { stream, batches, pass } = watched();
  stream.watch(true);
  stream.asked(
    Array.from({ length: 3 * MOST_ROWS }, (_, i) => ({
      type: 'submit' as const,
      submission: submit(`t${String(i)}`, { type: 'direct', engine: 0 }),
    })),
  );
  for (let i = 1; i <= 3; i++) {
    pass(100);
    expect(batches).toHaveLength(i);
    expect(batches.at(-1)?.rows).toHaveLength(MOST_ROWS * ROW_LENGTH);
    expect(batches.at(-1)?.msgIds).toHaveLength(MOST_ROWS);
  }
  pass(100);
  expect(batches).toHaveLength(3);
});

test('who opens the stream late waits a second for what a hundred thousand rows tell, not five', () => {
  const { stream, pass, batches, delays } = watched();
  for (let i = 0; i < 50_000; i++) {
    stream.asked([
      { type: 'submit', submission: submit(`c_${String(i)}`, { type: 'balanced', targets: null }) },
    ]);
    stream.told(settled(`c_${String(i)}`, { status: 'ok', value: packed(1) }));
  }
  stream.watch(true);
  for (let i = 0; i < 100; i++) pass(20);
  expect(batches.reduce((sum, { rows }) => sum + rows.length / ROW_LENGTH, 0)).toBe(100_000);
  expect(delays.reduce((sum, delay) => sum + delay, 0)).toBeLessThan(1.2);
  delays.length = 0;
  stream.asked([{ type: 'submit', submission: submit('c_last', { type: 'balanced', targets: null }) }]);
  expect(delays).toEqual([0.1]);
});

test('lives of engines and what they run are told once, however many clients hear of them', () => {
  const { stream, pass, facts } = watched();
  stream.watch(true);
  stream.asked([{ type: 'submit', submission: submit('a', { type: 'direct', engine: 0 }) }]);
  const idle = idleEngine(0);
  const busy = { ...idle, status: 'busy', running: { msgId: 'a' as MsgId, name: 'f', since: 1500 } } as const;
  for (const engines of [[idle], [idle], [busy], [busy], [{ ...idle, generation: 2 }]]) {
    stream.told({ type: 'engines', engines });
  }
  stream.clusterChanged();
  pass(100);
  expect(facts().slice(1)).toEqual([
    { type: 'engine', at: 2000, engine: 0, generation: 1, life: 'alive' },
    { type: 'running', n: 0, at: 2000, engine: 0, since: 1500 },
    { type: 'engine', at: 2000, engine: 0, generation: 2, life: 'alive' },
    { type: 'cluster', at: 2000 },
  ]);
});

test('rows that nobody has read give way to later ones', () => {
  const ring = new TaskRowsRing(4);
  for (let n = 0; n < 10; n++) {
    ring.name(`m${String(n)}` as MsgId);
    ring.write(0, n, 1);
  }
  const { rows, msgIds } = ring.take(100);
  expect(rows).toHaveLength(4 * ROW_LENGTH);
  expect(rows[1]).toBe(6);
  expect(msgIds).toEqual(['m6', 'm7', 'm8', 'm9']);
  expect(ring.hasNews).toBe(false);
});

test('clusters of cells are told apart from the notebook’s own, and their engines are gone with them', () => {
  const { stream, pass, facts } = watched();
  stream.watch(true);
  const engine = idleEngine(0);
  stream.told({ type: 'engines', engines: [engine] });
  const other = stream.cluster('node7:8090');
  other.told({ type: 'engines', engines: [engine] });
  other.asked([{ type: 'submit', submission: submit('a', { type: 'direct', engine: 0 }) }]);
  other.told(settled('a', { status: 'ok', value: packed(8) }));
  other.gone();
  pass(100);
  const told = facts();
  expect(told).toMatchObject([
    { type: 'engine', engine: 0, life: 'alive' },
    { type: 'named', cluster: 1, name: 'node7:8090' },
    { type: 'engine', life: 'alive' },
    { type: 'submitted' },
    { type: 'settled' },
    { type: 'engine', life: 'dead' },
  ]);
  const places = told.flatMap((fact) => ('engine' in fact && fact.engine !== null ? [fact.engine] : []));
  expect(places.map((place) => [clusterAt(place), engineAt(place)])).toEqual([
    [0, 0],
    [1, 0],
    [1, 2],
    [1, 0],
  ]);
});
