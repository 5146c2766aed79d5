import { expect, test } from 'vitest';
import { cellNames } from './cell-names.ts';

test('declared, imported and assigned names are given; read names are used', () => {
  const source =
    'import { mean } from "d3"; const a: number = mean(data); total = a; function f() { return later }';
  expect(cellNames(source)).toEqual({ gives: ['mean', 'a', 'f', 'total'], uses: ['data', 'later'] });
});

test('what is read and written is both', () => {
  expect(cellNames('count += step; n++; [p, q] = [q, p]')).toEqual({
    gives: ['count', 'n', 'p', 'q'],
    uses: ['count', 'step', 'n', 'q', 'p'],
  });
});

test('what a function would write when it is called is not given, and properties are no names', () => {
  expect(cellNames('function reset() { n = 0 }\nlist.push(1); list.size = 2')).toEqual({
    gives: ['reset'],
    uses: ['list'],
  });
});

test('a text that cannot be read has none', () => {
  expect(cellNames('const = ')).toEqual({ gives: [], uses: [] });
});
