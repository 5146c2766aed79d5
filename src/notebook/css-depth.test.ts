import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cssDepth } from './css-depth.ts';

test.each([
  ['', 0],
  ['a{color:red}', 1],
  ['@media (x){a{width:calc(1px * (2 + 3))}}', 4],
  ['a{}b{}c{}', 1],
  ['a{content:"{{{"}', 1],
  ["a{content:'\\'{{{'}", 1],
  ['/* {{{ */a{}', 1],
  ['a{b:url((((}', 1],
  ['url( "(" )', 1],
  ['URL(()', 0],
  // Brackets end with their own kind alone.
  ['(])', 1],
  ['([)]', 2],
  ['{(}{(}', 4],
  // A string ends with its line; an escaped end of a line belongs to it.
  ['"\n((', 2],
  ['"\\\n(("', 0],
  // Names that look like addresses.
  ['#url((((', 4],
  ['@url((((', 4],
  ['3url((((', 4],
  ['-url((((', 4],
  ['url /**/((((', 4],
  ['\0url((((', 4],
  ['<!--url(a")((((', 4],
  ['u\\72l(', Infinity],
])('%j is %s deep', (css, depth) => {
  expect(cssDepth(css)).toBe(depth);
});

test('is told in one pass, however it is made', () => {
  const pieces = [
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '\\',
    '\n',
    '/*',
    '*/',
    'url(',
    'a',
    '#',
    ' ',
    '<!--',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
      const css = parts.join('');
      const opened = css.match(/[([{]/g)?.length ?? 0;
      const depth = cssDepth(css);
      expect(depth === Infinity || depth <= opened).toBe(true);
      // What stands behind all that is open stands deeper.
      if (depth !== Infinity) expect(cssDepth(`{${css}`)).toBeGreaterThanOrEqual(Math.min(depth, 1));
    }),
  );
});
