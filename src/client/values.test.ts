import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBytes, toBytes } from '../engine/comm/letter-bytes.ts';
import { plainReviver } from '../protocol/pack.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { capture } from './capture.ts';
import { RemoteError } from './errors.ts';
import type { Client } from './client.ts';

/** Values against the ways that they can go: each arrives as `structuredClone` has it, or better. */

const shared = { n: 1 };
const loop: Record<string, unknown> = { list: [1] };
loop['self'] = loop;
const buffer = new Float64Array([1, 2, 3]).buffer;

const values: [name: string, value: unknown][] = [
  ['minus zero', -0],
  ['not a number', [NaN, Infinity, -Infinity]],
  ['undefined and null', [undefined, null]],
  ['bigints', [1n, -(2n ** 70n)]],
  ['lone surrogates', ['\ud800', 'a\udc00b', '😀']],
  ['holes', [1, , 3]],
  ['boxed values', [new Number(1), new String('s'), new Boolean(false), Object(3n)]],
  ['the key __proto__', JSON.parse('{"__proto__": 1, "constructor": 2}')],
  ['dates', [new Date(5), new Date(NaN)]],
  ['regular expressions', /a+[/]b/giu],
  ['maps and sets', new Map<unknown, unknown>([[{ k: 1 }, new Set([1n, 'a', new Map([[1, 2]])])]])],
  ['what is in it twice', { a: shared, b: [shared] }],
  ['a cycle', loop],
  ['typed arrays', [new Float32Array([1.5]), new BigUint64Array([1n]), new Uint8ClampedArray([300])]],
  ['views on one buffer', [new Uint8Array(buffer, 3, 5), new DataView(buffer, 8), buffer]],
  ['a typed array', new Int16Array([1, -2])],
  ['an empty buffer', new ArrayBuffer(0)],
  ['a match', /(\d+)/.exec('ab12')],
  ['long lists', Array.from({ length: 3000 }, (_none, i) => (i === 7 ? -0 : i / 3))],
  ['records', Array.from({ length: 100 }, (_none, i) => ({ id: i, name: `n${String(i)}` }))],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 })],
  ['frozen things', Object.freeze([Object.freeze({ a: 1 })])],
];

let rc: Client;

beforeAll(async () => {
  ({ rc } = await testCluster({ n: 2 }));
});

afterAll(closeClusters);

const letter = (value: unknown): unknown => {
  const { head, body } = toBytes({ group: 'g', source: 0, tag: 0, collective: null }, value);
  return fromBytes(
    head,
    body.slice(),
    plainReviver(() => null),
  ).open();
};

const ways: [name: string, go: (value: unknown) => unknown][] = [
  ['an argument and a result', (value) => rc.at(0).apply((x: unknown) => x, value)],
  ['push and pull', async (value) => {
    await rc.at(0).push({ value });
    return rc.at(0).pull('value');
  }], // prettier-ignore
  ['a map', async (value) => (await rc.loadBalancedView().map((x: unknown) => x, [value]))[0]],
  ['a captured variable', (value) => rc.at(0).apply(capture({ value }, () => value))],
  ['a message of comm in shared memory', letter],
];

describe.each(ways)('by %s', (_way, go) => {
  it.each(values)('%s', async (_name, value) => {
    const copy = await go(value);
    if (_name === 'a match') {
      expect([...(copy as string[]), (copy as RegExpExecArray).index]).toEqual(['12', '12', 2]);
      return;
    }
    expect(copy).toEqual(structuredClone(value));
    expect(Object.is(copy, -0)).toBe(Object.is(value, -0));
  });
});

describe('errors of engines', () => {
  const failing = async (f: () => unknown): Promise<RemoteError & Record<string, unknown>> => {
    const error: unknown = await rc.at(0).apply(f).then(() => null, (reason: unknown) => reason); // prettier-ignore
    expect(error).toBeInstanceOf(RemoteError);
    return error as RemoteError & Record<string, unknown>;
  };

  it('keep their own properties and their causes', async () => {
    const error = await failing(() => {
      const cause = Object.assign(new RangeError('inner'), { code: 'E1' });
      throw Object.assign(new TypeError('busy', { cause }), { status: 503, detail: { retry: [1] } });
    });
    expect([error.ename, error['status'], error['detail']]).toEqual(['TypeError', 503, { retry: [1] }]);
    expect(error.cause).toMatchObject({ ename: 'RangeError', message: 'inner', code: 'E1' });
  });

  it('keep their list', async () => {
    const error = await failing(() => {
      throw new AggregateError([new TypeError('a'), 5], 'all');
    });
    expect(error.errors).toMatchObject([{ ename: 'TypeError' }, 5]);
  });

  it.each<[string, () => unknown, unknown]>([
    ['an object', () => { throw { status: 404 }; }, { status: 404 }], // prettier-ignore
    ['null', () => { throw null; }, null], // prettier-ignore
    ['a text', () => { throw 'text'; }, 'text'], // prettier-ignore
  ])('%s that was thrown is there', async (_name, f, thrown) => {
    const error = await failing(f);
    expect(error.thrown).toEqual(thrown);
    expect(error['status']).toBe((thrown as { status?: number } | null)?.status);
  });
});

it('a recursive function captures itself, and others each other', async () => {
  const fact = (n: number): number => (n < 2 ? 1 : n * fact(n - 1));
  expect(await rc.at(0).apply(capture({ fact }, fact), 5)).toBe(120);
  const even = (n: number): boolean => n === 0 || odd(n - 1);
  const odd = (n: number): boolean => n !== 0 && even(n - 1);
  expect(await rc.at(0).apply(capture({ even, odd }, even), 5)).toBe(false);
});

it('a method of a class that the engine does not have names the class', async () => {
  class Unknown extends Array<number> {
    peek() {
      return this.at(-1);
    }
  }
  const ar = rc.at(0).apply((x: { peek(): unknown }) => x.peek(), Unknown.from([1, 2]) as Unknown);
  await expect(ar).rejects.toThrow('peek is a method of the class Unknown, which is not known here');
});
