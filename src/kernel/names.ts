import type { Clock, Timers } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { randomName } from '../base/random.ts';
import * as client from '../client/index.ts';
import { Client } from '../client/client.ts';
import type { ClientHub } from '../client/client-hub.ts';
import type { ClientEnvironment } from '../client/environment.ts';
import type { DirectView } from '../client/views/direct-view.ts';
import { createImportHook, IMPORT_HOOK } from '../lang/import-hook.ts';
import { transfer } from '../protocol/canned.ts';
import type { CompiledCode } from '../protocol/code.ts';
import type { LibraryAnswer } from '../protocol/engine-messages.ts';
import type { RunId } from '../protocol/ids.ts';
import { Reference } from '../protocol/reference.ts';
import { createConsole } from '../realm/console.ts';
import { makeDisplay } from '../realm/display.ts';
import type { Evaluator } from '../realm/evaluator.ts';
import { createImporter, ImportError } from '../realm/importer.ts';
import { KeyboardInterrupt } from '../realm/keyboard-interrupt.ts';
import { Namespace } from '../realm/namespace.ts';
import { createReviver } from '../realm/reviver.ts';
import { createSleeper } from '../realm/sleep.ts';
import { registerHelp } from './magics/help.ts';
import { MagicRegistry } from './magics/magic.ts';
import { UsageError } from './magics/arguments.ts';
import { PxMagics, type PxCluster } from './magics/px.ts';
import type { RunOutputs } from './run-outputs.ts';

export interface NamesHost {
  readonly evaluator: Evaluator;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly hub: ClientHub;
  importText(source: string): Promise<unknown>;
  importUrl(url: string): Promise<unknown>;
  needLibrary(name: string): Promise<LibraryAnswer>;
  currentRun(): RunId | null;
  /** Where the running cell's outputs go; null before the first cell. */
  outputs(): RunOutputs | null;
  compile(source: string, url: string): CompiledCode;
  /** %autopx was turned on for these magics, or off. */
  readonly onAutopx: (magics: PxMagics | null) => void;
}

/** The kernel's namespace with everything that is there without being asked for. */
export interface KernelNames {
  readonly evaluator: Evaluator;
  readonly namespace: Namespace;
  readonly magics: MagicRegistry;
  /** Loads what of the big libraries is among these free names and has not been loaded. */
  loadLibraries(names: ReadonlySet<string>): Promise<void>;
  /** Resolves when what cells begin without waiting has ended: assignments (`dview['a'] = 5`) of all clients,
   * displays of values that take their time to show themselves. */
  settled(): Promise<void>;
  /** Failed assignments that nothing has reported yet. */
  takeFailures(): readonly Error[];
  /** Ends sleeps with KeyboardInterrupt. */
  interrupt(): void;
}

/** Names that need a library which is too big to load unasked. */
const LIBRARY_NAMES: Readonly<Record<string, string>> = { Plot: '@observablehq/plot', d3: 'd3' };

export function installNames(host: NamesHost): KernelNames {
  const { evaluator, clock, timers, random, hub } = host;
  const namespace = new Namespace(evaluator);
  const sleeper = createSleeper(timers);
  const {
    display,
    updateDisplay,
    clearOutput,
    settled: displaysSettled,
  } = makeDisplay(
    (event) => host.outputs()?.hear(event),
    () => `display-${randomName(random, 12)}`,
  );
  const environment: ClientEnvironment = {
    hub,
    clock,
    timers,
    random,
    compile: (source, url) => host.compile(source, url),
    reviver: createReviver(evaluator, new Map()),
    currentRun: () => host.currentRun(),
    show: (output) => host.outputs()?.add(output),
    activate: (view, suffix) => {
      new PxMagics(pxCluster(rc, view as DirectView), suffix, host.onAutopx).register(magics);
    },
  };
  const magics = new MagicRegistry();
  registerHelp(magics, (expression) => namespace.get(expression));
  const clients = new Set<Client>();
  /** `new Client()` in a cell: another client of the notebook's cluster. */
  class NotebookClient extends Client {
    static override readonly name = 'Client';
    constructor() {
      super(environment);
      clients.add(this);
    }
    override close(): void {
      clients.delete(this);
      super.close();
    }
  }
  const rc: Client = new NotebookClient();
  rc.activate();
  const api = {
    rc,
    ...client,
    Client: NotebookClient,
    Reference,
    transfer,
    sleep: sleeper.sleep,
    display,
    updateDisplay,
    clearOutput,
    KeyboardInterrupt,
    ImportError,
    UsageError,
  };
  const load = createImporter({
    needLibrary: (name) => host.needLibrary(name),
    importText: (source) => host.importText(source),
    importUrl: (url) => host.importUrl(url),
    own: new Map([['tutti', () => api]]),
  });
  const console = createConsole({
    write: (name, text) => host.outputs()?.add({ type: 'stream', lane: null, name, text }),
    clock,
    clear: () => clearOutput(),
  });
  namespace.install({
    ...api,
    console,
    [IMPORT_HOOK]: createImportHook(async (specifier) => (await load(specifier)) as object),
  });
  return {
    evaluator,
    namespace,
    magics,
    loadLibraries: (names) => loadLibraries(names, namespace, load),
    settled: async () => {
      await Promise.all([displaysSettled(), ...[...clients].map((client) => client.assignmentsSettled())]);
    },
    takeFailures: () => [...clients].flatMap((client) => client.takeFailures()),
    interrupt: () => {
      sleeper.interrupt();
    },
  };
}

function pxCluster(rc: Client, view: DirectView): PxCluster {
  return {
    view,
    select: (targets) => rc.view(targets),
    interrupt: (engines) => {
      rc.interrupt([...engines]);
    },
  };
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
