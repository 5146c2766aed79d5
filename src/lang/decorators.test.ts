import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { compileCell } from './compile-cell.ts';
import { createDecoratorHook, DECORATOR_HOOK } from './decorator-hook.ts';
import { originalPosition } from './positions.ts';

/** Runs cells one after the other; gives the value of the last, and what `log` was given. */
async function run(...cells: readonly string[]): Promise<{ value: unknown; log: readonly unknown[] }> {
  const log: unknown[] = [];
  const context = vm.createContext({
    log: (...all: unknown[]) => void log.push(...all),
    [DECORATOR_HOOK]: createDecoratorHook(),
  });
  let value: unknown;
  for (const source of cells) {
    const { js } = compileCell(source, { url: 'cell' });
    const start = vm.runInContext(js, context) as () => unknown;
    ({ value } = (await start()) as { value?: unknown });
  }
  return { value, log };
}

const LOGGED = `const logged = (what) => (value, { kind, name, static: s }) => {
  log([what, kind, String(name), s].join(' '));
}`;

describe('decorators in cells', () => {
  it('replace a method; its own text and name stay, and lines too', async () => {
    const twice =
      'const twice = (f, { name }) => function (...a) { return [name, f.name, f(...a) * 2, String(f)] }';
    const { value } = await run(
      twice,
      'class A {\n  @twice\n  area(r: number): number { return r }\n}\nnew A().area(4)',
    );
    expect(value).toEqual(['area', 'area', 8, 'area(r) { return r }']);
    const cell = compileCell('class A {\n  @twice() area(r: number) { return r.x.y }\n}', { url: 'c' });
    const [, line = ''] = cell.js.split('\n');
    expect(originalPosition(cell, 2, line.indexOf('.y') + 1)).toEqual({ line: 2, column: 40 });
  });

  it('are evaluated where they stand and applied in the language’s order', async () => {
    const { log } = await run(
      LOGGED,
      `const at = (what) => (log('at ' + what), logged(what));
@at('class')
class A {
  @at('f') f = log('never yet');
  @at('1') @at('2') m() {}
  static x = log('static field');
  @at('s') static async *s() {}
  @at('g') get v() { return 1 }
  @at('v') set v(x) {}
  @at('sf') static sf = 2;
  @at('c') ['a' + 'b']() {}
  @at('n') 12 = 3
}`,
    );
    expect(log).toEqual([
      ...['at class', 'at f', 'at 1', 'at 2', 'at s', 'at g', 'at v', 'at sf', 'at c', 'at n'],
      's method s true',
      ...[
        '2 method m false',
        '1 method m false',
        'g getter v false',
        'v setter v false',
        'c method ab false',
      ],
      ...['sf field sf true', 'f field f false', 'n field 12 false', 'static field', 'class class A '],
    ]);
  });

  it('change the values of fields, and add initializers that run for each new object', async () => {
    const { value } = await run(
      `const plus = (n) => () => (value) => (value ?? 0) + n;
const bound = (f, { name, addInitializer }) => { addInitializer(function () { this[name] = f.bind(this) }) };
class Base { @plus(1) a = 1 }
class P extends Base {
  @plus(10) @plus(100) x: number = 1
  @plus(5) y;
  @plus(3) list = (1, 20);
  @plus(7) static z = 1;
  @bound who() { return this.x }
}
const { who } = new P(); const p = new P();
[p.a, p.x, p.y, p.list, P.z, who(), Object.keys(p), Object.getOwnPropertyNames(P).sort()]`,
    );
    const names = [
      ['a', 'who', 'x', 'y', 'list'],
      ['length', 'name', 'prototype', 'z'],
    ];
    expect(value).toEqual([2, 111, 5, 23, 8, 111, ...names]);
  });

  it('of classes may replace them; classes without a name get that of their place', async () => {
    const { value } = await run(
      'const sealed = (C) => { Object.freeze(C) }; const swap = () => function Other() {}',
      `@sealed class A {}
const B = @sealed class { };
const C = class { @sealed m() {} };
@swap class D {}
[Object.isFrozen(A), A.name, B.name, C.name, D.name, new (class { @sealed m() {} })().constructor.name]`,
    );
    expect(value).toEqual([true, 'A', 'B', 'C', 'Other', '']);
  });

  it('may be methods of objects, waited for, in parentheses, and hold classes themselves', async () => {
    const { value } = await run(
      `const view = { n: 3, times(f) { return (x) => f(x) * this.n } };
class A {
  @view.times one(x) { return x }
  @(await Promise.resolve((f) => (x) => f(x) + 1)) two(x) { return x }
  @(class { @((f) => () => (g) => () => 'inner ' + g(1)) static make() {} }.make()) three(x) { return x }
}
const a = new A();
[a.one(2), a.two(2), a.three()]`,
    );
    expect(value).toEqual([6, 3, 'inner 1']);
  });

  it('a decorator that is none is a clear error', async () => {
    await expect(run('var d = 1; class A { @d m() {} }')).rejects.toThrow(
      'The decorator of m is not a function',
    );
    await expect(run('var d = () => 1; class A { @d m() {} }')).rejects.toThrow(
      'A decorator gives a function or nothing; that of m gave number',
    );
  });
});
