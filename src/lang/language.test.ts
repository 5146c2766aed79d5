import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { GUARD, GUARD_ITEMS } from '../base/guard-text.ts';
import { CellSyntaxError } from './cell-syntax-error.ts';
import { compileCell } from './compile-cell.ts';
import { createDecoratorHook, DECORATOR_HOOK } from './decorator-hook.ts';
import { IMPORT_HOOK } from './import-hook.ts';
import { originalPosition } from './positions.ts';

/** Runs cells one after the other in a realm of their own; the last one's value, as JSON. */
async function run(...cells: readonly string[]): Promise<unknown> {
  const context = vm.createContext({ log: [] });
  const evaluate = vm.runInContext('(0, eval)', context) as (js: string) => unknown;
  const globals = evaluate('globalThis') as object;
  const hooks = {
    [GUARD]: (rounds: number) => rounds,
    [GUARD_ITEMS]: (items: unknown) => items,
    [DECORATOR_HOOK]: createDecoratorHook(),
    [IMPORT_HOOK]: (name: string) => Promise.resolve({ default: `${name} itself`, a: 'a', b: 'b' }),
  };
  for (const [name, value] of Object.entries(hooks)) Object.defineProperty(globals, name, { value });
  let value: unknown;
  for (const cell of cells) {
    const { js } = compileCell(cell, { url: 'cell-1/a' });
    ({ value } = (await (evaluate(js) as () => unknown)()) as { value?: unknown });
  }
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : JSON.parse(text);
}

function problem(source: string): string {
  try {
    compileCell(source, { url: 'c' });
  } catch (error) {
    if (error instanceof CellSyntaxError)
      return `${String(error.line)}:${String(error.column)} ${error.message}`;
    throw error;
  }
  throw new Error(`compiles: ${source}`);
}

describe('TypeScript in cells', () => {
  it.each<[cell: string, value: unknown]>([
    ['enum E { D = `DOWN` }; Object.values(E)', ['DOWN']],
    ["const enum F { A, B = 'x', C = 5, D }\n[F.A, F.B, F.D, F[5]]", [0, 'x', 6, 'C']],
    ['enum E { A } enum E { B = 1 } Object.keys(E).sort()', ['0', '1', 'A', 'B']],
    ['enum E { A = 1 << 2, B = A | 1, C = E.B + 1, D }\n[E.A, E.B, E.C, E.D, E[7]]', [4, 5, 6, 7, 'D']],
    ["enum E { A = 'a', B = A + '!', C = `${A}?` } Object.values(E)", ['a', 'a!', 'a?']],
    ["enum E { 'e-f' = 'x'.length, G } [E['e-f'], E[1], E.G]", [1, 'e-f', 2]],
    ['enum E { A = Math.max(1, 2), B = 7 as number } [E.A, E[2], E.B]', [2, 'A', 7]],
    ['export enum E { A } export enum E { B = 3 } E.A + E.B', 3],
    ['function f() { enum E { A = 4 } return E.A } f()', 4],
    ['const b = 5; const r = b as number < 6; r', true],
    ['let x = 4; 1 + x as any * 2', 10],
    ['let x = 4; 1 * x as any as number + 2', 6],
    ['let q = { a: 1 } satisfies object; q.a!', 1],
    ['let a = { b: 1 }; (a as any).b = 3; a!.b!++; a.b', 4],
    ['let a = "k", o = { k: 1 }; a!in o', true],
    ['const f = <T,>(x: T): T => x, g = <T extends object>(x: T) => x; f<number>(1)', 1],
    ['const f = (x: number):\nnumber => x * 2\nf(3)', 6],
    ['const f = async <\nT\n>(x: T): Promise<\nT> => x\nawait f(3)', 3],
    ['function f(a: string): void; function f(a: number): void; function f(a: any) { return a } f(1)', 1],
    ['function f(this: any, a?: number) { return this.x + a! } f.call({ x: 1 }, 2)', 3],
    [
      'abstract class A { abstract m(): void; abstract z: string; n() { return 1 } }\nclass B extends A { override m() {} z = "q" }\n[new B().n(), new B().z]',
      [1, 'q'],
    ],
    ['class P { constructor(private x: number, readonly y = 2, z?: any) {} } new P(1)', { x: 1, y: 2 }],
    [
      'class A {} class P extends A { constructor(public x: number) { super(); log.push(this.x) } } new P(1); log',
      [1],
    ],
    ['class C { [key: string]: any; declare w: number; static readonly v?: number = 4; q!: string } C.v', 4],
    [
      'class Q { a = 1\nprivate [`b`] = 2\nget: number\nx() { return 3 } }\n[Object.keys(new Q()), new Q().x()]',
      [['a', 'b', 'get'], 3],
    ],
    [
      'class A { accessor x = 1; static accessor y: number = 2; accessor #z = 3; get z() { return this.#z } }\nconst a = new A(); a.x += 1; A.y++; [a.x, A.y, a.z, Object.keys(a)]',
      [2, 3, 3, []],
    ],
    [
      'namespace N { export const a = 1; const b = 2; export function f() { return a + b } export class C {} export enum E { X } }\n[N.f(), Object.keys(N)]',
      [3, ['f', 'a', 'C', 'E']],
    ],
    ['namespace N { export let y = 1; export function inc() { y++ } } N.inc(); N.y += 5; N.inc(); N.y', 8],
    ['namespace A.B { export const x = 1 } namespace A.B { export const y = 2 } A.B', { x: 1, y: 2 }],
    ['namespace N { export const a = 1 } namespace N { export const b = a + 1 } N', { a: 1, b: 2 }],
    ['function F() { return F.tag } namespace F { export const tag = "t" } F()', 't'],
    [
      'namespace T { export interface A {} } declare module "m" { const x: 1 } declare global {} typeof T',
      'undefined',
    ],
    ['import max = Math.max; max(1, 2)', 2],
    ["import { type B, a } from 'x'; import type { C } from 'y'; a", 'a'],
    ["import { type B } from 'x'; 5", 5],
    ['let a = 5 as any\n[2]', [2]],
    ['const o = 1; type A = 1\n(o)', 1],
    ['(() => <any>{ a: 1 })().a', 1],
    ['for (const x of [1, 2] as number[]) log.push(x!); log', [1, 2]],
    ['@((c: any) => c) export class Q {} Q.name', 'Q'],
    ['let type = 1, declare = 2, namespace = 3; type + declare + namespace', 6],
    ['let y = new Map<string, Array<number>>(); y.size', 0],
  ])('%j', async (cell, value) => {
    expect(await run(cell)).toEqual(value);
  });

  it('columns lead back through types', () => {
    const cell = 'const a: Map<string, number> = b as any; enum E { A = 1 as number }; missing()';
    const { js, shifts } = compileCell(cell, { url: 'c' });
    const column = (js.split('\n')[0] ?? '').indexOf('missing()') + 1;
    expect(originalPosition({ shifts }, 1, column)).toEqual({
      line: 1,
      column: cell.indexOf('missing()') + 1,
    });
  });

  it('casts in casts take no longer at each level', () => {
    const depth = 40;
    expect(compileCell(`${'<any>('.repeat(depth)}1${')'.repeat(depth)}`, { url: 'c' }).defines).toEqual([]);
  });
});

describe('the value of a cell whose last statement is a try', () => {
  it.each<[cell: string, value: unknown]>([
    ['try { 1; 2 } catch {}', 2],
    ['try { null.x } catch (e) { e.name }', 'TypeError'],
    ['try { await Promise.reject(new RangeError("r")) } catch (e) { e.name };', 'RangeError'],
    ['try { try { null.x } catch { throw 3 } } catch (e) { e }', 3],
    ['let done; try { 5 } finally { done = 6 }', 5],
    ['try { let a = 1 } catch { 2 }', undefined],
    ['try { null.x } catch {}', undefined],
    ['try { [1, 2].map((x) => x) } catch (e) { e }', [1, 2]],
    ['try { 1 } catch {}\nlet x', undefined],
  ])('%j', async (cell, value) => {
    expect(await run(cell)).toEqual(value);
  });
});

describe('code that people paste', () => {
  it.each<[cell: string, value: unknown]>([
    ['function f() { return 1 } function f() { return 2 } f()', 2],
    ['var g = 1; function g() {} g', 1],
    ['var f; function f() {} typeof f', 'function'],
    ['export const x = 1; export let y: number = 2; export function f() { return x } [x, y, f()]', [1, 2, 1]],
    ['export {}; 5', 5],
    ['let a = 1; export { a as b }; a', 1],
    ['export default { a: 1 }', { a: 1 }],
    ['export default 5;', 5],
    ['export default function f() { return 1 } f()', 1],
    ['export default class { static x = 1 }', undefined],
    ["export * from 'x'; export * as ns from 'x'; ns.a", 'a'],
    ["export { a as z, default as q } from 'x'; [z, q]", ['a', 'x itself']],
    ["export type { A } from 'x'; export interface B {} export type C = 1; 5", 5],
    ["import j from 'x' with { type: 'json' }; j", 'x itself'],
    ['<!-- html\n6\n--> html', 6],
    ['#!/usr/bin/env tutti\n6', 6],
    ['l: for (;;) { break l } 1', 1],
    ['with ({ a: 1 }) { log.push(a) } log', [1]],
    ['let \\u0061b = 1; ab', 1],
    ['1_000', 1000],
    ['/[\\p{L}--[a-z]]/v.test("B")', true],
    ['class A { static #p = 1; static { log.push(#p in A) } } log', [true]],
    ['for await (const x of [1]) log.push(x); log', [1]],
    ['const a = 1\nconst b = a\n;[b].length', 1],
    ['let x = 1\nx\n++\nx\nx', 2],
  ])('%j', async (cell, value) => {
    expect(await run(cell)).toEqual(value);
  });

  it('starts its enums and namespaces anew', async () => {
    expect(
      await run(
        'enum E { A } namespace N { export const a = 1 }',
        'enum E { B } namespace N { export const b = 1 } [E, N]',
      ),
    ).toEqual([{ 0: 'B', B: 0 }, { b: 1 }]);
  });

  it.each([
    [
      "import x = require('fs')",
      "1:1 'import x = require(…)' does not work in cells; write import x from '…'",
    ],
    ['export = 5', "1:1 'export =' does not work in cells: every other cell sees their names; leave it out"],
    [
      'function f() { export const x = 1 }',
      "1:16 'export' works only at the top level of a cell, whose names every other cell sees; leave it out",
    ],
    [
      "function f() { import a from 'x' }",
      "1:16 'import … from' works only at the top level of a cell; use await import(…)",
    ],
    [
      'const a = <div className="a">{x}</div>',
      '1:11 JSX does not work in cells, which have no React; write the HTML as a text and show it with display.html(text)',
    ],
    ['yield 1', "1:7 'yield' works only in generator functions: function* () { … }"],
    ['new.target', "1:1 'new.target' can only be used in functions and class static block"],
    [
      'class A { @d accessor x = 1 }',
      "1:14 'accessor' fields do not work in cells; write a getter and a setter, and decorate those",
    ],
    ["enum E { A = 'a', B }", '1:19 The member "B" needs a value of its own: the one before it is a text'],
  ])('%j: %s', (source, sentence) => {
    expect(problem(source)).toBe(sentence);
  });
});

describe('Python by habit', () => {
  it.each([
    ['# note', 'a comment begins with //'],
    ['def f(x):', 'a function is function name(x) { … }'],
    ['import numpy as np', "an import is import name from 'module'"],
    ['from os import path', "an import is import { name } from 'module'"],
    ['class A(B):', 'a class is class Name extends Parent { … }'],
    ['for i in range(3):', 'blocks stand in braces: if (x) { … }'],
    ['x = lambda a: a', 'a lambda is x => …'],
    ['rc[:]', "a slice is a string for views, rc[':'], and list.slice(from, to) for lists"],
    ['print "x"', 'print and console.log take parentheses: print("x")'],
    ['y = [i for i in x]', 'a list of what is made of each is list.map((x) => …)'],
    ['!ls -l /tmp x', 'there is no shell here'],
    ['if (a and b) 1', 'not, and, or are !, &&, ||'],
  ])('%s: %s', (line, hint) => {
    expect(problem(`let a = 1\n${line}`)).toMatch(/^2:/);
    expect(problem(line).endsWith(`. This looks like Python; in JavaScript ${hint}`)).toBe(true);
  });

  it('is not seen in JavaScript that fails', () => {
    for (const cell of [
      'const a = [1, 2',
      'switch (a) { case 1: foo bar }',
      'let a = { b: 1 c: 2 }',
      'class A { #b = 1 2 }',
    ])
      expect(problem(cell)).not.toMatch(/Python/);
  });
});

describe('size and depth', () => {
  const repeat = (text: string, between: string, count: number) =>
    Array<string>(count).fill(text).join(between);

  it.each([
    ['strings in a sum', repeat('"s"', '+', 5000)],
    ['numbers in a sum with types', `let x: number = ${repeat('1', '+', 5000)} as any`],
    ['conditions', repeat('0', '||', 5000)],
    ['comparisons', repeat('1', '<', 5000)],
    ['members', `const o = {}; o${repeat('?.a', '', 5000)}`],
    ['calls', `const f = () => f; f${repeat('()', '', 500)}; 1`],
    ['arguments', `Math.max(${repeat('1', ',', 5000)})`],
    ['else-ifs', repeat('if (log.a) 1;', 'else ', 800)],
    ['choices', `${repeat('0 ? 1 : ', '', 800)}2`],
    ['brackets', `${'['.repeat(400)}${']'.repeat(400)}`],
    ['comments', `${repeat('/* a */', '\n', 5000)}1`],
    ['loops in loops', `${'for (let i = 0; i < 1; i++) {'.repeat(60)}1${'}'.repeat(60)}`],
  ])('takes many %s', async (_, cell) => {
    await expect(run(cell)).resolves.not.toThrow();
  });

  it.each([
    ['brackets', '['],
    ['parentheses', '('],
    ['functions', '(function () { return '],
    ['types', 'let a: '.concat('Array<'.repeat(50_000))],
    ['casts', '<any>('],
    ['templates', '`${'],
    ['loops', 'for (;;) {'],
  ])('says that there are too many %s', (_, piece) => {
    expect(problem(piece.repeat(piece.length > 1000 ? 1 : 20_000))).toMatch(
      /nested too deeply|cannot be read/,
    );
  });

  it('a statement of a loop may be written many times', () => {
    const cell = `let x = 0; while (x < 1) { ${'x = 1;\n'.repeat(20_000)} }`;
    const begun = process.cpuUsage();
    compileCell(cell, { url: 'c' });
    const { user, system } = process.cpuUsage(begun);
    expect(user + system).toBeLessThan(5_000_000);
  });
});
