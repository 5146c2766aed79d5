import { expect, test } from 'vitest';
import { withoutPython } from './python-cells.ts';

test.each([
  ['%%px\nfor i in x:\n  f(i)', 'python', '%%px\n           \n      '],
  ['%%px --targets python\nx = 1', 'javascript', '%%px --targets python\n     '],
  ['%%px --targets javascript\nx = 1', 'python', '%%px --targets javascript\nx = 1'],
  ['%%px\nx = 1', 'javascript', '%%px\nx = 1'],
  ['let a = 1;\n%px import os\nb', 'python', 'let a = 1;\n%px          \nb'],
  ['const ar = %px -t python print(1)', 'javascript', `const ar = %px${' '.repeat(19)}`],
  ['a % px', 'python', 'a % px'],
] as const)('%j (usually %s)', (source, usual, expected) => {
  expect(withoutPython(source, usual)).toBe(expected);
});
