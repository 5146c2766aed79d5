import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { conformance, missing, readBehaviours, scanTitles, shownBy, TARGET } from './conformance.mjs';

const behaviours = readBehaviours();
const shown = scanTitles();

test('every behaviour has a test, or a reason why not', () => {
  expect(missing(behaviours, shown)).toEqual([]);
});

test('docs/CONFORMANCE.md is what the titles of the tests say; node scripts/conformance.mjs writes it', () => {
  expect(readFileSync(TARGET, 'utf8')).toBe(conformance(behaviours, shown));
});

test('a title begins with its numbers', () => {
  expect(shownBy('B.68 B.69 results', 'a.test.ts')).toEqual([
    { number: 'B.68', title: 'results', file: 'a.test.ts' },
    { number: 'B.69', title: 'results', file: 'a.test.ts' },
  ]);
  expect(shownBy('no number, B.70 in the middle', 'a.test.ts')).toEqual([]);
});

test('the page says what fails, what has no test and why something cannot be', () => {
  const list = [
    { section: 'X', number: 'X.1', feature: 'good', state: null, reason: '' },
    { section: 'X', number: 'X.2', feature: 'bad', state: null, reason: '' },
    { section: 'X', number: 'X.3', feature: 'forgotten', state: null, reason: '' },
    { section: 'X', number: 'X.4', feature: 'elsewhere', state: 'later', reason: 'next year' },
  ];
  const tests = ['X.1', 'X.2'].map((number) => ({ number, title: `a | ${number}`, file: 'src/a.test.ts' }));
  const page = conformance(list, tests, new Set(['src/a.test.ts: X.2']));
  expect(page).toContain('| X.1 | good | passes | a \\| X.1 ([a.test.ts](../src/a.test.ts)) |');
  expect(page).toContain('| X.2 | bad | **fails** | ');
  expect(page).toContain('| X.3 | forgotten | **no test** |  |');
  expect(page).toContain('| X.4 | elsewhere | later | next year |');
});

test('the list of behaviours is read strictly, and each number is there once', () => {
  expect(() => readBehaviours('## A\nA.1 | x | perhaps: soon')).toThrow(/says nothing: A\.1/);
  expect(() => readBehaviours('A.1')).toThrow();
  const numbers = behaviours.map(({ number }) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
});
