import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { freeNames } from './free-names.ts';
import { functionExpression, functionName, isNativeSource } from './function-source.ts';

type Callable = (...args: unknown[]) => unknown;

const key = 'computed';
class Sample {
  plain(x: number) {
    return x + 1;
  }
  static fixed(x: number) {
    return x + 1;
  }
  async later(x: number) {
    return Promise.resolve(x + 1);
  }
  *[Symbol.iterator](x = 1) {
    yield x + 1;
  }
  field = (x: number) => x + 1;
  #hidden(x: number) {
    return x + 1;
  }
  get hidden() {
    // oxlint-disable-next-line typescript/unbound-method -- its source is what is asked for
    return this.#hidden;
  }
  get value() {
    return 1;
  }
}
const sample = new Sample();
const literal = {
  short(x: number) {
    return x + 1;
  },
  [key + '[0]'](x: number) {
    return x + 1;
  },
  'quoted name'(x: number) {
    return x + 1;
  },
  7(x: number) {
    return x + 1;
  },
  async(x: number) {
    return x + 1;
  },
  get(x: number) {
    return x + 1;
  },
  static(x: number) {
    return x + 1;
  },
};

function revive(f: unknown): Callable {
  return vm.runInThisContext(functionExpression(String(f))) as Callable;
}

/** Only the text is wanted, so nothing is called without its object. */
function member(owner: object, name: PropertyKey): unknown {
  return Reflect.get(owner, name);
}

describe('functionExpression', () => {
  it.each<[string, unknown]>([
    ['arrow', (x: number) => x + 1],
    [
      'arrow with a body',
      (x: number) => {
        return x + 1;
      },
    ],
    ['arrow that gives an object', (x: number) => ({ valueOf: () => x + 1 })],
    [
      'function',
      function (x: number) {
        return x + 1;
      },
    ],
    [
      'named function',
      function named(x: number) {
        return x + 1;
      },
    ],
    [
      'recursive function',
      function down(x: number): number {
        return x > 0 ? down(x - 1) + 1 : 2 - 1;
      },
    ],
    ['method', member(Sample.prototype, 'plain')],
    ['static method', member(Sample, 'fixed')],
    ['field', sample.field],
    ['private method', sample.hidden],
    ['shorthand', member(literal, 'short')],
    ['computed', member(literal, 'computed[0]')],
    ['quoted', member(literal, 'quoted name')],
    ['number', member(literal, 7)],
    ['named async', member(literal, 'async')],
    ['named get', member(literal, 'get')],
    ['named static', member(literal, 'static')],
  ])('%s', (_, f) => {
    expect(Number(revive(f)(1))).toBe(2);
  });

  it('keeps async functions, generators and classes what they are', async () => {
    expect(await revive(async (x: number) => Promise.resolve(x + 1))(1)).toBe(2);
    expect(await revive(member(Sample.prototype, 'later'))(1)).toBe(2);
    expect([...(revive(member(Sample.prototype, Symbol.iterator))(1) as Iterable<number>)]).toEqual([2]);
    const asyncGenerator = revive(async function* (x: number) {
      yield Promise.resolve(x + 1);
    });
    const seen: unknown[] = [];
    for await (const value of asyncGenerator(1) as AsyncIterable<unknown>) seen.push(value);
    expect(seen).toEqual([2]);
    const Revived = revive(Sample) as unknown as typeof Sample;
    expect([new Revived().plain(1), Revived.fixed(1), new Revived().value]).toEqual([2, 2, 1]);
  });

  it.each<[string, string, RegExp]>([
    ['a native function', String(Math.max), /^Native and bound functions have no source/],
    ['a bound function', String((() => 1).bind(null)), /^Native and bound functions have no source/],
    [
      'a getter',
      String(member(Object.getOwnPropertyDescriptor(Sample.prototype, 'value') ?? {}, 'get')),
      /^Getters and setters cannot travel/,
    ],
    ['a setter', 'set x(value) {}', /^Getters and setters cannot travel/],
    [
      'a method that needs its class',
      'm() { return this.#x }',
      /^This is not the source of a function: m\(\)/,
    ],
    ['an expression', '1 + 1', /^This is not the source of a function: 1 \+ 1/],
    ['nothing', '', /^This is not the source of a function/],
    ['two things', 'x => x)(y => y', /^This is not the source of a function/],
    ['an object', 'a: 1', /^This is not the source of a function/],
  ])('refuses %s', (_, source, message) => {
    expect(() => functionExpression(source)).toThrow(TypeError);
    expect(() => functionExpression(source)).toThrow(message);
  });

  it('tells native functions from others', () => {
    expect([Math.max, parseInt, isNaN.bind(null), Map].map((f) => isNativeSource(String(f)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([() => '[native code]', Sample].map((f) => isNativeSource(String(f)))).toEqual([false, false]);
  });
});

describe('functionName', () => {
  it.each([
    ['function f() {}', 'f'],
    ['async function* g() {}', 'g'],
    ['class A {}', 'A'],
    ['(x) => x', ''],
    ['function () {}', ''],
    ['async *m() {}', 'm'],
    ['"a b"() {}', 'a b'],
    ['[x]() {}', ''],
    ['#p() {}', 'p'],
  ])('of %j is %j', (source, name) => {
    expect(functionName(source)).toBe(name);
  });
});

describe('freeNames', () => {
  it.each([
    ['x => x + k', 'k'],
    ['function f(n) { return n ? f(n - 1) : done }', 'done'],
    [
      'function (a, { b, c: [d] = e }, ...g) { var h = i; return a + b + d + g + h + arguments.length }',
      'e i',
    ],
    ['() => { { let a; function b() {} } return [a, b] }', 'a'],
    ['() => { try { t() } catch (e) { e() } e() }', 't e'],
    ['() => { for (const x of xs) f(x); for (y of ys) ; x }', 'xs f ys x'],
    ['() => { counter = 1; total += 1 }', 'total'],
    ['() => typeof window === "undefined" ? 1 : window.x', ''],
    ['() => ({ a, b: c, [d]: e }).f.g', 'a c d e'],
    ['() => `${a}${b`c`}`', 'a b'],
    ['class A extends B { x = y; static z = w; [k]() { return A } static { var v = v0 } }', 'B y w k v0'],
    ['m(x) { return super.m(this.y, x, z) }', 'z'],
    ['async () => { await using a = b; return __tuttiImport("d3") }', 'b'],
    ['() => { l: for (;;) { break l } }', ''],
    ['(a = b, b) => a', ''],
    ['() => Math.max(undefined, NaN)', 'Math undefined NaN'],
    ['() => { switch (a) { case b: let c; default: c } return c }', 'a b c'],
    ['() => { var a = () => b; var b }', ''],
    ['[k](x) { return x + y }', 'y'],
  ])('of %j are %j', (source, names) => {
    expect(freeNames(source).join(' ')).toBe(names);
  });

  it('of text that is no function: a TypeError', () => {
    expect(() => freeNames('1 +')).toThrow(TypeError);
  });
});
