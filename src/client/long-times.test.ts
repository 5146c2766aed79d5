import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemTimers } from '../base/clock.ts';
import { closeClusters, testCluster, type TestCluster } from '../testing/test-cluster.ts';

/** Times of more milliseconds than `setTimeout` takes (2³¹ − 1, 24.8 days), in every room that takes one. */

declare function sleep(seconds: number): Promise<void>;

const DAY = 24 * 3600;
/** Seconds. */
const LONG: readonly number[] = [2 ** 31 / 1000, 30 * DAY, 365 * DAY, Number.MAX_VALUE, Infinity];

describe('the timers of all rooms', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([0.5, 24 * DAY, 2 ** 31 / 1000 - 0.001, 2 ** 31 / 1000, 30 * DAY, 100 * DAY])(
    'call after %d seconds, and not before',
    (seconds) => {
      const callback = vi.fn();
      systemTimers.after(seconds, callback);
      vi.advanceTimersByTime(seconds * 1000 - 1);
      expect(callback).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(callback).toHaveBeenCalledOnce();
    },
  );

  it('never call after Infinity, and can be cancelled in any part of a long time', () => {
    const callback = vi.fn();
    systemTimers.after(Infinity, callback);
    const cancel = systemTimers.after(60 * DAY, callback);
    vi.advanceTimersByTime(30 * DAY * 1000);
    cancel();
    vi.advanceTimersByTime(100 * DAY * 1000);
    expect(callback).not.toHaveBeenCalled();
  });
});

describe('a long time does not end at once', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await testCluster({ n: 1, hub: { grace: Infinity, startTimeout: Infinity } });
  });
  afterAll(closeClusters);

  /** What waits for `seconds` at the most, while engine 0 is busy. */
  const rooms: Readonly<Record<string, (seconds: number) => PromiseLike<unknown>>> = {
    'ar.get': (seconds) =>
      cluster.rc
        .at(0)
        .apply(() => sleep(0.05))
        .get(seconds),
    'ar.wait': (seconds) =>
      cluster.rc
        .at(0)
        .apply(() => sleep(0.05))
        .wait(seconds),
    'rc.wait': (seconds) => cluster.rc.wait([cluster.rc.at(0).apply(() => sleep(0.05))], seconds),
    waitForEngines: (seconds) => cluster.rc.waitForEngines(1, { timeout: seconds }),
    'timeout of a view': (seconds) =>
      cluster.rc
        .loadBalancedView()
        .with({ timeout: seconds })
        .map(() => sleep(0.02), [1, 2, 3]),
    'runTimeout of a view': (seconds) =>
      cluster.rc
        .loadBalancedView()
        .with({ runTimeout: seconds })
        .apply(() => sleep(0.05)),
    waitForSend: (seconds) => {
      const ar = cluster.rc
        .at(0)
        .with({ track: true })
        .apply(() => sleep(0.05));
      return ar.waitForSend(seconds).then(() => ar);
    },
  };

  it.each(Object.entries(rooms))('%s', async (_, wait) => {
    for (const seconds of LONG) await wait(seconds);
  });

  it('sleep on an engine', async () => {
    const { rc } = cluster;
    for (const seconds of LONG) {
      const ar = rc.at(0).apply((t: number) => sleep(t), seconds);
      await ar.wait(0.05);
      expect(ar.ready()).toBe(false);
      ar.cancel();
      await expect(ar).rejects.toThrow('interrupted');
    }
  });
});
