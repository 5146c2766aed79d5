import vm from 'node:vm';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { GUARD, GUARD_ITEMS } from '../base/guard-text.ts';
import type { CompiledCode } from '../protocol/code.ts';
import { CellSyntaxError } from './cell-syntax-error.ts';
import { compileCell, type CompiledCell } from './compile-cell.ts';
import { createDecoratorHook, DECORATOR_HOOK } from './decorator-hook.ts';
import { createImportHook, IMPORT_HOOK } from './import-hook.ts';
import { originalPosition } from './positions.ts';

const MODULES: Readonly<Record<string, object>> = {
  d3: { default: 'd3 itself', sum: (a: number, b: number) => a + b, 'odd name': 7, then: undefined },
  plot: { line: 'line' },
};

/** A fresh global object and a way to run cells on it, as an engine would: by indirect eval. */
function notebook() {
  const loaded: string[] = [];
  const context = vm.createContext({ log: [] as unknown[] });
  const evaluate = vm.runInContext('(0, eval)', context) as (js: string) => unknown;
  const global = evaluate('globalThis') as Record<string, unknown>;
  global[DECORATOR_HOOK] = createDecoratorHook();
  Object.defineProperty(global, GUARD, { value: (rounds: number) => rounds });
  Object.defineProperty(global, GUARD_ITEMS, { value: (items: unknown) => items });
  global[IMPORT_HOOK] = createImportHook((specifier) => {
    loaded.push(specifier);
    const module = MODULES[specifier];
    return module ? Promise.resolve(module) : Promise.reject(new Error(`No module '${specifier}'`));
  });
  const start = (source: string, url = 'cell-1/abc') => {
    const cell = compileCell(source, { url });
    const result = (evaluate(cell.js) as () => unknown)();
    return { cell, result };
  };
  /** Runs a synchronous cell and gives its value. */
  const run = (source: string, url?: string): unknown => {
    const { cell, result } = start(source, url);
    expect(cell.isAsync).toBe(false);
    return (result as { value?: unknown }).value;
  };
  const runAsync = async (source: string, url?: string): Promise<unknown> => {
    const { cell, result } = start(source, url);
    expect(cell.isAsync).toBe(true);
    return ((await result) as { value?: unknown }).value;
  };
  return { global, loaded, start, run, runAsync };
}

const DECORATED = 'Decorators stand in front of classes and their members, and of nothing else';

function defines(source: string): readonly string[] {
  return compileCell(source, { url: 'c' }).defines;
}

function problem(source: string): { message: string; line: number; column: number } {
  try {
    compileCell(source, { url: 'c' });
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error;
    const { message, line, column } = error;
    expect(error.name).toBe('SyntaxError');
    return { message, line, column };
  }
  throw new Error(`compiles: ${source}`);
}

describe('the value of a cell', () => {
  it.each([
    ['1 + 1', 2],
    ['1 + 1;', 2],
    ['1 + 1;;\n;', 2],
    ['let a = 1; a', 1],
    ['"abc"', 'abc'],
    ["'use strict'", 'use strict'],
    ['5 // five', 5],
    ['5 /* five */ ; // five', 5],
    ['5 // five\n; /* five */', 5],
    ['5\n// the end', 5],
    ['(1, 2)', 2],
    ['x = 7', 7],
    ['`//# sourceURL=evil\n`.length', 19],
    ['"a\u2028b".length', 3],
    ['#!/usr/bin/env tutti\n6', 6],
    ['let π = 3\r\nπ\r\n', 3],
    ['let a = 1\n;[a].length', 1],
    ['const f = (x: number): number => x * 2; f(4)', 8],
    ['enum Color { Red, Green = 5 }\nColor.Green', 5],
    ['const id = <T,>(x: T) => x\nid<string>("s")', 's'],
    ['this === globalThis', true],
    ['typeof arguments', 'undefined'],
  ])('%j is the last expression', (source, value) => {
    expect(notebook().run(source)).toBe(value);
  });

  it.each([
    '',
    '   \n',
    '// only a comment',
    '/* only */',
    'let a = 1',
    'function f() {}',
    'class A {}',
    'if (1) 5',
    'for (;;) break',
    'void 7',
    '{ 5; }',
    'interface A { b: string }',
    'type A = string',
  ])('%j has no value', (source) => {
    expect(notebook().run(source)).toBeUndefined();
  });

  it('is boxed, and {} when the last statement is no expression', () => {
    expect({ ...(notebook().start('5').result as object) }).toEqual({ value: 5 });
    expect({ ...(notebook().start('5; let a').result as object) }).toEqual({});
  });

  it('is not awaited when it is thenable', async () => {
    const { result } = notebook().start('await 1; ({ then() { throw new Error("awaited") } })');
    expect(typeof ((await result) as { value: { then: unknown } }).value.then).toBe('function');
  });
});

describe('a cell in braces', () => {
  it.each([
    ['{a: 1, b: 2}', { a: 1, b: 2 }],
    ['{a: 1}', { a: 1 }],
    ['{}', {}],
    ['// an object\n{ a: 1, }; // with { braces }', { a: 1 }],
    ['let x = 0; x', 0],
    ['{ x, y: [x] }', { x: 5, y: [5] }],
    ['{ a: 1 as number, b: <any>2 }', { a: 1, b: 2 }],
    ['{\n  ...{ a: 1 },\n  "b c": 2,\n};', { a: 1, 'b c': 2 }],
  ])('%j is an object', (source, value) => {
    const { global, run } = notebook();
    global['x'] = 5;
    const result = run(source);
    expect(typeof result === 'object' ? JSON.parse(JSON.stringify(result)) : result).toEqual(value);
  });

  it.each([
    '{ log.push(1); }',
    '{ log.push(1) }',
    '{ const a: number = 1; log.push(a) }',
    '{ let x = 1 }\n[1].map((n) => log.push(n))[1]',
    '{ label: for (;;) break label }',
    '{ log.push(1 as number) }',
  ])('%j is a block', (source) => {
    expect(notebook().run(source)).toBeUndefined();
  });
});

describe('top-level names', () => {
  it('persist as plain data properties of the global object', () => {
    const { global, run } = notebook();
    run('let a = 1; const b = 2; var c = 3; class D {}; function e() {}');
    for (const name of ['a', 'b', 'c', 'D', 'e']) {
      const descriptor = Object.getOwnPropertyDescriptor(global, name);
      expect(descriptor, name).toMatchObject({ writable: true, enumerable: true, configurable: true });
    }
    expect(run('[a, b, c, new D() instanceof D, typeof e].join()')).toBe('1,2,3,true,function');
  });

  it.each([
    [
      'let a, b = 1; const { c, d: { e = 2, ...f }, ...g } = { d: {} }; const [h, , [i] = [3], ...j] = []',
      'a b c e f g h i j',
    ],
    [
      'for (var i = 0, j; i < 2; i++) { var k = i }\nfor (const l of []) {}\nfor (let m = 0; m < 1; m++) { let n }',
      'i j k',
    ],
    [
      'for (var [a, { b }] of []) {}\nfor (var c in {}) var d\nif (0) var e = 1; else { var f }',
      'a b c d e f',
    ],
    [
      'try { var a } catch ({ b }) { var c } finally { var d }\nswitch (0) { case 1: var e }\nl: var f\nwhile (0) var g\ndo var h; while (0)',
      'a c d e f g h',
    ],
    [
      'function* a() { var x }\nasync function b() {}\nclass C { static { var y } }\nconst d = () => { var z }',
      'a b C d',
    ],
    ["import a, { b as c, d } from 'd3'; import * as e from 'd3'; import 'plot'", 'a c d e'],
    ['if (1) { function a() {} }', ''],
    ['var a; var a; a = 2', 'a'],
    ['enum A { X }\ndeclare const b: number\nlet c: string', 'A c'],
  ])('%j defines %j', (source, names) => {
    expect(defines(source).join(' ')).toBe(names);
  });

  it('B.60 are seen by later cells, and may be declared again in any way', () => {
    const { run } = notebook();
    run('const a = 1');
    run('let a = 2');
    run('function a() {}');
    run('class a {}');
    run('var a');
    expect(run('typeof a')).toBe('function');
    expect(run('const a = 5; a')).toBe(5);
  });

  it('are live: functions of earlier cells see what later cells assign', () => {
    const { run } = notebook();
    run(
      'let k = 1; function twice() { return once() * 2 }\nfunction once() { return k }\nconst arrow = () => once()',
    );
    expect(run('k = 10; twice()')).toBe(20);
    run('function once() { return 100 }');
    expect(run('[twice(), arrow()].join()')).toBe('200,100');
  });

  it('let a function call its own replacement, as on a page', () => {
    const { run } = notebook();
    run('function down(n) { return n === 0 ? "old" : down(n - 1) }; const old = down');
    run('function down() { return "new" }');
    expect(run('old(3)')).toBe('new');
  });

  it('survive a throw in the middle of the cell', () => {
    const { global, run } = notebook();
    expect(() => run('const a = 1; throw new Error("no"); const b = 2')).toThrow('no');
    expect(run('a')).toBe(1);
    expect('b' in global).toBe(false);
  });

  it('let has undefined each time, var keeps what is there', () => {
    const { run } = notebook();
    run('let a = 1; var b = 1');
    expect(run('let a; var b; [a, b].join()')).toBe(',1');
  });

  it('var exists from the start of the cell, undefined', () => {
    expect(notebook().run('const before = typeof v + String(v); if (0) { var v = 1 }; before')).toBe(
      'undefinedundefined',
    );
  });

  it('functions are there before anything runs, and keep name and source', () => {
    const { run } = notebook();
    expect(
      run(
        'const first = f(); first; async function g() {}\nfunction f() { return 1 /* one */ }; f() + f.name + f',
      ),
    ).toBe('1ffunction f() { return 1 /* one */ }');
    expect(run('g.name + g')).toBe('gasync function g() {}');
  });

  it('functions in the middle of a cell do not join the lines around them', () => {
    expect(notebook().run('let a = 1\nlog.push(a)\nfunction f() {}\n(1, 2)')).toBe(2);
    expect(notebook().run('let f = Math.max\nlet a = f\nlet b = (3)\nb')).toBe(3);
  });

  it('classes and functions assigned to names are called by them', () => {
    expect(
      notebook().run(
        'const f = () => {}, C = class {}; let { g = function () {} } = {}; class D extends C {}\n[f.name, C.name, g.name, D.name].join()',
      ),
    ).toBe('f,C,g,D');
  });

  it('replace accessors and fixed properties of the realm', () => {
    const { global, run } = notebook();
    Object.defineProperty(global, 'location', { get: () => 'here', configurable: true });
    Object.defineProperty(global, 'fixed', { value: 1, configurable: true });
    Object.defineProperty(global, 'name', { get: () => 'here', set: () => undefined, configurable: true });
    run('const location = 1; let fixed = 2; function name() { return 3 }');
    expect(run('[location, fixed, name()].join()')).toBe('1,2,3');
    expect(run('const toString = 5; var valueOf; [toString, valueOf].join()')).toBe('5,');
  });

  it.each([
    'then',
    'async',
    'of',
    'let1',
    'arguments',
    'constructor',
    'yield',
    'names',
    'n',
    'O',
    'own',
    'g',
  ])('%s is a name like any other', (name) => {
    const { global, run } = notebook();
    expect(run(`var ${name} = 5; ${name} + 1`)).toBe(6);
    expect(global[name]).toBe(5);
  });

  it('__proto__ is an ordinary name and leaves the global object what it is', () => {
    const { run } = notebook();
    expect(
      run(
        'const proto = Object.getPrototypeOf(globalThis); const __proto__ = { evil: 1 }; typeof evil + (Object.getPrototypeOf(globalThis) === proto)',
      ),
    ).toBe('undefinedtrue');
  });

  it('none of our own helpers become names', () => {
    const { global, run } = notebook();
    const before = Object.getOwnPropertyNames(global);
    run('let a = 1; function f() {}; var v; class C {}; { let inner; function h() {} } f()');
    expect(Object.getOwnPropertyNames(global).filter((name) => !before.includes(name))).toEqual([
      'v',
      'f',
      'a',
      'C',
    ]);
  });

  it('B.66 assigning an undeclared name makes a global, in the cell and in its functions', () => {
    const { run } = notebook();
    run('a = 1; function f() { b = 2 }; f()');
    expect(run('a + b')).toBe(3);
    expect(run('delete a; typeof a')).toBe('undefined');
  });

  it.each([
    ['x => x', ''],
    ['(async () => {})', ''],
    ['(function () {})', ''],
    ['(class {})', ''],
    ['export default class {}', ''],
    ['(function named() {})', 'named'],
    ['const f = () => 1; f', 'f'],
  ])('%j as the last value is called as it was', (source, name) => {
    expect((notebook().run(source) as { readonly name: string }).name).toBe(name);
  });

  it('a function in a block belongs to the block and leaves a global of its name alone', () => {
    const { run } = notebook();
    run('function g() { return "outer" }');
    expect(
      run(
        'const seen = [g()]; if (true) { function g() { return "inner" } seen.push(g()) } seen.push(g()); seen.join()',
      ),
    ).toBe('outer,inner,outer');
    expect(
      run('switch (1) { case 1: function g() { return "inner" } }; if (true) function g() {}\ng()'),
    ).toBe('outer');
  });

  it('of a loop head with let belong to the loop', () => {
    const { global, run } = notebook();
    expect(
      run(
        'const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); for (const x of [1]) {}; fs.map((f) => f()).join()',
      ),
    ).toBe('0,1,2');
    expect('i' in global || 'x' in global).toBe(false);
  });

  it('an enum starts anew when its cell runs again', () => {
    const { run } = notebook();
    run('enum E { A, B }');
    run('enum E { C }');
    expect(run('Object.keys(E).join()')).toBe('0,C');
  });

  it('`using` keeps its name and is disposed of when the cell ends', () => {
    const {
      js,
      defines: names,
      isAsync,
    } = compileCell('using a = open()\nawait using b = open(), c = null', { url: 'c' });
    expect(names).toEqual(['a', 'b', 'c']);
    expect(isAsync).toBe(true);
    expect(js).toContain(
      'using __tuttiUsing0_0 = (a = open())\nawait using __tuttiUsing1_0 = (b = open()), __tuttiUsing1_1 = (c = null)',
    );
  });
});

describe('waiting', () => {
  it('await works at the top level and nowhere makes a cell asynchronous without need', async () => {
    const { runAsync, start } = notebook();
    expect(
      await runAsync(
        'const a = await Promise.resolve(1)\nfor await (const b of [1]) log.push(b)\na + log.length',
      ),
    ).toBe(2);
    expect(start('async () => await 1').cell.isAsync).toBe(false);
    expect(start('class A { async m() { await 1 } }').cell.isAsync).toBe(false);
    expect(start('const o = { [await 1]: 1 }').cell.isAsync).toBe(true);
    expect(start('if (1) { for await (const x of []) {} }').cell.isAsync).toBe(true);
  });

  it('names assigned before a rejection stay', async () => {
    const { run, runAsync } = notebook();
    await expect(
      runAsync('const a = 1; await Promise.reject(new Error("late")); const b = 2'),
    ).rejects.toThrow('late');
    expect(run('a')).toBe(1);
  });
});

describe('imports', () => {
  it('bind default, named, renamed, odd and whole', async () => {
    const { run, runAsync, loaded } = notebook();
    await runAsync(
      "import d, { sum as plus, 'odd name' as odd } from 'd3'\nimport * as P from 'plot'\nimport {\n  line,\n} from 'plot'; import 'plot'; import e, * as all from 'd3'",
    );
    expect(run('[d, plus(1, 2), odd, P.line, line, e, all.sum(2, 2)].join()')).toBe(
      'd3 itself,3,7,line,line,d3 itself,4',
    );
    expect(loaded).toEqual(['d3', 'plot', 'plot', 'plot', 'd3']);
  });

  it('stay when only a later cell uses them, and go when they are types', () => {
    expect(defines("import { a, type B } from 'x'; import type { C } from 'y'; const d: number = 1")).toEqual(
      ['a', 'd'],
    );
  });

  it('a missing export is an error that names it', async () => {
    const { runAsync } = notebook();
    await expect(runAsync("import { product } from 'd3'")).rejects.toThrow(
      "The module 'd3' has no export named 'product'; it has default, sum, odd name, then",
    );
    await expect(runAsync("import plot from 'plot'")).rejects.toThrow(
      "The module 'plot' has no default export; it has line",
    );
  });

  it('import() goes the same way, in functions too', async () => {
    const { runAsync, loaded } = notebook();
    expect(
      await runAsync(
        "const f = async () => (await import('d3')).sum(1, 2)\nasync function g() { return (await import('plot', { with: {} })).line }\n[await f(), await g()].join()",
      ),
    ).toBe('3,line');
    expect(loaded).toEqual(['d3', 'plot']);
  });

  it('are listed, each once', () => {
    const { imports } = compileCell(
      "import a from 'b'; import('c'); import(d); import e from 'b'; () => import('f')",
      { url: 'c' },
    );
    expect(imports).toEqual(['b', 'c', 'f']);
  });
});

describe('what a cell uses', () => {
  it.each([
    ['Plot.plot({ marks: [] })', 'Plot'],
    ['const a = b; const b = a', 'b'],
    ['const data = data.filter(Boolean)', 'data Boolean'],
    ['f(); function f() { return late }; let late = 1; let x = early; let early', 'early'],
    ['total = 1; total + other', 'other'],
    ['count += 1; n++', 'count n'],
    ['typeof Plot; delete gone', 'Plot gone'],
    ['({ a, b: c, [d]: e, f() {} }).g.h', 'a c d e'],
    ['for (const x of xs) { let y = x; y }; y', 'xs y'],
    ['try {} catch (e) { e }; e', 'e'],
    ['const f = function g(a, { b = c }, ...d) { return [g, a, b, d, arguments] }', 'c'],
    ['class A extends B { #p = q; [r]() { return A } static { var s = t; s } }', 'B q r t'],
    ["import { a } from 'x'; a(b)", 'b'],
    ['l: for (;;) { break l }', ''],
    ['let x: Foo<Bar> = y as Baz', 'y'],
  ])('%j uses %j', (source, names) => {
    expect(compileCell(source, { url: 'c' }).uses.join(' ')).toBe(names);
  });
});

describe('positions', () => {
  const stackOf = (run: (source: string, url: string) => unknown, source: string): string => {
    try {
      run(source, 'cell-7/xyz');
    } catch (error) {
      return String((error as Error).stack);
    }
    throw new Error('did not throw');
  };

  it.each([
    ['let a = 1\nlet b = 2\nthrow new Error("x")', 3, 7],
    ['throw new Error("x")', 1, 7],
    ['const a = 1; const b = null.x', 1, 29],
    ['const a = 1, b = 2; let c = 3; missing()', 1, 32],
    ['const a: number = 1; missing()', 1, 22],
    ['let a: {\n  b: string\n} = { b: "" }\n;missing(a as any)', 4, 2],
    ['function f() {\n  missing()\n}\n\nf()', 2, 3],
    ['/* one line */ function f(x: number) { return (null as any).x }; f(1)', 1, 61],
    ['class A {\r\n  m() { return null.x }\r\n}\r\nnew A().m()', 2, 21],
    ['{ a: 1, b: missing }', 1, 12],
    ['// a comment\n{\n  a: missing,\n}', 3, 6],
    ['if (true) { function g() { missing() } g() }', 1, 28],
    ['const text = `a\nb`; missing()', 2, 5],
  ])('the frame of %j leads to line %i, column %i', (source, line, column) => {
    const { run } = notebook();
    const stack = stackOf(run, source);
    const [, frameLine, frameColumn] = /cell-7\/xyz:(\d+):(\d+)/.exec(stack) ?? [];
    expect(Number(frameLine)).toBe(line);
    const cell = compileCell(source, { url: 'cell-7/xyz' });
    expect(originalPosition(cell, Number(frameLine), Number(frameColumn))).toEqual({ line, column });
  });

  it('after a static import they are right as well', async () => {
    const { runAsync } = notebook();
    const source = "import {\n  sum,\n} from 'd3'; sum(missing)";
    const error = await runAsync(source).then(
      () => null,
      (reason: unknown) => reason as Error,
    );
    const [, line, column] = /cell-1\/abc:(\d+):(\d+)/.exec(String(error?.stack)) ?? [];
    expect(originalPosition(compileCell(source, { url: 'c' }), Number(line), Number(column))).toEqual({
      line: 3,
      column: 18,
    });
  });

  it("the cell's own sourceURL comments do not rename it, and odd urls cannot break out", () => {
    const { run } = notebook();
    expect(stackOf(run, '//# sourceURL=evil\nmissing')).toContain('cell-7/xyz:2:');
    expect(compileCell('1', { url: 'a b\n"c' }).js).toMatch(/\/\/# sourceURL=a_b__c$/);
  });

  it('a piece of a cell says nothing about the lines before it', () => {
    const { shifts } = compileCell('\n\nlet a = 1\nlet b = 2; a;', { url: 'c' });
    // `;(  b = 2); ;return {value: (a)};`
    expect(shifts).toEqual([
      [
        [4, 11, -1],
        [4, 30, -18],
      ],
    ]);
  });

  it('the shifts are plain JSON', () => {
    const { shifts } = compileCell('const a: number = 1; a', { url: 'c' });
    expect(JSON.parse(JSON.stringify(shifts))).toEqual(shifts);
  });
});

describe('cells that do not parse', () => {
  it.each([
    ['let a = 1\nlet b = ', 2, 9, 'Unexpected end of input'],
    ['let a = 1\n  foo bar', 2, 7, "Unexpected identifier 'bar'"],
    ['const x: number = 1\nlet y: string = }', 2, 17, "Unexpected token '}'"],
    ['return 5', 1, 1, "'return' works only inside a function; the value of a cell is its last expression"],
    [
      'function f() { await g() }',
      1,
      22,
      "'await' works only at the top level of a cell and in async functions",
    ],
    ['let a; let a', 1, 12, "Identifier 'a' has already been declared"],
    ['let a\nfunction a() {}', 2, 10, "Identifier 'a' has already been declared"],
    ['let let = 1', 1, 5, 'let is disallowed as a lexically bound name'],
    ['let undefined', 1, 5, "'undefined' cannot be declared: JavaScript has fixed it"],
    ['const { globalThis } = 1', 1, 9, "'globalThis' cannot be declared: JavaScript has fixed it"],
    [
      'let __tuttiImport',
      1,
      5,
      "'__tuttiImport' cannot be declared: names that begin with __tutti are Tutti's own",
    ],
    [
      'const a: number = 1; const __tuttiX = 2',
      1,
      28,
      "'__tuttiX' cannot be declared: names that begin with __tutti are Tutti's own",
    ],
    [
      'if (1) { import a from "b" }',
      1,
      10,
      "'import … from' works only at the top level of a cell; use await import(…)",
    ],
    [
      'import.meta.url',
      1,
      1,
      "'import.meta' does not exist in cells, which are no modules; write addresses in full (new URL('https://…'))",
    ],
    ['@dec let a', 1, 6, DECORATED],
    ['class A {\n  m(@dec x) {}\n}', 2, 5, DECORATED],
    [
      'class A {\n  @dec #m() {}\n}',
      2,
      3,
      'Decorators do not work on private members; give the member a name without #',
    ],
    [
      'class A { @dec accessor x = 1 }',
      1,
      16,
      "'accessor' fields do not work in cells; write a getter and a setter, and decorate those",
    ],
    ['class A { @dec constructor() {} }', 1, 11, 'A constructor takes no decorators; decorate the class'],
    ['const a', 1, 8, 'Unexpected end of input'],
    ['"abc', 1, 1, 'Unterminated string constant'],
    ['`abc', 1, 2, 'Unterminated template'],
    ['/* abc', 1, 1, 'Unterminated comment'],
    ['{ a: 1, b: }', 1, 12, "Unexpected token '}'"],
    [
      'f(\n%px 5)',
      2,
      1,
      "Unexpected token '%': %px works as a magic only between statements, at the top level of a cell",
    ],
    ['f()\n%%px\n5', 2, 2, "Unexpected token '%': %%px must be the first line of its cell"],
    ['new.target', 1, 1, "'new.target' can only be used in functions and class static block"],
    ['l: function f() {}', 1, 1, 'Functions cannot be labelled'],
    ['for (var a = 1 in {}) {}', 1, 6, 'A for-in loop variable cannot have an initializer'],
  ])('%j: line %i, column %i', (source, line, column, message) => {
    expect(problem(source)).toEqual({ message, line, column });
  });

  it('is nested too deeply', () => {
    expect(problem('['.repeat(50_000)).message).toBe('This cell is nested too deeply');
  });
});

describe('calls with type arguments that are valid JavaScript too', () => {
  it.each([
    ['f<Array<number>>(5)', 5],
    ['f<Array<Map<string, number>>>(5)', 5],
    ['f<string, number>(5)', 5],
    ['f<string, number>(5).toFixed(1)', '5.0'],
    ['new Set<Array<number>>([5]).size', 1],
    ['new Set<Array<Array<number>>>([5]).size', 1],
    ['tag<string, number>`a${5}`', 'a'],
  ])('%s is a call', (code, value) => {
    const { run } = notebook();
    expect(run(`const f = (x) => x, tag = ([first]) => first\n${code}`)).toBe(value);
  });

  it.each([
    ['i < n >> (1)', true],
    ['i < n && n >> (1)', 4],
    ['i < n * n > (0)', true],
    ['[i < n, n >= (1)].length', 2],
    ['i < n ? (i) : n > (0)', 1],
  ])('%s is none', (code, value) => {
    const { run } = notebook();
    expect(run(`let i = 1, n = 8;\n${code}`)).toBe(value);
  });
});

it('is what goes over the wire', () => {
  expectTypeOf<CompiledCell>().toExtend<CompiledCode>();
  const cell = compileCell('const a: number = 1; await a', { url: 'c' });
  expect(structuredClone(cell)).toEqual(cell);
});

describe('speed', () => {
  it('two thousand lines take well under a second', () => {
    const line = (n: number) =>
      `const v${String(n)}: number = f(${String(n)} as any, { a: [1, 2, 3] }); // line`;
    const source = Array.from({ length: 2000 }, (_, n) => line(n)).join('\n');
    compileCell('warm', { url: 'c' });
    // Of this process, whatever else the machine does; in microseconds.
    const begun = process.cpuUsage();
    const { defines: names } = compileCell(source, { url: 'c' });
    const { user, system } = process.cpuUsage(begun);
    expect(names).toHaveLength(2000);
    expect(user + system).toBeLessThan(2_000_000);
  });
});

describe("'use strict' at the top of a cell", () => {
  it.each<[string, unknown]>([
    ["'use strict'; let a = 1; const [b, { c }] = [2, { c: 3 }]; class D {} a + b + c", 6],
    ["// head\n'use strict'\nfunction f() { return this }\nf()", undefined],
    ["'use strict'; var v = 1; for (const x of [1]) v += x; enum E { A } v + E.A", 2],
    ["'use strict'; (function () { return this })()", undefined],
    ["'use strict'; import { line } from 'plot'; line", 'line'],
  ])('%s', async (source, value) => {
    const { start } = notebook();
    expect(await start(source).result).toEqual({ value });
  });

  it.each([
    "'use strict'; oops = 1",
    "'use strict'; function f() { oops = 1 } f()",
    "'use strict'; Object.freeze([1])[0] = 2",
  ])('refuses %s', (source) => {
    const { run, global } = notebook();
    expect(() => run(source)).toThrow();
    expect('oops' in global).toBe(false);
    expect(run('later = 5; later')).toBe(5);
  });

  it('is known where the cell is read, and nowhere else', () => {
    expect(problem("'use strict'; with (a) b").message).toMatch(/strict/);
    const { run } = notebook();
    expect(run("'other'; 'use strict'; (function () { return this })()")).toBeUndefined();
    expect(run("1; 'use strict'; (function () { return typeof this })()")).toBe('object');
  });
});
