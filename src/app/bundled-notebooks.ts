import type { NotebookDocument } from '../notebook/document.ts';
import { readNotebook } from '../notebook/ipynb.ts';
import { newCellId } from './names.ts';
import { systemTimers } from '../base/clock.ts';
import { fetchText } from './bounded-fetch.ts';
import type { FileStore } from './storage/file-store.ts';

/** The notebooks that come with Tutti: examples, which are opened as they are, and templates, of which a new notebook
 * is made each time. */
export interface Bundled {
  readonly file: string;
  readonly title: string;
  readonly description: string;
  readonly engines: number;
  readonly template?: boolean;
  /** What comes along, in the folder of the notebook's name. */
  readonly files?: readonly string[];
}

const BOUNDS = { timers: systemTimers };

const EXAMPLE = 'example-';
const TEMPLATE = 'template-';

/** Whether a notebook of this id is an example, as it came or changed by the reader. */
export function isExampleId(id: string): boolean {
  return id.startsWith(EXAMPLE);
}

export function keyOfBundled({ file, template }: Bundled): string {
  const name = file.replace(/\.ipynb$/, '');
  return template ? TEMPLATE + name.replace(/^template-/, '') : EXAMPLE + name;
}

/** What there is, in the order of the start page; nothing where it cannot be had. */
export async function fetchBundled(): Promise<readonly Bundled[]> {
  try {
    const list: unknown = JSON.parse(
      await fetchText(new URL('notebooks/index.json', document.baseURI), BOUNDS),
    );
    return Array.isArray(list) ? list.filter(isBundled) : [];
  } catch {
    return [];
  }
}

function isBundled(entry: unknown): entry is Bundled {
  const { file, title, description } = (entry ?? {}) as Partial<Record<keyof Bundled, unknown>>;
  return typeof file === 'string' && typeof title === 'string' && typeof description === 'string';
}

/** Its text, as a document of the reader's own under `id`. Rejects with a sentence for the reader. */
export async function readBundled(bundled: Bundled, id: string): Promise<NotebookDocument> {
  const { file, title, engines } = bundled;
  const text = await fetchText(new URL(`notebooks/${file}`, document.baseURI), BOUNDS);
  const read = readNotebook(text, { id, name: title, origin: 'own', createCellId: newCellId });
  return 'tutti' in read.metadata ? read : { ...read, metadata: { ...read.metadata, tutti: { engines } } };
}

/** Puts what comes along with an example into the workspace of `id`: what is missing there, or all anew. A notebook
 * without its files is better than none. */
export async function bringFiles(
  bundled: Bundled,
  id: string,
  { store, which }: { readonly store: FileStore; readonly which: 'missing' | 'all' },
): Promise<void> {
  const { file, files = [] } = bundled;
  if (files.length === 0) return;
  try {
    const kept = which === 'missing' ? (await store.list(id)).map(({ name }) => name) : [];
    const folder = new URL(`notebooks/${file.replace(/\.ipynb$/, '')}/`, document.baseURI);
    for (const name of files.filter((each) => !kept.includes(each))) {
      const blob = new Blob([await fetchText(new URL(name, folder), BOUNDS)], { type: 'text/plain' });
      await store.put(id, { name, blob, modified: Date.now() });
    }
  } catch (error) {
    console.warn(`The files of ${file} could not be put into its workspace.`, error);
  }
}
