import { randomName } from '../base/random.ts';
import type { CellId, RunId } from '../protocol/ids.ts';

/** Ids that the page gives away. */
export const newCellId = (): CellId => randomName(Math.random, 8) as CellId;
export const newRunId = (): RunId => `run-${randomName(Math.random, 12)}` as RunId;
export const newDocumentId = (): string => `nb-${randomName(Math.random, 12)}`;
export const newTabId = (): string => randomName(Math.random, 10);
