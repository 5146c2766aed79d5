import { expect, test } from 'vitest';
import { contextOf, type DiffPart } from './diff-parts.ts';

const same = (...lines: readonly string[]): DiffPart => ({ kind: 'same', lines });
const added: DiffPart = { kind: 'added', lines: ['+'] };
const shown = (...parts: readonly DiffPart[]) =>
  contextOf(parts)
    .flatMap(({ lines }) => lines)
    .join(' ');

test('two lines stay on each side of a difference, the rest is counted', () => {
  expect(shown(same('1', '2', '3', '4'), added, same('5', '6', '7'))).toBe('… 2 lines 3 4 + 5 6 … 1 line');
  expect(shown(added, same('1', '2', '3', '4', '5', '6'), added)).toBe('+ 1 2 … 2 lines 5 6 +');
});

test('no line is shown twice, and nothing is counted where all is shown', () => {
  expect(shown(added, same('1', '2', '3'), added)).toBe('+ 1 2 3 +');
  expect(shown(added, same('1'), added)).toBe('+ 1 +');
});
