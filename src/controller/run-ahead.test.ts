import { afterEach, expect, it, vi } from 'vitest';
import { range } from '../client/sequences.ts';
import type { ClientId } from '../protocol/ids.ts';
import { createItemClaims, ItemClaims } from '../protocol/item-claims.ts';
import { Soak } from '../testing/soak.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { TimedCluster } from '../testing/timed-cluster.ts';
import { GivenItems } from './given-items.ts';
import { Engine } from './hub/state.ts';

/** Tiny tasks that are given ahead, over the whole way: client, hub, engines. */
declare function sleep(seconds: number): Promise<void>;

afterEach(closeClusters);

it('tiny tasks run once each, whoever gets them', async () => {
  const { rc } = await testCluster({ n: 3 });
  await rc.directView().push({ ran: [] });
  const note = (x: number) => {
    (globalThis as unknown as { ran: number[] }).ran.push(x);
    return x;
  };
  expect(await rc.loadBalancedView().map(note, range(500))).toEqual(range(500));
  const ran = await rc.directView().gather('ran');
  expect(Array.from(ran as Iterable<number>).sort((a, b) => a - b)).toEqual(range(500));
});

it('a long task among tiny ones keeps none of them waiting', async () => {
  const { rc } = await testCluster({ n: 2 });
  const LONG = 100;
  const ar = rc.loadBalancedView().map((x: number) => (x === 100 ? sleep(0.4) : undefined), range(300));
  await ar;
  const completed = ar.completed.map((date) => date?.getTime() ?? NaN);
  const last = Math.max(...completed.filter((_, i) => i !== LONG));
  expect(completed[LONG]).toBeGreaterThan(last);
});

it('N.288 what has been given ahead can be aborted', async () => {
  const { rc } = await testCluster({ n: 1 });
  const ar = rc.loadBalancedView().map((x: number) => (x === 20 ? sleep(0.2) : x), range(60));
  await expect.poll(() => ar.progress).toBe(20);
  void ar.abort();
  await ar.wait(5);
  expect(ar.status.slice(0, 21)).toEqual(Array(21).fill('ok'));
  expect(ar.status.slice(21)).toEqual(Array(39).fill('aborted'));
});

it.each([
  ['long ones among tiny ones, on two engines', 2, (i: number) => (i % 501 === 250 ? 50 : 0), 1.05],
  ['the same on four', 4, (i: number) => (i % 501 === 250 ? 50 : 0.01), 1.05],
  ['tiny ones alone', 4, () => 0.002, 1.2],
])('%s: nobody waits behind another while an engine is idle', (_, engines, took, most) => {
  const TASKS = 10_020;
  const cluster = new TimedCluster(engines, took);
  const bound = range(TASKS).reduce((sum, i) => sum + took(i) + TimedCluster.OVERHEAD, 0) / engines;
  expect(cluster.run(TASKS) / bound).toBeLessThan(most);
  expect(cluster.longestWait).toBeLessThan(1);
});

it('a task of a map costs the hub the same with a thousand engines as with four', () => {
  const load = vi.spyOn(Engine.prototype, 'load', 'get');
  const [few = NaN, many = NaN] = [4, 1000].map((engines) => {
    const soak = new Soak({ engines, items: 50_000 });
    load.mockClear();
    soak.runTo(50_000);
    expect(soak.sent).toBeLessThan(engines * 8 + 5000);
    return load.mock.calls.length / soak.sent;
  });
  load.mockRestore();
  // How often engines are looked at, for each message to one.
  expect(many / few).toBeLessThan(2);
});

it('an item that has been with an engine for long, and unbegun, comes back before its place is needed', () => {
  const client = 'a' as ClientId;
  const memory = createItemClaims();
  const claims = new ItemClaims(memory ?? new SharedArrayBuffer(0));
  const given = new GivenItems(claims);
  expect(given.give({ client, first: 7, count: 3 })).toEqual([]);
  expect(claims.claim(1)).toBe(true);
  expect(given.give({ client, first: 10, count: 1020 })).toEqual([]);
  expect(given.give({ client, first: 5000, count: 3 })).toEqual([{ client, first: 7, count: 1 }]);
  expect(given.takeBack([{ client, first: 7, count: 4 }])).toEqual([{ client, first: 9, count: 2 }]);
  expect(claims.claim(2)).toBe(false);
});
