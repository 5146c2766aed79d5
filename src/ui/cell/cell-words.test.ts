import { expect, it } from 'vitest';
import { newCell } from '../../notebook/cells.ts';
import type { Cell } from '../../notebook/document.ts';
import { id, run } from '../../notebook/session-history.ts';
import { cellInWords } from './cell-words.ts';

it('tells kind, run, and what no longer holds', () => {
  const cell = newCell(id('a'), 'code', 'x');
  const runId = run('r');
  const failed: Cell = { ...cell, executionCount: 3, run: { status: 'error', runId, duration: 1 } };
  expect(cellInWords(cell, null)).toBe('Code, not run');
  expect(cellInWords({ ...cell, executionCount: 3 }, null)).toBe('Code');
  expect(cellInWords({ ...cell, run: { status: 'queued', runId, place: 2 } }, null)).toBe(
    'Code, waiting, place 2',
  );
  expect(cellInWords({ ...failed, stale: true }, null)).toBe('Code, failed, edited since it ran');
  expect(
    cellInWords(
      { ...failed, run: { status: 'ok', runId, duration: 1 } },
      { names: ['x'], cell: id('b'), how: 'changed' },
    ),
  ).toBe('Code, finished, outdated');
  const cut: Cell = { ...cell, run: { status: 'cut-off' } };
  expect(cellInWords(cut, null)).toBe('Code, its run was cut off');
  expect(cellInWords(cut, null, true)).toBe('Code, ran in another tab');
  expect(cellInWords(newCell(id('m'), 'markdown', '# x'), null)).toBe('Markdown');
});
