import { afterEach, describe, expect, it } from 'vitest';
import { carry, type FunctionPlace, locateFunctionsBy } from './canned.ts';
import { registerCodec, unregisterCodec } from './codecs.ts';
import { pack, plainReviver, unpack, UncloneableError } from './pack.ts';

/** As over a wall; functions are compiled among the globals. */
function travel<T>(value: T, seen: (source: string, at?: FunctionPlace) => void = () => undefined): T {
  const packed = pack(value);
  const sent = structuredClone(packed, { transfer: [...packed.buffers] });
  const compile = (source: string, name: string, at?: FunctionPlace) => {
    seen(source, at);
    const fn: unknown = (0, eval)(`(${source})`);
    if (name !== '') Object.defineProperty(fn, 'name', { value: name });
    return fn;
  };
  return unpack(sent, plainReviver(compile)) as T;
}

/** `f`, with its variables said. */
function withValues<F extends (...args: never[]) => unknown>(f: F, values: Record<string, unknown>): F {
  const twin = ((...args: never[]) => f(...args)) as F;
  return carry(twin, { source: Function.prototype.toString.call(f), name: f.name, values });
}

describe('functions that carry variables', () => {
  const k = 3;
  const times = withValues((x: number) => x * k, { k });

  it('have them wherever they are', () => {
    expect(travel(times)(5)).toBe(15);
    expect(travel({ deep: [times] }).deep[0]?.(5)).toBe(15);
  });

  it('keep their name, and travel on from there', () => {
    const there = travel(times);
    const named = travel(withValues(function named() { return k; }, { k: 4 })); // prettier-ignore
    expect(named.name).toBe('named');
    expect([named(), travel(travel(there))(2)]).toEqual([4, 6]);
  });

  it('may carry functions, buffers and each other', () => {
    const even = withValues((n: number): boolean => n === 0 || odd(n - 1), {});
    const odd = withValues((n: number): boolean => n !== 0 && even(n - 1), { even });
    carry(even, { source: '(n) => n === 0 || odd(n - 1)', name: 'even', values: { odd } });
    expect([travel(even)(4), travel(odd)(4)]).toEqual([true, false]);
    const sum = withValues(() => [...data].map(times).join(), { data: Float64Array.of(1, 2), times });
    const data = Float64Array.of(1, 2);
    expect(travel(sum)()).toBe('3,6');
  });

  it('async functions, generators and methods do too', async () => {
    const object = {
      *count() {
        yield* [k, k];
      },
      async later() {
        return Promise.resolve(k);
      },
      plain() {
        return k;
      },
    };
    const there = (name: keyof typeof object) => {
      const method = Reflect.get(object, name) as () => unknown;
      return travel(withValues(method, { k }))();
    };
    expect([...(there('count') as Iterable<number>)]).toEqual([3, 3]);
    expect(await there('later')).toBe(3);
    expect(there('plain')).toBe(3);
  });

  it('classes too, what they extend among it', () => {
    const source = 'class Child extends Base { two() { return this.one() + n; } }';
    class Base {
      one() {
        return 1;
      }
    }
    const Child = travel(carry(() => null, { source, name: 'Child', values: { Base, n: 1 } }));
    expect(new (Child as unknown as new () => { two(): number })().two()).toBe(2);
  });

  it('a class may capture itself, under a name that its text uses', () => {
    const values: Record<string, unknown> = {};
    const Loop = carry(() => null, {
      source: 'class { twin() { return new Self(); } }',
      name: 'Self',
      values,
    });
    values['Self'] = Loop;
    const There = travel(Loop) as unknown as new () => { twin(): object };
    expect(new There().twin()).toBeInstanceOf(There);
  });

  it('what they carry may be refused, and the path says where', () => {
    const bad = withValues(() => k, { settings: { id: Symbol('no') } });
    expect(() => pack({ f: bad }, { root: '' })).toThrow(
      new UncloneableError(
        'f (captured settings).id is a symbol, which cannot be sent. Send the data that the engine needs instead.',
      ),
    );
  });

  it.each([1, 7])('keep their place in the cell, on line %i', (line) => {
    locateFunctionsBy(() => ({ url: 'cell-1/a', line, column: 41 }));
    try {
      const texts: string[] = [];
      travel(times, (source, at) => {
        texts.push('\n'.repeat((at?.line ?? 1) - 1) + ' '.repeat((at?.column ?? 1) - 1) + source);
      });
      expect(texts[0]?.split('\n')[line - 1]?.indexOf('(x) => x * k')).toBe(40);
    } finally {
      locateFunctionsBy(null);
    }
  });
});

describe('codecs', () => {
  class Point {
    readonly #x: number;
    constructor(x: number) {
      this.#x = x;
    }
    get x() {
      return this.#x;
    }
  }
  const codec = {
    name: 'Point',
    class: Point,
    encode: (point: Point) => ({ x: point.x }),
    decode: ({ x }: { x: number }) => new Point(x),
  };

  afterEach(() => {
    unregisterCodec('Point');
  });

  it('say how objects of a class travel, at any depth, each once', () => {
    registerCodec(codec);
    const point = new Point(4);
    const there = travel({ list: [point, point], map: new Map([['p', point]]) });
    expect(there.list[0]).toBeInstanceOf(Point);
    expect(there.list[0]?.x).toBe(4);
    expect(there.list[1]).toBe(there.list[0]);
    expect(there.map.get('p')).toBe(there.list[0]);
    expect(unregisterCodec('Point')).toBe(true);
    expect(() => travel({ point })).toThrow(
      'value.point is an object of class Point with private state (#x), which cannot be sent. ' +
        'Nobody outside the class can read that: tell how it travels with registerCodec({ name, class: Point',
    );
  });

  it('can take things that could not be sent, and the latest that fits is used', () => {
    registerCodec({
      ...codec,
      name: 'Point',
      canHandle: (value) => value instanceof WeakSet,
      decode: () => new Point(9),
    });
    expect((travel(new WeakSet()) as unknown as Point).x).toBe(9);
  });

  it('may encode as values with buffers in them', () => {
    registerCodec({
      ...codec,
      encode: ({ x }: Point) => Float64Array.of(x),
      decode: ([x = 0]: Float64Array) => new Point(x),
    } as never);
    expect(travel(new Point(2)).x).toBe(2);
  });

  it('an error in encode names the path', () => {
    registerCodec({ ...codec, encode: () => { throw new RangeError('too big'); } } as never); // prettier-ignore
    expect(() => pack({ a: new Point(1) }, { root: '' })).toThrow(
      /^a could not be read: RangeError: too big$/,
    );
  });

  it('one that the receiver does not know, and one that is none, are clear errors', () => {
    registerCodec(codec);
    const packed = pack(new Point(1));
    unregisterCodec('Point');
    expect(() =>
      unpack(
        packed,
        plainReviver(() => null),
      ),
    ).toThrow(/codec 'Point', which is not known here/);
    expect(() => { registerCodec({ name: 'x' } as never); }).toThrow(/takes \{ name, class or canHandle/); // prettier-ignore
  });
});
