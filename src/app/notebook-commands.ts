import type { NotebookDocument } from '../notebook/document.ts';
import type { Commands } from '../ui/commands.ts';
import { showStartInAddress, showInAddress } from './notebook-address.ts';
import { enginesOf } from './engines-of.ts';
import { untitled } from './notebook-desk.ts';
import { askForFiles, NOTEBOOKS, readFile } from './notebook-files.ts';
import type { CommandParts } from './command-parts.ts';
import { messageOf } from './notices.ts';
import { readPreferences } from './preferences.ts';

export type NotebookCommands = Pick<
  Commands,
  | 'newNotebook'
  | 'newFromTemplate'
  | 'openEntry'
  | 'startAfresh'
  | 'openFile'
  | 'showStart'
  | 'renameEntry'
  | 'duplicateEntry'
  | 'deleteEntry'
  | 'useHere'
  | 'keepAsCopy'
  | 'showOther'
>;

/** Which notebook is on the desk, and what is done to those that are not. */
export function notebookCommands(parts: CommandParts): NotebookCommands {
  const { host, desk, notices, page } = parts;
  const openKey = (): string => host.data().document.id;
  /** Work on kept notebooks; the lists are looked at again, and a failure is told. */
  const work = (failure: string, done: () => Promise<string>): void => {
    desk
      .flush()
      .then(done)
      .then(
        (words) => {
          notices.announce(words);
        },
        (error: unknown) => {
          notices.show('error', `${failure}: ${messageOf(error)}`);
        },
      )
      .finally(() => {
        void desk.refreshLists();
      });
  };
  return {
    newNotebook: () => {
      openDocument(parts, 'A new notebook could not be made', () => Promise.resolve(untitled()), true);
    },
    newFromTemplate: (key) => {
      openDocument(
        parts,
        'The template could not be opened',
        () => parts.desk.sources.fromTemplate(key),
        true,
      );
    },
    openEntry: (key) => {
      if (key === openKey()) {
        page.setState({ drawer: null });
        showNotebook(parts);
      } else openDocument(parts, 'The notebook could not be opened', () => desk.sources.open(key), false);
    },
    startAfresh: () => {
      const read = async () => {
        await parts.snapshots.take(host.data().document, 'before');
        return desk.sources.openAfresh(openKey());
      };
      openDocument(parts, 'The example could not be restored', read, false);
    },
    openFile: () => {
      void askForFiles(NOTEBOOKS).then(([file]) => {
        if (file) openNotebookFile(parts, file);
      });
    },
    showStart: (shown) => {
      if (!shown) {
        showNotebook(parts);
        return;
      }
      page.setState({ view: 'start', drawer: null, dialog: null });
      showStartInAddress();
      void desk.flush().then(() => desk.refreshLists());
      void parts.workspace.measure();
    },
    ...tabCommands(parts),
    renameEntry: (key, name) => {
      work('The notebook was not renamed', async () => {
        await refuseElsewhere(parts, key);
        if (key === openKey()) {
          host.dispatch({ type: 'rename', name });
          await desk.flush();
        } else await desk.sources.rename(key, name);
        return `Renamed to ${name}`;
      });
    },
    duplicateEntry: (key) => {
      work('The notebook was not duplicated', async () => `Kept as ${await desk.sources.duplicate(key)}`);
    },
    deleteEntry: (key) => {
      work('The notebook was not deleted', async () => {
        await refuseElsewhere(parts, key);
        if (key === openKey()) await leave(parts);
        await desk.sources.delete(key);
        const purged = await parts.purge(key);
        if (!purged.ok) throw new Error(`what belongs to it is still there: ${purged.failure.message}`);
        return 'The notebook was deleted';
      });
    },
  };
}

/** What is done about another tab that has the same notebook open. */
function tabCommands(parts: CommandParts): Pick<Commands, 'useHere' | 'keepAsCopy' | 'showOther'> {
  const { host, desk, notices } = parts;
  const attempt = (failure: string, done: () => Promise<void>): void => {
    done().catch((error: unknown) => {
      notices.show('error', `${failure}: ${messageOf(error)}`);
    });
  };
  return {
    useHere: () => {
      attempt('The notebook could not be taken from the other tab', () => desk.takeOver());
    },
    keepAsCopy: () => {
      attempt('The copy could not be made', async () => {
        const { document } = host.data();
        const copy = await desk.sources.copyOf(document);
        putOnDesk(parts, copy, true);
        notices.announce(`Kept as ${copy.name}`);
      });
    },
    showOther: () => {
      attempt('The other version could not be read', async () => {
        const { document } = host.data();
        const other = await desk.sources.open(document.id);
        await parts.snapshots.take(document, 'before');
        putOnDesk(parts, other, false);
      });
    },
  };
}

/** What another tab has open, it would save again, or not be able to. */
async function refuseElsewhere({ desk }: CommandParts, key: string): Promise<void> {
  if (await desk.isElsewhere(key)) throw new Error('it is open in another tab. Close it there first.');
}

/** Another notebook than the open one comes on the desk, behind the start page. */
async function leave(parts: CommandParts): Promise<void> {
  const { desk } = parts;
  const open = parts.host.data().document.id;
  const others = (await desk.sources.recent()).filter(({ key }) => key !== open);
  const next = others[0] ? await desk.sources.open(others[0].key) : await desk.welcome();
  putOnDesk(parts, next, false);
}

/** Back from the start page. */
export function showNotebook({ host, page }: CommandParts): void {
  if (page.getState().view === 'notebook') return;
  page.setState({ view: 'notebook', drawer: null });
  showInAddress(host.data().document.id);
}

export function openNotebookFile(parts: CommandParts, file: File): void {
  openDocument(parts, `${file.name} could not be opened`, () => readFile(file), true);
}

/** Puts another notebook on the desk, in sight; should that fail, the open one stays and the reader learns why. */
export function openDocument(
  parts: CommandParts,
  failure: string,
  read: () => Promise<NotebookDocument>,
  fresh: boolean,
  /** Before anything of it is drawn. */
  prepare?: () => void,
): void {
  const { notices, desk, page } = parts;
  page.setState({ drawer: null, dialog: null });
  desk
    .flush()
    .then(read)
    .then(
      (document) => {
        page.setState({ view: 'notebook' });
        putOnDesk(parts, document, fresh);
        prepare?.();
      },
      (error: unknown) => {
        notices.show('error', `${failure}: ${messageOf(error)} The notebook that was open is still here.`);
      },
    );
}

export function putOnDesk(parts: CommandParts, document: NotebookDocument, fresh: boolean): void {
  const { host, desk, driver, page, workspace } = parts;
  const networkAllowed = readPreferences().network.includes(document.id);
  host.dispatch({ type: 'load', document });
  desk.opened(document, fresh);
  page.setState({ notices: [], networkAllowed });
  void driver.start({ id: document.id, engines: enginesOf(document), network: networkAllowed });
  void workspace.open(document.id);
}
