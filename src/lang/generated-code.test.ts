import { expect, it } from 'vitest';
import { compileCell } from './compile-cell.ts';

/** What the generated code looks like, for eyes: `compile-cell.test.ts` runs it. */
it.each([
  ['a comment', '// nothing here'],
  ['an expression', '1 + 1 // two'],
  ['declarations', 'const a = 1, { b, c: [d] } = o;\nlet e\nvar f = 2'],
  ['functions', 'f(1)\nfunction f(x) {\n  return x\n}'],
  ['a class', 'class P extends Q {\n}\nnew P()'],
  ['imports', "import d, { sum as s } from 'd3';\nimport * as P from 'plot'\nimport 'side'"],
  ['waiting', "const d = await import('d3')\nfor await (const x of d) log(x)"],
  ['an object', '{ a: 1, b: 2 } // two keys'],
  ['loops', 'for (var i = 0, j; i < 2; i++) { var k = i }\nfor (const x of []) {}'],
  ['types', 'interface A { b: string }\nconst a: A = <A>{}; f<A>(a!)\nenum E { X }'],
  ['using', 'using a = open(), b = open()'],
  ['functions in blocks', 'if (x) function g() {}\nelse { function h() {} }'],
])('%s', (_, source) => {
  expect(compileCell(source, { url: 'cell-1/abc' }).js).toMatchSnapshot();
});
