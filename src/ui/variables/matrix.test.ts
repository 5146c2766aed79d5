import { describe, expect, it } from 'vitest';
import type { Lane } from '../../protocol/outputs.ts';
import { numberNamed } from '../../testing/variables.ts';
import { allNames, cellLabel, namesInOrder, pullLine, rowOf, valueGroups } from './matrix.ts';
import type { KnownVariable, LaneVariables } from './variables.ts';

const variable = (name: string, text: string, more: Partial<KnownVariable> = {}): KnownVariable => ({
  ...numberNamed(name, text),
  changedAt: null,
  ...more,
});

function lane(at: Lane, ...variables: readonly KnownVariable[]): LaneVariables {
  return {
    lane: at,
    names: variables.map(({ name }) => name),
    known: new Map(variables.map((each) => [each.name, each])),
    asOf: 0,
    state: 'fresh',
  };
}

const part = (digest: string, length: number): KnownVariable =>
  variable('data', 'Float64Array', { kind: 'list', type: 'Float64Array', length, digest, bytes: 8 * length });

describe('the matrix of variables', () => {
  it('tells what is the same on all, on most, and what differs', () => {
    const relations = (...texts: readonly (string | null)[]) =>
      rowOf(
        'x',
        texts.map((text, i) => (text === null ? lane(i) : lane(i, variable('x', text)))),
      ).cells.map(({ relation }) => relation);
    expect(relations('1', '1', '1')).toEqual(['same', 'same', 'same']);
    expect(relations('1', '1', '2')).toEqual(['most', 'most', 'differs']);
    expect(relations('1', '2', '3')).toEqual(['differs', 'differs', 'differs']);
    expect(relations('1', null, null)).toEqual(['alone', null, null]);
    expect(relations('1', null, '1')).toEqual(['same', null, 'same']);
    const withKernel = rowOf('x', [lane(null, variable('x', '9')), lane(0, variable('x', '1'))]);
    expect(withKernel.cells.map(({ relation }) => relation)).toEqual([null, 'alone']);
  });

  it('knows the parts of a scattered array', () => {
    const parts = (...lengths: readonly number[]) =>
      rowOf(
        'data',
        lengths.map((length, i) => lane(i, part(String(i), length))),
      ).parts;
    expect(parts(250, 250, 250)).toBe('3 × 250');
    expect(parts(250, 250, 249)).toBe('3 × 249–250');
    expect(parts(250, 3)).toBeNull();
    expect(parts(250)).toBeNull();
    const copies = rowOf('data', [lane(0, part('a', 9)), lane(1, part('a', 9))]);
    expect(copies.parts).toBeNull();
  });

  it('says a cell in words', () => {
    const row = rowOf('data', [
      lane(null, variable('data', '1')),
      lane(0, part('a', 250)),
      lane(1, part('b', 250)),
      lane(2),
    ]);
    expect(row.cells.map((cell) => cellLabel('data', cell))).toEqual([
      'data, kernel, number',
      'data, engine 0, Float64Array of 250, differs',
      'data, engine 1, Float64Array of 250, differs',
      'data, engine 2, not there',
    ]);
  });

  it('orders by name as people count, by size, by what changed last; and filters', () => {
    const lanes = [
      lane(null, variable('x10', '1'), variable('x9', '1', { changedAt: 5 })),
      lane(0, variable('big', '1', { bytes: 100 }), variable('x9', '2', { changedAt: 7 })),
    ];
    const all = allNames(lanes.map(({ names }) => names));
    expect(namesInOrder(all, lanes, '', 'name')).toEqual(['big', 'x9', 'x10']);
    expect(namesInOrder(all, lanes, '', 'size')).toEqual(['big', 'x9', 'x10']);
    expect(namesInOrder(all, lanes, '', 'changed')).toEqual(['x9', 'big', 'x10']);
    expect(namesInOrder(all, lanes, ' X1', 'name')).toEqual(['x10']);
  });

  it('puts together who holds the same', () => {
    const row = rowOf('x', [
      lane(null, variable('x', '1')),
      lane(0, variable('x', '1')),
      lane(1, variable('x', '2')),
      lane(2, variable('x', '1')),
    ]);
    expect(valueGroups(row).map(({ who, variable: { text } }) => [who, text])).toEqual([
      ['kernel', '1'],
      ['e0, e2', '1'],
      ['e1', '2'],
    ]);
  });

  it('brings a value, or the parts of an array, into the kernel', () => {
    const row = rowOf('data', [lane(null), lane(0, part('a', 5)), lane(1, part('b', 5)), lane(2)]);
    expect(pullLine(row, 1)).toBe("data = await rc[1].pull('data')");
    expect(pullLine(row, null)).toBe("data = await rc[[0, 1]].gather('data')");
    const all = rowOf('x', [lane(null), lane(0, variable('x', '1')), lane(1, variable('x', '2'))]);
    expect(pullLine(all, null)).toBe("x = await rc[':'].pull('x')");
  });
});
