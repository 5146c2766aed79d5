import { expect, test } from 'vitest';
import type { CellId, RunId } from '../protocol/ids.ts';
import { newCell } from './cells.ts';
import type { Cell } from './document.ts';
import { cellsThatMade } from './lost-names.ts';

function ran(id: string, source: string, executionCount: number, more: Partial<Cell> = {}): Cell {
  const run = { status: 'ok', runId: `run-${id}` as RunId, duration: 1 } as const;
  return { ...newCell(id as CellId, 'code', source), executionCount, run, ...more };
}

const CELLS: readonly Cell[] = [
  ran('late', '%px y = x', 5, { targets: [0] }),
  ran('early', '%px x = 1', 1, { targets: [0, 1] }),
  ran('pushed', 'await dview.push({ a: 1 })', 3, { targets: null }),
  ran('assigned', 'dview["a"] = 5', 4, { targets: null }),
  ran('plain', 'const z = 1 + 1', 2, { targets: null }),
  ran('failed', '%px while (true) {}', 6, { run: { status: 'error', runId: 'r' as RunId, duration: 1 } }),
  newCell('never' as CellId, 'code', '%px q = 1'),
];

test('all cells that went well bring back the kernel’s names, in the order in which they ran', () => {
  const ids = cellsThatMade(['kernel'], CELLS).map(({ id }) => id);
  expect(ids).toEqual(['early', 'plain', 'pushed', 'assigned', 'late']);
});

test('cells that ran on engines or sent them something bring back the engines’ names', () => {
  expect(cellsThatMade(['engines'], CELLS).map(({ id }) => id)).toEqual([
    'early',
    'pushed',
    'assigned',
    'late',
  ]);
});
