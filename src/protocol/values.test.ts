import { expect, it, test } from 'vitest';
import { namedKeys } from './list-copy.ts';
import { pack, plainReviver, unpack } from './pack.ts';

const reviver = plainReviver((source, name) => {
  const made: unknown = (0, eval)(`(${source})`);
  if (name !== '' && typeof made === 'function' && made.name === '')
    Object.defineProperty(made, 'name', { value: name });
  return made;
});

/** As over a wall. */
function travel<T>(value: T, knowing: Readonly<Record<string, unknown>> = {}): T {
  const packed = pack(value, { root: 'args[0]' });
  const sent = structuredClone(packed, { transfer: [...packed.buffers] });
  return unpack(sent, { ...reviver, classNamed: (name) => knowing[name] }) as T;
}

const ownFields: [string, () => object][] = [
  ['a match', () => /(\d+)/.exec('ab12') ?? []],
  ['a list of numbers', () => Object.assign([1, 2], { x0: 1, x1: 2 })],
  [
    'a long list of numbers',
    () =>
      Object.assign(
        Array.from({ length: 5000 }, (_n, i) => i),
        { x0: { a: 1 } },
      ),
  ],
  ['a long list with a function beside', () => Object.assign(Array(2000).fill(1) as number[], { f: null })],
  ['a list of records', () => Object.assign([{ a: '1' }, { a: '2' }], { columns: ['a'] })],
  ['a list with holes', () => Object.assign([1, , 3], { name: 'holes' })],
  ['an empty list', () => Object.assign([], { key: 'k' })],
  ['a typed array', () => Object.assign(new Float64Array([1, 2]), { unit: 'm' })],
  ['a view on a part', () => Object.assign(new Uint8Array(new ArrayBuffer(9), 1, 3), { unit: 'm' })],
  ['a DataView', () => Object.assign(new DataView(new ArrayBuffer(4)), { unit: 'm' })],
  ['a buffer', () => Object.assign(new ArrayBuffer(4), { unit: 'm' })],
  ['a Map', () => Object.assign(new Map([[1, 2]]), { label: 'm' })],
  ['a Set', () => Object.assign(new Set([1]), { label: 's' })],
  ['a Date', () => Object.assign(new Date(5), { zone: 'UTC' })],
  ['a RegExp', () => Object.assign(/a/g, { label: 'r' })],
  ['a boxed text', () => Object.assign(Object('ab') as object, { label: 'b' })],
];

test.each(ownFields)('%s keeps the fields that are its own', (_name, make) => {
  const value = make();
  const copy = travel({ value, again: [value] });
  expect(copy.value).toStrictEqual(make());
  expect(Object.keys(copy.value)).toEqual(Object.keys(value));
  expect(copy.again[0]).toBe(copy.value);
});

it.each([2, 2000])('a field of a list of %i that throws when it is read is told with its path', (n) => {
  const list = Object.defineProperty(Array(n).fill(1) as number[], 'bad', {
    enumerable: true,
    get: () => {
      throw new RangeError('not now');
    },
  });
  expect(() => pack({ list }, { root: 'args[0]' })).toThrow(
    'args[0].list.bad could not be read: RangeError: not now',
  );
});

it('fields may lead back, and hold functions', () => {
  const list: unknown[] & { self?: unknown; f?: () => number } = [1];
  list.self = list;
  list.f = () => 5;
  const copy = travel(list);
  expect([copy.self === copy, copy.f?.(), copy[0]]).toEqual([true, 5, 1]);
});

it('a typed array of more than a million items keeps fields of usual names, and is not asked for others', () => {
  const array = Object.assign(new Int16Array(1_000_001), { shape: [3, -0], mine: 1 });
  const copy = travel(array);
  expect([copy.length, copy.shape, Object.hasOwn(copy, 'mine')]).toEqual([1_000_001, [3, -0], false]);
  const big = new Float64Array(4_000_000);
  const start = performance.now();
  for (let i = 0; i < 1000; i++) namedKeys(big);
  // Its keys alone would take half a second, once.
  expect(performance.now() - start).toBeLessThan(300);
});

class Stack extends Array<number> {
  peek() {
    return this.at(-1);
  }
}
class Counter extends Map<string, number> {
  count(key: string) {
    return this.get(key) ?? 0;
  }
}
class Tags extends Set<string> {
  text() {
    return [...this].join();
  }
}
class Day extends Date {
  iso() {
    return this.toISOString().slice(0, 10);
  }
}
class Pattern extends RegExp {
  twice() {
    return this.source.repeat(2);
  }
}
class Vector extends Float64Array {
  sum() {
    return this.reduce((a, b) => a + b, 0);
  }
}
class HttpError extends Error {
  status = 404;
  text() {
    return `${String(this.status)} ${this.message}`;
  }
}
const classes = { Stack, Counter, Tags, Day, Pattern, Vector, HttpError };

test.each<[string, object, (copy: never) => unknown, unknown]>([
  ['Array', Stack.from([1, 2]), (copy: Stack) => [copy.peek(), copy.length], [2, 2]],
  ['Map', new Counter([['a', 3]]), (copy: Counter) => copy.count('a'), 3],
  ['Set', new Tags(['a', 'b']), (copy: Tags) => copy.text(), 'a,b'],
  ['Date', new Day(0), (copy: Day) => copy.iso(), '1970-01-01'],
  ['RegExp', new Pattern('a'), (copy: Pattern) => copy.twice() + String(copy.test('a')), 'aatrue'],
  ['Float64Array', new Vector([1, 2]), (copy: Vector) => copy.sum(), 3],
  ['Error', new HttpError('lost'), (copy: HttpError) => copy.text(), '404 lost'],
])('objects of a class that extends %s have its methods where it is known', (_name, value, use, expected) => {
  expect(use(travel(value, classes) as never)).toEqual(expected);
});

it('a class and its objects in one value belong together', () => {
  class Point {
    x = 1;
    twice() {
      return 2 * this.x;
    }
  }
  const copy = travel({ p: new Point(), Point });
  expect(copy.p).toBeInstanceOf(copy.Point);
  expect(copy.p.twice()).toBe(2);
});

it('functions keep their fields, classes their changed statics, and what their text makes anew', () => {
  const f = Object.assign((x: number) => x, { unit: 'm', nested: { g: () => 2 } });
  const copy = travel(f);
  expect([copy(1), copy.unit, copy.nested.g()]).toEqual([1, 'm', 2]);
  class Registry {
    n = 1;
    static count = 0;
    static known = new WeakMap<object, number>();
    static make = () => new Registry();
    static {
      Registry.count = 5;
    }
    static #secret = 1;
    static secret() {
      return Registry.#secret;
    }
  }
  Registry.count = 7;
  const There = travel(Registry);
  expect([There.count, There.secret(), There.make() instanceof There]).toEqual([7, 1, true]);
  expect(There.known).toBeInstanceOf(WeakMap);
});

it('a function with methods on its prototype keeps them', () => {
  const Old = (0, eval)('(function Old(x) { this.x = x })') as unknown as new (x: number) => {
    twice(): number;
  };
  Object.assign(Old.prototype as object, {
    twice: (0, eval)('(function () { return 2 * this.x })') as object,
  });
  expect(new (travel(Old))(4).twice()).toBe(8);
});

test.each<[string, () => unknown]>([
  ['lib.Base', () => { const lib = { Base: class Base { one() { return 1; } } }; return class Mine extends lib.Base {}; }], // prettier-ignore
  ['a call', () => { const mixin = (B: typeof Object) => class extends B { one() { return 1; } }; return class Mine extends mixin(Object) {}; }], // prettier-ignore
  ['a choice', () => { class Base { one() { return 1; } } return class Mine extends (Math.random() < 2 ? Base : Object) {}; }], // prettier-ignore
  ['another name of a native one', () => { const List = Array; return class Mine extends List { one() { return [1].length; } }; }], // prettier-ignore
  ['a class written out', () => class Mine extends class { one() { return 1; } } {}], // prettier-ignore
  ['braces and texts before the body', () => { const pick = (o: { a: string }) => (o.a === '{' ? class { one() { return 1; } } : Object); return class Mine extends pick({ a: '{' }) {}; }], // prettier-ignore
])('a class that extends %s takes its parent along', (_name, make) => {
  const There = travel(make()) as new () => { one(): number };
  expect(new There().one()).toBe(1);
});

test.each<[string, () => object, RegExp]>([
  ['private fields', () => new (class C { #n = 0; inc() { return ++this.#n; } })(), /^args\[0\]\.deep is an object of class C with private state \(#n\).*registerCodec/], // prettier-ignore
  ['private methods', () => new (class C { #m() { return 1; } go() { return this.#m(); } })(), /private state \(#m\)/], // prettier-ignore
  ['those of a parent', () => { class P { #n = 0; get() { return this.#n; } } return new (class C extends P {})(); }, /class P with private state/], // prettier-ignore
  ['a list of such a class', () => { class L extends Array<number> { #n = 1; get() { return this.#n; } } return new L(); }, /class L with private state/], // prettier-ignore
  ['a Proxy that is revoked', () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; }, /args\[0\]\.deep could not be read: TypeError/], // prettier-ignore
])('%s are refused at once, with the path', (_name, make, message) => {
  expect(() => pack({ deep: make() }, { root: 'args[0]' })).toThrow(message);
});

it('what only looks private is sent', () => {
  class Color {
    hex = '#fff';
    static #made = 0;
    text() {
      return `#${this.hex} /#a/ ${String(Color.#made)}`; // #nothing;
    }
  }
  expect(travel(new Color(), { Color }).text()).toBe('##fff /#a/ 0');
});

test.each([1500, 5000, 100_000])('a list of %i linked objects arrives, also with functions in it', (n) => {
  type Link = { next: Link | null; i: number; f?: () => number };
  let list: Link = { next: null, i: 0, f: () => 7 };
  for (let i = 1; i < n; i++) list = { next: list, i };
  const copy = travel({ list, again: list });
  let last = copy.list;
  let length = 1;
  for (; last.next; last = last.next) length++;
  expect([length, last.f?.(), copy.again === copy.list]).toEqual([n, 7, true]);
});

it('deep Maps, lists and errors do, too', () => {
  let map: Map<string, unknown> = new Map();
  let list: unknown[] = [];
  let error = new Error('first');
  for (let i = 0; i < 3000; i++) {
    map = new Map<string, unknown>([['m', map]]);
    list = [list];
    error = new Error(String(i), { cause: error });
  }
  const copy = travel({ map, list, error });
  let causes = 0;
  for (let at: unknown = copy.error; at instanceof Error; at = at.cause) causes++;
  expect(causes).toBe(3001);
  expect(copy.list.length + copy.map.size).toBe(2);
});

it('what is refused deep down is told with both ends of the way', () => {
  let list: unknown = { bad: Symbol('s') };
  for (let i = 0; i < 2000; i++) list = { next: list };
  expect(() => pack(list, { root: 'args[0]' })).toThrow(
    /^args\[0\]\.next\.next.* … .*\.next\.bad is a symbol/,
  );
});

it('lists with holes cost what is in them', () => {
  const ids: string[] = [];
  ids[7] = 'seven';
  ids[20_000] = 'last';
  const far: unknown[] = [];
  far[4e9] = () => 1;
  const empty: unknown[] = [];
  empty.length = 4e9;
  const copy = travel({ ids, far, empty, f: () => 1 });
  expect(Object.keys(copy.ids)).toEqual(['7', '20000']);
  expect([copy.far.length, (copy.far[4e9] as () => number)(), copy.empty.length]).toEqual([4e9 + 1, 1, 4e9]);
});

it('buffers that can grow stay so', () => {
  const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
  const [following, fixed] = travel([new Uint8Array(buffer), new Uint8Array(buffer, 0, 8)] as const);
  following.buffer.resize(16);
  expect([following.length, fixed.length, fixed.buffer === following.buffer]).toEqual([16, 8, true]);
  const alone = travel(new Float64Array(buffer, 0, 1));
  expect([alone.length, alone.buffer.maxByteLength]).toEqual([1, 16]);
});

it('an AggregateError and a DOMException arrive as such', () => {
  const copy = travel(new AggregateError([new TypeError('a')], 'both'));
  expect([copy instanceof AggregateError, (copy.errors[0] as Error).name]).toEqual([true, 'TypeError']);
  const aborted = travel(new DOMException('stop', 'AbortError'));
  expect([aborted instanceof DOMException, aborted.name]).toEqual([true, 'AbortError']);
});

it('an object of an unknown class says so when a method is called', () => {
  // Only realms with a namespace do: see realm/reviver.
  expect(travel({ s: Stack.from([1]) }).s).toEqual([1]);
});
