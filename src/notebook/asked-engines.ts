import { MOST_ENGINES } from '../protocol/most-engines.ts';
import { isJsonObject } from './cells.ts';
import type { NotebookDocument } from './document.ts';

/** Engines of a notebook that does not say. */
export const USUAL_ENGINES = 4;

/** How many engines a notebook asks for, in `metadata.tutti.engines`. */
export function askedEngines({ metadata }: Pick<NotebookDocument, 'metadata'>): number {
  const tutti = metadata['tutti'];
  const engines = isJsonObject(tutti) ? tutti['engines'] : undefined;
  return typeof engines === 'number' && Number.isInteger(engines) && engines >= 1
    ? Math.min(engines, MOST_ENGINES)
    : USUAL_ENGINES;
}
