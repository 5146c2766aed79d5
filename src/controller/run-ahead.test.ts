import { afterEach, expect, it } from 'vitest';
import { range } from '../client/sequences.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';

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
