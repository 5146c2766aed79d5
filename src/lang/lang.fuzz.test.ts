import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellSyntaxError } from './cell-syntax-error.ts';
import { compileCell } from './compile-cell.ts';
import { freeNames } from './free-names.ts';
import { splitMagics } from './magics.ts';
import { lineStarts, originalPosition } from './positions.ts';

const PIECES = [
  'const ',
  'let ',
  'var ',
  'function ',
  'class ',
  'async ',
  'await ',
  'import ',
  'export ',
  'from ',
  'return ',
  'for ',
  'if ',
  'else ',
  'of ',
  'in ',
  'using ',
  'enum ',
  'interface ',
  'type ',
  'namespace ',
  'as ',
  'typeof ',
  'new ',
  'static ',
  'get ',
  'yield ',
  'switch ',
  'case ',
  'a',
  'b',
  'f',
  'x',
  '__proto__',
  'undefined',
  'then',
  '__tuttiImport',
  'π',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '<',
  '>',
  '=',
  '=>',
  ';',
  ',',
  ':',
  '.',
  '...',
  '?',
  '??',
  '%',
  '%%',
  '%px ',
  '%%px ',
  '%px?',
  '\n',
  '\r\n',
  '\u2028',
  ' ',
  '`',
  '${',
  '"',
  "'",
  '/',
  '*',
  '//',
  '/*',
  '*/',
  '#',
  '#!',
  '@',
  '!',
  '+',
  '-',
  '1',
  '0x',
  '"s"',
  '\\',
  '<!--',
  '-->',
  '\ud800',
  '{ a: 1, b: 2 }',
  'x = %px ',
  '() => {}',
  'import("d3")',
  "import a, { b } from 'c'\n",
  '//# sourceURL=z\n',
  'function g() {}',
  'class C {}\n',
] as const;

/** Pieces that every engine knows: acorn may know letters that are younger than the engine. */
const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join(''));
const STATEMENTS = [
  'let a',
  'const b = 1, { c, d: [e] } = f()',
  'var g',
  'var h = async () => await 1',
  'function i() { return i }',
  'async function* j() {}',
  'class K { static { var x } }',
  'class L extends (class {}) {}',
  '{ function m() {} }',
  'if (a) function n() {}',
  'if (a) var o = 1; else var p',
  'for (var q = 0, r; q < 1; q++) var s = q',
  'for (var async of []) {}',
  'for (const t of []) { var u }',
  'for await (var [v] of []) ;',
  'switch (a) { case 1: function w() {} var x }',
  'try { var y } catch { var z } finally { function i2() {} }',
  'do var a2 = 1; while (0)',
  'l: for (;;) { break l }',
  "import a3, { b as b3 } from 'c'",
  "import * as c3 from 'c'",
  "import 'd'",
  'await import("e")',
  '`${`x`}`',
  '/re/.test(a)',
  '(a, b)',
  '[a] = [b]',
  '"use strict"',
  'a ? b : c',
  '// comment',
  '/* comment\n*/',
  ';',
  'enum D3 { A }',
  'interface E3 { a: b }',
  'let f3: number = a!',
  'f<T>(a)',
  'const g3 = <T,>(x: T): T => x',
  'with (a) var h3 = 1',
  'let\n[i3] = []',
  'async\nx => x',
  'a\n++b',
  'type\nj3',
] as const;

/** Mostly valid cells: whole statements, in any order, often without semicolons. */
const cells = fc
  .array(
    fc.tuple(fc.constantFrom(...STATEMENTS), fc.constantFrom('\n', ';', '; ', '\r\n', ' /**/ ', '\n\n')),
    { maxLength: 8 },
  )
  .map((pairs) => pairs.flat().join(''));
const texts = fc.oneof(
  soup,
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
);
const RUNS = { numRuns: 2000, seed: 20061 };

describe('any text at all', () => {
  it('compiles or gives a CellSyntaxError that points into it', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom<'ts' | 'js'>('ts', 'js'), (source, language) => {
        try {
          const cell = compileCell(source, { url: 'cell-1/abc', language });
          expect(cell.js.endsWith('\n//# sourceURL=cell-1/abc')).toBe(true);
          expect(originalPosition(cell, 1, 1).line).toBe(1);
        } catch (error) {
          if (!(error instanceof CellSyntaxError)) throw error;
          expect(error.message).not.toBe('');
          expect(error.line).toBeGreaterThanOrEqual(1);
          expect(error.line).toBeLessThanOrEqual(lineStarts(source).length);
          expect(error.column).toBeGreaterThanOrEqual(1);
        }
      }),
      RUNS,
    );
  });

  it('what compiles is JavaScript, and every line stays', () => {
    fc.assert(
      fc.property(fc.oneof(cells, soup), (source) => {
        let js: string;
        try {
          js = compileCell(source, { url: 'c' }).js;
        } catch {
          return;
        }
        // `using` is younger than some engines that run this test.
        if (!js.includes('__tuttiUsing')) expect(() => new vm.Script(js)).not.toThrow();
        const [, script = '""'] = /\(0, eval\)\((".*")\);/.exec(js) ?? [];
        expect(() => new vm.Script(JSON.parse(script) as string)).not.toThrow();
        expect(lineStarts(js).length).toBeGreaterThan(lineStarts(source).length);
      }),
      RUNS,
    );
  });

  it('splits into parts that hold every line once, in order', () => {
    fc.assert(
      fc.property(texts, (source) => {
        const parts = splitMagics(source, { known: new Set(['px']) });
        const lines = parts.map((part) => part.line);
        expect(lines).toEqual([...lines].sort((a, b) => a - b));
        expect(Math.max(1, ...lines)).toBeLessThanOrEqual(lineStarts(source).length);
      }),
      RUNS,
    );
  });

  it('is the source of a function or a TypeError', () => {
    fc.assert(
      fc.property(texts, (source) => {
        try {
          freeNames(source);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
      }),
      RUNS,
    );
  });
});
