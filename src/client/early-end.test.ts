import { afterEach, describe, expect, it } from 'vitest';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { AsyncResult, CompositeError, ValueError } from './index.ts';
import { range } from './sequences.ts';

declare const engine: { readonly id: number };
declare function sleep(seconds: number): Promise<void>;

afterEach(closeClusters);

describe('the first of several', () => {
  it('any gives the first value, and cancels the rest', async () => {
    const { rc } = await testCluster({ n: 3 });
    const lview = rc.loadBalancedView();
    const bad = lview.apply(() => {
      throw new Error('no');
    });
    const good = lview.apply(() => sleep(0.02).then(() => 'good'));
    const slow = lview.apply(() => sleep(60).then(() => 'slow'));
    expect(await AsyncResult.any([bad, good, slow] as AsyncResult<string>[])).toBe('good');
    await slow.wait();
    expect(slow.status).toBe('error');
    await expect(AsyncResult.any([bad] as AsyncResult<string>[])).rejects.toThrow(CompositeError);
    await expect(AsyncResult.any([])).rejects.toThrow(ValueError);
  });

  it('race takes a failure too', async () => {
    const { rc } = await testCluster({ n: 2 });
    const lview = rc.loadBalancedView();
    const bad = lview.apply(() => Promise.reject(new Error('first')));
    const slow = lview.apply(() => sleep(60));
    await expect(AsyncResult.race([bad, slow] as AsyncResult[])).rejects.toThrow('first');
    await slow.wait();
    expect(slow.ready()).toBe(true);
  });
});

describe('map with stopOn', () => {
  it('ends when a result is enough, and gives what there is', async () => {
    const { rc } = await testCluster({ n: 2 });
    const ar = rc.loadBalancedView().map((x) => (x > 6 ? sleep(60).then(() => x) : x), range(100), {
      stopOn: (x) => x === 5,
    });
    const found = await ar;
    expect(found).toContain(5);
    expect(found.length).toBeLessThan(10);
    expect(ar.successful()).toBe(true);
  });

  it('ends at the first error, with that error alone', async () => {
    const { rc } = await testCluster({ n: 2 });
    const ar = rc.loadBalancedView().map(
      (x) => {
        if (x === 3) throw new Error('three');
        return x > 3 ? sleep(60) : undefined;
      },
      range(50),
      { stopOn: 'error' },
    );
    const error: unknown = await ar.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CompositeError);
    expect((error as CompositeError).errors.length).toBe(1);
    expect(() => rc.loadBalancedView().map((x) => x, [1], { stopOn: 5 as never })).toThrow(ValueError);
  });
});

describe('the story of a task', () => {
  it('tells where it went', async () => {
    const { rc } = await testCluster({ n: 2 });
    const bad = rc
      .loadBalancedView()
      .with({ retries: 1 })
      .apply(() => {
        throw new Error(`no on ${String(engine.id)}`);
      });
    await bad.wait();
    const story = await rc.story(bad.msgId);
    expect(story.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['submitted', 'sent', 'requeued', 'replied', 'settled']),
    );
    expect(String(story)).toMatch(/0\.000 s {2}submitted: /);
    expect(String(story)).toMatch(/back in line: it failed on engine \d/);
    expect(String(await rc.story('nobody_1'))).toBe('The hub remembers nothing of it.');
  });
});

describe('cells for every engine that there will be', () => {
  it('run again on new engines and new lives, before all else', async () => {
    const { rc, kill } = await testCluster({ n: 2 });
    const init = (code: string) => rc.directView().execute(code, { init: true, url: 'cell-1/setup' });
    await init('a = 1');
    await init('a = 40 + engine.id');
    kill(0);
    await rc.scale(3);
    await rc.waitForEngines(3);
    expect(await rc.directView().pull('a')).toEqual([40, 41, 42]);
    await rc.at(1).execute('b = 7', { init: true });
    await rc.shutdown([0, 1], { restart: true });
    expect(
      await rc.directView().apply(() => [Reflect.get(globalThis, 'a'), Reflect.get(globalThis, 'b')]),
    ).toEqual([
      [40, undefined],
      [41, 7],
      [42, undefined],
    ]);
  });
});
