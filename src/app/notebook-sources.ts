import type { NotebookDocument } from '../notebook/document.ts';
import { readNotebook } from '../notebook/ipynb.ts';
import type { NotebookEntry } from '../ui/stores/page-store.ts';
import { plural } from '../ui/format.ts';
import { newCellId } from './names.ts';
import type { FileStore } from './storage/file-store.ts';
import type { NotebookStore } from './storage/notebook-store.ts';
import type { DocumentWriter } from './storage/document-writer.ts';

/**
 * Where notebooks come from: the bundled ones, those kept in this browser, and addresses. An example that the
 * reader has changed is kept like any other notebook, and opening the example again opens that copy.
 */
export interface NotebookSources {
  examples(): Promise<readonly NotebookEntry[]>;
  recent(): Promise<readonly NotebookEntry[]>;
  /** Rejects with a sentence for the reader. */
  open(key: string): Promise<NotebookDocument>;
  /** An example as it is bundled; the reader's copy of it is deleted. Rejects with a sentence for the reader. */
  openAfresh(key: string): Promise<NotebookDocument>;
  keyOf(document: NotebookDocument): string;
}

interface Example {
  readonly file: string;
  readonly title: string;
  readonly description: string;
  readonly engines: number;
  /** What comes along, in the folder of the notebook's name. */
  readonly files?: readonly string[];
}

const EXAMPLE = 'example-';

export function createNotebookSources(
  store: NotebookStore,
  writer: Pick<DocumentWriter, 'loaded'>,
  files: FileStore,
): NotebookSources {
  const index = fetchIndex();
  const stored = async (id: string): Promise<NotebookDocument | null> => {
    const result = await store.load(id);
    if (!result.ok) {
      if (result.failure.fault === 'missing') return null;
      throw new Error(result.failure.message);
    }
    writer.loaded(id, result.value.revision);
    return result.value.document;
  };
  const exampleOf = async (key: string): Promise<Example | undefined> =>
    key.startsWith(EXAMPLE) ? (await index).find(({ file }) => idOf(file) === key) : undefined;
  return {
    examples: async () =>
      (await index).map((example) => ({
        key: idOf(example.file),
        title: example.title,
        detail: example.description,
      })),
    recent: async () => {
      const result = await store.list();
      if (!result.ok) return [];
      return result.value
        .filter(({ id }) => !id.startsWith(EXAMPLE))
        .map(({ id, name, cells, modified }) => ({
          key: id,
          title: name,
          detail: `${plural(cells, 'cell')} · ${DAY.format(modified)}`,
        }));
    },
    open: async (key) => {
      const example = await exampleOf(key);
      if (example) await bringFiles(example, files, 'missing');
      const kept = example ? await stored(key).catch(() => null) : await stored(key);
      if (kept) return kept;
      if (!example) throw new Error('This notebook is no longer in this browser.');
      return readExample(example);
    },
    openAfresh: async (key) => {
      const example = await exampleOf(key);
      if (!example) throw new Error('This notebook is none of the examples.');
      // Read first: what cannot be had again is not thrown away.
      const document = await readExample(example);
      await bringFiles(example, files, 'all');
      const deleted = await store.delete(key);
      if (!deleted.ok) throw new Error(deleted.failure.message);
      writer.loaded(key, 0);
      return document;
    },
    keyOf: (document) => document.id,
  };
}

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function idOf(file: string): string {
  return EXAMPLE + file.replace(/\.ipynb$/, '');
}

async function fetchIndex(): Promise<readonly Example[]> {
  try {
    const list: unknown = JSON.parse(await fetchText(new URL('notebooks/index.json', document.baseURI)));
    return Array.isArray(list) ? list.filter(isExample) : [];
  } catch {
    return [];
  }
}

function isExample(entry: unknown): entry is Example {
  const { file, title, description } = (entry ?? {}) as Partial<Record<keyof Example, unknown>>;
  return typeof file === 'string' && typeof title === 'string' && typeof description === 'string';
}

async function readExample({ file, title, engines }: Example): Promise<NotebookDocument> {
  const text = await fetchText(new URL(`notebooks/${file}`, document.baseURI));
  const read = readNotebook(text, { id: idOf(file), name: title, origin: 'own', createCellId: newCellId });
  return 'tutti' in read.metadata ? read : { ...read, metadata: { ...read.metadata, tutti: { engines } } };
}

/** Puts what comes along with an example into its workspace: what is missing there, or all anew. An example without
 * its files is better than none. */
async function bringFiles(example: Example, store: FileStore, which: 'missing' | 'all'): Promise<void> {
  const { file, files = [] } = example;
  if (files.length === 0) return;
  try {
    const kept = which === 'missing' ? (await store.list(idOf(file))).map(({ name }) => name) : [];
    const folder = new URL(`notebooks/${file.replace(/\.ipynb$/, '')}/`, document.baseURI);
    for (const name of files.filter((each) => !kept.includes(each))) {
      const blob = new Blob([await fetchText(new URL(name, folder))], { type: 'text/plain' });
      await store.put(idOf(file), { name, blob, modified: Date.now() });
    }
  } catch (error) {
    console.warn(`The files of ${file} could not be put into its workspace.`, error);
  }
}

/** The text at an address. Rejects with a sentence for the reader. */
export async function fetchText(url: URL): Promise<string> {
  const response = await fetch(url).catch(() => {
    throw new Error(`${url.href} could not be reached, or its host does not let other pages read it.`);
  });
  if (!response.ok) throw new Error(`${url.href} answers ${String(response.status)} ${response.statusText}.`);
  return response.text();
}
