import { systemClock, systemTimers } from '../base/clock.ts';
import { assertNever } from '../base/assert.ts';
import type { Adapt } from '../protocol/adapt.ts';
import type { FileChange, WorkspaceFile } from '../protocol/file-messages.ts';
import type { LibraryAnswer } from '../protocol/engine-messages.ts';
import type { CellId, EngineId, RunId } from '../protocol/ids.ts';
import type { JoinedPlace } from '../protocol/kernel-messages.ts';
import type { RuntimeControl, RuntimeEvent } from '../protocol/runtime-messages.ts';
import type { TaskBatch } from '../protocol/task-rows.ts';
import type { Action, KernelOperation } from '../notebook/session-types.ts';
import { operationsFrom } from '../notebook/runtime-operations.ts';
import type { ClusterStore } from '../ui/stores/cluster-store.ts';
import { formatSeconds } from '../ui/format.ts';
import type { TaskHistory } from './history/task-history.ts';
import { createFrameBatch } from './frame-batch.ts';
import { FrameWatch } from './frame-watch.ts';
import { newRunId } from './names.ts';
import { KernelCompletions } from './live-completions.ts';
import { LiveValues } from './live-values.ts';
import { Looks } from './looking.ts';
import { messageOf, type Notices } from './notices.ts';
import type { RuntimeConnection, RuntimeStart, StartRuntime } from './runtime-connection.ts';
import type { SessionHost } from './session-host.ts';
import { VariableWatch } from './variables/variable-watch.ts';

/**
 * Stands between the notebook and the runtime frame: the runtime's events become operations, what the
 * notebook wants run goes out. All failures of calls end as notices, as nobody else hears of them.
 */
export interface RuntimeDriver {
  /** A runtime of its own for this notebook; that of the one before ends. Resolves when it is there, or will not be. */
  readonly start: (notebook: RuntimeNotebook) => Promise<void>;
  /** The same for the notebook that has one: ends all that runs, even where nothing answers. */
  readonly stopEverything: () => void;
  readonly sendRun: (action: Extract<Action, { type: 'send-run' }>) => void;
  readonly interrupt: () => void;
  readonly interruptEngines: (engines: readonly EngineId[]) => void;
  readonly restartKernel: () => void;
  readonly restartEngines: (engines: readonly EngineId[] | null) => void;
  readonly addEngine: () => void;
  /** Starts what is missing of this many engines. Resolves when they have been asked for. */
  readonly grow: (wanted: number) => Promise<void>;
  /** The latest one that is idle; if none is, the latest. */
  readonly removeEngine: () => void;
  /** The number of engines follows the queue; null: it is set by hand. */
  readonly adaptEngines: (adapt: Adapt | null) => void;
  /** The notebook goes over to a real cluster; `port` leads to its connection. */
  readonly join: (port: MessagePort) => void;
  /** The answer to a cell that asked to join a cluster. */
  readonly cellJoined: (n: number, place: JoinedPlace, port: MessagePort) => void;
  readonly cellJoinRefused: (n: number, reason: string) => void;
  /** Forgets the finished tasks of the open notebook. */
  readonly purgeHistory: () => void;
  /** Whether `onTasks` is to be told of tasks. */
  readonly watchTasks: (on: boolean) => void;
  /** Runs a line in the kernel that belongs to no cell. */
  readonly runLine: (source: string) => void;
  /** Names that the kernel knows. */
  readonly live: KernelCompletions;
  /** Values of names, where a cell runs. */
  readonly values: LiveValues;
  /** Into values that kernel and engines hold. */
  readonly looking: Looks;
  /** Variables of kernel and engines. */
  readonly variables: VariableWatch;
  /** What kernel and engines see of the workspace, from now on. */
  readonly setFiles: (files: readonly WorkspaceFile[]) => void;
}

export interface RuntimeNotebook extends Pick<RuntimeStart, 'engines' | 'network'> {
  readonly id: string;
}

/** The runtime of one notebook, from the moment that it is asked for. */
interface Life {
  readonly notebook: RuntimeNotebook;
  /** Null: not there yet, or over. */
  connection: RuntimeConnection | null;
  watch: FrameWatch | null;
  /** What is to be called as soon as it is there. */
  waiting: ((connection: RuntimeConnection) => void)[];
  /** It will not come. */
  hasFailed: boolean;
}

interface Parts {
  readonly host: SessionHost;
  readonly cluster: ClusterStore;
  readonly notices: Notices;
  readonly startRuntime: StartRuntime;
  readonly history: TaskHistory;
  readonly findLibrary: (name: string) => Promise<LibraryAnswer>;
  /** Code writes or removes a file; a sentence why it cannot be, or null. Never rejects. */
  readonly changeFile: (change: FileChange) => Promise<string | null>;
  readonly onTasks: (batch: TaskBatch) => void;
  /** The sandbox does not answer, or answers again. */
  readonly onSilence: (isSilent: boolean) => void;
  /** A new runtime has taken the place of another. */
  readonly onRenewed: () => void;
  /** Cells that ask to join a cluster, or ask no more. */
  readonly onJoin: (event: Extract<RuntimeEvent, { type: 'join-asked' | 'join-withdrawn' }>) => void;
}

export function createRuntimeDriver(parts: Parts): RuntimeDriver {
  const { host, cluster, notices, history } = parts;
  let life: Life | null = null;
  /** Told when the runtime is there. */
  let files: readonly WorkspaceFile[] = [];
  let watching = false;
  /** With the runtime of now; if it is not there yet, as soon as it is. */
  const whenThere = (use: (connection: RuntimeConnection) => void): void => {
    if (life?.connection) use(life.connection);
    else life?.waiting.push(use);
  };
  const call = (use: (control: RuntimeControl) => Promise<void>): void => {
    whenThere(({ control }) => {
      use(control).catch((error: unknown) => {
        notices.show('error', `The engines did not do it: ${messageOf(error).slice(0, 1000)}`);
      });
    });
  };
  const present = (): RuntimeControl | undefined => life?.connection?.control;
  const live = new KernelCompletions((n, code, cursor) => {
    // Nobody waits long for an answer; a failure needs no notice.
    present()
      ?.complete(n, code, cursor)
      .catch(() => undefined);
  }, systemTimers);
  const looking = new Looks(
    (n, at, question) => {
      if (present()) call((to) => to.look(n, at, question));
      else looking.hear({ type: 'seen', n, answer: { type: 'gone' } });
    },
    () => cluster.getState().engines,
  );
  const values = new LiveValues(
    (n, code, cursor) => {
      present()
        ?.inspect(n, code, cursor)
        .catch(() => undefined);
    },
    looking,
    systemTimers,
  );
  const variables = new VariableWatch({
    looking,
    cluster,
    clock: systemClock,
    timers: systemTimers,
    isVisible: () => !document.hidden,
    batch: createFrameBatch(),
  });
  const listener = createListener(parts, live, [looking, values, variables], {
    loadLibrary: (name) => {
      void parts.findLibrary(name).then((answer) => {
        call((to) => to.provideLibrary(name, answer));
      });
    },
    changeFile: ({ n, change }) => {
      void parts.changeFile(change).then((failure) => {
        call((to) => to.fileChanged(n, failure));
      });
    },
  });
  const askers = [looking, values, variables, live];
  /** Ends the runtime of now: nothing is heard of it any more. */
  const end = (reason: string | null): void => {
    const ended = life;
    life = null;
    ended?.watch?.close();
    ended?.connection?.close();
    cluster.setState({ engines: [], adapt: null, targets: 'all' });
    const starting = { status: 'starting', reason } as const;
    for (const asker of askers) asker.hear({ type: 'kernel-status', ...starting });
    host.dispatch({ type: 'kernel-status-changed', ...starting, at: systemClock.now() });
  };
  const fail = (failed: Life, error: unknown): void => {
    if (life !== failed) return;
    const reason = messageOf(error);
    failed.hasFailed = true;
    failed.waiting = [];
    failed.watch?.close();
    failed.connection?.close();
    failed.connection = null;
    host.dispatch({ type: 'kernel-status-changed', status: 'dead', reason, at: systemClock.now() });
    notices.show('error', `Kernel and engines are gone: ${reason} Restart the kernel from the menu.`);
  };
  const begin = async (notebook: RuntimeNotebook, history: RuntimeStart['history']): Promise<void> => {
    const mine: Life = { notebook, connection: null, watch: null, waiting: [], hasFailed: false };
    life = mine;
    try {
      const connection = await inTime(parts.startRuntime({ ...notebook, history }));
      // Another notebook may have been opened meanwhile.
      if (life !== mine) {
        connection.close();
        return;
      }
      mine.connection = connection;
      cluster.setState({ isolated: connection.isolated });
      if (files.length > 0) call((to) => to.setFiles(files));
      if (watching) call((to) => to.watchTasks(true));
      connection.onEvents(
        (events) => {
          if (life === mine) listener(events);
        },
        (reason) => {
          fail(mine, new Error(reason));
        },
      );
      const { waiting } = mine;
      mine.waiting = [];
      for (const use of waiting) use(connection);
      mine.watch = new FrameWatch({
        ask: () => connection.control.answer(),
        clock: systemClock,
        timers: systemTimers,
        isVisible: () => !document.hidden,
        onSilence: parts.onSilence,
      });
      await connection.started;
    } catch (error) {
      fail(mine, error);
    }
  };
  const restart = (reason: string): void => {
    if (life === null) return;
    const { notebook } = life;
    const { engines, join } = cluster.getState();
    const count = join === null && engines.length > 0 ? engines.length : notebook.engines;
    end(reason);
    void begin({ ...notebook, engines: count }, history.open(notebook.id).opened).then(parts.onRenewed);
  };
  return {
    live,
    looking,
    values,
    variables,
    async start(notebook) {
      const isFirst = life === null;
      if (!isFirst) end(null);
      await begin(notebook, history.open(notebook.id).opened);
      if (!isFirst) parts.onRenewed();
    },
    stopEverything: () => {
      restart('Everything was stopped. The variables of kernel and engines are gone.');
    },
    sendRun({ run }) {
      call((to) => to.runCell(run));
    },
    interrupt: () => {
      call((to) => to.interrupt());
    },
    interruptEngines: (engines) => {
      call((to) => to.interruptEngines(engines));
    },
    restartKernel: () => {
      if (life?.hasFailed === true) restart('Kernel and engines are started again.');
      else call((to) => to.restartKernel());
    },
    restartEngines: (engines) => {
      call((to) => to.restartEngines(engines));
    },
    join: (port) => {
      whenThere((connection) => {
        connection.join(port).catch((error: unknown) => {
          notices.show('error', `The cluster could not be joined: ${messageOf(error)}`);
        });
      });
    },
    cellJoined: (n, place, port) => {
      whenThere((connection) => {
        connection.cellJoined(n, place, port).catch((error: unknown) => {
          call((to) => to.cellJoinRefused(n, `A part of this page could not be loaded: ${messageOf(error)}`));
        });
      });
    },
    cellJoinRefused: (n, reason) => {
      call((to) => to.cellJoinRefused(n, reason));
    },
    async grow(wanted) {
      const { engines, join } = cluster.getState();
      // Until it has told of its engines, those that it begins with are on their way.
      const living = engines.filter(({ status }) => status !== 'dead').length;
      const missing = wanted - (engines.length > 0 ? living : (life?.notebook.engines ?? 0));
      if (join !== null || missing <= 0) return;
      const control = present();
      if (control === undefined) {
        // Nothing runs before the runtime is there.
        whenThere(({ control: to }) => void to.startEngines(missing).catch(() => undefined));
        return;
      }
      await control.startEngines(missing).catch((error: unknown) => {
        notices.show('error', `The engines did not do it: ${messageOf(error)}`);
      });
    },
    addEngine: () => {
      call((to) => to.startEngines(1));
    },
    removeEngine: () => {
      const alive = cluster.getState().engines.filter(({ status }) => status !== 'dead');
      const engine = alive.findLast(({ status }) => status === 'idle') ?? alive.at(-1);
      if (engine) call((to) => to.stopEngines([engine.id]));
    },
    adaptEngines: (adapt) => {
      call((to) => to.adaptEngines(adapt));
    },
    watchTasks: (on) => {
      watching = on;
      call((to) => to.watchTasks(on));
    },
    purgeHistory: () => {
      call((to) => to.purgeHistory());
      // What the frame does not know of goes, too.
      void parts.history.purge().then((result) => {
        if (!result.ok) notices.show('error', `The history was not purged: ${result.failure.message}`);
      });
    },
    runLine: (source) => {
      call((to) => to.runCell({ runId: newRunId(), cellId: 'page' as CellId, cellNumber: 0, source }));
    },
    setFiles: (list) => {
      files = list;
      call((to) => to.setFiles(list));
    },
  };
}

/** Seconds that the frame itself may take; kernel and engines have their own time. */
const PATIENCE = 60;

/** Rejects when it takes longer than a frame may. */
async function inTime(connecting: Promise<RuntimeConnection>): Promise<RuntimeConnection> {
  const late = Symbol('late');
  let cancel = (): void => undefined;
  const patience = new Promise<typeof late>((resolve) => {
    cancel = systemTimers.after(PATIENCE, () => {
      resolve(late);
    });
  });
  const connection = await Promise.race([connecting, patience]).finally(() => {
    cancel();
  });
  if (connection !== late) return connection;
  void connecting.then((tooLate) => {
    tooLate.close();
  });
  throw new Error(`the sandbox did not load within ${String(PATIENCE)} s. Reload the page.`);
}

function createListener(
  { host, cluster, notices, history, onTasks, onJoin }: Parts,
  live: KernelCompletions,
  askers: readonly { hear(event: RuntimeEvent): void }[],
  asked: {
    readonly loadLibrary: (name: string) => void;
    readonly changeFile: (event: Extract<RuntimeEvent, { type: 'change-file' }>) => void;
  },
): (events: readonly RuntimeEvent[]) => void {
  const batch = createFrameBatch();
  return (events) => {
    for (const operation of operationsFrom(events, systemClock.now())) {
      host.dispatch(operation);
      tell(operation, host, notices);
    }
    for (const event of events) {
      for (const asker of askers) asker.hear(event);
      switch (event.type) {
        case 'engines':
          batch(() => {
            cluster.setState({ engines: event.engines });
          });
          break;
        case 'adapting':
          tellAdapt(event.adapt, cluster, notices);
          break;
        case 'history':
          history.hear(event);
          break;
        case 'tasks':
          onTasks(event);
          break;
        case 'join-asked':
        case 'join-withdrawn':
          onJoin(event);
          break;
        case 'notice':
          notices.relay(event.level, event.text, event.lost);
          break;
        case 'need-library':
          asked.loadLibrary(event.name);
          break;
        case 'change-file':
          asked.changeFile(event);
          break;
        case 'kernel':
          live.hear(event);
          if (event.event.type === 'replace-source') replaceSource(event.event, host);
          else if (event.event.type === 'px-targets') cluster.setState({ targets: event.event.targets });
          break;
        case 'kernel-status':
        case 'seen':
          break;
        default:
          assertNever(event);
      }
    }
  };
}

function tellAdapt(adapt: Adapt | null, cluster: ClusterStore, notices: Notices): void {
  if (adapt === null && cluster.getState().adapt === null) return;
  cluster.setState({ adapt });
  notices.announce(
    adapt === null
      ? 'The number of engines is set by hand'
      : `The number of engines follows the work, from ${String(adapt.min)} to ${String(adapt.max)}`,
  );
}

/** %load: the text that is to stand in the cell that asked for it. */
function replaceSource({ runId, source }: { runId: RunId; source: string }, host: SessionHost): void {
  const cell = host.cellOf(runId);
  if (cell) host.dispatch({ type: 'set-source', id: cell.id, source });
}

/** Starts, ends and failures of cells, in words. */
function tell(operation: KernelOperation, host: SessionHost, notices: Notices): void {
  if (operation.type !== 'cell-started' && operation.type !== 'cell-finished') return;
  const { cells } = host.data().document;
  const index = cells.findIndex(({ run }) => 'runId' in run && run.runId === operation.runId);
  const cell = cells[index];
  if (!cell) return;
  const name = `Cell ${String(index + 1)}`;
  if (operation.type === 'cell-started') {
    notices.announce(`${name} is running`);
    return;
  }
  const took = 'duration' in cell.run ? ` after ${formatSeconds(cell.run.duration)}` : '';
  const error = cell.outputs.findLast(
    (output) => output.type === 'error' || output.type === 'composite-error',
  );
  const what = error?.type === 'error' ? `: ${error.error.ename}` : error ? ': CompositeError' : '';
  notices.announce(operation.status === 'ok' ? `${name} finished${took}` : `${name} failed${took}${what}`);
}
