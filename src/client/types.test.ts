import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { EngineId } from '../protocol/ids.ts';
import { Reference } from '../protocol/reference.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import type { ExecuteReply } from './async-result/execute-reply.ts';
import {
  AsyncResult,
  capture,
  partial,
  type AsyncMapResult,
  type DirectView,
  type LoadBalancedView,
} from './index.ts';
import type { LazyMap } from './views/lazy-map.ts';

afterEach(closeClusters);

/** What the compiler knows of a call; the calls run too, so that types and values cannot part. */
async function views() {
  const { rc } = await testCluster({ n: 2 });
  return { rc, dview: rc.slice(), e0: rc.at(0), lview: rc.loadBalancedView() };
}

describe('the compiler knows', () => {
  it('which views give bare results, and which lists', async () => {
    const { rc } = await views();
    expectTypeOf(rc.at(0)).toEqualTypeOf<DirectView<'one'>>();
    expectTypeOf(rc.view(0)).toEqualTypeOf<DirectView<'one'>>();
    expectTypeOf(rc.view([0])).toEqualTypeOf<DirectView<'many'>>();
    expectTypeOf(rc.slice(1)).toEqualTypeOf<DirectView<'many'>>();
    expectTypeOf(rc.directView()).toEqualTypeOf<DirectView<'many'>>();
    expectTypeOf(rc.loadBalancedView()).toEqualTypeOf<LoadBalancedView>();
    expect(rc.view([0]).length).toBe(1);
  });

  it('what apply gives, promises taken apart', async () => {
    const { dview, e0, lview } = await views();
    const [many, one, any] = [
      dview.apply((x: number) => `${x}`, 1),
      e0.apply(async () => 1),
      lview.apply(() => [true]),
    ];
    expectTypeOf(many).toEqualTypeOf<AsyncResult<string[], 'many'>>();
    expectTypeOf(await many).toEqualTypeOf<string[]>();
    expectTypeOf(await one).toEqualTypeOf<number>();
    expectTypeOf(await any).toEqualTypeOf<boolean[]>();
    expectTypeOf(await e0.apply(Reference('f => 1'))).toBeUnknown();
    expect([await many, await one, await any]).toEqual([['1', '1'], 1, [true]]);
  });

  it('that arguments must fit, and may be References', async () => {
    const { dview } = await views();
    await dview.push({ n: 2 });
    expect(await dview.apply((x: number, y: number) => x * y, Reference('n'), 3)).toEqual([6, 6]);
    // @ts-expect-error -- a text is no number
    expect(await dview.apply((x: number) => x, 'a')).toEqual(['a', 'a']);
    // @ts-expect-error -- an argument is missing
    expect(await dview.apply((x: number) => x)).toEqual([undefined, undefined]);
  });

  it('what maps give, item by item', async () => {
    const { dview, lview } = await views();
    const ar = dview.map((x) => ({ twice: 2 * x }), [1, 2]);
    expectTypeOf(ar).toEqualTypeOf<AsyncMapResult<{ twice: number }>>();
    expectTypeOf(await ar).toEqualTypeOf<{ twice: number }[]>();
    const both = lview.map(async (x, y) => x + y.length, new Set([1, 2]), ['a', 'bb'], { chunksize: 2 });
    expectTypeOf(await both).toEqualTypeOf<number[]>();
    for await (const item of ar) expectTypeOf(item).toEqualTypeOf<{ twice: number }>();
    expectTypeOf(await lview.map(Reference('x => x'), [1])).toEqualTypeOf<unknown[]>();
    // @ts-expect-error -- the items are texts
    lview.map((x: number) => x, ['a']);
    expect([await ar, await both]).toEqual([
      [{ twice: 2 }, { twice: 4 }],
      [2, 4],
    ]);
  });

  it('what lazy maps give', async () => {
    const { lview } = await views();
    const results = lview.imap((x) => x > 1, [1, 2]);
    expectTypeOf(results).toEqualTypeOf<LazyMap<boolean>>();
    const list: boolean[] = [];
    for await (const result of results) list.push(result);
    expect(list).toEqual([false, true]);
  });

  it('what pull gives: unknown, unless it is told', async () => {
    const { dview, e0 } = await views();
    await dview.push({ a: 1, b: 'x' });
    expectTypeOf(await e0.pull('a')).toBeUnknown();
    expectTypeOf(await e0.pull<number>('a')).toEqualTypeOf<number>();
    expectTypeOf(await dview.pull('a')).toEqualTypeOf<unknown[]>();
    expectTypeOf(await dview.pull(['a', 'b'])).toEqualTypeOf<unknown[][]>();
    expectTypeOf(await dview.pull<[number, string]>(['a', 'b'])).toEqualTypeOf<[number, string][]>();
    expectTypeOf(await e0.get<string>('b')).toEqualTypeOf<string>();
    expectTypeOf(await dview.keys()).toEqualTypeOf<string[][]>();
    expect(await dview.pull<[number, string]>(['a', 'b'])).toEqual(Array(2).fill([1, 'x']));
  });

  it('what push, scatter and execute give', async () => {
    const { dview, e0 } = await views();
    expectTypeOf(await dview.push({ a: 1 })).toEqualTypeOf<null[]>();
    expectTypeOf(await e0.set('a', 1)).toEqualTypeOf<null>();
    expectTypeOf(await dview.scatter('s', [1, 2])).toEqualTypeOf<null[]>();
    expectTypeOf(await e0.execute('1')).toEqualTypeOf<ExecuteReply>();
    expectTypeOf(await dview.execute('1')).toEqualTypeOf<ExecuteReply[]>();
    expectTypeOf(dview.execute('1').engineId).toEqualTypeOf<(EngineId | null)[]>();
    expectTypeOf(e0.execute('1').engineId).toEqualTypeOf<EngineId | null>();
    expect(await dview.gather('s')).toEqual([1, 2]);
  });

  it('remote functions, captures and partials', async () => {
    const { dview, lview } = await views();
    const k = 2;
    const scaled = capture({ k }, (x: number) => x * k);
    expectTypeOf(scaled).toEqualTypeOf<(x: number) => number>();
    const half = partial((a: number, b: string, c: boolean) => [a, b, c] as const, 1, 'b');
    expectTypeOf(half).toEqualTypeOf<(c: boolean) => readonly [number, string, boolean]>();
    const onAll = dview.remote(scaled);
    expectTypeOf(await onAll(1)).toEqualTypeOf<number[]>();
    const anywhere = lview.remote({ label: 'x' })(scaled);
    expectTypeOf(await anywhere(1)).toEqualTypeOf<number>();
    const list = dview.parallel((xs: number[]) => xs.length);
    expectTypeOf(list.map([1])).toEqualTypeOf<AsyncMapResult<number>>();
    expectTypeOf(await lview.executor.submit(scaled, 1)).toEqualTypeOf<number>();
    expect([await onAll(3), await anywhere(4), await lview.apply(half, true)]).toEqual([
      [6, 6],
      8,
      [1, 'b', true],
    ]);
  });

  it('that remote decorates methods', async () => {
    const { lview } = await views();
    // What `@lview.remote` is to the compiler: it takes the method and its context, and gives another.
    type Decorator = (
      method: (this: object, x: number) => number,
      context: ClassMethodDecoratorContext<object, (x: number) => number>,
    ) => (x: number) => AsyncResult<number, 'one'>;
    const remote = lview.remote.bind(lview)<[number], number>;
    expectTypeOf(remote).toExtend<Decorator>();
    expect(
      await lview.remote((x: number) => x + 1, { kind: 'method', addInitializer: () => undefined } as never)(
        1,
      ),
    ).toBe(2);
  });

  it('what settled results are', async () => {
    const { dview, e0 } = await views();
    const joined = AsyncResult.join(e0.apply(() => 1), e0.apply(() => 2)); // prettier-ignore
    expectTypeOf(await joined).toEqualTypeOf<number[]>();
    expectTypeOf(await dview.apply(() => 1).getDict()).toEqualTypeOf<Record<number, unknown>>();
    expectTypeOf(e0.apply(() => 1).metadata.submitted).toEqualTypeOf<Date | null>();
    expectTypeOf(dview.apply(() => 1).stdout).toEqualTypeOf<string[]>();
    expectTypeOf(await e0.apply(() => 1).exception()).toEqualTypeOf<Error | null>();
    expect(await joined).toEqual([1, 2]);
  });
});
