import { expect, test } from 'vitest';
import type { CellId } from '../protocol/ids.ts';
import { newDocument } from '../notebook/cells.ts';
import type { Json, NotebookDocument } from '../notebook/document.ts';
import { enginesOf } from './engines-of.ts';

const asking = (engines: Json, origin: NotebookDocument['origin']): NotebookDocument => ({
  ...newDocument({ id: 'd', name: 'N', cellId: 'a' as CellId }),
  metadata: { tutti: { engines } },
  origin,
});

test.each([
  [1, 1, 1],
  [64, 64, 8],
  [128, 128, 8],
  [100_000, 128, 8],
  ['64', 4, 4],
  [0, 4, 4],
  [-3, 4, 4],
  [2.5, 4, 4],
  [null, 4, 4],
])(
  'a notebook that asks for %j engines gets %d, and %d before the consent of its reader',
  (asked, own, before) => {
    expect(enginesOf(asking(asked, 'own'), 8)).toBe(own);
    expect(enginesOf(asking(asked, 'elsewhere'), 8)).toBe(before);
  },
);

test('the usual four are there on a machine of few cores, too', () => {
  expect(enginesOf(asking(64, 'elsewhere'), 2)).toBe(4);
});
