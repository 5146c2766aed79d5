import katex from 'katex';
import { expect, test } from 'vitest';
import { FormulaMacros } from './formula-macros.ts';

function drawn(tex: string, macros = new FormulaMacros(2000)): string {
  return katex.renderToString(tex, {
    macros: macros.table,
    globalGroup: true,
    maxExpand: 200,
    strict: 'ignore',
    output: 'mathml',
  });
}

/** The formula without what KaTeX keeps of its source. */
function shown(tex: string, macros?: FormulaMacros): string {
  return drawn(tex, macros).replace(/<annotation.*?<\/annotation>/, '');
}

test.each([
  ['\\def\\R{\\mathbb{R}}\\R^2', '\\mathbb{R}^2'],
  ['\\newcommand{\\half}[1]{\\frac{#1}{2}}\\half{x}+\\half y', '\\frac{x}{2}+\\frac{y}2'],
  ['\\def\\pair#1,#2;{(#1|#2)}\\pair a,b;', '(a|b)'],
  ['\\def\\a#1{\\def\\b##1{#1##1}}\\a x\\b y', 'xy'],
  ['\\def\\x{1}{\\def\\x{2}\\x}\\x', '{2}1'],
  ['\\def\\x{1}\\let\\y\\x\\def\\x{2}\\y\\x', '12'],
  ['\\let\\plus+a\\plus b', 'a+b'],
  ['\\def\\x{1}\\edef\\y{\\x\\x}\\def\\x{2}\\y', '11'],
  ['\\def\\a#1#2{#2#1#2}\\a{p}{q}', 'qpq'],
])('%s is %s', (tex, same) => {
  expect(shown(tex)).toBe(shown(same));
});

test('what one formula defines, the next one of the text knows', () => {
  const macros = new FormulaMacros(100);
  drawn('\\newcommand{\\vect}[1]{\\mathbf{#1}}', macros);
  expect(shown('\\vect v', macros)).toBe(shown('\\mathbf v'));
});

test.each([
  ['a long body, used often', `\\def\\a{${'x'.repeat(100)}}${'\\a'.repeat(199)}`],
  ['an argument, used often', `\\def\\a#1{${'#1'.repeat(100)}}\\a{${'x'.repeat(100)}}`],
  ['arguments of arguments', `\\def\\a#1{${'#1'.repeat(20)}}\\a{\\a{\\a{\\a x}}}`],
  ['doubling without end', '\\def\\a#1{\\a{#1#1}}\\a x'],
  ['two that call each other', '\\def\\a#1{\\b{#1#1}}\\def\\b#1{\\a{#1#1}}\\a x'],
  ['definitions that double', `\\def\\a{xx}${'\\edef\\a{\\a\\a}'.repeat(60)}\\a`],
  ['copies by another name', `\\def\\a{${'x'.repeat(100)}}\\let\\b\\a${'\\b'.repeat(199)}`],
])('macros that come to too much are an error before they are made: %s', (_, tex) => {
  expect(() => drawn(tex)).toThrow(/come to too much|Too many expansions/);
});

test('all formulas of a text share what macros may come to', () => {
  const macros = new FormulaMacros(2000);
  drawn(`\\def\\a{${'x'.repeat(99)}}`, macros);
  for (let i = 0; i < 20; i++) drawn('\\a', macros);
  expect(() => drawn('\\a', macros)).toThrow(/come to too much/);
});
