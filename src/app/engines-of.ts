import { askedEngines, USUAL_ENGINES } from '../notebook/asked-engines.ts';
import type { NotebookDocument } from '../notebook/document.ts';

/**
 * How many engines to start for a notebook: as many as it asks for, 4 when it does not say. Without the reader's consent
 * a notebook from elsewhere gets no more than the machine has cores.
 */
export function enginesOf(document: NotebookDocument, cores: number = navigator.hardwareConcurrency): number {
  const asked = askedEngines(document);
  return document.origin === 'own' ? asked : Math.min(asked, Math.max(USUAL_ENGINES, cores));
}
