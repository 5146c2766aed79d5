import { describe, expect, it } from 'vitest';
import { createReviver } from './reviver.ts';
import { parsePath } from './names.ts';
import { Namespace } from './namespace.ts';
import { vmEvaluator } from '../testing/vm-evaluator.ts';

function fresh() {
  const evaluator = vmEvaluator();
  const namespace = new Namespace(evaluator);
  namespace.install({ display: 'ours' });
  return { evaluator, namespace };
}

describe('Namespace', () => {
  it('A.22 lists the user’s names only, hidden ones never', () => {
    const { evaluator, namespace } = fresh();
    expect(namespace.keys()).toEqual([]);
    evaluator.evaluate('a = 1; __tuttiThing = 2; var b = undefined; (0, eval)("function f() {}")');
    expect([...namespace.keys()].toSorted()).toEqual(['a', 'b', 'f']);
    expect(namespace.has('a')).toBe(true);
    expect(namespace.has('c')).toBe(false);
  });

  it('a builtin that the user overwrites is the user’s until cleared', () => {
    const { evaluator, namespace } = fresh();
    namespace.set('display', 1);
    evaluator.evaluate('parseInt = 5; delete globalThis.Set; a = 1');
    expect([...namespace.keys()].toSorted()).toEqual(['a', 'display', 'parseInt']);
    namespace.clear();
    expect(namespace.keys()).toEqual([]);
    expect(evaluator.evaluate('[display, typeof parseInt, typeof Set, typeof a].join()')).toBe(
      'ours,function,function,undefined',
    );
  });

  it('get evaluates an expression, an object literal too', () => {
    const { namespace } = fresh();
    namespace.set('a', { b: [5] });
    expect(namespace.get('a.b[0] + 1 // comment')).toBe(6);
    expect(namespace.get('{ x: 1 }')).toEqual({ x: 1 });
    expect(() => namespace.get('a b')).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
  });

  it('what the realm will not give up is a clear error', () => {
    const { namespace } = fresh();
    expect(() => {
      namespace.set('globalThis.undefined', 1);
    }).toThrow(TypeError);
  });
});

describe('parsePath', () => {
  it.each([
    ['a', ['a']],
    ['a.b.c', ['a', 'b', 'c']],
    ['a[0].b["x \\"y"]', ['a', '0', 'b', 'x "y']],
    ["a['k']", ['a', 'k']],
    ['größe.naïve', ['größe', 'naïve']],
  ])('%s', (path, steps) => {
    expect(parsePath(path)).toEqual(steps);
  });

  it.each(['', '1', 'a.', 'a..b', 'a[b]', 'a b', 'a[0', '.a', 'a;b', 'if'])('%s is refused', (path) => {
    expect(() => parsePath(path)).toThrow(SyntaxError);
  });
});

describe('createReviver', () => {
  it('functions keep their name, see the namespace, and are one each', () => {
    const { evaluator, namespace } = fresh();
    const reviver = createReviver(evaluator, new Map());
    namespace.set('k', 10);
    const f = reviver.functionFrom('x => x * k', 'times') as (x: number) => number;
    expect([f(4), f.name]).toEqual([40, 'times']);
    expect(reviver.functionFrom('x => x * k', 'times')).not.toBe(f);
  });

  it('a class that arrives twice is one class', () => {
    const reviver = createReviver(vmEvaluator(), new Map());
    const Class = reviver.functionFrom('class A {}', 'A') as new () => object;
    expect(new Class()).toBeInstanceOf(reviver.functionFrom('class A {}', 'A'));
  });

  it.each([
    ['a method', 'area(x) { return x }', 'area'],
    ['an async method', 'async area(x) { return x }', 'area'],
    ['a function', 'function f(x) { return x }', 'f'],
    ['an odd name', '(x) => x', '__proto__'],
  ])('%s lives', async (_name, source, name) => {
    const f = createReviver(vmEvaluator(), new Map()).functionFrom(source, name) as (x: number) => unknown;
    expect(await f(3)).toBe(3);
  });
});
