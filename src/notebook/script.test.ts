import { expect, test } from 'vitest';
import type { CellId } from '../protocol/ids.ts';
import { newCell, newDocument } from './cells.ts';
import { scriptOf } from './script.ts';

test('a notebook as a script: code stays code, text and magics are comments', () => {
  const cell = (kind: 'code' | 'markdown', source: string) => newCell('c' as CellId, kind, source);
  const document = {
    ...newDocument({ id: 'nb', name: 'My\nnotebook', cellId: 'c' as CellId }),
    cells: [
      cell('markdown', '# Title\n\ntext'),
      cell('code', "const a = 7 % 2;\n%px b = 1\nconst r = %px b\nlview.map??\nawait files.text('x')"),
      cell('code', '%%px --targets 0\nconst c = 1;'),
      cell('code', ''),
    ],
  };
  expect(scriptOf(document)).toBe(
    [
      '// My notebook',
      '',
      '// %% [markdown]',
      '// # Title',
      '//',
      '// text',
      '',
      '// %%',
      'const a = 7 % 2;',
      '// %px b = 1',
      '// const r = %px b',
      '// lview.map??',
      "await files.text('x')",
      '',
      '// %%',
      '// %%px --targets 0',
      '// const c = 1;',
      '',
      '// %%',
      '',
      '',
    ].join('\n'),
  );
});

test.each([
  ['markdown', 'a\rb()'],
  ['markdown', 'a\u2028b()'],
  ['markdown', 'a\u2029b()\r\nb()'],
  ['markdown', '*/ b()'],
  ['raw', '\rb()\r\rb()'],
  ['code', '%px 1\rb()'.replace('\r', '\u2028')],
  ['code', '%%px --targets 0\rb()'],
  ['code', '%%px\u2028b()\u2029b()'],
] as const)('nothing of a comment can leave it: %s %j', (kind, source) => {
  const document = {
    ...newDocument({ id: 'nb', name: 'x\rb()\u2028b()', cellId: 'c' as CellId }),
    cells: [newCell('c' as CellId, kind, source)],
  };
  const script = scriptOf(document);
  for (const line of script.split(/[\n\r\u2028\u2029]/)) expect(line).toMatch(/^(?:\/\/.*)?$/);
});

test('line ends inside code stay what they are to the language', () => {
  const document = {
    ...newDocument({ id: 'nb', name: 'x', cellId: 'c' as CellId }),
    cells: [newCell('c' as CellId, 'code', "const a = 'x\u2028y';\r\nconst b = 1;\rconst c = 2")],
  };
  expect(scriptOf(document)).toContain("const a = 'x\u2028y';\nconst b = 1;\nconst c = 2\n");
});
