import { selectionOf } from '../notebook/cell-edits.ts';
import { foldsOf, withSections } from '../notebook/sections.ts';
import { cellsThatMade } from '../notebook/lost-names.ts';
import type { Cause } from '../notebook/upstream.ts';
import { readAdapt } from '../protocol/adapt.ts';
import type { CellId } from '../protocol/ids.ts';
import type { AfterRun, Commands } from '../ui/commands.ts';
import type { ClusterStore } from '../ui/stores/cluster-store.ts';
import type { PageStore } from '../ui/stores/page-store.ts';
import type { CellJoins } from './join/cell-joins.ts';
import type { ClusterJoiner } from './join/cluster-joiner.ts';
import { insertAndEdit } from './cell-commands.ts';
import { cellFocus } from './cell-focus.ts';
import { newRunId } from './names.ts';
import type { NotebookDesk } from './notebook-desk.ts';
import { enginesOf } from './engines-of.ts';
import type { RuntimeDriver } from './runtime-driver.ts';
import type { SessionHost } from './session-host.ts';

interface Parts {
  readonly host: SessionHost;
  readonly page: PageStore;
  readonly cluster: ClusterStore;
  readonly driver: RuntimeDriver;
  readonly joiner: ClusterJoiner;
  readonly cellJoins: CellJoins;
  readonly desk: NotebookDesk;
  readonly outdated: () => ReadonlyMap<CellId, Cause>;
}

export type RunCommands = Pick<
  Commands,
  | 'runCell'
  | 'runAll'
  | 'cancelQueued'
  | 'interrupt'
  | 'restartKernel'
  | 'stopEverything'
  | 'restartEngines'
  | 'interruptEngines'
  | 'addEngine'
  | 'purgeHistory'
  | 'proposeJoin'
  | 'acceptJoin'
  | 'retryJoin'
  | 'leaveCluster'
  | 'leaveCellCluster'
  | 'turnAutopxOff'
  | 'removeEngine'
  | 'adaptEngines'
  | 'toggleAdapt'
  | 'acceptAndRun'
  | 'runLostAgain'
>;

export function runCommands({ host, page, cluster, driver, joiner, cellJoins, desk }: Parts): RunCommands {
  const runAll = (): void => {
    host.dispatch({ type: 'run-all', runIds: host.data().document.cells.map(newRunId) });
  };
  return {
    runCell: (id, after) => {
      const result = host.dispatch({ type: 'run-cell', id, runId: newRunId() });
      if (result.type === 'refused' && result.reason === 'needs-consent') return;
      goOn(host, page, id, after);
    },
    runAll,
    cancelQueued: (id) => {
      host.dispatch({ type: 'cancel-queued', id });
    },
    interrupt: () => {
      // The engines may be at work though no cell is.
      if (host.dispatch({ type: 'interrupt' }).type === 'refused') driver.interrupt();
    },
    restartKernel: driver.restartKernel,
    stopEverything: driver.stopEverything,
    restartEngines: driver.restartEngines,
    interruptEngines: driver.interruptEngines,
    addEngine: driver.addEngine,
    purgeHistory: driver.purgeHistory,
    proposeJoin: (link) => {
      if (page.getState().joinFor !== null) {
        cellJoins.propose(link);
        return;
      }
      if (link === '') page.setState({ joinHost: null, joinRefused: null });
      else joiner.propose(link);
      page.setState({ dialog: 'join' });
    },
    acceptJoin: () => {
      if (page.getState().joinFor === null) joiner.accept();
      else cellJoins.accept();
    },
    retryJoin: () => {
      joiner.retryNow();
      cellJoins.retryNow();
    },
    leaveCluster: joiner.leave,
    leaveCellCluster: cellJoins.leave,
    turnAutopxOff: () => {
      driver.runLine('%autopx');
    },
    removeEngine: driver.removeEngine,
    adaptEngines: driver.adaptEngines,
    toggleAdapt: () => {
      const { adapt, engines, join } = cluster.getState();
      if (join !== null) return;
      // None of the engines that there are is stopped, with what it holds, unless the reader lowers the least.
      const count = engines.filter(({ status }) => status !== 'dead').length;
      const max = Math.max(2 * count, navigator.hardwareConcurrency, 1);
      driver.adaptEngines(adapt === null ? readAdapt({ min: count, max }) : null);
    },
    runLostAgain: (lost) => {
      for (const { id } of cellsThatMade(lost, host.data().document.cells)) {
        host.dispatch({ type: 'run-cell', id, runId: newRunId() });
      }
    },
    acceptAndRun: () => {
      host.dispatch({ type: 'accept-foreign' });
      // What runs may put off the next save for a while, and the reader is not to be asked twice.
      void desk.flush();
      void driver.grow(enginesOf(host.data().document)).then(runAll);
    },
  };
}

/** Runs of more than one chosen cell. */
export interface RunSelectionCommands {
  readonly selected: (after: AfterRun) => void;
  readonly above: () => void;
  readonly below: () => void;
  readonly stale: () => void;
  readonly cancel: () => void;
}

export function runSelectionCommands({ host, page, outdated }: Parts): RunSelectionCommands {
  const ids = (): readonly CellId[] => host.data().document.cells.map((cell) => cell.id);
  const active = (): number => ids().indexOf(host.data().selectedCell);
  const run = (chosen: readonly CellId[]): boolean => {
    const result = host.dispatch({ type: 'run-cells', ids: chosen, runIds: chosen.map(newRunId) });
    return !(result.type === 'refused' && result.reason === 'needs-consent');
  };
  return {
    selected: (after) => {
      // A folded heading stands for its section: what one passes is run, be it seen or not.
      const { cells } = host.data().document;
      const chosen = withSections(cells, selectionOf(host.data()));
      const last = chosen.at(-1);
      if (run(chosen) && last !== undefined) goOn(host, page, last, after);
    },
    above: () => {
      run(ids().slice(0, active()));
    },
    below: () => {
      run(ids().slice(active()));
    },
    stale: () => {
      const isOld = outdated();
      run(ids().filter((id, i) => host.data().document.cells[i]?.stale === true || isOld.has(id)));
    },
    cancel: () => {
      for (const id of selectionOf(host.data())) host.dispatch({ type: 'cancel-queued', id });
    },
  };
}

/** JupyterLab's three: stay, go to the next (a new one after the last), put a new one below. */
function goOn(host: SessionHost, page: PageStore, id: CellId, after: AfterRun): void {
  const { cells } = host.data().document;
  const { hidden } = foldsOf(cells);
  const at = cells.findIndex((cell) => cell.id === id);
  const next = cells.find((cell, index) => index > at && !hidden.has(cell.id));
  const focus = cellFocus(host, page);
  if (after === 'insert' || (after === 'next' && !next)) {
    insertAndEdit(host, focus, { below: id }, 'code');
  } else if (after === 'next' && next) {
    host.dispatch({ type: 'select-cell', id: next.id });
    focus.cell(next.id);
  } else if (page.getState().mode === 'edit') focus.cell(hidden.has(id) ? host.data().selectedCell : id);
}
