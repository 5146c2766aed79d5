import type { NotebookDocument } from '../notebook/document.ts';
import { isJsonObject, newDocument } from '../notebook/cells.ts';
import type { NotebookStore as Stores } from '../ui/stores/notebook-store.ts';
import type { PageStore, PageView } from '../ui/stores/page-store.ts';
import { systemClock, systemTimers } from '../base/clock.ts';
import { newCellId, newDocumentId } from './names.ts';
import { destinationOf, showInAddress } from './notebook-address.ts';
import { createNotebookSources, type NotebookSources } from './notebook-sources.ts';
import { messageOf, type Notices } from './notices.ts';
import { type Autosave, createAutosave, type SaveState } from './storage/autosave.ts';
import { createDocumentWriter } from './storage/document-writer.ts';
import type { FileStore } from './storage/file-store.ts';
import { createNotebookStore, type NotebookStore } from './storage/notebook-store.ts';
import { saveOnHide } from './storage/save-on-hide.ts';

/**
 * The notebooks of this browser and the one on the desk: what is opened first, how it is kept, which others
 * there are.
 */
export interface NotebookDesk {
  readonly sources: NotebookSources;
  /** The notebook of a visit: the address's, else the last one, else Welcome. Never rejects. */
  first(): Promise<FirstNotebook>;
  /** The notebook of a first visit. Never rejects. */
  welcome(): Promise<NotebookDocument>;
  /** From now on `save` concerns this notebook. `fresh`: it is not on disk yet and shall be. */
  opened(document: NotebookDocument, fresh: boolean): void;
  edited(document: NotebookDocument): void;
  /** Everything edited is on disk, or its failure is shown. */
  flush(): Promise<SaveState>;
  /** Looks again which notebooks there are. */
  refreshLists(): Promise<void>;
}

export interface FirstNotebook {
  readonly document: NotebookDocument;
  /** Why it is not the one that the address asks for. */
  readonly refusal: string | null;
  readonly view: PageView['view'];
}

const WELCOME = 'example-welcome';

export function createNotebookDesk(
  page: PageStore,
  files: FileStore,
  onSaved: (state: SaveState) => void,
): NotebookDesk {
  const store = createNotebookStore();
  const writer = createDocumentWriter(store, systemClock);
  const sources = createNotebookSources({ store, writer, files });
  const autosave: Autosave = createAutosave({
    save: (document) => writer.save(document),
    timers: systemTimers,
    onState: onSaved,
  });
  saveOnHide(autosave);

  const refreshLists = async (): Promise<void> => {
    const [examples, templates, recent] = await Promise.all([
      sources.examples(),
      sources.templates(),
      sources.recent(),
    ]);
    page.setState({ examples, templates, recent });
  };

  return {
    sources,
    refreshLists,
    welcome: () => firstOf(sources, [WELCOME]),
    async first() {
      const asked = destinationOf(new URL(location.href));
      const view = asked.type === 'start' ? 'start' : 'notebook';
      try {
        if (asked.type === 'carried') return { document: await asked.read(), refusal: null, view };
        if (asked.type === 'named') return { document: await sources.open(asked.key), refusal: null, view };
      } catch (error) {
        const refusal = `The address could not be opened: ${messageOf(error)}`;
        return { document: await lastOrWelcome(store, sources), refusal, view };
      }
      return { document: await lastOrWelcome(store, sources), refusal: null, view };
    },
    opened(document, fresh) {
      page.setState({ openKey: document.id });
      autosave.opened();
      void store.setLastOpened(document.id);
      const carried = fresh && destinationOf(new URL(location.href)).type === 'carried';
      if (fresh) autosave.edited(document);
      if (!carried) {
        if (page.getState().view === 'notebook') showInAddress(document.id);
        void refreshLists();
        return;
      }
      // A notebook in the address is gone with the address: it goes from there only once it is on disk.
      void autosave.flush().then((state) => {
        if (state === 'saved' && page.getState().openKey === document.id) showInAddress(document.id, true);
        return refreshLists();
      });
    },
    edited: (document) => {
      autosave.edited(document);
    },
    flush: () => autosave.flush(),
  };
}

async function lastOrWelcome(store: NotebookStore, sources: NotebookSources): Promise<NotebookDocument> {
  const last = await store.lastOpened();
  return firstOf(sources, [...(last.ok && last.value !== null ? [last.value] : []), WELCOME]);
}

async function firstOf(sources: NotebookSources, keys: readonly string[]): Promise<NotebookDocument> {
  for (const key of keys) {
    try {
      return await sources.open(key);
    } catch {
      // Deleted, or not reachable: the next one.
    }
  }
  return untitled();
}

export function untitled(): NotebookDocument {
  return newDocument({ id: newDocumentId(), name: 'Untitled', cellId: newCellId() });
}

/** How many engines a notebook asks for; 4 when it does not say. */
export function enginesOf(document: NotebookDocument): number {
  const tutti = document.metadata['tutti'];
  const engines = isJsonObject(tutti) ? tutti['engines'] : undefined;
  return typeof engines === 'number' && Number.isInteger(engines) && engines >= 1 && engines <= 64
    ? engines
    : 4;
}

export function showSaved(store: Stores, state: SaveState): void {
  store.setState({
    saved:
      state === 'saved'
        ? { status: 'saved' }
        : typeof state === 'string'
          ? { status: 'pending' }
          : { status: 'failed', message: state.error.message },
  });
}

export function showRefusal(notices: Notices, refusal: string | null): void {
  if (refusal !== null) notices.show('error', refusal);
}
