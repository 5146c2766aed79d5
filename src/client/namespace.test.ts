import { originOf } from '../protocol/origins.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { CompositeError } from './composite-error.ts';
import { AsyncMapResult } from './async-result/async-map-result.ts';
import { AsyncResult } from './async-result/async-result.ts';
import { BlockingUnavailableError } from './errors.ts';
import { range } from './sequences.ts';

declare const a: unknown;

afterEach(closeClusters);

async function directViews(n = 4) {
  const { rc } = await testCluster({ n });
  return { rc, dview: rc.slice(), e0: rc.at(0) };
}

describe('push and pull', () => {
  it('C.84 bring nested values there and back', async () => {
    const { dview, e0 } = await directViews();
    const data = { a: 10, b: 1.05, c: range(10), d: { e: [1, 2], f: 'hi' } };
    await dview.push({ data });
    expect(await e0.pull('data')).toEqual(data);
    expect(await dview.pull('data')).toEqual([data, data, data, data]);
  });

  it('C.85 a push gives null for each engine', async () => {
    const { dview, e0 } = await directViews(2);
    expect(await dview.push({ a: 1 })).toEqual([null, null]);
    expect(await e0.push({ a: 1 })).toBeNull();
  });

  it('C.86 both return an AsyncResult at once', async () => {
    const { dview } = await directViews(1);
    expect(dview.push({ a: 1 })).toBeInstanceOf(AsyncResult);
    expect(dview.pull('a')).toBeInstanceOf(AsyncResult);
  });

  it('C.88 pull gives bare values of one target, and lists of several names', async () => {
    const { dview } = await directViews();
    await dview.push({ a: 1.03234, b: 3453 });
    expect(await dview.pull('b', { targets: 0 })).toBe(3453);
    expect(await dview.pull(['a', 'b'])).toEqual(Array(4).fill([1.03234, 3453]));
    expect(await dview.pull(new Set(['b']), { targets: [-1] })).toEqual([[3453]]);
  });

  it('C.89 pull takes names only, push takes objects only', async () => {
    const { dview } = await directViews(1);
    expect(() => dview.pull([1, 2] as never)).toThrow(/keys must be str/);
    expect(() => dview.pull(5 as never)).toThrow(TypeError);
    expect(() => dview.push([1] as never)).toThrow(/push takes an object of names and values/);
  });

  it('C.90 a missing name is one ReferenceError for each engine', async () => {
    const { dview } = await directViews(2);
    const error: unknown = await dview.pull('nope').exception();
    expect(error).toBeInstanceOf(CompositeError);
    expect((error as CompositeError).elist.map(({ ename, evalue }) => `${ename}: ${evalue}`)).toEqual([
      'ReferenceError: nope is not defined',
      'ReferenceError: nope is not defined',
    ]);
  });

  it('C.92 names may be paths', async () => {
    const { e0 } = await directViews(1);
    await e0.push({ a: { b: 1, list: [1, 2] } });
    await e0.set('a.b', 0);
    await e0.set('a.list[1]', 7);
    expect(await e0.get('a')).toEqual({ b: 0, list: [1, 7] });
  });

  it('C.93 functions come back as functions', async () => {
    const { e0 } = await directViews(1);
    await e0.push({ f: (x: number) => 2 * x, g: (x: number) => x + 1 });
    type Fn = (x: number) => number;
    const [f, g] = await e0.pull<[Fn, Fn]>(['f', 'g']);
    expect([f(1), g(1)]).toEqual([2, 2]);
  });

  it('B.64 pushed functions look their free names up on the engine, when they are called', async () => {
    const { e0 } = await directViews(1);
    await e0.push({ f: () => a });
    await expect(e0.pull('f()')).rejects.toMatchObject({ ename: 'ReferenceError' });
    await e0.execute('a = 5');
    expect(await e0.pull('f()')).toBe(5);
  });

  it('C.96 zipPull gives one list for each name', async () => {
    const { rc, dview } = await directViews(2);
    await dview.scatter('a', [1, 2], { flatten: true });
    await rc.directView('all').push({ b: 5 });
    expect(await dview.zipPull(['a', 'b'])).toEqual([
      [1, 2],
      [5, 5],
    ]);
  });
});

describe('the dictionary interface', () => {
  it('assigns variables, and update several', async () => {
    const { dview } = await directViews(2);
    dview['a'] = 5;
    await dview.update({ b: 6 });
    expect(await dview.pull(['a', 'b'])).toEqual([
      [5, 6],
      [5, 6],
    ]);
    dview.ns['apply'] = 7;
    expect(await dview.pull('apply')).toEqual([7, 7]);
  });

  it('names of the API cannot be assigned, and the error says what to do', async () => {
    const { dview } = await directViews(1);
    expect(() => ((dview as { apply: unknown }).apply = 5)).toThrow(/use push\(\{ apply: value \}\)/);
    expect(() => (dview['apply_async'] = 5)).toThrow(/is a name of the API/);
    expect(() => (dview['toString'] = 5 as never)).toThrow(/is a name of the API/);
  });

  it('C.94 reading blocks, and where that is impossible the error names the twin', async () => {
    const { dview } = await directViews(1);
    expect(() => dview['a']).toThrow(BlockingUnavailableError);
    expect(() => dview['executeAsync']).toThrow(
      "A DirectView has no method or property 'executeAsync'. Did you mean 'execute'? " +
        "(A variable of that name: `await view.get('executeAsync')`.)",
    );
    expect(() => dview['a']).toThrow("await view.get('a')");
    dview.block = true;
    expect(await dview.get('Math.PI')).toEqual([Math.PI]);
  });

  it('a failed assignment surfaces at the next call on the view once it is known', async () => {
    const { rc, dview } = await directViews(1);
    dview['no.such'] = 5;
    await rc.assignmentsSettled();
    expect(() => dview.apply(() => 1)).toThrow(CompositeError);
    expect(await dview.apply(() => 1)).toEqual([1]);
    expect(rc.takeFailures()).toEqual([]);
  });

  it('a failed assignment surfaces at the end of the cell otherwise, and once', async () => {
    const { rc, dview } = await directViews(1);
    dview['no.such'] = 5;
    rc.at(0)['neither.this'] = 5;
    await rc.assignmentsSettled();
    expect(rc.takeFailures().map((error) => error.name)).toEqual(['CompositeError', 'RemoteError']);
    expect(rc.takeFailures()).toEqual([]);
    expect(await dview.apply(() => 1)).toEqual([1]);
  });

  it('a value that cannot be sent throws where it is assigned', async () => {
    const { dview } = await directViews(1);
    expect(() => (dview['a'] = Symbol('no'))).toThrow(/cannot be sent/);
  });

  it('C.97 keys are the names in the namespace', async () => {
    const { dview } = await directViews(2);
    await dview.push({ a: 1, b: 2 });
    expect(await dview.keys()).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });
});

describe('scatter and gather', () => {
  it('D.100 spread a sequence and put it together', async () => {
    const { rc, dview } = await directViews();
    expect(await dview.scatter('a', range(16))).toEqual([null, null, null, null]);
    expect(await rc.at(1).get('a')).toEqual([4, 5, 6, 7]);
    expect(await dview.gather('a')).toEqual(range(16));
  });

  it('D.102 engines without items hold an empty list', async () => {
    const { dview } = await directViews();
    await dview.scatter('a', [1, 2, 3]);
    expect(await dview.pull('a')).toEqual([[1], [2], [3], []]);
    expect(await dview.gather('a')).toEqual([1, 2, 3]);
  });

  it('D.104 flatten unwraps parts of one item only', async () => {
    const { dview } = await directViews();
    await dview.scatter('a', range(5), { flatten: true });
    expect(await dview.pull('a')).toEqual([[0, 1], 2, 3, 4]);
    await dview.scatter('a', [1, 2, 3], { flatten: true });
    expect(await dview.pull('a')).toEqual([1, 2, 3, []]);
  });

  it('D.105 gather after flatten gives the scalars', async () => {
    const { dview } = await directViews();
    await dview.scatter('id', range(4), { flatten: true });
    expect(await dview.gather('id')).toEqual([0, 1, 2, 3]);
  });

  it('D.106 gathering what is not there fails on every engine', async () => {
    const { dview } = await directViews(2);
    await expect(dview.gather('nope')).rejects.toMatchObject({
      msg: 'one or more exceptions raised in: gather',
      elist: [{ ename: 'ReferenceError' }, { ename: 'ReferenceError' }],
    });
  });

  it('D.108 return AsyncResults', async () => {
    const { dview } = await directViews(2);
    expect(String(dview.scatter('a', [1, 2]))).toBe('<AsyncResult: scatter>');
    const ar = dview.gather('a');
    expect(ar).toBeInstanceOf(AsyncMapResult);
    expect(String(ar)).toBe('<AsyncMapResult: gather>');
    await ar;
    expect(ar.length).toBe(2);
  });

  it('D.109 typed arrays stay typed arrays', async () => {
    const { dview } = await directViews();
    const numbers = Float32Array.from({ length: 64 }, (_, i) => i / 2);
    await dview.scatter('a', numbers);
    expect(await dview.pull('[a.constructor.name, a.length]')).toEqual(Array(4).fill(['Float32Array', 16]));
    expect(await dview.gather('a')).toEqual(numbers);
  });

  it('what comes from several engines knows from which', async () => {
    const { rc, dview } = await directViews(2);
    await dview.execute('globalThis.rows = [{ n: 1 }, { n: 2 }]');
    const lists = await dview.pull<object[]>('rows');
    expect(lists.map(originOf)).toEqual([0, 1]);
    const gathered = await dview.gather('rows');
    expect(gathered.map(originOf)).toEqual([0, 0, 1, 1]);
    // One engine's own value is no matter of engines.
    expect(originOf(await rc.at(1).get('rows'))).toBeUndefined();
  });

  it('D.110 round-trip over "all"', async () => {
    const { rc } = await directViews(3);
    const all = rc.directView('all');
    await all.scatter('a', range(64));
    expect(await all.gather('a')).toEqual(range(64));
  });

  it('D.112 take other targets for one call', async () => {
    const { dview } = await directViews();
    await dview.scatter('a', range(5), { targets: [0, 2] });
    expect(await dview.pull('a', { targets: [0, 2] })).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
  });

  it('D.113 round robin is undone by gather', async () => {
    const { dview } = await directViews();
    await dview.scatter('a', range(10), { dist: 'r' });
    expect(await dview.pull('a')).toEqual([
      [0, 4, 8],
      [1, 5, 9],
      [2, 6],
      [3, 7],
    ]);
    expect(await dview.gather('a', { dist: 'r' })).toEqual(range(10));
    expect(() => dview.gather('a', { dist: 'x' as never })).toThrow(/unknown dist "x"/);
  });

  it('D.114 generators and sets are materialised first', async () => {
    const { dview } = await directViews(2);
    await dview.scatter('a', new Set([1, 2, 3]));
    expect(await dview.gather('a')).toEqual([1, 2, 3]);
    await dview.scatter('a', new Map([['k', 'v']]).entries());
    expect(await dview.gather('a')).toEqual([['k', 'v']]);
  });
});
