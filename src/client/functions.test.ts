import { afterEach, describe, expect, it } from 'vitest';
import { registerCodec, unregisterCodec } from '../protocol/codecs.ts';
import { Reference } from '../protocol/reference.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { capture, partial } from './capture.ts';
import { RemoteError } from './errors.ts';

declare const engine: { readonly id: number };
declare const nowhere: unknown;

afterEach(closeClusters);

async function views(n = 2) {
  const { rc } = await testCluster({ n });
  return { rc, dview: rc.slice(), e0: rc.at(0), lview: rc.loadBalancedView() };
}

const failure = async (result: PromiseLike<unknown>): Promise<RemoteError> => {
  try {
    await result;
  } catch (error) {
    if (error instanceof RemoteError) return error;
  }
  throw new Error('expected a RemoteError');
};

describe('capture', () => {
  it('S.354 sends variables along, functions and classes among them', async () => {
    const { dview, lview } = await views();
    const k = 10;
    class Scale {
      by(x: number) {
        return x * k;
      }
    }
    const add = (x: number) => x + k;
    const f = capture({ add: capture({ k }, add), Scale: capture({ k }, Scale) }, (x: number) => {
      return add(x) + new Scale().by(x);
    });
    expect(f(1)).toBe(21);
    expect(await dview.apply(f, 1)).toEqual([21, 21]);
    expect(await lview.map(f, [1, 2])).toEqual([21, 32]);
  });

  it('B.62 functions that are default arguments of functions are captured', async () => {
    const { e0 } = await views(1);
    const foo = () => 'foo';
    const bar = capture({ foo }, (f = foo) => f());
    await e0.push({ bar });
    expect(await e0.pull('bar()')).toBe('foo');
    expect((await e0.pull<() => string>('bar'))()).toBe('foo');
  });

  it('takes the values of the submission, each engine its own', async () => {
    const { dview } = await views();
    const state = { list: [1], data: Float64Array.of(1) };
    const f = capture({ state }, () => {
      state.list.push(2);
      return state.list.length + (state.data[0] ?? 0);
    });
    const ar = dview.applyAsync(f);
    state.list.push(5);
    expect(await ar).toEqual([3, 3]);
    expect(await dview.apply(f)).toEqual([4, 4]);
  });

  it('References among the values are the engine’s own', async () => {
    const { dview } = await views();
    await dview.execute('here = engine.id * 100');
    const where = new Reference('here') as unknown as number;
    expect(await dview.apply(capture({ where }, () => where))).toEqual([0, 100]);
  });

  it('is the function itself but for its variables, and captures add up', async () => {
    const { e0 } = await views(1);
    const [a, b] = [1, 2];
    function sum(c: number) {
      return a + b + c;
    }
    const both = capture({ b }, capture({ a, b: 50 }, sum));
    expect([both(3), both.name, both.length]).toEqual([6, 'sum', 1]);
    expect(String(both)).toBe(String(sum));
    const ar = e0.applyAsync(both, 3);
    expect([await ar, ar.name]).toEqual([6, 'sum']);
    expect((await failure(e0.apply(sum, 3))).evalue).toMatch(/^a is not defined/);
  });

  it('refuses what is no name, no values or no function', () => {
    expect(() => capture({ 'a-b': 1 }, () => 1)).toThrow(/"a-b" cannot be the name of a variable/);
    expect(() => capture({ class: 1 }, () => 1)).toThrow(TypeError);
    expect(() => capture([1] as never, () => 1)).toThrow(/capture takes an object/);
    expect(() => capture({ k: 1 }, 5 as never)).toThrow(/capture takes an object/);
    expect(() => capture({ k: 1 }, Math.max)).toThrow(/max is native or bound/);
  });
});

describe('partial', () => {
  it('S.356 gives a function its first arguments, buffers among them', async () => {
    const { dview, lview } = await views();
    const data = Float64Array.of(1, 2, 3);
    const dot = partial(
      (a: Float64Array, b: number[]) => b.reduce((sum, x, i) => sum + x * (a[i] ?? 0), 0),
      data,
    );
    expect(dot([1, 1, 1])).toBe(6);
    expect(await dview.apply(dot, [1, 0, 1])).toEqual([4, 4]);
    expect(
      await lview.map(
        partial((x: number, y: number) => x - y, 10),
        [1, 2],
      ),
    ).toEqual([9, 8]);
    expect(data).toHaveLength(3);
  });

  it('takes the language’s own functions and References', async () => {
    const { e0 } = await views(1);
    expect(await e0.apply(partial(Math.max, 1, 7), 3)).toBe(7);
    await e0.execute('g = (a, b) => a + b');
    expect(await e0.apply(partial(new Reference('g'), 1), 2)).toBe(3);
    expect(() => partial(5 as never)).toThrow('f must be callable');
  });
});

describe('functions that need themselves, or each other', () => {
  it('18 captured, they can', async () => {
    const { e0 } = await views(1);
    const fact = (n: number): number => (n < 2 ? 1 : n * fact(n - 1));
    expect(await e0.apply(capture({ fact }, fact), 5)).toBe(120);
    expect(
      await e0.apply(
        capture({ fact }, (n: number) => fact(n) + 1),
        5,
      ),
    ).toBe(121);
    const isEven = (n: number): boolean => n === 0 || isOdd(n - 1);
    const isOdd = (n: number): boolean => n !== 0 && isEven(n - 1);
    expect(await e0.apply(capture({ isEven, isOdd }, isEven), 10)).toBe(true);
    expect(
      await e0.apply(
        capture({ isEven, isOdd }, (n: number) => [isEven(n), isOdd(n)]),
        7,
      ),
    ).toEqual([false, true]);
    function down(n: number): string {
      return n === 0 ? unit : down(n - 1) + unit;
    }
    const unit = '.';
    expect(await e0.apply(capture({ down, unit }, down), 3)).toBe('....');
    class Tree {
      kids: Tree[] = [];
      grow(n: number): this {
        if (n > 0) this.kids.push(new Tree().grow(n - 1));
        return this;
      }
      get depth(): number {
        return 1 + Math.max(0, ...this.kids.map((kid) => kid.depth));
      }
    }
    expect(await e0.apply(capture({ Tree }, () => new Tree().grow(3).depth))).toBe(4);
    expect(capture({ fact }, fact)(4)).toBe(24);
    const stranger = (n: number) => n + unit.length;
    expect(await e0.map(capture({ stranger, unit }, stranger), [1, 2])).toEqual([2, 3]);
  });
});

describe('a variable that cannot travel', () => {
  it.each([
    ['document', /belongs to a page: tasks run in workers, which have no document/],
    ['window', /belongs to a page/],
    ['localStorage', /Keep data in a variable, or in files/],
    ['rc', /stays in the notebook's kernel|cannot be sent/],
    ['Client', /stays in the notebook's kernel/],
    [
      'lview',
      /'lview' is <LoadBalancedView null> in the notebook, and cannot be sent\. Views stay where they are/,
    ],
    ['dview', /'dview' is <DirectView \[0\]> in the notebook/],
    ['ar', /Send the result instead/],
    ['d3', /in the task, const d3 = await import\('d3'\); or .* view\.syncImports\(\['d3'\]\)/],
    ['Plot', /await import\('@observablehq\/plot'\); .*\['@observablehq\/plot as Plot'\]/],
    ['lib', /'lib' is a module, which engines load for themselves/],
    ['process', /belongs to Node\.js/],
    ['mine', /push it \(view\.push\(\{ mine \}\)\)/],
  ])('20 %s: the advice is true', async (name, advice) => {
    const here: Record<string, unknown> = { mine: 5, lib: await import('../protocol/terms.ts') };
    const { rc } = await testCluster({ n: 1, environment: { evaluate: (expression) => here[expression] } });
    Object.assign(here, { rc, lview: rc.loadBalancedView(), dview: rc.slice(), ar: rc.at(0).apply(() => 1) });
    // Made of text, so that the name is free in it: here some of them are something.
    const f = (0, eval)(`() => ${name}`) as () => unknown;
    const error = await failure(rc.at(0).apply(f));
    expect(error.evalue).toMatch(advice);
    if (name !== 'mine') expect(error.evalue).not.toMatch(/push it|capture it/);
  });
});

describe('a variable that did not travel', () => {
  it('S.354 is a ReferenceError on the engine that names the three cures', async () => {
    const { dview, e0 } = await views();
    const error = await failure(e0.apply(() => nowhere));
    expect(error.ename).toBe('ReferenceError');
    expect(error.evalue).toBe(
      'nowhere is not defined. Functions travel as text, without the variables around them: ' +
        'push it (view.push({ nowhere })), pass it as an argument, or capture it (capture({ nowhere }, f)).',
    );
    expect(error.traceback[0]).toBe(`ReferenceError: ${error.evalue}`);
    expect(error.stack).toContain('capture({ nowhere }, f)');
    await expect(dview.map((x: number) => [x, nowhere], [1, 2])).rejects.toMatchObject({
      elist: [{ evalue: error.evalue }, { evalue: error.evalue }],
    });
    const [item] = await dview.map(() => nowhere, [1], { returnExceptions: true });
    expect(item).toMatchObject({ evalue: error.evalue });
  });

  it('is explained in functions that are arguments or captured, too', async () => {
    const { e0 } = await views(1);
    const inner = () => nowhere;
    expect((await failure(e0.apply((f: () => unknown) => f(), inner))).evalue).toMatch(/push it/);
    expect((await failure(e0.apply(capture({ inner }, () => inner())))).evalue).toMatch(/push it/);
  });

  it('other missing names, and names that are there, are left alone', async () => {
    const { e0 } = await views(1);
    await e0.execute('broken = () => { undefinedHere }; nowhere = 5');
    expect((await failure(e0.apply(new Reference('broken')))).evalue).toBe('undefinedHere is not defined');
    expect((await failure(e0.pull('undefinedHere'))).evalue).toBe('undefinedHere is not defined');
    expect(await e0.apply(() => [nowhere, engine.id])).toEqual([5, 0]);
  });

  it('without a way to read functions the error is as it came', async () => {
    const { rc } = await testCluster({
      n: 1,
      environment: {
        freeNames: () => {
          throw new TypeError('no function');
        },
      },
    });
    expect((await failure(rc.at(0).apply(() => nowhere))).evalue).toBe('nowhere is not defined');
  });
});

describe('a codec', () => {
  const meters = {
    name: 'meters',
    canHandle: (value: object) => 'inFeet' in value,
    encode: ({ meters: n }: { readonly meters: number }) => n,
    decode: (n: number) => ({ meters: n, inFeet: () => n / 0.3048 }),
  };

  it('is told to engines by a call, and then carries objects there and back', async () => {
    const { dview, e0 } = await views();
    registerCodec(meters);
    try {
      await dview.apply(registerCodec, meters);
      const length = meters.decode(3.048);
      expect(await dview.apply((x: typeof length) => Math.round(x.inFeet()), length)).toEqual([10, 10]);
      const back = await e0.apply((x: typeof length) => [x], length);
      expect(back[0]?.inFeet()).toBeCloseTo(10);
    } finally {
      expect(await e0.apply(unregisterCodec, 'meters')).toBe(true);
    }
  });
});
