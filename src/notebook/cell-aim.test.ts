import { expect, test } from 'vitest';
import { readAim, writeAim } from './cell-aim.ts';

const engines = (...list: number[]) => ({ type: 'engines', engines: list }) as const;

test.each([
  ['a = 1', { type: 'kernel' }],
  ['', { type: 'kernel' }],
  ['%%px\na', { type: 'usual' }],
  ['\n%%px --noblock\na', { type: 'usual' }],
  ['%%px --targets all\na', { type: 'all' }],
  ['%%px -t 0,2 --noblock\na', engines(0, 2)],
  ['%%px --targets=[0, 2]\na', engines(0, 2)],
  ['%%px -t1\na', engines(1)],
  ['%%px --targets ::2\na', { type: 'expression', text: '::2' }],
  ['%px a', { type: 'usual' }],
  ['%px --targets 3 a = 1', engines(3)],
  ['%px a\n%px b', { type: 'kernel' }],
  ['%%px0\na', { type: 'other', magic: '%%px0' }],
  ['%%time\na', { type: 'other', magic: '%%time' }],
] as const)('where %j runs', (source, aim) => {
  expect(readAim(source)).toEqual(aim);
});

test.each([
  ['a = 1', engines(0, 2), '%%px --targets 0,2\na = 1'],
  ['a = 1', { type: 'usual' }, '%%px\na = 1'],
  ['%%px\na', engines(1), '%%px --targets 1\na'],
  ['%%px -t 0,2 --noblock\na', { type: 'all' }, '%%px --targets all --noblock\na'],
  ['%%px --noblock --targets=[0, 2]\na', { type: 'usual' }, '%%px --noblock\na'],
  ['%%px --targets 0 --out x\na\nb', { type: 'kernel' }, 'a\nb'],
  ['%px --targets 3 --noblock a = 1', engines(0), '%px --targets 0 --noblock a = 1'],
  ['%px -a f(--x)', engines(0), '%px --targets 0 -a f(--x)'],
  ['%px --out r a', { type: 'kernel' }, 'a'],
  ['%px a', { type: 'usual' }, '%px a'],
] as const)('%j goes to %j', (source, aim, expected) => {
  expect(writeAim(source, aim)).toBe(expected);
});

test('what is written is what is read, and the kernel gets the code back as it was', () => {
  for (const source of ['x', 'a\nb\n', '  indented\nmore']) {
    for (const aim of [engines(0), engines(1, 2, 3), { type: 'all' }, { type: 'usual' }] as const) {
      const there = writeAim(source, aim);
      expect(readAim(there)).toEqual(aim);
      expect(writeAim(there, { type: 'kernel' }).trimStart()).toBe(source.trimStart());
    }
  }
});
