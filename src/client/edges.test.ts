import { afterEach, describe, expect, test, vi } from 'vitest';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { AsyncResult } from './async-result/async-result.ts';
import { Dependency } from './dependency.ts';
import * as errors from './errors.ts';

afterEach(closeClusters);

const never = () => new Promise(() => undefined);

describe('what makes no sense is refused', () => {
  test('sizes of clusters, properties, places in the history, slices, callbacks', async () => {
    const { rc } = await testCluster({ n: 2 });
    for (const n of [-1, 1.5, NaN, undefined, '3']) {
      await expect(rc.scale(n as number)).rejects.toThrow(errors.ValueError);
    }
    expect(rc.ids).toEqual([0, 1]);
    await expect(rc.setProperties(5 as never)).rejects.toThrow(/setProperties takes an object/);
    expect(() => rc.abort(5.5)).toThrow(/5.5 is no place in the history/);
    expect(() => rc['::0']).toThrow(errors.ValueError);
    expect(() => rc.slice('a' as never)).toThrow(
      /the start of a slice must be a whole number or null, not a/,
    );
    expect(() => rc.slice(0, 1.5)).toThrow(/the stop of a slice/);
    const ar = rc.at(0).applyAsync(() => 1);
    expect(() => {
      ar.addDoneCallback(5 as never);
    }).toThrow(/f must be callable/);
    expect(() => ar.timedelta('submitted' as never, ar.received)).toThrow(/timedelta takes Dates/);
    expect(() => AsyncResult.join(5 as never)).toThrow(/joins AsyncResults, not 5/);
    expect(() => rc.at(0).setFlags(5 as never)).toThrow(/flags are an object/);
    const endless = (async function* () {
      yield await Promise.resolve(1);
    })();
    expect(() => rc.at(0).map((x) => x, endless as never)).toThrow(/come asynchronously: use lview.imap/);
  });

  test('resultStatus of an unknown id is a KeyError, also when it was asked for before', async () => {
    const { rc } = await testCluster({ n: 1 });
    await expect(rc.getResult('nope').get()).rejects.toThrow(errors.KeyError);
    await expect(rc.resultStatus('nope')).rejects.toThrow(errors.KeyError);
  });
});

test('A.25 wait takes promises too, and never rejects with their errors', async () => {
  const { rc } = await testCluster({ n: 1 });
  expect(await rc.wait(Promise.reject(new Error('mine')))).toBe(true);
  expect(await rc.wait([rc.at(0).applyAsync(() => 1), Promise.resolve(2)])).toBe(true);
  expect(await rc.wait(new Promise(() => undefined), 0.01)).toBe(false);
  expect(await rc.at(0).wait(new Promise(() => undefined), 0.01)).toBe(false);
});

test('shutdown with hub stops all engines and ends the client', async () => {
  const { rc, connect } = await testCluster({ n: 2 });
  await expect(rc.shutdown('all', { hub: true, restart: true })).rejects.toThrow(errors.ValueError);
  await rc.shutdown(0, { hub: true });
  await expect.poll(() => connect().ids).toEqual([]);
  expect(() => rc.loadBalancedView().apply(() => 1)).toThrow(/cannot be used after/);
});

test('spin and waitForOutput are there, as in IPython', async () => {
  const { rc } = await testCluster({ n: 1 });
  rc.spin();
  rc.at(0).spin();
  const ar = rc.at(0).applyAsync(() => 1);
  expect(await ar.waitForOutput()).toBe(true);
  expect(await ar.get(5, { returnExceptions: true })).toBe(1);
  expect(rc.at(0).setFlags()).toMatchObject({ targets: 0 });
  expect(await AsyncResult.join([ar, ar])).toEqual([1, 1]);
});

test('metadata tells what a task waited for, and the text of an execute', async () => {
  const { rc } = await testCluster({ n: 1 });
  const first = rc.loadBalancedView().applyAsync(() => 1);
  const second = rc.loadBalancedView(null, { after: first, follow: first }).applyAsync(() => 2);
  await second;
  expect(second.after).toMatchObject({ msgIds: first.msgIds, all: true });
  expect(second.meta('follow')).toMatchObject({ msgIds: first.msgIds });
  expect(first.after).toBeNull();
  expect(rc.at(0).execute('1 + 1').executeInput).toBe('1 + 1');
  expect(first.metadata).toMatchObject({ executeInput: null, follow: null });
});

test('views purge the results of their engines, or of their jobs', async () => {
  const { rc } = await testCluster({ n: 2 });
  await rc.at(0).apply(() => 1);
  await rc.at(1).apply(() => 1);
  await rc.at(0).purgeResults();
  expect(await rc.hubHistory()).toHaveLength(1);
  const view = rc.loadBalancedView();
  await view.apply(() => 1);
  await view.purgeResults(-1);
  expect(await rc.hubHistory()).toHaveLength(1);
  await view.purgeResults('all');
  expect(await rc.hubHistory()).toEqual([]);
});

test('a load-balanced view tells of its engines, and stops them', async () => {
  const { rc } = await testCluster({ n: 2 });
  const view = rc.loadBalancedView([1]);
  expect(Object.keys((await view.queueStatus()) as object)).toEqual(['1', 'unassigned']);
  await view.shutdown();
  await expect.poll(() => rc.ids).toEqual([0]);
});

test('chunksize of a parallel function of a DirectView is ignored, with a warning', async () => {
  const { rc } = await testCluster({ n: 2 });
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const double = rc.directView().parallel((xs: readonly number[]) => xs.map((x) => 2 * x), { chunksize: 3 });
  expect(await double([1, 2, 3])).toEqual([2, 4, 6]);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('chunksize is ignored'));
  warn.mockRestore();
  expect(() => rc.directView().map((x) => x, [1], { chunksize: 3 })).toThrow(/unexpected option 'chunksize'/);
});

test('L.244 an empty dependency is met, and never unreachable', () => {
  expect(new Dependency().check([])).toBe(true);
  expect(new Dependency().unreachable([], ['a'])).toBe(false);
});

test.each([
  ['success, all', {}, [false, true]],
  ['success, any', { all: false }, [true, false]],
  ['failure, all', { success: false, failure: true }, [false, true]],
  ['failure, any', { success: false, failure: true, all: false }, [true, false]],
  ['both, all', { failure: true }, [true, false]],
  ['both, any', { failure: true, all: false }, [true, false]],
])('L.245 L.248 one task succeeded and one failed: %s', (_name, options, [met, unreachable]) => {
  const dependency = new Dependency(['good', 'bad'], options);
  expect(dependency.check(['good'], ['bad'])).toBe(met);
  expect(dependency.unreachable(['good'], ['bad'])).toBe(unreachable);
});

test('a lazy map cannot be iterated without await where nothing can block', async () => {
  const { rc } = await testCluster({ n: 1 });
  const view = rc.loadBalancedView();
  expect(() => [...view.imap((x: number) => x, [1])]).toThrow(errors.BlockingUnavailableError);
  const slow = (async function* () {
    yield await Promise.resolve(1);
  })();
  expect(() => [...view.imap((x: number) => x, slow)]).toThrow(/come asynchronously/);
});

test('clearBefore and clearAfter are attributes of load-balanced views like other flags', async () => {
  const { rc } = await testCluster({ n: 1 });
  await rc.at(0).push({ left: 1 });
  const view = rc.loadBalancedView();
  expect([view.clearBefore, view.clearAfter]).toEqual([false, false]);
  view.clearBefore = true;
  expect(await view.apply(() => typeof Reflect.get(globalThis, 'left'))).toBe('undefined');
  expect(view.with({ clearBefore: false }).clearBefore).toBe(false);
});

test('an executor that was shut down refuses work with RuntimeError', async () => {
  const { rc } = await testCluster({ n: 1 });
  const executor = rc.executor();
  await executor.shutdown();
  expect(() => executor.submit(never)).toThrow(errors.RuntimeError);
});
