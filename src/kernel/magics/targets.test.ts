import { expect, test } from 'vitest';
import { parseTargets, targetsText } from './targets.ts';

test.each([
  ['all', 'all'],
  ['1', 1],
  ['-1', -1],
  ['1,2', [1, 2]],
  ['[0, 2]', [0, 2]],
  ['[3]', [3]],
  ['::2', '::2'],
  ['1:3', '1:3'],
])('targets %s', (text, expected) => {
  expect(parseTargets('%%px', text)).toEqual(expected);
});

test.each(['even', '1;2', '', '1:2:3:4', 'a,b'])('"%s" is refused with what would be right', (text) => {
  expect(() => parseTargets('%%px', text)).toThrow(/is not a target: all, an engine \(1\)/);
});

test('P.316 long lists of engines are abbreviated', () => {
  expect(targetsText([0, 2])).toBe('[0, 2]');
  expect(targetsText(Array.from({ length: 12 }, (_, i) => i))).toBe('[0, 1, 2, 3, ..., 8, 9, 10, 11]');
});
