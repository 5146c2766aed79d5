import { describe, expect, it, test } from 'vitest';
import { SelectorBudget, selectorSteps, type SelectorGround } from './selector-work.ts';

/** A table as pandas draws it: a thousand rows of ten. */
const TABLE: SelectorGround = {
  elements: 11_000,
  depth: 5,
  siblings: 1000,
  longestAttribute: 40,
  count: (key) => ({ td: 10_000, tr: 1000, '.row': 1000 })[key] ?? (key.startsWith('#') ? 1 : 0),
};

const admits = (selectors: readonly string[]): number => {
  const budget = new SelectorBudget(TABLE);
  return selectors.filter((selector) => budget.admits(selector, 0)).length;
};

describe('what people write has room', () => {
  it.each([
    ['a rule for each cell', Array.from({ length: 10_000 }, (_, i) => `#T_x_row${String(i)}_col0`)],
    ['rows', ['tr:nth-child(even) td', 'tr:hover', '.row > td:first-child', 'td + td', '#T_x .row td']],
    ['lists', ['h1, h2, h3, td, th', 'td:not(:is(.a, .b))', 'td[align="right"]']],
  ])('%s', (_, selectors) => {
    expect(admits(selectors)).toBe(selectors.length);
  });
});

describe('what holds a page up has none', () => {
  it.each([
    ':has(td)',
    'td:has(~ td)',
    'tr:not(:has(b))',
    'td ~ td',
    '* ~ * ~ *',
    'a > * td > * b > * td > * c > * td > * d td',
    ':is(* ~ *, * ~ b) ~ td',
    'td:nth-child(2n of :not(:has(b)))',
    `td${':not(* ~ *)'.repeat(10)}`,
    '\\74 d ~ \\74 d',
  ])('%s', (selector) => {
    expect(admits(Array(50).fill(selector) as string[])).toBeLessThan(50);
  });
});

test('is told of the string in a selector from the selector', () => {
  const plain = selectorSteps('td[title="x"]', TABLE);
  expect(selectorSteps('td[title=") ~ * ~ * :has(b)"]', TABLE)).toBeLessThan(3 * plain);
});

test('each & of a nested rule costs what the rule around costs, however deep', () => {
  const budget = new SelectorBudget({ ...TABLE, elements: 50 });
  let outer = 0;
  let kept = 0;
  for (const list of Array.from({ length: 16 }, () => '& &, & b')) {
    if (!budget.admits(list, outer)) break;
    kept++;
    outer = budget.within(list, outer);
  }
  expect(kept).toBeLessThan(6);
});
