import { expect, test } from 'vitest';
import type { CellId } from '../protocol/ids.ts';
import { newCell } from '../notebook/cells.ts';
import { createCellClipboard } from './cell-clipboard.ts';

const cells = [newCell('a' as CellId, 'code', 'one'), newCell('b' as CellId, 'markdown', '# two')] as const;
const said = (taken: readonly { kind: string; source: string }[]) =>
  taken.map(({ kind, source }) => `${kind}: ${source}`);

test('cells come back as the cells they were, under new ids; others get their text', () => {
  const clipboard = createCellClipboard();
  const text = clipboard.put(cells);
  expect(text).toBe('one\n\n# two');
  for (const through of [null, text, text.replaceAll('\n', '\r\n'), '  ']) {
    const taken = clipboard.take(through);
    expect(said(taken)).toEqual(['code: one', 'markdown: # two']);
    expect(taken.map(({ id }) => id)).not.toContain('a');
  }
});

test('text from elsewhere becomes one code cell', () => {
  const clipboard = createCellClipboard();
  clipboard.put(cells);
  expect(said(clipboard.take('let x = 1\r\nx\n'))).toEqual(['code: let x = 1\nx']);
});

test('nothing copied, nothing pasted', () => {
  expect(createCellClipboard().take(null)).toEqual([]);
});
