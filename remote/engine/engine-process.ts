import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { systemClock, systemTimers } from '../../src/base/clock.ts';
import { createEngine } from '../../src/engine/engine.ts';
import type { FromEngine, ToEngine } from '../../src/protocol/engine-messages.ts';
import { linkToThread } from '../../src/transport/node/node-worker-link.ts';
import { breakable } from './breakable.ts';
import { onEndSignals } from './end-signals.ts';
import type { EngineOptions } from './options.ts';
import { importPackage, importText } from './packages.ts';

/** What the station's thread gets to begin with. */
export interface StationStart {
  readonly options: EngineOptions;
  readonly hasNanny: boolean;
  /** Set to 1, and notified, when all sockets are closed: the process may end. */
  readonly closed: SharedArrayBuffer;
  /** The other end of `affairs`. */
  readonly affairs: MessagePort;
}

/** Between the station and the process: what is not the engine's affair. */
export type FromStation = { readonly type: 'exit'; readonly code: number };
export type ToStation = { readonly type: 'leave'; readonly why: string };

/** Milliseconds. */
const LONGEST_GOODBYE = 3000;

/**
 * The engine's process: user code runs on the main thread, as it expects in Node (signals, `process.chdir`,
 * native modules, and SIGINT, which V8 hears here only); sockets are another thread's (`./station.ts`), which
 * it cannot hold up.
 */
export function runEngine(options: EngineOptions, script: string, hasNanny: boolean): void {
  if (options.workDir !== null) process.chdir(options.workDir);
  process.title = 'tutti-engine';
  const { port1: affairs, port2 } = new MessageChannel();
  const closed = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const start: StationStart = { options, hasNanny, closed: closed.buffer, affairs: port2 };
  const station = new Worker(script, { workerData: start, transferList: [port2] });
  const engine = createEngine({
    link: linkToThread<ToEngine, FromEngine>(station),
    evaluator: { globals: indirectEval('globalThis') as object, evaluate: indirectEval },
    clock: systemClock,
    timers: systemTimers,
    random: Math.random,
    bootMs: performance.now(),
    nextTurn: setImmediate,
    importText,
    importUrl: importPackage,
    importPackage,
    breakable,
  });
  affairs.on('message', ({ code }: FromStation) => process.exit(code));
  // However it ends (user code may call `process.exit()`): ZeroMQ must not be torn down at work.
  process.on('exit', (code) => {
    const message: ToStation = { type: 'leave', why: `its process exits with code ${String(code)}` };
    affairs.postMessage(message);
    Atomics.wait(closed, 0, 0, LONGEST_GOODBYE);
  });
  station.on('error', (error) => {
    process.stderr.write(`tutti-engine: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
  station.on('exit', (code) => process.exit(code === 0 ? 1 : code));
  process.on('uncaughtException', (error) => {
    engine.reportStray(error);
  });
  process.on('unhandledRejection', (reason) => {
    engine.reportStray(reason);
  });
  // SIGINT breaks off user code (`./breakable.ts`); when none runs, it must not end the process.
  process.on('SIGINT', () => undefined);
  onEndSignals((why) => {
    const message: ToStation = { type: 'leave', why };
    affairs.postMessage(message);
  });
}

/** At the top level, in sloppy mode. */
const runText = eval;
const indirectEval = (js: string): unknown => runText(js);
