import type { Clock, Timers } from '../base/clock.ts';
import { randomName, type Random } from '../base/random.ts';
import { createDecoratorHook, DECORATOR_HOOK } from '../lang/decorator-hook.ts';
import { createImportHook, IMPORT_HOOK } from '../lang/import-hook.ts';
import { registerBuiltin, transfer } from '../protocol/canned.ts';
import { registerCodec, unregisterCodec } from '../protocol/codecs.ts';
import type { EngineId, EngineUuid } from '../protocol/ids.ts';
import { pack } from '../protocol/pack.ts';
import { TuttiError } from '../protocol/tutti-error.ts';
import { Reference } from '../protocol/reference.ts';
import { productOf, rangeOf } from '../protocol/sequences.ts';
import { share } from '../protocol/share.ts';
import type { AsyncContext } from '../realm/async-context.ts';
import { consoleBuiltins, createConsole } from '../realm/console.ts';
import { createFiles } from '../realm/files/files.ts';
import type { FilesHost } from '../realm/files/files-host.ts';
import { makeDisplay } from '../realm/display.ts';
import { withDoors } from '../realm/doors.ts';
import { createImporter, type Importer, type ImporterHost } from '../realm/importer.ts';
import { MAGIC_HOOK } from '../realm/magics/compile-with-magics.ts';
import { createMagicHook } from '../realm/magics/run-magic.ts';
import type { Shelf } from '../realm/looking/shelf.ts';
import type { Namespace } from '../realm/namespace.ts';
import { withoutNew } from '../realm/without-new.ts';
import { tuttiModule } from '../realm/tutti-module.ts';
import { createSleeper, type Sleeper } from '../realm/sleep.ts';
import { createComm } from './comm/comm.ts';
import type { CommRunner } from './comm/comm-runner.ts';
import { engineConditions } from './engine-conditions.ts';
import type { EngineOutput, Speaker } from './engine-output.ts';
import { UnmetDependency } from './unmet-dependency.ts';

/** The global `engine`. `properties` and `tags` are the user's to fill; both survive `clear`. */
export interface EngineSelf {
  /** Null until the controller has said it. */
  id: EngineId | null;
  uuid: EngineUuid | null;
  readonly properties: Record<string, unknown>;
  readonly tags: string[];
}

export interface GlobalsHost extends Omit<ImporterHost, 'own'> {
  readonly namespace: Namespace;
  readonly context: AsyncContext<Speaker>;
  readonly output: EngineOutput;
  /** Values that people may look into. */
  readonly shelf: Shelf;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly files: FilesHost;
  /** Holds the thread for so many seconds; ends with KeyboardInterrupt. */
  hold(seconds: number): void;
  /** `engine.properties` are others than before. */
  propertiesChanged(): void;
  readonly comm: CommRunner;
  /** User code asks for the engine's end. */
  exit(reason: string): void;
}

export interface EngineGlobals {
  readonly self: EngineSelf;
  readonly sleeper: Sleeper;
  /** Functions that travel by name. */
  readonly builtins: ReadonlyMap<string, unknown>;
  /** Resolves when slow displays have gone out; undefined when there are none. */
  readonly displaysSettled: () => Promise<void> | undefined;
}

/** Puts the API that users' code finds on an engine into its namespace. */
export function installGlobals(host: GlobalsHost): EngineGlobals {
  const { namespace, context, output, clock, random } = host;
  const timers: Timers = {
    after: (delay, callback) => host.timers.after(delay, context.bind(callback)),
  };
  const comm = createComm(host.comm);
  const self: EngineSelf = {
    id: null,
    uuid: null,
    properties: watched(() => {
      host.propertiesChanged();
    }),
    tags: [],
  };
  const sleeper = createSleeper(timers, (seconds) => {
    output.flush();
    host.hold(seconds);
  });
  const { display, updateDisplay, clearOutput, settled } = makeDisplay(
    (event) => {
      output.send(event);
    },
    () => randomName(random, 12),
    host.shelf,
  );
  const importer = createImporter(host);
  const load: Importer = (...asked) => context.bindPromise(importer(...asked));
  const functions = withDoors({
    ...engineConditions(namespace, load),
    sleep: sleeper.sleep,
    sleepSync: sleeper.sleepSync,
    display,
    updateDisplay,
    clearOutput,
    progress: progressOf(output),
    publishData: publishDataOf(output),
    Reference,
    transfer,
    share,
    registerCodec,
    unregisterCodec,
    UnmetDependency: withoutNew(UnmetDependency),
    range: (startOrStop: number, stop?: number, step = 1) =>
      rangeOf(startOrStop, stop, step, (message) => new ValueError(message)),
    product: (...sequences: readonly unknown[]) => productOf(sequences),
  });
  for (const [name, fn] of Object.entries(functions)) registerBuiltin(name, fn);
  const console = createConsole({
    clock,
    write: (name, text) => {
      output.write(name, text);
    },
    clear: clearOutput,
    tables: {
      shelf: host.shelf,
      show: (bundle) => {
        output.send({ type: 'display', bundle });
      },
    },
  });
  const files = createFiles({
    host: host.files,
    notFound: (message) => new FileNotFoundError(message),
  });
  withDoors({ console, comm, files });
  const module = { ...functions, comm, engine: self, files };
  namespace.install({
    ...functions,
    engine: self,
    files,
    comm,
    console,
    close: () => {
      host.exit('its code called close()');
    },
    ...withDoors({
      [DECORATOR_HOOK]: createDecoratorHook(),
      [IMPORT_HOOK]: createImportHook(async (specifier, options, names) =>
        specifier === 'tutti'
          ? tuttiModule(module, names, load)
          : (Object(await load(specifier, options)) as object),
      ),
      [MAGIC_HOOK]: createMagicHook({
        namespace,
        clock,
        sleeper,
        write: (text) => {
          output.write('stdout', text);
        },
      }),
    }),
  });
  const builtins = new Map<string, unknown>([...Object.entries(functions), ...consoleBuiltins(console)]);
  return { self, sleeper, builtins, displaysSettled: settled };
}

/** The client's classes of these names, as an engine's. */
class ValueError extends TuttiError {
  override readonly name: string = 'ValueError';
}

class FileNotFoundError extends TuttiError {
  override readonly name: string = 'FileNotFoundError';
}

/** An object that tells of every change of its own keys. What is inside its values it does not see. */
function watched(changed: () => void): Record<string, unknown> {
  return new Proxy<Record<string, unknown>>(
    {},
    {
      defineProperty: (target, key, descriptor) => {
        const isDone = Reflect.defineProperty(target, key, descriptor);
        if (isDone) changed();
        return isDone;
      },
      deleteProperty: (target, key) => {
        const isDone = Reflect.deleteProperty(target, key);
        if (isDone) changed();
        return isDone;
      },
    },
  );
}

/** `progress(done, total)`: how far a task has come; shown while it runs. */
function progressOf(output: EngineOutput) {
  return (done: number, total = 1): void => {
    if (typeof done !== 'number' || typeof total !== 'number' || Number.isNaN(done) || Number.isNaN(total)) {
      throw new TypeError('progress takes two numbers: progress(done, total)');
    }
    output.send({ type: 'progress', done, total });
  };
}

/** `publishData({ name: value })`: merged into the AsyncResult's `data` while the task runs. */
function publishDataOf(output: EngineOutput) {
  return (values: unknown): void => {
    if (typeof values !== 'object' || values === null) {
      throw new TypeError('publishData takes an object: publishData({ name: value })');
    }
    const { value, canned } = pack(values, { root: '' });
    output.send({ type: 'data', values: value, ...(canned ? { canned } : {}) });
  };
}
