import { expect, test } from 'vitest';
import { nameOfCopy } from './notebook-sources.ts';

test('a copy has a name that no notebook has', () => {
  expect(nameOfCopy('Work', [])).toBe('Work copy');
  expect(nameOfCopy('Work', ['Work copy', 'Work copy 2'])).toBe('Work copy 3');
  expect(nameOfCopy('Work copy 3', ['Work copy 3'])).toBe('Work copy');
});
