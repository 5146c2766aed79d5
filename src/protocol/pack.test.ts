import fc from 'fast-check';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { isReference, Reference } from './reference.ts';
import { registerBuiltin, UNSENDABLE } from './canned.ts';
import {
  pack,
  plainReviver,
  transfer,
  unpack,
  UncloneableError,
  type PackOptions,
  type Reviver,
} from './pack.ts';
import type { Packed } from './packed.ts';

const evaluateFunction = (source: string): unknown => (0, eval)(`(${source})`);
const reviver = plainReviver(evaluateFunction);

/** As over a wall: cloned with the transfer list, then revived. */
function travel(value: unknown, options?: PackOptions, receiver: Reviver = reviver): unknown {
  const packed = pack(value, options);
  const sent = structuredClone(packed, { transfer: [...packed.buffers] });
  return unpack(sent, receiver);
}

function messageOf(value: unknown, root = 'args[0]'): string {
  try {
    pack(value, { root });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('pack took the value');
}

it('a Reference is one too where the class is a global of the realm, as it is in every worker of ours', () => {
  Object.defineProperty(globalThis, 'Reference', { value: Reference, enumerable: false, configurable: true });
  try {
    expect(pack(new Reference('part')).value).toEqual({ $tutti: 'reference', expression: 'part' });
  } finally {
    Reflect.deleteProperty(globalThis, 'Reference');
  }
});

describe('round trips', () => {
  it.each([
    ['a string', 'grüße ßø®∫'],
    ['NaN', NaN],
    ['minus zero', -0],
    ['undefined', undefined],
    ['null', null],
    ['a bigint', 12n ** 40n],
    ['nested', { a: 10, b: 1.05, c: [1, [2, { d: null }]], e: { f: 'hi', g: undefined } }],
    [
      'a Map with object keys',
      new Map<unknown, unknown>([
        [{ k: 1 }, [1]],
        ['b', new Map([[1, 2]])],
      ]),
    ],
    ['a Set', new Set([1, 'a', null])],
    ['a Date', new Date(86_400_000)],
    ['an invalid Date', new Date(NaN)],
    ['a RegExp', /a+b/giu],
    ['an ArrayBuffer', new Uint8Array([1, 2, 3]).buffer],
    ['an empty typed array', new Float64Array(0)],
    ['typed arrays', [new Float64Array([1.5, NaN]), new BigInt64Array([3n]), new Uint8ClampedArray([300])]],
    ['a DataView', new DataView(new ArrayBuffer(8), 2, 4)],
    ['an empty array', []],
  ])('S.344 %s comes back as it was', (_name, value) => {
    expect(travel(value)).toStrictEqual(value);
  });

  it('S.344 boxed primitives and holes survive', () => {
    const copy = travel([new Number(5), new String('x'), Object(3n)]) as object[];
    expect(copy.map((box) => [typeof box, box.valueOf()])).toEqual([
      ['object', 5],
      ['object', 'x'],
      ['object', 3n],
    ]);
    const sparse = travel([1, , 3, ,]) as number[];
    expect([sparse.length, 1 in sparse, 2 in sparse, 3 in sparse]).toEqual([4, false, true, false]);
  });

  it('a huge array with few elements is copied by its keys', () => {
    const huge: number[] = [];
    huge[4_000_000_000] = 7;
    const { value } = pack(huge);
    expect([(value as number[]).length, (value as number[])[4_000_000_000]]).toEqual([4_000_000_001, 7]);
  });

  it('S.344 errors keep name, message, stack, cause and own fields', () => {
    const error = Object.assign(new TypeError('bad', { cause: new RangeError('inner') }), { code: 42 });
    const copy = travel({ error }) as { error: typeof error };
    expect(copy.error).toBeInstanceOf(TypeError);
    expect([copy.error.message, copy.error.stack, copy.error.code]).toEqual(['bad', error.stack, 42]);
    expect(copy.error.cause).toBeInstanceOf(RangeError);
    expect(Object.keys(copy.error)).toEqual(['code']);
  });

  it('an error of a class of the user keeps its name', () => {
    class MyError extends Error {
      override name = 'MyError';
    }
    const copy = travel(new MyError('m')) as Error;
    expect([copy.name, copy.message, copy instanceof Error]).toEqual(['MyError', 'm', true]);
  });

  it('an AggregateError keeps its list', () => {
    const copy = travel(new AggregateError([new TypeError('a'), 5], 'both')) as AggregateError;
    expect(copy).toBeInstanceOf(AggregateError);
    expect([(copy.errors[0] as Error).message, copy.errors[1]]).toEqual(['a', 5]);
  });

  it('S.350 one object in two places stays one object, and cycles close', () => {
    const shared = { n: 1 };
    const value: Record<string, unknown> = { a: shared, b: [shared], f: (x: number) => x };
    value['self'] = value;
    const copy = travel(value) as { a: object; b: object[]; self: object };
    expect(copy.b[0]).toBe(copy.a);
    expect(copy.self).toBe(copy);
  });

  it('keys that name prototypes are data', () => {
    const value = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "then": 3}') as object;
    const copy = travel([value, () => 1]) as [object];
    expect(Object.getPrototypeOf(copy[0])).toBe(Object.prototype);
    expect(Object.entries(copy[0])).toEqual(Object.entries(value));
  });

  it('a value of another realm is packed like ours', () => {
    const other: unknown = vm.runInNewContext(
      `({ m: new Map([[1, new Set([2])]]), d: new Date(5), e: new TypeError('t'), a: [new Float32Array([1, 2])],
         f: function twice(x) { return 2 * x }, r: /x/g, o: Object.create(null) })`,
    );
    const copy = travel(other) as Record<string, unknown>;
    expect(copy['m']).toStrictEqual(new Map([[1, new Set([2])]]));
    expect(copy['d']).toStrictEqual(new Date(5));
    expect(copy['e']).toBeInstanceOf(TypeError);
    expect(copy['a']).toStrictEqual([new Float32Array([1, 2])]);
    expect((copy['f'] as (x: number) => number)(4)).toBe(8);
  });
});

describe('functions, References and what Tutti provides', () => {
  it('S.345 functions survive at any depth', () => {
    const copy = travel({ a: [new Map([['f', (x: number) => x + 1]])] }) as {
      a: [Map<string, (x: number) => number>];
    };
    expect(copy.a[0].get('f')?.(1)).toBe(2);
  });

  it('S.346 a class brings the class it extends', () => {
    class Animal {
      legs() {
        return 4;
      }
    }
    class Dog extends Animal {
      sound() {
        return `wuff on ${String(this.legs())}`;
      }
    }
    const Copy = travel(Dog) as typeof Dog;
    expect(new Copy().sound()).toBe('wuff on 4');
  });

  it('S.346 an object keeps its methods where its class is known, else its fields', () => {
    class Point {
      x = 3;
      double() {
        return 2 * this.x;
      }
    }
    const knowing = { ...reviver, classNamed: (name: string) => (name === 'Point' ? Point : undefined) };
    expect((travel(new Point(), {}, knowing) as Point).double()).toBe(6);
    expect(travel({ p: new Point() })).toEqual({ p: { x: 3 } });
  });

  it('H.164 References are found at any depth and replaced by the receiver', () => {
    const onEngine = { ...reviver, reference: (expression: string) => `<${expression}>` };
    const value = { foo: [Reference('a'), new Map([['k', new Reference('g[0]')]])] };
    expect(travel(value, {}, onEngine)).toEqual({ foo: ['<a>', new Map([['k', '<g[0]>']])] });
  });

  it('H.165 a Reference to something that is no text is a TypeError, with and without new', () => {
    const make = Reference as unknown as (x: unknown) => Reference;
    expect(() => make(5)).toThrow(TypeError);
    expect(() => make(5)).toThrow('illegal name');
    expect(Reference('x')).toBeInstanceOf(Reference);
    expect(isReference(new Reference('x'))).toBe(true);
  });

  it('a client gets References back as References', () => {
    expect((travel([Reference('a')]) as [Reference])[0]).toEqual(new Reference('a'));
  });

  it('functions of Tutti travel by name', () => {
    const sleep = registerBuiltin('sleepForTest', (t: number) => t);
    expect(pack([sleep]).value).toEqual([{ $tutti: 'builtin', name: 'sleepForTest' }]);
    expect((travel([sleep]) as unknown[])[0]).toBe(sleep);
  });

  it("a user's object with a key $tutti is the user's", () => {
    const tricky = {
      $tutti: 'function',
      source: '() => { throw 1 }',
      name: '',
      inner: { $tutti: 'reference' },
    };
    expect((travel([tricky, () => 1]) as unknown[])[0]).toEqual(tricky);
  });

  it('the same function twice is one function', () => {
    const f = () => 1;
    const [a, b] = travel([f, f]) as unknown[];
    expect(a).toBe(b);
  });
});

describe('what cannot be sent is named by its path', () => {
  it.each([
    [{ foo: { bar: Symbol('s') } }, 'args[0].foo.bar is a symbol, which cannot be sent.'],
    [{ list: [1, Promise.resolve(1)] }, 'args[0].list[1] is a Promise, which cannot be sent. Await it'],
    [new Map([['k', new WeakMap()]]), 'args[0].get("k") is a WeakMap, which cannot be sent.'],
    [{ 'odd key': new Set([Symbol.iterator]) }, 'args[0]["odd key"].values[0] is a symbol'],
    [{ g: [1].values() }, 'args[0].g is an Array Iterator, which cannot be sent. Make a list'],
    [new Error('x', { cause: Symbol('s') }), 'args[0].cause is a symbol'],
  ])('S.344 %o', (value, message) => {
    expect(messageOf(value)).toContain(message);
    expect(() => pack(value)).toThrow(UncloneableError);
  });

  it('the error is a DataCloneError', () => {
    expect(() => pack(Symbol('s'), { root: 'result' })).toThrow(
      expect.objectContaining({
        name: 'DataCloneError',
        message: expect.stringContaining('result is a symbol') as string,
      }),
    );
  });

  it('native and bound functions are TypeErrors that say what to do', () => {
    expect(() => pack({ f: parseInt })).toThrow(TypeError);
    expect(messageOf({ f: parseInt })).toMatch(
      /^args\[0\]\.f is a native or bound function \(parseInt\).*Wrap it/,
    );
    expect(messageOf((() => 1).bind(null))).toContain('args[0] is a native or bound function');
    expect(messageOf(new Proxy(() => 1, {}))).toContain('native or bound');
  });

  it('an empty root lets the path begin with the first key', () => {
    expect(messageOf({ f: Symbol('s') }, '')).toMatch(/^f is a symbol/);
  });

  it('a getter that throws is named', () => {
    const value = {
      deep: {
        get bad(): number {
          throw new RangeError('no');
        },
      },
    };
    expect(messageOf(value)).toBe('args[0].deep.bad could not be read: RangeError: no');
  });

  it('a getter is read once', () => {
    let reads = 0;
    const value = {
      get once() {
        return ++reads;
      },
    };
    expect(pack(value).value).toEqual({ once: 1 });
    expect(reads).toBe(1);
  });

  it('an object of ours says itself what to send instead', () => {
    class Handle {
      readonly [UNSENDABLE] = 'Await it first.';
    }
    expect(messageOf([new Handle()])).toBe('args[0][0] is a Handle, which cannot be sent. Await it first.');
  });
});

describe('buffers', () => {
  it('S.348 the copy is taken at the moment of the call', () => {
    const array = new Float64Array([1, 2]);
    const list = [1, 2];
    const packed = pack({ array, list });
    array[0] = 99;
    list.push(3);
    expect(packed.value).toEqual({ array: new Float64Array([1, 2]), list: [1, 2] });
  });

  it('views that share a buffer still share the copy, listed once', () => {
    const buffer = new ArrayBuffer(16);
    const packed = pack([new Uint8Array(buffer, 0, 8), new Uint8Array(buffer, 4, 8)]);
    const [a, b] = packed.value as [Uint8Array, Uint8Array];
    expect(a.buffer).toBe(b.buffer);
    expect(a.buffer).not.toBe(buffer);
    expect(packed.buffers).toEqual([a.buffer]);
    expect(b.byteOffset).toBe(4);
  });

  it('a lone view takes only the part it shows', () => {
    const view = new Float64Array(new ArrayBuffer(8000), 80, 2).fill(7);
    const packed = pack({ a: [view], again: view });
    const { a, again } = packed.value as { a: [Float64Array]; again: Float64Array };
    expect([a[0].buffer.byteLength, again === a[0], [...again]]).toEqual([16, true, [7, 7]]);
    expect(packed.buffers).toEqual([again.buffer]);
  });

  it('a lone view at the root and as a key of a Map', () => {
    expect(pack(new Uint8Array(new ArrayBuffer(9), 1, 3)).value).toEqual(new Uint8Array(3));
    const key = new Uint8Array(new ArrayBuffer(9), 1, 3);
    const { value } = pack(new Map([[key, 1]]));
    expect([...(value as Map<Uint8Array, number>).keys()][0]).toEqual(new Uint8Array(3));
  });

  it('with move the buffers are moved at once and listed', () => {
    const array = new Float64Array([1, 2, 3]);
    const packed = pack({ array, also: array.buffer }, { move: true });
    expect(array.byteLength).toBe(0);
    expect([...(packed.value as { array: Float64Array }).array]).toEqual([1, 2, 3]);
    expect(packed.buffers).toEqual([(packed.value as { also: ArrayBuffer }).also]);
    expect(packed.bytes).toBeGreaterThanOrEqual(24);
  });

  it('a refused value leaves the buffers it was to move', () => {
    const array = new Float64Array([1, 2, 3]);
    expect(() => pack([array, Symbol('s')], { move: true })).toThrow(UncloneableError);
    expect(array.length).toBe(3);
  });

  it('S.352 a detached buffer is a clear error', () => {
    const array = new Uint8Array(8);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    expect(messageOf({ array })).toBe(
      'args[0].array is on a detached ArrayBuffer: its bytes were moved away before. Send a copy.',
    );
  });

  it('transfer() moves what it marks and nothing else', () => {
    const big = new Float64Array(4);
    const small = new Float64Array([5]);
    const copy = travel({ big: transfer(big), small });
    expect([big.byteLength, small.byteLength]).toEqual([0, 8]);
    expect(copy).toEqual({ big: new Float64Array(4), small: new Float64Array([5]) });
  });

  it('shared memory stays shared', () => {
    const shared = new Int32Array(new SharedArrayBuffer(8));
    const copy = travel({ shared }) as { shared: Int32Array };
    copy.shared[1] = 9;
    expect(shared[1]).toBe(9);
    expect(pack({ shared }).buffers).toEqual([]);
  });
});

describe('speed and size', () => {
  it('a million numbers pack and unpack in well under a second', () => {
    const numbers = Array.from({ length: 1_000_000 }, (_, i) => i / 2);
    const times = Array.from({ length: 3 }, () => {
      const begin = performance.now();
      unpack(pack({ numbers, f: () => 1 }), reviver);
      return performance.now() - begin;
    });
    expect(Math.min(...times)).toBeLessThan(1000);
  });

  it('bytes count buffers once and text by its length', () => {
    const buffer = new ArrayBuffer(1000);
    const { bytes } = pack([buffer, buffer, 'x'.repeat(500)]);
    expect(bytes).toBeGreaterThanOrEqual(2000);
    expect(bytes).toBeLessThan(2200);
  });
});

const leaf = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.bigInt(),
  fc.date(),
  fc.uint8Array(),
  fc.float64Array(),
);

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('tree')),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('$tutti'), fc.constant('__proto__')), tie('tree')),
    fc.array(fc.tuple(tie('tree'), tie('tree'))).map((entries) => new Map(entries)),
    fc.array(tie('tree')).map((items) => new Set(items)),
  ),
}));

describe('for any value', () => {
  it('pack, clone, unpack gives an equal value', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(travel(value)).toEqual(value);
      }),
    );
  });

  it('what was shared is shared again, and a cycle closes', () => {
    fc.assert(
      fc.property(tree, (shared) => {
        const box: Record<string, unknown> = { first: shared, second: new Map([[1, shared]]), view: null };
        box['loop'] = [box];
        const copy = travel(box) as { first: unknown; second: Map<number, unknown>; loop: unknown[] };
        expect(copy.second.get(1)).toBe(copy.first);
        expect(copy.loop[0]).toBe(copy);
        expect(copy.first).toEqual(shared);
      }),
    );
  });

  it('J.224 one bad thing anywhere is found and its path ends where it is', () => {
    fc.assert(
      fc.property(tree, fc.array(fc.constantFrom('a', 'b', 0, 3), { maxLength: 6 }), (good, way) => {
        let value: unknown = Symbol('bad');
        for (const step of way.toReversed()) {
          value =
            typeof step === 'string' ? { good, [step]: value } : [...Array<unknown>(step).fill(good), value];
        }
        const path = way
          .map((step) => (typeof step === 'string' ? `.${step}` : `[${String(step)}]`))
          .join('');
        expect(messageOf(value)).toContain(`args[0]${path} is a symbol`);
      }),
    );
  });

  it('a packed value is always clonable and lists each buffer once', () => {
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withSet: true, withTypedArray: true, withDate: true }),
        (value) => {
          const packed: Packed = pack(value);
          expect(new Set(packed.buffers).size).toBe(packed.buffers.length);
          structuredClone(packed, { transfer: [...packed.buffers] });
        },
      ),
    );
  });
});
