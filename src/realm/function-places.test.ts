import { expect, it } from 'vitest';
import { FunctionPlaces } from './function-places.ts';

const places = () => {
  const known = new FunctionPlaces();
  known.remember('cell-1/a', 'let x = 1\nconst f = (y) => x + y');
  known.remember('cell-2/b', 'g(() => 1); g(() => 1)\nfunction typed(a: number): number { return a }');
  return known;
};

it('a function is found by its text', () => {
  expect(places().locate('(y) => x + y', 'f')).toEqual({ url: 'cell-1/a', line: 2, column: 11 });
});

it('a text that stands twice has no place', () => {
  expect(places().locate('() => 1', '')).toBeNull();
});

it('a function whose types were taken out is found by its name', () => {
  expect(places().locate('function typed(a) { return a }', 'typed')).toEqual({
    url: 'cell-2/b',
    line: 2,
    column: 1,
  });
});

it('so is a method, told from its calls', () => {
  const known = places();
  const cell = 'work.area(1)\nclass Work {\n  async area(r: number): Promise<number> {\n  }\n}\nwork.area(2)';
  known.remember('cell-3/c', cell);
  expect(known.locate('async area(r) {\n  }', 'area')).toEqual({ url: 'cell-3/c', line: 3, column: 3 });
});

it('the latest run of a cell counts', () => {
  const known = places();
  expect(known.locate('(y) => x + y', 'f')?.line).toBe(2);
  known.remember('cell-1/a', '\n\n\nconst f = (y) => x + y');
  expect(known.locate('(y) => x + y', 'f')?.line).toBe(4);
  expect(known.locate('nowhere', '')).toBeNull();
});
