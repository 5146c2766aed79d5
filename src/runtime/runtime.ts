import { systemClock, systemTimers } from '../base/clock.ts';
import type { FromEngine, ToEngine } from '../protocol/engine-messages.ts';
import type { FromKernel, ToKernel } from '../protocol/kernel-messages.ts';
import type { HubOptionsSpec } from '../protocol/hub-options.ts';
import type { Link } from '../protocol/link.ts';
import type { LookAnswer } from '../protocol/looking.ts';
import type { RuntimeControl, RuntimeEvent, RuntimeOptions } from '../protocol/runtime-messages.ts';
import { standInForKernel } from '../protocol/stand-in.ts';
import { carrierHere } from '../transport/blocking/carrier.ts';
import { WorkerSource, type WorkerWay } from '../transport/launch-worker.ts';
import type { FromFileUser, ToFileUser } from '../protocol/file-messages.ts';
import { asideToWorker } from '../transport/aside-link.ts';
import type { WorkerLinkOptions } from '../transport/owned-link.ts';
import { nextTurn } from '../transport/next-turn.ts';
import { linkToWorker } from '../transport/worker-link.ts';
import { readBlobsFor } from '../transport/read-blobs.ts';
import { importText } from '../transport/import-module.ts';
import { Controllers } from './controllers.ts';
import { FileBroker } from './file-broker.ts';
import { HistoryChannel } from './history-channel.ts';
import { JoinDesk } from './join-desk.ts';
import { KernelSupervisor } from './kernel-supervisor.ts';
import { LibraryBroker } from './library-broker.ts';
import { NotebookCluster, type ClusterModule } from './notebook-cluster.ts';
import { SCHEME_MODULE, SchemeSource, type SchemeModule } from './scheme-source.ts';
import { TaskStream } from './task-stream.ts';

/**
 * Everything on the main thread of the frame: the controller, the kernel's supervisor, and the way of bundled
 * libraries from the page to the workers. It knows neither frame nor page: it is called through
 * `RuntimeControl` and tells through `emit`.
 */
export function createRuntime(emit: (event: RuntimeEvent) => void, way: WorkerWay): RuntimeControl {
  const libraries = new LibraryBroker((name) => {
    emit({ type: 'need-library', name });
  });
  const files = new FileBroker((n, change) => {
    emit({ type: 'change-file', n, change });
  });
  let running: Running | null = null;
  const runtime = (): Running => {
    if (running === null) throw new Error('The runtime has not been started.');
    return running;
  };
  return {
    start: async (options) => {
      if (running !== null) throw new Error('The runtime is running already.');
      running = start(options, emit, { libraries, files, way });
      await running.kernelReady;
    },
    answer: () => Promise.resolve(),
    runCell: (run) =>
      settled(() => {
        runtime().tasks.cellRuns(run.runId, run.cellId);
        runtime().kernel.run(run);
      }),
    watchTasks: (on) => settled(() => runtime().tasks.watch(on)),
    cancelRun: (runId) => settled(() => runtime().kernel.cancelRun(runId)),
    interrupt: () =>
      settled(() => {
        runtime().kernel.interrupt();
        runtime().cluster.interruptEngines(null);
      }),
    restartKernel: () =>
      settled(() => {
        runtime().kernel.restart('The kernel was restarted. Its variables are gone.');
      }),
    restartEngines: (engines) => {
      if (engines === null) runtime().kernel.beginAnew();
      return runtime().cluster.restartEngines(engines);
    },
    interruptEngines: (engines) => settled(() => runtime().cluster.interruptEngines(engines)),
    startEngines: (n) => runtime().cluster.startEngines(n),
    stopEngines: (engines) => runtime().cluster.stopEngines(engines),
    adaptEngines: (adapt) => runtime().cluster.adaptEngines(adapt),
    joinCluster: async (source, port) => {
      runtime().cluster.join((await importText(source)) as ClusterModule, port as MessagePort);
    },
    cellJoined: async (n, place, source, port) => {
      runtime().joins.joined(n, place, (await importText(source)) as ClusterModule, port as MessagePort);
    },
    cellJoinRefused: (n, reason) => settled(() => runtime().joins.refused(n, reason)),
    purgeHistory: async () => {
      await runtime().cluster.own?.ask({ type: 'purge', msgIds: null, engines: null, all: true });
    },
    complete: (n, code, cursor) => settled(() => runtime().kernel.complete(n, code, cursor)),
    inspect: (n, code, cursor) => settled(() => runtime().kernel.inspect(n, code, cursor)),
    look: (n, engine, question) =>
      settled(() => {
        const { kernel, cluster } = runtime();
        if (engine === null) kernel.look(n, question);
        // Of a real cluster's engines only what they have told is known.
        else if (cluster.own?.look(engine, n, question) !== true)
          emit({ type: 'seen', n, answer: { type: 'gone' } });
      }),
    setFiles: (list) => settled(() => files.tell(list)),
    fileChanged: (n, failure) => settled(() => files.answer(n, failure)),
    provideLibrary: (name, module) => settled(() => libraries.provide(name, module)),
  };
}

interface Running {
  readonly cluster: NotebookCluster;
  readonly kernel: KernelSupervisor;
  readonly kernelReady: Promise<void>;
  readonly tasks: TaskStream;
  readonly joins: JoinDesk;
}

interface Parts {
  readonly libraries: LibraryBroker;
  readonly files: FileBroker;
  readonly way: WorkerWay;
}

function start(
  options: RuntimeOptions,
  emit: (event: RuntimeEvent) => void,
  { libraries, files, way }: Parts,
): Running {
  const engineSource = new WorkerSource(options.engineSource, 'engine', way);
  const kernelSource = new WorkerSource(options.kernelSource, 'kernel', way);
  const { history } = options;
  const channel = new HistoryChannel(history?.book ?? 0, emit);
  const controllers = new Controllers({
    launch: ({ id }) => launch<FromEngine, ToEngine>(engineSource, `engine-${String(id)}`, files),
    nextTurn,
    onRecord: (kept, gone) => {
      channel.tell(kept, gone);
    },
    onNotice: (level, text, losesNames) => {
      emit({ type: 'notice', level, text, ...(losesNames ? { lost: 'engines' } : {}) });
    },
    readLibrary: (name) => libraries.get(name),
  });
  const onSeen = (n: number, answer: LookAnswer): void => {
    emit({ type: 'seen', n, answer });
  };
  const tasks = new TaskStream(systemClock, systemTimers, (batch) => {
    emit({ type: 'tasks', ...batch });
  });
  const database = history ? 'indexeddb' : 'memory';
  const cluster = new NotebookCluster(
    {
      create: (told) => controllers.create({ grace: options.grace, database }, { ...told, onSeen }),
      onEngines: (engines) => {
        emit({ type: 'engines', engines });
      },
      onAdapt: (adapt) => {
        emit({ type: 'adapting', adapt });
      },
      onNotice: (level, text) => {
        emit({ type: 'notice', level, text });
      },
      ear: tasks,
    },
    options.engines,
  );
  const joins = new JoinDesk(emit);
  const schemes = new SchemeSource(async () => {
    const module = await libraries.get(SCHEME_MODULE);
    if (!module.ok) throw new Error(`The interpreter of schemes could not be loaded: ${module.reason}`);
    return ((await importText(module.source)) as SchemeModule).createSchemeInterpreter(systemClock);
  });
  const kernel = new KernelSupervisor({
    onSeen,
    launch: () =>
      launch<FromKernel, ToKernel>(kernelSource, 'kernel', files, {
        mayBlock: way.sharesMemory,
        carrier: carrierHere,
        standIn: standInForKernel,
      }),
    timers: systemTimers,
    grace: options.grace,
    onEvent: (event) => {
      emit({ type: 'kernel', event });
    },
    onStatus: (status, reason) => {
      emit({ type: 'kernel-status', status, reason });
    },
    onBusy: (text) => {
      emit({ type: 'notice', level: 'info', text });
    },
    onKilled: (text) => {
      emit({ type: 'notice', level: 'warning', text, lost: 'kernel' });
    },
    attachClient: (link) => {
      cluster.attachClient(link);
    },
    openCluster: (spec, clusterId, link) =>
      controllers.open(withGrace(spec, options.grace), clusterId, link, () => undefined),
    interpretScheme: (source) => schemes.interpret(source),
    joinCluster: joins.join,
    listen: (name) => tasks.cluster(name),
    readLibrary: (name) => libraries.get(name),
  });
  if (history) cluster.own?.restoreHistory(history.tasks);
  // The engines first: they load while the kernel does, and the kernel's first word finds them listed.
  cluster.start().catch((error: unknown) => {
    emit({ type: 'notice', level: 'warning', text: error instanceof Error ? error.message : String(error) });
  });
  return { cluster, kernel, tasks, joins, kernelReady: kernel.start() };
}

/** Interrupts of the page and of cells take equally long to become serious. */
function withGrace(spec: HubOptionsSpec, grace: number): HubOptionsSpec {
  return { grace, ...spec };
}

/** A worker that reads the workspace; its own messages are for whoever owns it. */
function launch<In, Out>(
  source: WorkerSource,
  name: string,
  files: FileBroker,
  options: WorkerLinkOptions<Out> = {},
): Link<In, Out> {
  const worker = source.launch(name);
  const link = linkToWorker<In, Out>(worker, options);
  const { aside, lose } = asideToWorker<FromFileUser, ToFileUser>(worker);
  files.attach(aside);
  readBlobsFor(worker);
  return {
    ...link,
    onLost: (handler) => {
      link.onLost((reason) => {
        lose(reason);
        handler(reason);
      });
    },
    close: () => {
      lose('It was closed.');
      link.close();
    },
  };
}

/** Comlink wants promises, and a throw as a rejection. */
async function settled(call: () => void): Promise<void> {
  call();
  return Promise.resolve();
}
