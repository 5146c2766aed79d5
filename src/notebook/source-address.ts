/**
 * Where on the web a notebook came from, `metadata.tutti.source`: files beside it are found there. It travels with the
 * file, so that links in it lead on wherever it is opened.
 */
import { isJsonObject } from './cells.ts';
import type { NotebookDocument } from './document.ts';

/** `source`: an address of the web without name, password, query and fragment, which may be somebody's secret. */
export function withSource(document: NotebookDocument, source: string): NotebookDocument {
  const { tutti } = document.metadata;
  return {
    ...document,
    metadata: { ...document.metadata, tutti: { ...(isJsonObject(tutti) ? tutti : {}), source } },
  };
}

/** Null: it did not come from the web, or nobody knows. */
export function sourceOf({ metadata: { tutti } }: NotebookDocument): string | null {
  const source = isJsonObject(tutti) ? tutti['source'] : undefined;
  return typeof source === 'string' && /^https?:\/\//.test(source) ? source : null;
}
