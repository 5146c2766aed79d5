import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reference } from '../protocol/reference.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { portrait } from '../testing/value-table.ts';
import { RemoteError } from './errors.ts';
import type { DirectView } from './views/direct-view.ts';

/**
 * Whatever value goes to an engine comes back as it was, or there is a clear error that names where in the value
 * the trouble is. A real engine, in this thread.
 */
const RUNS = { seed: 20, numRuns: 150 };

let e0: DirectView<'one'>;

beforeAll(async () => {
  const { rc } = await testCluster({ n: 1 });
  e0 = rc.at(0);
});

afterAll(closeClusters);

const typedArrays = [
  fc.int8Array(),
  fc.uint8Array(),
  fc.uint8ClampedArray(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.float32Array(),
  fc.float64Array(),
  fc.bigInt64Array(),
  fc.bigUint64Array(),
];

const leaf = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, NaN, Infinity, null, undefined, true, false),
  fc.string({ unit: 'binary' }),
  fc.bigInt(),
  fc.date({ noInvalidDate: false }),
  ...typedArrays,
  fc.uint8Array().map((bytes) => bytes.slice().buffer),
  fc.uint8Array().map((bytes) => new DataView(bytes.slice().buffer)),
  fc.constantFrom(/a+b/giu, /^[/\\]$/m),
  fc.string().map((message) => new RangeError(message, { cause: [message] })),
  fc.constantFrom<unknown>(Object(1), Object('boxed'), Object(false)),
);

const keys = fc.oneof(
  fc.string(),
  fc.constantFrom('$tutti', '__proto__', 'constructor', 'then', 'toJSON', 'length', 'a b', "it's", '0'),
);

/** Classes that engines do not have travel with their objects. */
class Stack extends Array<unknown> {
  peek() {
    return this.at(-1);
  }
}
class Counter extends Map<unknown, unknown> {
  twice() {
    return 2 * this.size;
  }
}
class Vector extends Float64Array {
  sum() {
    return this.reduce((a, b) => a + b, 0);
  }
}
class Point {
  at: unknown;
  constructor(at: unknown) {
    this.at = at;
  }
  where() {
    return this.at;
  }
}

const resizable = fc.tuple(fc.nat(16), fc.nat(16)).map(([length, more]) => {
  const buffer = new ArrayBuffer(length, { maxByteLength: length + more });
  new Uint8Array(buffer).fill(7);
  return [buffer, new Uint8Array(buffer), new DataView(buffer)];
});

/** Fields that are no places: those of lists, Maps … are told from their inside by their names. */
const fields = (value: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom('x0', 'groups', '$tutti', 'a b', 'then', ''), value, { maxKeys: 3 });

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree')),
    fc.sparseArray(tie('tree'), { maxLength: 20 }),
    fc.dictionary(keys, tie('tree')),
    fc.array(fc.tuple(tie('tree'), tie('tree'))).map((entries) => new Map(entries)),
    fc.array(tie('tree')).map((items) => new Set(items)),
    resizable,
    // With fields of their own.
    fc
      .tuple(
        fc.oneof(
          fc.array(tie('tree')),
          ...typedArrays,
          fc.date(),
          fc.constant('a').map((source) => new RegExp(source, 'g')),
        ),
        fields(tie('tree')),
      )
      .map(([value, own]) => Object.assign(value, own)),
    fc
      .tuple(fc.array(tie('tree')), fields(tie('tree')))
      .map(([items, own]) => Object.assign(new Set(items), own)),
    // Of classes, which may extend what is native.
    fc.tuple(fc.array(tie('tree')), fields(tie('tree'))).map(([items, own]) => {
      const stack = new Stack();
      stack.push(...items);
      return Object.assign(stack, own);
    }),
    fc.array(fc.tuple(fc.string(), tie('tree'))).map((entries) => new Counter(entries)),
    fc.float64Array({ maxLength: 400 }).map((items) => Vector.from(items)),
    tie('tree').map((at) => new Point(at)),
    // That lead back.
    tie('tree').map((inner) => {
      const ring: Record<string, unknown> = { inner };
      ring['back'] = Object.assign([ring], { ring });
      return ring;
    }),
    // Wrapped: what it holds travels as it would alone.
    fc
      .tuple(fc.string(), tie('tree'))
      .map(([message, cause]) => new AggregateError([cause, message], message, { cause })),
    fc
      .tuple(fc.string(), tie('tree'))
      .map(([message, detail]) => Object.assign(new TypeError(message), { detail })),
  ),
}));

/** Things that cannot be sent, with what the error must call them. */
const unsendable = fc.constantFrom<readonly [value: unknown, what: RegExp]>(
  [Symbol('s'), /is a symbol/],
  [Promise.resolve(1), /is a Promise, .* Await it/],
  [new WeakMap(), /is a WeakMap/],
  [[].values(), /is an Array Iterator, .* Make a list/],
  [(function* () {})(), /is a Generator/],
  [
    {
      get broken() {
        throw new Error('getter');
      },
    },
    /\.broken could not be read: Error: getter/,
  ],
  [Math.max.bind(null), /is a native or bound function/],
);

type Step =
  readonly ['key', string] | readonly ['index', number] | readonly ['map', string] | readonly ['set'];

const steps = fc.array(
  fc.oneof(
    fc.tuple(fc.constant('key' as const), fc.constantFrom('a', 'long name', '$tutti')),
    fc.tuple(fc.constant('index' as const), fc.constantFrom(0, 2)),
    fc.tuple(fc.constant('map' as const), fc.constantFrom('k', 'k k')),
    fc.tuple(fc.constant('set' as const)),
  ),
  { maxLength: 5 },
) as fc.Arbitrary<readonly Step[]>;

/** `value` at the end of a way, with good values around it. */
function bury(value: unknown, way: readonly Step[], good: unknown): unknown {
  return way.reduceRight<unknown>((inner, step) => {
    switch (step[0]) {
      case 'key':
        return { good, [step[1]]: inner };
      case 'index':
        return [...Array<unknown>(step[1]).fill(good), inner];
      case 'map':
        return new Map([[step[1], inner]]);
      case 'set':
        return new Set([inner]);
    }
  }, value);
}

function pathOf(way: readonly Step[]): string {
  const segments = way.map((step) => {
    switch (step[0]) {
      case 'key':
        return /^[\w$]+$/.test(step[1]) ? `.${step[1]}` : `[${JSON.stringify(step[1])}]`;
      case 'index':
        return `[${String(step[1])}]`;
      case 'map':
        return `.get(${JSON.stringify(step[1])})`;
      case 'set':
        return '.values[0]';
    }
  });
  return segments.join('');
}

/** Without the names of classes: this side looks them up in no namespace. */
function portraitOf(value: unknown): string {
  return portrait(value).replaceAll(/^(#\d+ \w+) \S+ /gm, '$1 ');
}

const thrownBy = async (run: () => PromiseLike<unknown>): Promise<Error> => {
  try {
    await run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('expected an Error');
};

describe('any value', () => {
  it('S.344 comes back from an engine as it was, as an argument and as a variable', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (value) => {
        expect(portraitOf(await e0.apply((x: unknown) => x, value))).toBe(portraitOf(value));
        await e0.push({ fuzzed: value });
        expect(portraitOf(await e0.pull('fuzzed'))).toBe(portraitOf(value));
      }),
      RUNS,
    );
  });

  it('S.350 what is shared is shared on the engine and after, and cycles close', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { minLength: 1, maxLength: 3 }), async (shared) => {
        const box: Record<string, unknown> = { first: shared, map: new Map([[shared, shared]]) };
        box['loop'] = box;
        const look = (x: typeof box) => [
          x,
          x['loop'] === x,
          (x['map'] as Map<unknown, unknown>).get(x['first']) === x['first'],
        ];
        const [copy, ...same] = (await e0.apply(look, box)) as [typeof box, boolean, boolean];
        expect(same).toEqual([true, true]);
        expect(copy['loop']).toBe(copy);
        expect((copy['map'] as Map<unknown, unknown>).get(copy['first'])).toBe(copy['first']);
        expect(portraitOf(copy['first'])).toBe(portraitOf(shared));
      }),
      { ...RUNS, numRuns: 40 },
    );
  });

  it('S.345 H.164 functions and References in it live on the engine', async () => {
    await e0.execute('there = 41');
    await fc.assert(
      fc.asyncProperty(steps, tree, async (way, good) => {
        const find = (value: unknown, kinds: readonly (readonly unknown[])[]): unknown =>
          kinds.reduce<unknown>((inner, [kind, key]) => {
            if (kind === 'map') return (inner as Map<unknown, unknown>).get(key);
            return kind === 'set'
              ? [...(inner as Set<unknown>)][0]
              : Reflect.get(inner as object, key as string);
          }, value);
        expect(await e0.apply(find as never, bury(new Reference('there + 1'), way, good), way)).toBe(42);
        const call = (look: typeof find, value: unknown, kinds: readonly (readonly unknown[])[]) =>
          (look(value, kinds) as (x: number) => number)(4);
        expect(
          await e0.apply(
            call as never,
            find,
            bury((x: number) => x * x, way, good),
            way,
          ),
        ).toBe(16);
      }),
      { ...RUNS, numRuns: 60 },
    );
  });

  it('J.224 with something in it that cannot be sent is an error at once that says where, and nothing is queued', async () => {
    await fc.assert(
      fc.asyncProperty(steps, unsendable, tree, async (way, [bad, what], good) => {
        const before = e0.history.length;
        const error = await thrownBy(async () => e0.apply((x: unknown) => x, bury(bad, way, good)));
        expect(error.message).toContain(`args[0]${pathOf(way)}`);
        expect(error.message).toMatch(what);
        expect(e0.history).toHaveLength(before);
      }),
      RUNS,
    );
  });

  it('J.224 a result that cannot be sent is an error of the engine that says where, and the engine lives on', async () => {
    await fc.assert(
      fc.asyncProperty(steps, tree, async (way, good) => {
        const spoil = (make: typeof bury, kinds: readonly Step[], around: unknown) =>
          make(Symbol('s'), kinds, around);
        const error = await thrownBy(async () => e0.apply(spoil as never, bury, way, good));
        expect(error).toBeInstanceOf(RemoteError);
        expect(error.message).toContain(`result${pathOf(way)} is a symbol`);
        expect(await e0.apply(() => 'alive')).toBe('alive');
      }),
      { ...RUNS, numRuns: 60 },
    );
  });

  it('names the platform gives are never mistaken: whatever fast-check thinks of survives or is refused', async () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        expect(await e0.apply((x: unknown) => x, value)).toEqual(value);
      }),
      RUNS,
    );
  });
});
