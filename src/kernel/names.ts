import type { Timers } from '../base/clock.ts';
import { randomName } from '../base/random.ts';
import * as client from '../client/index.ts';
import { classicModule } from '../client/classic/index.ts';
import { Client } from '../client/client.ts';
import type { ClientHub } from '../client/client-hub.ts';
import type { ClusterHost } from '../client/cluster/cluster-host.ts';
import type { ConnectOptions } from '../client/cluster/cluster.ts';
import type { ClusterOptions } from '../client/cluster/cluster-options.ts';
import { joinCluster, type JoinedCluster } from '../client/cluster/join-cluster.ts';
import { takeSteps, takeStepsSync } from '../client/cluster/steps.ts';
import { spell } from '../client/spelling.ts';
import { DirectView } from '../client/views/direct-view.ts';
import { createDecoratorHook, DECORATOR_HOOK } from '../lang/decorator-hook.ts';
import { createImportHook, IMPORT_HOOK } from '../lang/import-hook.ts';
import type { ImportCallOptions } from '../protocol/module-names.ts';
import { registerBuiltin, transfer } from '../protocol/canned.ts';
import type { LibraryAnswer } from '../protocol/engine-messages.ts';
import type { PxTargets } from '../protocol/kernel-messages.ts';
import type { MimeBundle, StreamName } from '../protocol/outputs.ts';
import { Reference } from '../protocol/reference.ts';
import { share } from '../protocol/share.ts';
import { carryContext } from '../realm/carry-context.ts';
import { explainFetch } from '../realm/explain-fetch.ts';
import { consoleBuiltins, createConsole } from '../realm/console.ts';
import { withDoors } from '../realm/doors.ts';
import { makeDisplay } from '../realm/display.ts';
import type { Evaluator } from '../realm/evaluator.ts';
import { createImporter, ImportError, type Importer, type ImporterHost } from '../realm/importer.ts';
import { installGuards } from '../realm/install-guards.ts';
import type { RunId } from '../protocol/ids.ts';
import type { InterruptEar } from '../realm/interrupt-ear.ts';
import { createFiles, createSourceReader, type FilesParts } from '../realm/files/files.ts';
import { NO_FILES, type FilesHost } from '../realm/files/files-host.ts';
import { KeyboardInterrupt } from '../realm/keyboard-interrupt.ts';
import { lookUp, type Seen } from '../realm/looking/look.ts';
import { Shelf } from '../realm/looking/shelf.ts';
import { Survey } from '../realm/looking/survey.ts';
import { UsageError } from '../realm/magics/flags.ts';
import { createMagicRunner, type RunMagic } from '../realm/magics/run-magic.ts';
import { Namespace } from '../realm/namespace.ts';
import { completeCrypto } from '../realm/random-uuid.ts';
import { createSleeper } from '../realm/sleep.ts';
import { classesWithoutNew, errorsWithoutNew, withoutNew } from '../realm/without-new.ts';
import { LIBRARY_NAMES, tuttiModule } from '../realm/tutti-module.ts';
import { clientWorld, pxClusterOf, type WorldHost } from './client-world.ts';
import { describeValue } from './completion/describe-value.ts';
import type { Sights } from './completion/complete.ts';
import { Autopx, type AutopxView } from './magics/autopx.ts';
import { registerDebug } from './magics/debug.ts';
import { registerFileMagics } from './magics/files.ts';
import { registerHelp } from './magics/help.ts';
import { MagicRegistry } from './magics/magic.ts';
import { PxMagics } from './magics/px.ts';
import { registerRealmMagics } from './magics/realm-magics.ts';
import { createOwnProgress } from './own-progress.ts';
import type { Outputs } from './run-outputs.ts';

export interface NamesHost extends WorldHost {
  /** To the notebook's cluster. */
  readonly hub: ClientHub;
  /** Starts another cluster. */
  readonly openCluster: ClusterHost['open'];
  /** Joins a real one, if the reader agrees. */
  readonly joinCluster: ClusterHost['join'];
  /** Processors of this machine. */
  readonly cores: number;
  /** Hears interrupts while code holds the thread. */
  readonly ear: InterruptEar;
  importText(source: string): Promise<unknown>;
  importUrl(url: string, options?: ImportCallOptions): Promise<unknown>;
  needLibrary(name: string): Promise<LibraryAnswer>;
  /** What of the workspace %run and %load see. Default: nothing. */
  readonly files?: FilesHost;
  /** Code has called `close()`. */
  readonly exit: () => void;
  /** %autopx was turned on for these magics, or off. */
  readonly onAutopx: (magics: AutopxView | null) => void;
}

/** The kernel's namespace with everything that is there without being asked for. */
export interface KernelNames {
  readonly evaluator: Evaluator;
  readonly namespace: Namespace;
  readonly magics: MagicRegistry;
  readonly autopx: Autopx;
  /** Where `%px` goes when nobody says where. */
  pxTargets(): PxTargets;
  /** `%time` and its like. */
  readonly runMagic: RunMagic;
  /** Values that people may look into. */
  readonly shelf: Shelf;
  /** The variables that people see. */
  readonly survey: Survey;
  /** For completion and inspection. */
  readonly sights: Sights;
  /** A display that can be changed later. */
  newDisplay(bundle: MimeBundle, outputs: Outputs): { update(bundle: MimeBundle): void };
  /** Loads what of the big libraries is among these free names and has not been loaded. */
  loadLibraries(names: ReadonlySet<string>): Promise<void>;
  /** Resolves when what cells begin without waiting has ended: assignments (`dview['a'] = 5`) of all clients,
   * displays of values that take their time to show themselves. */
  settled(): Promise<void>;
  /** Failed assignments that nothing has reported yet. */
  takeFailures(): readonly Error[];
  /** Ends sleeps with KeyboardInterrupt. */
  interrupt(run: RunId | null): void;
}

export function installNames(host: NamesHost): KernelNames {
  const { evaluator, clock, context, random } = host;
  const outputs = () => host.outputsNow();
  const timers: Timers = {
    after: (delay, callback) => host.timers.after(delay, context.bind(callback)),
  };
  completeCrypto(evaluator.globals);
  explainFetch(evaluator.globals, host.timers);
  carryContext(evaluator.globals, context);
  const namespace = new Namespace(evaluator);
  installGuards(evaluator, namespace, host.ear);
  const sleeper = createSleeper(timers, (seconds) => {
    host.blocker.sleep(seconds);
  });
  const newId = () => `display-${randomName(random, 12)}`;
  const shelf = new Shelf(
    () => randomName(random, 16),
    (path) => lookUp(evaluator.globals, path),
  );
  const displays = makeDisplay((event) => outputs()?.hear(event), newId, shelf);
  const newDisplay = (bundle: MimeBundle, outputs: Outputs | null) => {
    const displayId = newId();
    outputs?.add({ type: 'display', lane: null, bundle, displayId });
    return { update: (next: MimeBundle) => outputs?.updateDisplay(displayId, next) };
  };
  const magics = new MagicRegistry();
  const autopx = new Autopx(host.onAutopx);
  /** Those of `%px` without a suffix. */
  let usual: PxMagics | null = null;
  const workspace: FilesParts = {
    host: host.files ?? NO_FILES,
    notFound: (message) => new client.FileNotFoundError(message),
  };
  const readSource = createSourceReader(workspace);
  const worldOf = (hub: ClientHub, clusterSize?: () => number | null) =>
    clientWorld(host, {
      hub,
      namespace,
      readSource,
      ...(clusterSize === undefined ? {} : { clusterSize }),
      display: (bundle) => newDisplay(bundle, outputs()),
      activate: (view, suffix) => {
        const px = new PxMagics(pxClusterOf(view, host), suffix, autopx);
        px.register(magics);
        if (suffix === '') usual = px;
      },
    });
  /** As many engines as the notebook's cluster has, those that are starting too. */
  const environment = worldOf(host.hub, () => host.hub.engines.length);
  registerRealmMagics(magics);
  registerFileMagics(magics, readSource);
  registerDebug(magics);
  registerHelp(magics, (expression, withSource) => describe(expression, withSource, namespace));
  const clients = new Set<Client>();
  /** `new Client()` in a cell: another client of the notebook's cluster; `new Client(cluster)`: of that one. */
  class NotebookClient extends Client {
    static override readonly name = 'Client';
    constructor(cluster: Pick<client.Cluster, 'environment'> = { environment }) {
      if (!isCluster(cluster)) {
        throw new TypeError('Client takes a running Cluster, or nothing for the cluster of this notebook');
      }
      super(cluster.environment);
      clients.add(this);
    }
    override close(): void {
      clients.delete(this);
      super.close();
    }
  }
  const clusters: ClusterHost = {
    cores: host.cores,
    newId: () => `cluster-${randomName(random, 6)}`,
    open: host.openCluster,
    join: host.joinCluster,
    environment: worldOf,
    connect: (world) => new NotebookClient({ environment: world }),
  };
  class NotebookCluster extends client.Cluster {
    static override readonly name = 'Cluster';
    constructor(options?: ClusterOptions, joined: JoinedCluster | null = null) {
      super(clusters, clock, options, joined);
    }
    static async join(link?: string): Promise<NotebookCluster> {
      return new NotebookCluster({}, await takeSteps(joinCluster(clusters, clock, link)));
    }
    static joinSync(link?: string): NotebookCluster {
      const twin = 'await Cluster.join(link)';
      return new NotebookCluster({}, takeStepsSync(joinCluster(clusters, clock, link), twin));
    }
    /** A new cluster, started, and a client of it: `rc.close()` leaves it running until the kernel ends. */
    static async startAndConnect({
      activate,
      ...options
    }: ClusterOptions & ConnectOptions = {}): Promise<Client> {
      const connect = activate === undefined ? {} : { activate };
      return new NotebookCluster(options).startAndConnect(connect);
    }
  }
  spell(NotebookCluster);
  const rc: Client = new NotebookClient();
  rc.activate();
  const { display, updateDisplay, clearOutput } = displays;
  const api = withDoors({
    rc,
    ...client,
    ...errorsWithoutNew(client),
    Client: withoutNew(NotebookClient),
    Cluster: withoutNew(NotebookCluster),
    Dependency: withoutNew(client.Dependency),
    Reference,
    transfer,
    share,
    sleep: sleeper.sleep,
    sleepSync: sleeper.sleepSync,
    display,
    updateDisplay,
    clearOutput,
    progress: createOwnProgress({ ...host, newDisplay, outputs }),
    files: createFiles(workspace),
    dag: <N, R>(nodes: Iterable<N>, edges: Iterable<readonly [N, N]>, f: (node: N) => R) =>
      rc.loadBalancedView().dag(nodes, edges, f),
    KeyboardInterrupt,
    ImportError,
    UsageError,
  });
  nameAsExported(client);
  for (const name of ['share', 'transfer', 'range', 'product', 'progress'] as const)
    registerBuiltin(name, api[name]);
  const classic = classicModule(rc, environment);
  nameAsExported(classic.default);
  withDoors(classic.default);
  const ofOld = { ...classesWithoutNew(classic.default), CompositeError: api.CompositeError };
  const own = new Map([['tutti/kernel', () => ({ ...ofOld, client: ofOld, default: ofOld })]]);
  const importer = createImporter({ ...importerHost(host), own });
  const load: Importer = (...asked) => context.bindPromise(importer(...asked));
  const write = (name: StreamName, text: string) =>
    outputs()?.add({ type: 'stream', lane: null, name, text });
  const console = createConsole({
    write,
    clock,
    clear: () => clearOutput(),
    tables: { shelf, show: (bundle) => outputs()?.hear({ type: 'display', bundle }) },
  });
  withDoors({ console });
  for (const [name, fn] of consoleBuiltins(console)) registerBuiltin(name, fn);
  namespace.install({
    ...api,
    console,
    // The worker's own would end it without a word.
    close: () => {
      host.exit();
    },
    ...withDoors({
      [DECORATOR_HOOK]: createDecoratorHook(),
      [IMPORT_HOOK]: createImportHook(async (specifier, options, names) =>
        specifier === 'tutti' ? tuttiModule(api, names, load) : ((await load(specifier, options)) as object),
      ),
    }),
  });
  return {
    evaluator,
    namespace,
    magics,
    autopx,
    pxTargets: () => usual?.aim ?? 'all',
    newDisplay,
    shelf,
    survey: new Survey(
      evaluator.globals,
      () => namespace.keys(),
      () => clock.now(),
    ),
    runMagic: createMagicRunner({ namespace, clock, sleeper, write: (text) => write('stdout', text) }),
    sights: {
      globals: evaluator.globals,
      namespace,
      magics,
      stepInto,
      engines: () => host.hub.engines,
      autopx: () => autopx.current?.engines ?? null,
    },
    loadLibraries: (names) => loadLibraries(names, namespace, load),
    settled: async () => {
      await Promise.all([displays.settled(), ...[...clients].map((client) => client.assignmentsSettled())]);
    },
    takeFailures: () => [...clients].flatMap((client) => client.takeFailures()),
    interrupt: (run) => {
      if (run !== null) for (const client of clients) client.runInterrupted(run);
      sleeper.interrupt();
    },
  };
}

function importerHost(host: NamesHost): Omit<ImporterHost, 'own'> {
  return {
    needLibrary: (name) => host.needLibrary(name),
    importText: (source) => host.importText(source),
    importUrl: (url, options) => host.importUrl(url, options),
  };
}

/** Minified code has lost the names of classes; `%whos` and `name?` want to tell them. */
function nameAsExported(exported: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(exported)) {
    const isOther = typeof value === 'function' && value.name !== name;
    if (isOther) Reflect.defineProperty(value, 'name', { value: name, configurable: true });
  }
}

function isCluster(value: unknown): value is Pick<client.Cluster, 'environment'> {
  return typeof value === 'object' && value !== null && 'environment' in value;
}

/** `rc[0].` completes although only a call could tell which view it is. */
function stepInto(value: unknown, key: string): Seen {
  const isEngines = value instanceof Client && /^(-?\d+|all|[-\d]*:[-\d:]*)$/.test(key);
  return isEngines ? { value: DirectView.prototype } : null;
}

/** `name?` is a question of the user's: getters may run. */
function describe(expression: string, withSource: boolean, namespace: Namespace): string {
  try {
    const value = namespace.get(expression);
    const dot = expression.lastIndexOf('.');
    const owner = dot < 0 ? {} : { owner: namespace.get(expression.slice(0, dot)) };
    return describeValue({ name: expression, value, ...owner }, withSource);
  } catch {
    return `Object \`${expression}\` not found.\n`;
  }
}

async function loadLibraries(
  names: ReadonlySet<string>,
  namespace: Namespace,
  load: (specifier: string) => Promise<unknown>,
): Promise<void> {
  for (const [name, specifier] of Object.entries(LIBRARY_NAMES)) {
    if (!names.has(name) || namespace.has(name)) continue;
    namespace.install({ [name]: await load(specifier) });
  }
}
