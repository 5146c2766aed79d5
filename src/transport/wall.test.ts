import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Client } from '../client/client.ts';
import { buildEngineThread, closeThreads, threadCluster } from '../testing/thread-cluster.ts';

/** The wall between threads: real workers, real structured clone, real death. */
beforeAll(buildEngineThread, 60_000);
afterEach(closeThreads);

test('threads answer: map, push, pull, scatter, gather', async () => {
  const { rc } = await threadCluster(2);
  const dview = rc.directView();
  expect(await dview.map((x: number) => x ** 2, [0, 1, 2, 3, 4])).toEqual([0, 1, 4, 9, 16]);
  await dview.push({ a: new Map([['k', new Set([1n])]]) });
  expect(await dview.pull('a')).toEqual([new Map([['k', new Set([1n])]]), new Map([['k', new Set([1n])]])]);
  await dview.scatter(
    'part',
    Float64Array.from({ length: 10 }, (_, i) => i),
  );
  expect(await dview.pull('part.length')).toEqual([5, 5]);
  expect(await dview.gather('part')).toEqual(Float64Array.from({ length: 10 }, (_, i) => i));
});

test('what has ended is heard while code that never pauses runs behind it, and when that ends with its thread', async () => {
  const { rc } = await threadCluster(1, { grace: 0.1 });
  const e0 = rc.at(0);
  const tiny = () => Array.from({ length: 20 }, (_, i) => e0.apply((x: number) => x, i));
  const before = tiny();
  const stuck = e0.apply(() => {
    /(a*)*b/.test('a'.repeat(64));
  });
  expect(await Promise.all(before)).toEqual(before.map((_, i) => i));
  rc.interrupt(0);
  await expect(stuck.get()).rejects.toThrow(/./);
  await expect.poll(() => rc.engines[0]?.generation).toBe(2);
  expect(await Promise.all(tiny())).toEqual(before.map((_, i) => i));
});

test('S.348 arguments are what they were at the call, and big buffers stay the caller’s', async () => {
  const { rc } = await threadCluster(1);
  const data = new Float64Array(1 << 20).fill(1);
  const ar = rc.at(0).apply((x: Float64Array) => x.reduce((a, b) => a + b, 0), data);
  data.fill(2);
  expect(await ar).toBe(1 << 20);
  expect(data.length).toBe(1 << 20);
});

/** Interrupts engine 1 as soon as it is busy. */
async function interruptWhenBusy(rc: Client): Promise<void> {
  await expect.poll(() => rc.engines[1]?.status).toBe('busy');
  rc.interrupt(1);
}

test.each([
  ['while (true) {}', 'while (true) {}'],
  ['for (;;) await 0', 'for (;;) await 0'],
  ['a loop that catches everything', 'while (true) { try { null.x } catch {} }'],
  ['a sleep of ten minutes', 'await sleep(600)'],
  ['a wait for nothing', 'await new Promise(() => {})'],
])('N.290 interrupt ends %s in a cell, and the namespace stays', async (_, source) => {
  const { rc } = await threadCluster(2);
  await rc.directView().push({ x: 42 });
  const stuck = rc.at(1).execute(`\n  ${source}`, { url: 'cell-3/abc', block: false });
  await interruptWhenBusy(rc);
  await expect(stuck.get()).rejects.toMatchObject({ ename: 'KeyboardInterrupt' });
  expect(rc.engines[1]?.generation).toBe(1);
  expect(await rc.at(1).pull('x')).toBe(42);
});

test('N.290 functions that travelled have guards too: apply, map, methods, callbacks', async () => {
  const { rc } = await threadCluster(2);
  await rc.directView().push({ x: 42 });
  const apply = rc.at(1).apply(() => {
    for (;;);
  });
  await interruptWhenBusy(rc);
  await expect(apply.get()).rejects.toMatchObject({ ename: 'KeyboardInterrupt' });
  const map = rc.directView([1]).map(
    (n: number) => {
      while (n > 0) [n].forEach((one) => one);
    },
    [1, 2],
  );
  await interruptWhenBusy(rc);
  await expect(map.get()).rejects.toMatchObject({ elist: [{ ename: 'KeyboardInterrupt' }] });
  expect(rc.engines[1]?.generation).toBe(1);
  expect(await rc.at(1).pull('x')).toBe(42);
});

test('N.290 the traceback of an interrupt names cell, line and column', async () => {
  const { rc } = await threadCluster(2);
  const stuck = rc.at(1).execute('let i = 0;\nwhile (true) { i++ }', { url: 'cell-3/abc', block: false });
  await interruptWhenBusy(rc);
  const error = await stuck.exception();
  expect(error).toMatchObject({ ename: 'KeyboardInterrupt' });
  expect(String(Reflect.get(error ?? {}, 'traceback'))).toContain('cell 3, line 2');
});

test('N.290 what hears nothing is terminated after the grace; the engine comes back under its id, empty', async () => {
  const { rc } = await threadCluster(2, { grace: 0.5 });
  await rc.directView().push({ here: 1 });
  const stuck = rc.at(1).apply(() => /^(a+)+$/.test(`${'a'.repeat(60)}!`));
  await interruptWhenBusy(rc);
  await expect(stuck.get()).rejects.toMatchObject({ name: 'EngineError' });
  await expect.poll(() => rc.engines[1]?.generation).toBe(2);
  expect(await rc.at(1).apply(() => typeof globalThis['here' as never])).toBe('undefined');
  expect(await rc.at(0).pull('here')).toBe(1);
});

test('K.236 a thread that dies fails what it ran with EngineError; others answer', async () => {
  const { rc, workers } = await threadCluster(2);
  const ar = rc.directView([0, 1]).apply(async (id: number) => {
    if (id >= 0) await new Promise((resolve) => setTimeout(resolve, id === 0 ? 0 : 1e6));
    return id;
  }, 1);
  await expect.poll(() => rc.engines.every(({ status }) => status === 'busy')).toBe(true);
  await workers[0]?.terminate();
  rc.interrupt(1);
  await expect(ar.get()).rejects.toMatchObject({
    elist: [{ ename: 'EngineError' }, { ename: 'KeyboardInterrupt' }],
  });
});
