import type { NotebookDocument } from '../notebook/document.ts';
import { isJsonObject, newDocument } from '../notebook/cells.ts';
import type { NotebookStore as Stores } from '../ui/stores/notebook-store.ts';
import type { PageStore } from '../ui/stores/page-store.ts';
import { systemClock, systemTimers } from '../base/clock.ts';
import { newCellId, newDocumentId } from './names.ts';
import { notebookInAddress, plainAddress } from './notebook-address.ts';
import { createNotebookSources, type NotebookSources } from './notebook-sources.ts';
import { messageOf, type Notices } from './notices.ts';
import { type Autosave, createAutosave, type SaveState } from './storage/autosave.ts';
import { createDocumentWriter } from './storage/document-writer.ts';
import type { FileStore } from './storage/file-store.ts';
import { createNotebookStore } from './storage/notebook-store.ts';
import { saveOnHide } from './storage/save-on-hide.ts';

/**
 * The notebooks of this browser and the one on the desk: what is opened first, how it is kept, which others
 * there are.
 */
export interface NotebookDesk {
  readonly sources: NotebookSources;
  /** The notebook of a visit: the address's, else the last one, else Welcome. Never rejects. */
  first(): Promise<{ readonly document: NotebookDocument; readonly refusal: string | null }>;
  /** From now on `save` concerns this notebook. `fresh`: it is not on disk yet and shall be. */
  opened(document: NotebookDocument, fresh: boolean): void;
  edited(document: NotebookDocument): void;
  /** Everything edited is on disk, or its failure is shown. */
  flush(): Promise<void>;
  /** Looks again which notebooks there are. */
  refreshLists(): Promise<void>;
}

const WELCOME = 'example-welcome';

export function createNotebookDesk(
  page: PageStore,
  files: FileStore,
  onSaved: (state: SaveState) => void,
): NotebookDesk {
  const store = createNotebookStore();
  const writer = createDocumentWriter(store, systemClock);
  const sources = createNotebookSources(store, writer, files);
  const autosave: Autosave = createAutosave({
    save: (document) => writer.save(document),
    timers: systemTimers,
    onState: onSaved,
  });
  saveOnHide(autosave);

  const refreshLists = async (): Promise<void> => {
    const [examples, recent] = await Promise.all([sources.examples(), sources.recent()]);
    page.setState({ examples, recent });
  };

  return {
    sources,
    refreshLists,
    async first() {
      try {
        const linked = await notebookInAddress(new URL(location.href));
        if (linked) return { document: linked, refusal: null };
      } catch (error) {
        const refusal = `The link could not be opened: ${messageOf(error)}`;
        return { document: await lastOrWelcome(store, sources), refusal };
      }
      return { document: await lastOrWelcome(store, sources), refusal: null };
    },
    opened(document, fresh) {
      page.setState({ openKey: sources.keyOf(document) });
      autosave.opened();
      void store.setLastOpened(document.id);
      if (fresh) keepAndTidyAddress(document, autosave);
      void refreshLists();
    },
    edited: (document) => {
      autosave.edited(document);
    },
    flush: async () => {
      await autosave.flush();
    },
  };
}

/** A notebook in the address is gone with the address: it goes from there only once it is on disk. */
function keepAndTidyAddress(document: NotebookDocument, autosave: Autosave): void {
  autosave.edited(document);
  void autosave.flush().then((state) => {
    if (state === 'saved' && location.href.includes('nb=')) history.replaceState(null, '', plainAddress());
  });
}

async function lastOrWelcome(
  store: ReturnType<typeof createNotebookStore>,
  sources: NotebookSources,
): Promise<NotebookDocument> {
  const last = await store.lastOpened();
  const keys = [...(last.ok && last.value !== null ? [last.value] : []), WELCOME];
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
