import { MOST_ENGINES } from '../protocol/most-engines.ts';
import { isJsonObject } from '../notebook/cells.ts';
import type { NotebookDocument } from '../notebook/document.ts';

/** Engines of a notebook that does not say. */
const USUAL_ENGINES = 4;

/**
 * How many engines to start for a notebook: as many as it asks for, 4 when it does not say. Without the reader's consent
 * a notebook from elsewhere gets no more than the machine has cores.
 */
export function enginesOf(document: NotebookDocument, cores: number = navigator.hardwareConcurrency): number {
  const asked = askedEngines(document);
  return document.origin === 'own' ? asked : Math.min(asked, Math.max(USUAL_ENGINES, cores));
}

function askedEngines(document: NotebookDocument): number {
  const tutti = document.metadata['tutti'];
  const engines = isJsonObject(tutti) ? tutti['engines'] : undefined;
  return typeof engines === 'number' && Number.isInteger(engines) && engines >= 1
    ? Math.min(engines, MOST_ENGINES)
    : USUAL_ENGINES;
}
