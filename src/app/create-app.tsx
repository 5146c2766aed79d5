import { StrictMode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { systemClock, systemTimers } from '../base/clock.ts';
import { mayFail } from '../notebook/cells.ts';
import { notebookName } from '../notebook/notebook-name.ts';
import { openSession } from '../notebook/session.ts';
import type { Action } from '../notebook/session-types.ts';
import { UiProvider } from '../ui/context.ts';
import type { Assist } from '../ui/editor/assist.ts';
import { Shell } from '../ui/shell/Shell.tsx';
import { createClusterStore } from '../ui/stores/cluster-store.ts';
import { createNotebookStore } from '../ui/stores/notebook-store.ts';
import { createPageStore } from '../ui/stores/page-store.ts';
import { createStreamStore } from '../ui/stores/stream-store.ts';
import { createCellClipboard } from './cell-clipboard.ts';
import { listenToClipboard, listenToKeys } from './command-keys.ts';
import type { CommandParts } from './command-parts.ts';
import { createCommands } from './commands.ts';
import { findLibrary, type LibraryPart } from './libraries.ts';
import { enginesOf } from './engines-of.ts';
import { createNotebookDesk, showRefusal, showSaved } from './notebook-desk.ts';
import { putOnDesk } from './notebook-commands.ts';
import { followAddress, watchAddress } from './follow-address.ts';
import { purgeNotebook } from './purge-notebook.ts';
import { startSearch } from './find/start-search.ts';
import { createHistoryStore } from './history/history-store.ts';
import { createTaskHistory } from './history/task-history.ts';
import { createCellJoins } from './join/cell-joins.ts';
import { createClusterJoiner } from './join/cluster-joiner.ts';
import { takeJoinLink } from './join/join-link.ts';
import { keyValuesUnder } from './journal/key-values.ts';
import { createTabLife } from './journal/tab-life.ts';
import { knownNames } from './known-names.ts';
import { watchOffline } from './offline/watch-offline.ts';
import { newTabId } from './names.ts';
import { showOpening } from './opening/opening-screen.ts';
import { createNotices } from './notices.ts';
import { applyContrast, applyTheme, onContrastChange, readPreferences } from './preferences.ts';
import type { StartRuntime } from './runtime-connection.ts';
import { createRuntimeDriver } from './runtime-driver.ts';
import { createSessionHost } from './session-host.ts';
import { createSnapshotStore } from './snapshots/snapshot-store.ts';
import { createSnapshots } from './snapshots/snapshots.ts';
import { deflateCodec } from './storage/deflate-codec.ts';
import { createClipStore } from './storage/clip-store.ts';
import { createFileStore } from './storage/file-store.ts';
import { orInMemory } from './storage/memory-files.ts';
import { withoutPython } from './types/python-cells.ts';
import { usualLanguage } from '../protocol/px-language.ts';
import { cellTypesOf } from './types/start-types.ts';
import { createTaskWatch } from './task-watch.ts';
import { createOutdated } from './upstream/outdated.ts';
import { whenIdle } from './when-idle.ts';
import { createWorkspace } from './workspace.ts';

export interface AppParts {
  /** Where the page is drawn. */
  readonly root: HTMLElement;
  readonly startRuntime: StartRuntime;
  /** The text of a bundled library. */
  readonly readLibrary: (part: LibraryPart) => Promise<string>;
  /** What the page could not have, as a sentence for the reader. */
  readonly trouble: string | null;
}

/**
 * Joins the page: the session's brain behind its single writer, the stores that people see, storage, and the
 * runtime. The notebook is on the screen before the runtime is started, and before Monaco is thought of.
 */
export async function createApp({ root, startRuntime, readLibrary, trouble }: AppParts): Promise<void> {
  const address = watchAddress(window);
  const invitation = takeJoinLink();
  const { theme, highContrast, panelOpen, streamOpen, streamHeight, letterKeys, network } = readPreferences();
  applyTheme(theme);
  const wide = matchMedia('(width >= 900px)');
  const page = createPageStore({
    theme,
    highContrast: applyContrast(highContrast),
    letterKeys,
    panelOpen: panelOpen && wide.matches,
    streamOpen,
    streamHeight,
  });
  // A window made narrow does not leave the engines lying over the cells.
  wide.addEventListener('change', () => {
    page.setState({ panelOpen: wide.matches && readPreferences().panelOpen });
  });
  onContrastChange(() => {
    page.setState({ highContrast: applyContrast(readPreferences().highContrast) });
  });
  const notices = createNotices(page);
  if (trouble !== null) notices.show('warning', trouble);
  const files = orInMemory(createFileStore(), () => {
    notices.show(
      'warning',
      'The browser gives this page no storage. Files are here until the page is closed.',
    );
  });
  const life = createTabLife({
    id: newTabId(),
    locks: 'locks' in navigator ? navigator.locks : null,
    session: keyValuesUnder('tutti.', () => sessionStorage),
    page: window,
  });
  const snapshotStore = createSnapshotStore();
  const snapshots = createSnapshots({
    store: snapshotStore,
    clock: systemClock,
    codec: deflateCodec,
    onTrouble: (text) => {
      notices.show('warning', text);
    },
  });
  const desk = createNotebookDesk({
    page,
    files,
    snapshots,
    life,
    onSaved: (state) => {
      showSaved(notebook, state);
    },
    onNewer: (document) => {
      putOnDesk(parts, document, false);
      notices.show('info', 'Another tab had saved this notebook since; this is what it saved.');
    },
    onApart: (name, copy) => {
      notices.show('info', `Another tab left unsaved changes of ${name}. They are in ${copy}.`);
    },
  });
  const { document: first, stuck, refusal, view } = await desk.first((host) => showOpening(root, host));
  page.setState({ view, stuck: stuck && { name: stuck.name, isKept: stuck.key !== null } });

  const initial = openSession(first);
  const notebook = createNotebookStore(initial);
  const cluster = createClusterStore();
  const networkAllowed = network.includes(first.id);
  page.setState({ networkAllowed });

  const host = createSessionHost({
    initial,
    store: notebook,
    perform: (action) => {
      perform(action);
    },
    onDocument: (document, operation) => {
      if (operation.type !== 'load') desk.edited(document);
    },
  });
  const history = createTaskHistory({
    store: createHistoryStore(),
    clock: systemClock,
    onTrouble: (text) => {
      notices.show('warning', text);
    },
    onUsage: (usage) => {
      cluster.setState({ history: usage });
    },
  });
  const driver = createRuntimeDriver({
    host,
    cluster,
    notices,
    startRuntime,
    history,
    findLibrary: (name) => findLibrary(name, readLibrary),
    changeFile: (change) => workspace.change(change),
    onSilence: (sandboxSilent) => {
      page.setState({ sandboxSilent });
    },
    onRenewed: () => {
      joiner.reattach();
    },
    onTasks: (batch) => {
      tasks.hear(batch);
    },
    onJoin: (event) => {
      cellJoins.hear(event);
    },
  });
  const stream = createStreamStore();
  const tasks = createTaskWatch({ page, stream, notebook, notices, watch: driver.watchTasks });
  const workspace = createWorkspace({
    store: files,
    page,
    notices,
    clock: systemClock,
    // Some browsers have no `navigator.storage`: that is a rejection as any other.
    estimate: async () => navigator.storage.estimate(),
    persist: async () => navigator.storage.persist(),
    tell: driver.setFiles,
  });
  const purge = (id: string) => purgeNotebook(id, { history, files, snapshots: snapshotStore });
  const joiner = createClusterJoiner({ cluster, page, notices, attach: driver.join });
  const cellJoins = createCellJoins({
    cluster,
    page,
    notices,
    here: () => new URL(location.href),
    cellOf: host.cellOf,
    load: () => import('./join/open-line.ts'),
    joined: driver.cellJoined,
    refused: driver.cellJoinRefused,
  });
  notebook.subscribe(({ session }, before) => {
    if (session.document.id !== before.session.document.id) cellJoins.forget();
  });
  const pxLanguage = () => usualLanguage(cluster.getState().engines);
  const outdated = createOutdated({
    notebook,
    surroundings: () => ({ usual: pxLanguage(), autopx: host.data().autopx !== null }),
    load: () => import('./upstream/run-names.ts'),
    timers: systemTimers,
  });
  const clipboard = createCellClipboard({
    store: createClipStore(),
    marks: keyValuesUnder('tutti.', () => localStorage),
    createMark: newTabId,
  });
  const parts: CommandParts = {
    clipboard,
    host,
    page,
    cluster,
    desk,
    driver,
    notices,
    workspace,
    joiner,
    cellJoins,
    snapshots,
    tasks,
    pxLanguage,
    outdated: () => notebook.getState().outdated,
    purge,
  };
  const commands = createCommands(parts, stuck);

  const perform = (action: Action): void => {
    switch (action.type) {
      case 'send-run':
        outdated.sent(action.run.cellId, action.run.source);
        cellJoins.runs();
        driver.sendRun(action);
        break;
      case 'interrupt':
        driver.interrupt();
        break;
      case 'ask-consent':
        page.setState(({ consentAsked }) => ({ consentAsked: consentAsked + 1 }));
        break;
      case 'reveal-cell':
        commands.focusCell(action.id);
        break;
    }
  };

  listenToKeys(commands, page, () => {
    flushSync(() => {
      host.publish();
    });
  });
  listenToClipboard(commands, page);
  const showTitle = (): void => {
    const title = `${notebookName(notebook.getState().session.document.name) || 'Untitled'} – Tutti`;
    if (document.title !== title) document.title = title;
  };
  showTitle();
  notebook.subscribe(showTitle);

  // What is not kept would go with the page, and so does what runs: the browser asks the reader first.
  window.addEventListener('beforeunload', (event) => {
    const { saved } = notebook.getState();
    const isRunning = host.data().runQueue.inFlight !== null;
    if (saved.status === 'failed' || isRunning || !desk.holdsAll()) event.preventDefault();
  });

  const assist: Assist = {
    format: async (source) => (await import('./format/format-code.ts')).formatSource(source),
    types: cellTypesOf(() => {
      const usual = pxLanguage();
      const cells = host.data().document.cells.filter(({ kind }) => kind === 'code');
      return cells.map((cell) => ({
        id: cell.id,
        source: withoutPython(cell.source, usual),
        mayFail: mayFail(cell),
      }));
    }),
    live: driver.live,
    ...knownNames({ notebook, cluster, kernelHas: (name) => driver.live.has(name) }),
    values: (code, offset) => driver.values.at(code, offset),
  };
  createRoot(root).render(
    <StrictMode>
      <UiProvider
        value={{
          notebook,
          cluster,
          page,
          stream,
          commands,
          assist,
          looking: driver.looking,
          variables: driver.variables,
          startSearch,
        }}
      >
        <Shell />
      </UiProvider>
    </StrictMode>,
  );
  showRefusal(notices, refusal);
  desk.opened(first, first.origin === 'elsewhere');
  void workspace.open(first.id);
  if (invitation === null) joiner.resume();
  else commands.proposeJoin(invitation);
  void watchOffline(page);
  void whenIdle()
    .then(() => desk.bringHome())
    .catch((error: unknown) => {
      console.warn('What earlier pages left unsaved is still in their journals.', error);
    });
  const started = driver.start({ id: first.id, engines: enginesOf(first), network: networkAllowed });
  followAddress(address, parts, commands);
  await started;
}
