import { afterEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import type { Client } from './client.ts';

/** Requests of one client, waited for, ended and looked at through another. */

declare function sleep(seconds: number): Promise<void>;
declare const display: (value: unknown) => unknown;

afterEach(closeClusters);

const long = () => sleep(60);
const short = () => sleep(0.1).then(() => 'slept');

describe('42 waiting for requests of other clients', () => {
  const ways: Record<string, (rc: Client, jobs: never, timeout: number) => Promise<unknown>> = {
    'rc.wait': (rc, jobs, timeout) => rc.wait(jobs, timeout),
    'lview.wait': (rc, jobs, timeout) => rc.loadBalancedView().wait(jobs, timeout),
    'dview.wait': (rc, jobs, timeout) => rc.slice().wait(jobs, timeout),
    'getResult.wait': (rc, jobs, timeout) => rc.getResult(jobs).wait(timeout),
  };

  it.each(Object.keys(ways))('%s, by result, by id, in a list', async (name) => {
    const { rc, connect } = await testCluster({ n: 2 });
    const wait = ways[name]!;
    const other = connect();
    const busy = other.at(0).apply(long);
    const jobs: readonly unknown[] = [busy, busy.msgIds[0], [busy], busy.msgIds, [busy, busy.msgIds]];
    for (const spec of jobs) expect(await wait(rc, spec as never, 0.02), name).toBe(false);
    const waiting = jobs.map((spec) => wait(rc, spec as never, 60));
    busy.cancel();
    expect(await Promise.all(waiting)).toEqual(jobs.map(() => true));
    for (const spec of jobs) expect(await wait(rc, spec as never, 0), name).toBe(true);
  });

  it('and of other clusters; of what is long over, at once', async () => {
    const { rc } = await testCluster({ n: 1, environment: { random: seededRandom(1) } });
    const { rc: far } = await testCluster({ n: 1, environment: { random: seededRandom(2) } });
    const busy = far.at(0).apply(long);
    for (const spec of [busy, busy.msgIds[0]!, [busy, busy.msgIds]])
      expect(await rc.wait(spec as never, 0.02)).toBe(false);
    expect(rc.outstanding.size).toBe(0);
    const asked = rc.getResult(busy.msgIds[0]);
    rc.cancel(busy);
    expect(await rc.wait(busy.msgIds[0], 60)).toBe(true);
    await expect(asked.get()).rejects.toThrow();
    const queued = [far.at(0).apply(long), far.at(0).apply(short)];
    await rc.abort(queued[1]);
    await expect(queued[1]!.get()).rejects.toMatchObject({ name: 'TaskAborted' });
    far.cancel(queued);
    expect(await rc.wait(['nobody_1', 'nothing'], 60)).toBe(true);
    await rc.waitInteractive(queued);
  });

  it('abort and cancel reach them', async () => {
    const { rc, connect } = await testCluster({ n: 1 });
    const other = connect();
    const running = other.at(0).apply(long);
    const queued = other.at(0).apply(short);
    await rc.abort(queued);
    await expect(queued.get()).rejects.toMatchObject({ name: 'TaskAborted' });
    rc.cancel(running.msgIds);
    await expect(running.get()).rejects.toMatchObject({ ename: 'KeyboardInterrupt' });
  });
});

describe('44 getResult of another client', () => {
  const talks = () => {
    console.log('hey');
    console.error('oh');
    display('shown');
    console.log('you');
    return 1;
  };

  it('brings what was printed, displayed and given, asked for before or after', async () => {
    const { rc, connect } = await testCluster({ n: 1 });
    const ar = rc.at(0).apply(talks);
    const early = connect().getResult(ar.msgIds[0]);
    await ar;
    const late = connect().getResult(ar.msgIds[0]);
    for (const other of [early, late]) {
      expect(await other).toBe(1);
      expect(other.stdout).toBe('hey\nyou\n');
      expect(other.stderr).toBe('oh\n');
      expect(other.outputs).toEqual(ar.outputs);
      expect(other.outputs).toHaveLength(1);
      expect(other.collectOutputs('engine')).toEqual(ar.collectOutputs('engine'));
    }
    const executed = rc.at(0).execute('console.log("x"); 6 * 7', { silent: false });
    await executed;
    const again = connect().getResult(executed.msgIds[0]);
    await again;
    expect(again.stdout).toBe('x\n');
    expect(again.executeResult).toEqual(executed.executeResult);
    expect(again.executeResult).toMatchObject({ data: { 'text/plain': '42' } });
  });

  it('of tasks that have failed, too, and after a reload', async () => {
    const stored: unknown[] = [];
    const { rc, connect } = await testCluster({
      n: 1,
      hub: { database: 'indexeddb' },
      onRecord: (kept) => stored.push(...kept),
    });
    const ar = rc.at(0).apply(() => {
      console.log('before');
      throw new Error('no');
    });
    await ar.wait();
    const other = connect().getResult(ar.msgIds[0]);
    await other.wait();
    expect(other.stdout).toBe('before\n');
    await expect.poll(() => stored.length).toBeGreaterThan(0);
    expect(stored.at(-1)).toMatchObject({ settlement: { shown: [{ type: 'stream', text: 'before\n' }] } });
  });
});
