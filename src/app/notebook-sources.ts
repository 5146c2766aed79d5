import type { NotebookDocument } from '../notebook/document.ts';
import { notebookName } from '../notebook/notebook-name.ts';
import type { NotebookEntry } from '../ui/stores/page-store.ts';
import { plural } from '../ui/format.ts';
import {
  bringFiles,
  type Bundled,
  fetchBundled,
  isExampleId,
  keyOfBundled,
  readBundled,
} from './bundled-notebooks.ts';
import { newDocumentId } from './names.ts';
import type { FileStore } from './storage/file-store.ts';
import type { NotebookStore } from './storage/notebook-store.ts';
import type { DocumentWriter } from './storage/document-writer.ts';
import type { EditJournal } from './journal/edit-journal.ts';
import type { StorageFault, StorageResult } from './storage/storage-types.ts';

/**
 * Where notebooks come from: the bundled ones, those kept in this browser, and addresses. An example that the
 * reader has changed is kept like any other notebook, and opening the example again opens that copy.
 */
export interface NotebookSources {
  examples(): Promise<readonly NotebookEntry[]>;
  templates(): Promise<readonly NotebookEntry[]>;
  recent(): Promise<readonly NotebookEntry[]>;
  /** Rejects with a sentence for the reader, as all below. */
  open(key: string): Promise<NotebookDocument>;
  /** A new notebook, of the reader's own. */
  fromTemplate(key: string): Promise<NotebookDocument>;
  /** An example as it is bundled; the reader's copy of it is deleted. */
  openAfresh(key: string): Promise<NotebookDocument>;
  /** Of a kept notebook that is not open. */
  rename(key: string, name: string): Promise<void>;
  /** The same under another id and name, not kept yet, with its files, which are. */
  copyOf(document: NotebookDocument): Promise<NotebookDocument>;
  /** A kept notebook once more, with its files, under the name that is given back. */
  duplicate(key: string): Promise<string>;
  /** The document alone: what belongs to it beside is the caller's. */
  delete(key: string): Promise<void>;
}

export interface SourceParts {
  readonly store: NotebookStore;
  readonly writer: Pick<DocumentWriter, 'loaded' | 'save'>;
  readonly files: FileStore;
  readonly journal: Pick<EditJournal, 'restore' | 'forget'>;
}

export function createNotebookSources(parts: SourceParts): NotebookSources {
  const { store, writer, files, journal } = parts;
  const bundled = fetchBundled();
  /** With what has been edited since it was saved. */
  const stored = async (id: string): Promise<NotebookDocument | null> => {
    const result = await store.load(id);
    const isAbsent = !result.ok && NOT_HERE.has(result.failure.fault);
    if (!result.ok && !isAbsent) throw new Error(result.failure.message);
    const disk = result.ok ? result.value : null;
    const { document, revision } = (await journal.restore(id, disk)) ?? disk ?? {};
    if (revision !== undefined) writer.loaded(id, revision);
    return document ?? null;
  };
  const kept = async (key: string): Promise<NotebookDocument> => {
    const document = await stored(key);
    if (!document) throw new Error('This notebook is no longer in this browser.');
    return document;
  };
  const bundledOf = async (key: string): Promise<Bundled | undefined> =>
    (await bundled).find((each) => keyOfBundled(each) === key);
  const exampleOf = async (key: string): Promise<Bundled | undefined> =>
    isExampleId(key) ? bundledOf(key) : undefined;
  const copyOf = async (document: NotebookDocument): Promise<NotebookDocument> => {
    const taken = await store.list();
    const names = taken.ok ? taken.value.map((each) => each.name) : [];
    const copy = { ...document, id: newDocumentId(), name: nameOfCopy(document.name, names) };
    const along = await files.list(document.id).catch(() => []);
    for (const file of along) await files.put(copy.id, file);
    return copy;
  };
  return {
    copyOf,
    examples: async () => (await bundled).filter(({ template }) => template !== true).map(entryOf),
    templates: async () => (await bundled).filter(({ template }) => template === true).map(entryOf),
    recent: async () => {
      const result = await store.list();
      if (!result.ok) return [];
      return result.value
        .filter(({ id }) => !isExampleId(id))
        .map(({ id, name, cells, modified }) => ({
          key: id,
          title: name,
          detail: `${plural(cells, 'cell')} · ${DAY.format(modified)}`,
        }));
    },
    open: async (key) => {
      const example = await exampleOf(key);
      if (!example) return kept(key);
      await bringFiles(example, key, { store: files, which: 'missing' });
      return (await stored(key).catch(() => null)) ?? readBundled(example, key);
    },
    fromTemplate: async (key) => {
      const template = await bundledOf(key);
      if (!template) throw new Error('There is no such template.');
      return readBundled(template, newDocumentId());
    },
    openAfresh: async (key) => {
      const example = await exampleOf(key);
      if (!example) throw new Error('This notebook is none of the examples.');
      // Read first: what cannot be had again is not thrown away.
      const document = await readBundled(example, key);
      await bringFiles(example, key, { store: files, which: 'all' });
      journal.forget(key);
      valueOf(await store.delete(key));
      writer.loaded(key, 0);
      return document;
    },
    rename: async (key, name) => {
      const document = await kept(key);
      valueOf(await writer.save({ ...document, name: notebookName(name) || document.name }));
    },
    duplicate: async (key) => {
      const copy = await copyOf(await kept(key));
      valueOf(await writer.save(copy));
      return copy.name;
    },
    delete: async (key) => {
      journal.forget(key);
      valueOf(await store.delete(key));
      writer.loaded(key, 0);
    },
  };
}

/** Where the browser refuses its databases, the journal may be all there is. */
const NOT_HERE: ReadonlySet<StorageFault> = new Set(['missing', 'refused']);

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function entryOf(bundled: Bundled): NotebookEntry {
  return { key: keyOfBundled(bundled), title: bundled.title, detail: bundled.description };
}

/** `Work copy`, `Work copy 2` …: the first that no notebook has. */
export function nameOfCopy(name: string, taken: readonly string[]): string {
  const stem = `${name.replace(/ copy(?: \d+)?$/, '')} copy`;
  for (let n = 2, wanted = stem; ; n++) {
    if (!taken.includes(wanted)) return wanted;
    wanted = `${stem} ${String(n)}`;
  }
}

function valueOf<T>(result: StorageResult<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
