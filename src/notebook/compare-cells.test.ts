import { expect, test } from 'vitest';
import type { CellId } from '../protocol/ids.ts';
import { newCell } from './cells.ts';
import { compareCells } from './compare-cells.ts';

const cells = (...texts: readonly string[]) =>
  texts.map((text) => {
    const [name = '', source = name] = text.split('=');
    return newCell(name as CellId, 'code', source);
  });
const shown = (before: readonly string[], after: readonly string[]) => {
  const { differences, reordered } = compareCells(cells(...before), cells(...after));
  const words = differences.map(({ id, before, after }) => `${id}:${before ?? '-'}>${after ?? '-'}`);
  return [...words, ...(reordered ? ['reordered'] : [])].join(' ');
};

test('equal versions have no difference, whatever has run', () => {
  expect(shown(['a', 'b'], ['a', 'b'])).toBe('');
  const [ran] = cells('a').map((cell) => ({ ...cell, executionCount: 3 }));
  expect(compareCells(cells('a'), ran ? [ran] : [])).toEqual({ differences: [], reordered: false });
});

test('what changed, came and went is told where it stands', () => {
  expect(shown(['a', 'b', 'c'], ['a=A', 'b', 'd', 'c'])).toBe('a:a>A d:->d');
  expect(shown(['a', 'b', 'c', 'd'], ['a=A', 'd=D'])).toBe('a:a>A b:b>- c:c>- d:d>D');
  expect(shown(['a', 'b'], ['b'])).toBe('a:a>-');
});

test('a change of kind is a difference, a move is told apart', () => {
  const heading = newCell('a' as CellId, 'markdown', 'a');
  expect(compareCells(cells('a'), [heading]).differences).toMatchObject([{ kind: 'markdown' }]);
  expect(shown(['a', 'b', 'c'], ['c', 'a', 'b'])).toBe('reordered');
  expect(shown(['a', 'b'], ['b', 'x'])).toBe('a:a>- x:->x');
});
