import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stepsOf } from '../testing/steps-of.ts';
import { compileCell } from './compile-cell.ts';

/** A cell of twice the length may take twice the steps, and a little more, whatever it is made of. */
const SMALL = 200;
const GROWTH = 2.5;
/** Which grow with the square: guards look at each loop with those around it, and the parser compares labels. Both end
 * at some hundreds and thousands, where the nesting is too deep. */
const SQUARE: ReadonlySet<string> = new Set(['loops', 'labels']);

const joined = (piece: (i: number) => string, by: string) => (n: number) =>
  Array.from({ length: n }, (_, i) => piece(i)).join(by);
const repeated =
  (piece: string, end = '', begin = '') =>
  (n: number) =>
    begin + piece.repeat(n) + end;
const nested = (open: string, inside: string, close: string) => (n: number) =>
  open.repeat(n) + inside + close.repeat(n);

const CELLS: readonly (readonly [kind: string, text: (n: number) => string])[] = [
  ['brackets', nested('[', '', ']')],
  ['parentheses', nested('(', '1', ')')],
  ['objects', nested('x = {a:', '1', '}')],
  ['calls in calls', nested('f(', '1', ')')],
  ['templates', nested('`${', '1', '}`')],
  ['functions', nested('function f() {', '', '}')],
  ['arrows', repeated('x => ', '1')],
  ['arrows with types', repeated('(x: number): any => ', '1')],
  ['blocks', nested('{', '', '}')],
  ['loops', nested('for (;;) {', '', '}')],
  ['tries', nested('try {', '', '} catch {}')],
  ['classes', nested('class A { m() {', '', '} }')],
  ['namespaces', nested('namespace N {', 'export const a = 1', '}')],
  ['patterns', (n) => `let ${'['.repeat(n)}q${']'.repeat(n)} = z`],
  ['types', nested('let t: Array<', 'number', '>')],
  ['types in parentheses', (n) => `let t: ${'('.repeat(n)}number${')'.repeat(n)}`],
  ['what may be arrows', nested('(a, b', '', ')')],
  ['what may be arrows behind ?', nested('a ? (b', '', ') : c')],
  ['what may be type arguments', (n) => `f<${'A<'.repeat(n)}B${'>'.repeat(n)}>(1)`],
  ['casts', repeated(' as any', '', 'a')],
  ['casts in casts', nested('(', 'a', ' as any)')],
  ['casts in angles', repeated('<any>', 'a')],
  ['satisfies', repeated(' satisfies any', '', 'a')],
  ['non-null', repeated('!.b', '', 'a')],
  ['terms', joined((i) => `v${String(i % 10)}`, ' + ')],
  ['terms with casts', joined((i) => `(v${String(i % 10)} as number)`, ' + ')],
  ['comparisons', joined(() => 'a', ' < ')],
  ['lines that may be type arguments', repeated('a < b > (c)\n')],
  ['powers', joined(() => 'a', ' ** ')],
  ['conditions', repeated('a ? 1 : ', '2')],
  ['chains', repeated('.b(1 as any)', '', 'a')],
  ['optional chains', repeated('?.b!', '', 'a')],
  ['else if', repeated('if (a) 1; else ', '2')],
  ['assignments', repeated('a = ', '1')],
  ['signs', repeated('- ', '1')],
  ['statements', joined((i) => `const c${String(i)} = ${String(i)} as number;`, '\n')],
  ['the same names', repeated('var f; function f() { return f }\n')],
  ['declarations', joined((i) => `${i === 0 ? 'let ' : ''}x${String(i)}: number = 1`, ', ')],
  ['unions', joined((i) => `${i === 0 ? 'type T = ' : ''}'u${String(i)}'`, ' | ')],
  ['conditional types', repeated('A extends B ? C : ', 'D', 'type T = ')],
  ['members of enums', (n) => `enum E {${joined((i) => `A${String(i)} = ${String(i)}`, ', ')(n)}}`],
  ['texts of enums', (n) => `enum E {${joined((i) => `A${String(i)} = 'x${String(i)}'`, ', ')(n)}}`],
  ['members that use others', (n) => `enum E {A0 = 1,${joined((i) => `A${String(i + 1)} = A${String(i)}`, ', ')(n)}}`],
  ['enums in parts', joined((i) => `enum E { A${String(i)} = ${String(i)} }`, '\n')],
  ['exports of namespaces', (n) => `namespace N {${joined((i) => `export const a${String(i)} = 1;`, '')(n)}}`],
  ['uses in namespaces', (n) => `namespace N { export let a = 1; ${'a;'.repeat(n)} }`],
  ['fields', (n) => `class A {${joined((i) => `private a${String(i)}: number = 1;`, '')(n)}}`],
  ['parameters', (n) => `function f(${joined((i) => `a${String(i)}: number`, ', ')(n)}) {}`],
  ['parameter properties', (n) => `class A { constructor(${joined((i) => `private a${String(i)}: number`, ', ')(n)}) {} }`],
  ['overloads', repeated('function f(a: 1): 1;', 'function f(a) { return a }')],
  ['decorators', repeated('@d ', 'class A {}')],
  ['decorated members', (n) => `class A {${joined((i) => `@d m${String(i)}() {}`, '')(n)}}`],
  ['imports', joined((i) => `import a${String(i)} from 'd3'`, '\n')],
  ['exports', joined((i) => `export const e${String(i)} = 1`, '\n')],
  ['labels', joined((i) => `l${String(i)}: `, '')],
  ['comments', repeated('/* a */ ', '1')],
  ['what may be a regular expression', repeated('/a/.b / ', '1')],
  ['statements of a loop', (n) => `while (a) { ${'x = 1;'.repeat(n)} }`],
  ['lines of magics', repeated('%px 1\n')],
]; // prettier-ignore

const session = new Session();
beforeAll(async () => {
  setFlagsFromString('--no-opt');
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
});
afterAll(async () => {
  await session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
  setFlagsFromString('--opt');
});

const compile = (text: string) => {
  try {
    compileCell(text, { url: 'cell-1/a' });
  } catch {
    // Refused: that took its steps, too.
  }
};

test('the steps of reading a cell grow with its length', async () => {
  const grown: string[] = [];
  for (const [kind, text] of CELLS) {
    // What is made at first use is not counted.
    compile(text(3));
    const once = await stepsOf(session, () => {
      compile(text(SMALL));
    });
    const twice = await stepsOf(session, () => {
      compile(text(2 * SMALL));
    });
    if (twice > (SQUARE.has(kind) ? GROWTH ** 2 : GROWTH) * once)
      grown.push(`${kind}: ${String(once)} → ${String(twice)}`);
  }
  expect(grown).toEqual([]);
});
