import type { NotebookDocument } from '../notebook/document.ts';
import { newDocument } from '../notebook/cells.ts';
import type { NotebookStore as Stores, SavedState } from '../ui/stores/notebook-store.ts';
import type { PageStore, PageView } from '../ui/stores/page-store.ts';
import { systemClock, systemTimers } from '../base/clock.ts';
import { newCellId, newDocumentId } from './names.ts';
import { destinationOf, showInAddress } from './notebook-address.ts';
import { createNotebookSources, type NotebookSources } from './notebook-sources.ts';
import { createEditJournal } from './journal/edit-journal.ts';
import { type JournalEntry, withChanges } from './journal/journal-entry.ts';
import { keyValuesUnder } from './journal/key-values.ts';
import type { TabLife } from './journal/tab-life.ts';
import {
  createOpeningMarks,
  markOfNotebook,
  markOfText,
  type OpeningMarks,
} from './opening/opening-marks.ts';
import { whenDrawn } from './when-idle.ts';
import type { OpeningScreen } from './opening/opening-screen.ts';
import { messageOf, type Notices } from './notices.ts';
import { type Autosave, createAutosave, type SaveState } from './storage/autosave.ts';
import { createDocumentWriter } from './storage/document-writer.ts';
import type { FileStore } from './storage/file-store.ts';
import { createNotebookStore, type NotebookStore } from './storage/notebook-store.ts';
import type { Snapshots } from './snapshots/snapshots.ts';
import { failed } from './storage/storage-failure.ts';
import { openTabChannel } from '../transport/tab-channel.ts';
import { createNotebookClaims, type NotebookClaims } from './tabs/notebook-claim.ts';
import { saveOnHide } from './storage/save-on-hide.ts';

/**
 * The notebooks of this browser and the one on the desk: what is opened first, how it is kept, which others
 * there are.
 */
export interface NotebookDesk {
  readonly sources: NotebookSources;
  /** The notebook of a visit: the address's, else the last one, else Welcome. Never rejects. */
  first(showOpening: (host: string) => OpeningScreen): Promise<FirstNotebook>;
  /** The notebook of a first visit. Never rejects. */
  welcome(): Promise<NotebookDocument>;
  /** From now on `save` concerns this notebook. `fresh`: it is not on disk yet and shall be. */
  opened(document: NotebookDocument, fresh: boolean): void;
  edited(document: NotebookDocument): void;
  /** From now on this tab saves the open notebook. */
  takeOver(): Promise<void>;
  /** Whether another tab has it open. */
  isElsewhere(key: string): Promise<boolean>;
  /** What pages that ended without saving have left of notebooks that are not open is saved. Rejects as storage does. */
  bringHome(): Promise<void>;
  /** Whether everything edited is kept, on disk or on its way there, should the page end now. */
  holdsAll(): boolean;
  /** Everything edited is on disk, or its failure is shown. */
  flush(): Promise<SaveState>;
  /** Looks again which notebooks there are. */
  refreshLists(): Promise<void>;
}

export interface FirstNotebook {
  readonly document: NotebookDocument;
  /** What should be here, but an earlier page did not come to an end with it. */
  readonly stuck: Stuck | null;
  /** Why it is not the one that the address asks for. */
  readonly refusal: string | null;
  readonly view: PageView['view'];
}

/** A notebook that is not opened by itself. */
export interface Stuck {
  readonly name: string;
  /** Of a kept notebook; null: the address carries it. */
  readonly key: string | null;
  readonly read: () => Promise<NotebookDocument>;
  /** Nothing is held against it any more. */
  readonly forgive: () => void;
}

const WELCOME = 'example-welcome';

export interface DeskParts {
  readonly page: PageStore;
  readonly files: FileStore;
  readonly snapshots: Pick<Snapshots, 'opened' | 'saved'>;
  readonly life: TabLife;
  readonly onSaved: (state: SaveState) => void;
  /** Another tab has saved the open notebook, which is unchanged here, and has let go of it. */
  readonly onNewer: (document: NotebookDocument) => void;
  /** What another tab had left unsaved of the notebook `name` is kept as a notebook of its own, under the name `copy`. */
  readonly onApart: (name: string, copy: string) => void;
}

export function createNotebookDesk(parts: DeskParts): NotebookDesk {
  const { page, files, snapshots, life, onSaved, onNewer, onApart } = parts;
  const store = createNotebookStore();
  const journal = createEditJournal({
    store: keyValuesUnder('tutti.journal/', () => localStorage),
    life,
    timers: systemTimers,
  });
  const writer = createDocumentWriter({ store, journal, clock: systemClock });
  const sources = createNotebookSources({ store, writer, files, journal });
  const claims = createNotebookClaims({
    // Not where the page is in no secure context.
    locks: 'locks' in navigator ? navigator.locks : null,
    channel: openTabChannel('tutti-notebooks'),
    timers: systemTimers,
    onClaim: (claim) => {
      page.setState({ tab: claim });
      journal.claimed(claim === 'mine');
      if (claim === 'mine') void regain();
    },
    letGo: () => autosave.flush(),
  });
  const autosave: Autosave = createAutosave({
    save: async (document) => {
      if ((await claims.settled()) === 'elsewhere') return failed('elsewhere');
      const result = await writer.save(document);
      if (result.ok) {
        void snapshots.saved(document);
        onDisk(document.id);
      } else if (result.failure.fault === 'outputs') onDisk(document.id);
      return result;
    },
    timers: systemTimers,
    onState: onSaved,
  });
  saveOnHide({
    flush: () => {
      journal.flush();
      return autosave.flush();
    },
  });

  const marks = createOpeningMarks({
    store: keyValuesUnder('tutti.opening/', () => localStorage),
    life,
    now: () => systemClock.now(),
  });
  window.addEventListener('pagehide', marks.leave);
  /** What the address carried, and its mark. */
  let carriedAs: { readonly id: string; readonly mark: string } | null = null;

  /** The open notebook, while nothing but the address holds it. */
  let carriedByAddress: string | null = null;
  /** It goes from the address with the first save that succeeds, whichever that is: with the link still there a
   * reload would open it anew, without what the reader has written since. */
  const onDisk = (key: string): void => {
    if (key !== carriedByAddress) return;
    carriedByAddress = null;
    const isThere = destinationOf(new URL(location.href)).type === 'carried';
    if (isThere && page.getState().openKey === key) showInAddress(key, true);
  };

  /** This tab may save again: what it has is saved, or what another has saved meanwhile is shown. A save on top of
   * another tab's is a conflict, which the reader decides. */
  const regain = async (): Promise<void> => {
    const { openKey } = page.getState();
    if (openKey === null || autosave.state !== 'saved') {
      await autosave.flush();
      return;
    }
    const latest = await store.revision(openKey);
    const isLatest = !latest.ok || latest.value === writer.revisionOf(openKey);
    // What the other tab had not saved is in its journal.
    if (isLatest && !(await journal.left()).includes(openKey)) return;
    const document = await sources.open(openKey);
    if (page.getState().openKey === openKey) onNewer(document);
  };

  const refreshLists = async (): Promise<void> => {
    const [examples, templates, recent] = await Promise.all([
      sources.examples(),
      sources.templates(),
      sources.recent(),
    ]);
    page.setState({ examples, templates, recent });
  };

  /** What pages that are gone have left of notebooks that are not open goes to where it belongs. */
  const bringHome = async (): Promise<void> => {
    for (const id of await journal.left()) {
      const { openKey } = page.getState();
      if (id !== openKey && (await claims.isElsewhere(id))) continue;
      const result = await store.load(id);
      if (!result.ok && result.failure.fault !== 'missing') continue;
      const disk = result.ok ? result.value : null;
      const { taken, others, spent } = await journal.othersOf(id, disk);
      journal.settled(spent);
      // Without the version that they changed, and deleted since.
      if (disk === null && taken === null) journal.settled(others);
      if (taken && id !== openKey) await sources.open(id).then((document) => writer.save(document));
      if (disk === null) continue;
      for (const entry of others) await keepApart(disk.document, entry);
    }
  };
  /** A version of a notebook that stands beside another one, which is newer. */
  const keepApart = async (document: NotebookDocument, entry: JournalEntry): Promise<void> => {
    const version = withChanges(document, entry, { exact: false });
    const copy = version && (await sources.copyOf(version));
    if (!copy || !(await writer.save(copy)).ok) return;
    journal.settled([entry]);
    onApart(document.name, copy.name);
  };

  return {
    sources,
    refreshLists,
    bringHome: () => bringHome().then(refreshLists),
    holdsAll: () => journal.flush(),
    welcome: () => firstOf(sources, [WELCOME]),
    async first(showOpening) {
      const asked = destinationOf(new URL(location.href));
      const view = asked.type === 'start' ? 'start' : 'notebook';
      const others = async (refusal: string | null): Promise<FirstNotebook> => {
        const found = await lastOrWelcome({ store, sources, claims, marks });
        return { ...found, refusal: refusal ?? found.refusal, view: found.stuck ? 'start' : view };
      };
      if (asked.type !== 'carried' && asked.type !== 'named') return others(null);
      const mark =
        asked.type === 'named' ? markOfNotebook(asked.key) : markOfText(location.search + location.hash);
      const key = asked.type === 'named' ? asked.key : null;
      const read = async (screen?: OpeningScreen): Promise<NotebookDocument> =>
        asked.type === 'named' ? sources.open(asked.key) : asked.read(screen);
      if (await marks.isStuck(mark)) {
        const name = key === null ? 'The notebook of this address' : await nameOf(store, key);
        const stuck = {
          name,
          key,
          read,
          forgive: () => {
            marks.done([mark]);
          },
        };
        return { document: await firstOf(sources, [WELCOME]), stuck, refusal: null, view: 'start' };
      }
      try {
        marks.begin([mark]);
        const screen = asked.type === 'carried' && asked.host !== null ? showOpening(asked.host) : undefined;
        const document = await read(screen);
        carriedAs = { id: document.id, mark };
        return { document, stuck: null, refusal: null, view };
      } catch (error) {
        marks.leave();
        return others(`The address could not be opened: ${messageOf(error)}`);
      }
    },
    opened(document, fresh) {
      const names = [markOfNotebook(document.id), ...(carriedAs?.id === document.id ? [carriedAs.mark] : [])];
      marks.begin(names);
      void whenDrawn().then(() => {
        // Should another one be on its way meanwhile, it has the mark.
        if (page.getState().openKey === document.id) marks.done(names);
      });
      page.setState({ openKey: document.id, tab: 'mine' });
      claims.open(document.id);
      journal.claimed(true);
      autosave.opened();
      const restored = journal.opened(document);
      const { stuck, view } = page.getState();
      // What stands behind the question about another one is not what the reader had open.
      if (stuck === null || view === 'notebook') void store.setLastOpened(document.id);
      const carried = fresh && destinationOf(new URL(location.href)).type === 'carried';
      if (fresh || restored) autosave.edited(document);
      void snapshots.opened(document);
      if (!carried) {
        if (view === 'notebook') showInAddress(document.id);
        void refreshLists();
        return;
      }
      carriedByAddress = document.id;
      void autosave.flush().then(refreshLists);
    },
    edited: (document) => {
      journal.edited(document);
      autosave.edited(document);
    },
    takeOver: async () => {
      await claims.take();
      page.setState({ tab: 'mine' });
      await regain();
    },
    isElsewhere: (key) => claims.isElsewhere(key),
    flush: () => autosave.flush(),
  };
}

/** What was open last and is not open in another tab. */
async function lastOrWelcome(parts: {
  readonly store: NotebookStore;
  readonly sources: NotebookSources;
  readonly claims: NotebookClaims;
  readonly marks: OpeningMarks;
}): Promise<Omit<FirstNotebook, 'view'>> {
  const { store, sources, claims, marks } = parts;
  const [last, recent] = await Promise.all([store.lastOpened(), sources.recent()]);
  const keys = [...(last.ok && last.value !== null ? [last.value] : []), ...recent.map(({ key }) => key)];
  for (const key of new Set(keys)) {
    if (await isInUse(key, claims)) continue;
    const mark = markOfNotebook(key);
    if (await marks.isStuck(mark)) {
      const read = () => sources.open(key);
      const stuck = {
        name: await nameOf(store, key),
        key,
        read,
        forgive: () => {
          marks.done([mark]);
        },
      };
      return { document: await firstOf(sources, [WELCOME]), stuck, refusal: null };
    }
    marks.begin([mark]);
    return { document: await firstOf(sources, [key, WELCOME]), stuck: null, refusal: null };
  }
  const isSilent = !last.ok && last.failure.fault === 'silent';
  const refusal = isSilent ? last.failure.message : null;
  return { document: await firstOf(sources, [WELCOME]), stuck: null, refusal };
}

async function nameOf(store: NotebookStore, key: string): Promise<string> {
  const list = await store.list();
  const found = list.ok ? list.value.find(({ id }) => id === key) : undefined;
  return found?.name ?? 'A notebook';
}

/** Asked twice: the page that was here a moment ago may still be letting go of it. */
async function isInUse(key: string, claims: NotebookClaims): Promise<boolean> {
  if (!(await claims.isElsewhere(key))) return false;
  await new Promise<void>((resolve) => systemTimers.after(0.3, resolve));
  return claims.isElsewhere(key);
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

export function showSaved(store: Stores, state: SaveState): void {
  store.setState({ saved: savedOf(state) });
}

function savedOf(state: SaveState): SavedState {
  if (state === 'saved') return { status: 'saved' };
  if (typeof state === 'string') return { status: 'pending' };
  const { fault, message } = state.error;
  const cause = fault === 'conflict' || fault === 'elsewhere' ? 'tabs' : 'storage';
  return { status: 'failed', cause, isFull: fault === 'quota' || fault === 'outputs', message };
}

export function showRefusal(notices: Notices, refusal: string | null): void {
  if (refusal !== null) notices.show('error', refusal);
}
