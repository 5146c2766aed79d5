import { isMainThread, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { runEngine, type StationStart } from './engine-process.ts';
import { ENGINE_ROLE, runNanny } from './nanny.ts';
import { parseOptions, USAGE, UsageError, type EngineOptions } from './options.ts';

/** The door of `tutti-engine`. One file is all three: the nanny, the engine's process, its sockets' thread. */
const script = fileURLToPath(import.meta.url);

if (isMainThread) begin();
else await import('./station.ts').then(({ runStation }) => runStation(workerData as StationStart));

function begin(): void {
  const options = read();
  const id = process.env[ENGINE_ROLE];
  if (id === undefined && options.nanny) {
    runNanny(options, script);
    return;
  }
  // User code's own children are no engines.
  Reflect.deleteProperty(process.env, ENGINE_ROLE);
  const asked = id === undefined || id === '' ? options.id : Number(id);
  runEngine({ ...options, id: asked }, script, id !== undefined);
}

function read(): EngineOptions {
  try {
    const options = parseOptions(process.argv.slice(2), process.env);
    if (typeof options !== 'string') return options;
    process.stdout.write(options === 'help' ? USAGE : 'tutti-engine 0.1.0\n');
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`tutti-engine: ${error.message}\nTry tutti-engine --help\n`);
    process.exit(2);
  }
}
