import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { LinearExpression, MatchingBudget } from './linear-expression.ts';

const linear = (source: string, flags = '') => new LinearExpression(source, flags, new MatchingBudget());

const TEXTS = [
  '',
  'a',
  'b',
  'ab',
  'aab',
  'abab',
  'A-b',
  'a\nb',
  'fit-12',
  'fit',
  ' a b',
  '1a',
  'é',
  '😀',
  '[a]',
  'ac',
  'aaa',
  'x]',
];

/** Pieces of the grammar; what they come to together is an expression or none, for both. */
const PIECES = [
  ...[
    'a',
    'b',
    '-',
    '1',
    '.',
    '^',
    '$',
    '|',
    '(',
    ')',
    '(?:',
    '(?<n>',
    '[ab]',
    '[^a]',
    '[a-c1]',
    '[\\]x]',
    '\\d',
    '\\W',
    '\\s',
  ],
  ...[
    '\\b',
    '\\B',
    '*',
    '+',
    '?',
    '{2}',
    '{1,}',
    '{0,2}',
    '*?',
    '+?',
    '\\.',
    '\\x61',
    '\\u0062',
    '\\n',
    '😀',
    '\\t',
  ],
];

test('tells what the language tells', () => {
  let compared = 0;
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...PIECES), { maxLength: 7 }),
      fc.constantFrom('', 'i', 'm', 's', 'im', 'u'),
      (pieces, flags) => {
        const source = pieces.join('');
        let native: RegExp;
        try {
          native = new RegExp(source, flags);
        } catch {
          expect(() => linear(source, flags)).toThrow();
          return;
        }
        const own = linear(source, flags);
        for (const text of TEXTS) {
          expect([source, flags, text, own.test(text)]).toEqual([source, flags, text, native.test(text)]);
          compared++;
        }
      },
    ),
    { numRuns: 3000 },
  );
  expect(compared).toBeGreaterThan(5000);
});

describe('takes time in proportion to the text, whatever the expression', () => {
  it.each([
    '(a+)+$',
    '(a|a)*$',
    '(a|aa)+$',
    '(.*)*x',
    '(a?){40}a{40}$',
    '([a-z]+)*\\d',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
  ])('%s', (source) => {
    const steps = (length: number): number => {
      const budget = new MatchingBudget();
      let spent = 0;
      const spend = budget.spend.bind(budget);
      budget.spend = (count) => {
        spent += count;
        spend(count);
      };
      new LinearExpression(source, '', budget).test(`${'a'.repeat(length)}!`);
      return spent;
    };
    expect(steps(2000)).toBeLessThanOrEqual(2 * steps(1000) + 2000);
  });
});

test.each([
  ['(?=a)', /ahead or behind/],
  ['(?<!a)b', /ahead or behind/],
  ['(a)\\1', /refers back/],
  ['(?<n>a)\\k<n>', /refers back/],
  ['(a{1000}){1000}', /repeats too much/],
  ['a'.repeat(2000), /at most 1000/],
  ['(', /./],
])('%s is refused with a sentence', (source, reason) => {
  expect(() => linear(source)).toThrow(reason);
});

test('all expressions of a query share what they may do', () => {
  const budget = new MatchingBudget();
  const expression = new LinearExpression('(a|b|c|d)*x', '', budget);
  expect(() => {
    for (;;) expression.test('abcd'.repeat(10_000));
  }).toThrow(/take too long/);
});
