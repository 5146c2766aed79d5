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
