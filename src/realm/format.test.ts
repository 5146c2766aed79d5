import { describe, expect, it } from 'vitest';
import { vmEvaluator } from '../testing/vm-evaluator.ts';
import { formatLine, inspect } from './format.ts';

const vm = vmEvaluator();

describe('inspect shows values as Node does', () => {
  it.each([
    ['[1, 2, 3]', '[ 1, 2, 3 ]'],
    ["'it'", "'it'"],
    ['new Map([["a", { b: 1 }]])', "Map(1) { 'a' => { b: 1 } }"],
    ['new Set([1])', 'Set(1) { 1 }'],
    ['-0', '-0'],
    ['10n', '10n'],
    ['undefined', 'undefined'],
    ['new Float32Array(2)', 'Float32Array(2) [ 0, 0 ]'],
    ['({ f() {}, g: class A {}, get h() { throw 1 } })', '{ f: [Function: f], g: [class A], h: [Getter] }'],
    [
      '({ a: { b: { c: { d: { e: { f: 1 } } } } } })',
      '{\n  a: {\n    b: { c: { d: { e: [Object] } } }\n  }\n}',
    ],
    ['Promise.resolve(1)', 'Promise { <pending> }'],
    ['(() => { const o = {}; o.self = o; return o })()', '<ref *1> { self: [Circular *1] }'],
  ])('%s', (source, text) => {
    expect(inspect(vm.evaluate(`(${source})`))).toBe(text);
  });
});

describe('hostile values never throw', () => {
  it.each([
    [
      'a Proxy whose every trap throws',
      'new Proxy({}, { get() { throw 1 }, ownKeys() { throw 2 }, getPrototypeOf() { throw 3 } })',
    ],
    [
      'a custom inspect that throws',
      "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no') } })",
    ],
    ['a tag that throws', '({ get [Symbol.toStringTag]() { throw 1 } })'],
    ['an error whose stack throws', "Object.defineProperty(new Error('m'), 'stack', { get() { throw 1 } })"],
    ['toString that throws', '({ toString() { throw 1 } })'],
    ['a revoked Proxy', '(() => { const p = Proxy.revocable({}, {}); p.revoke(); return p.proxy })()'],
  ])('%s', (_name, source) => {
    const value = vm.evaluate(`(${source})`);
    expect(inspect(value)).toEqual(expect.any(String));
    expect(formatLine(['%s and %d', value, value])).toEqual(expect.any(String));
  });

  it('the good parts beside a bad one are shown', () => {
    const value = {
      ok: 1,
      bad: new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
        },
      ),
    };
    expect(inspect(value)).toMatch(/^\{ ok: 1, bad: .*cannot be shown: no.*\}$/);
  });
});

describe('huge values are cut, and hardly anything beyond the cut is looked at', () => {
  let looks = 0;
  const watched = new Proxy(
    {},
    {
      ownKeys: () => {
        looks++;
        return [];
      },
      get: () => {
        looks++;
        return undefined;
      },
    },
  );
  const many = Array.from({ length: 100_000 }, (_, i) => (i < 100 ? { i } : watched));
  it.each([
    ['an array', many, /\.\.\. 99900 more items\n\]$/],
    ['an array inside', { x: [many] }, /\.\.\. 99900 more items\n/],
    [
      'a typed array',
      new Float64Array(2_000_000),
      /^Float64Array\(2000000\) \[[^]*\.\.\. 1999900 more items\n\]$/,
    ],
    ['a Map', new Map(many.map((x, i) => [i, x])), /^Map\(100000\) \{[^]*\.\.\. 99900 more items\n\}$/],
    [
      'a Set',
      new Set(many.map((x, i) => (x === watched ? new Proxy(watched, {}) : i))),
      /^Set\(100000\) \{[^]*\.\.\. 99900 more items\n\}$/,
    ],
    [
      'an object',
      Object.fromEntries(many.map((x, i) => [`k${String(i)}`, x])),
      /\.\.\. 99900 more properties\n\}$/,
    ],
    ['a buffer', new ArrayBuffer(64 << 20), /ArrayBuffer/],
    ['a string', 'x'.repeat(10_000_000), /more characters$/],
  ])('%s', (_name, value, end) => {
    looks = 0;
    const text = inspect(value);
    expect(looks).toBeLessThan(5000);
    expect(text.length).toBeLessThan(101_000);
    expect(text).toMatch(end);
  });

  it('a value that is wide at every level is shown less deep', () => {
    const wide = (depth: number): unknown =>
      depth === 0 ? 1 : Array.from({ length: 30 }, () => wide(depth - 1));
    expect(inspect(wide(4)).length).toBeLessThan(101_000);
  });

  it('cycles through huge parts end', () => {
    const loop: Record<string, unknown> = { list: many };
    loop['self'] = loop;
    expect(inspect(loop)).toContain('[Circular *1]');
  });
});

describe('formatLine', () => {
  it.each([
    [['a', 1, { b: [] }], 'a 1 { b: [] }'],
    [['%s is %d and %j', 'x', 5, { a: 1 }], `x is 5 and {"a":1}`],
    [['100%', 'done'], '100% done'],
    [[], ''],
    [['it’s', 'text'], 'it’s text'],
  ])('%o', (args, text) => {
    expect(formatLine(args)).toBe(text);
  });

  it('a value of many parts is cut the same, whatever stands before it', () => {
    const row = Array.from({ length: 40 }, (_, i) => i);
    const cube = row.map(() => row.map(() => row.map(() => [...row])));
    expect(formatLine([{ a: 1 }, cube])).toBe(`{ a: 1 } ${inspect(cube)}`);
    expect(formatLine(['%o', new Date(0), cube]).length).toBeLessThan(10_000);
  });
});
