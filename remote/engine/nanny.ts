import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { awaitEngineConnection } from '../wire/connection-file.ts';
import { Session } from '../wire/session.ts';
import { Signer } from '../wire/signer.ts';
import { onEndSignals } from './end-signals.ts';
import { createLog, type Log } from './log.ts';
import { NANNY_FD, nannyLine, type FromNanny, type ToNanny } from './nanny-line.ts';
import type { EngineOptions } from './options.ts';

/** Says to the program that it is the engine itself; the value is the id to ask for, or empty. */
export const ENGINE_ROLE = 'TUTTI_ENGINE_ID';

/** Seconds that an engine has to leave by itself. */
const GRACE = 5;

/**
 * The process that `tutti-engine` starts as: it starts the engine as a child and watches it. What kills an engine
 * (memory, a crash, `process.exit()`) is told to the hub at once, where heartbeats would take half a minute, so
 * tasks are tried elsewhere at once; and signals are obeyed even when user code holds the engine's thread. If the
 * nanny is killed, the engine notices and leaves. ipengine has one, too, the other way round.
 */
export function runNanny(options: EngineOptions, script: string): void {
  new Nanny(options, script).start(options.id);
}

class Nanny {
  readonly #options: EngineOptions;
  readonly #script: string;
  readonly #log: Log;
  #child: ChildProcess | null = null;
  #line: ReturnType<typeof nannyLine<ToNanny, FromNanny>> | null = null;
  /** The engine's id once it has one. */
  #id: number | null = null;
  /** It has said that it goes, and whether it is to come back. */
  #leaving: { readonly restart: boolean } | null = null;

  constructor(options: EngineOptions, script: string) {
    this.#options = options;
    this.#script = script;
    this.#log = createLog(options.logLevel, 'nanny', options.logFile);
    onEndSignals((why) => {
      this.#stop(why);
    });
    process.on('SIGINT', () => {
      this.#line?.tell({ type: 'interrupt', orLeave: process.stdin.isTTY });
    });
  }

  start(id: number | null): void {
    this.#leaving = null;
    this.#id = null;
    const child = spawn(process.execPath, [...process.execArgv, this.#script, ...process.argv.slice(2)], {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
      env: { ...process.env, [ENGINE_ROLE]: id === null ? '' : String(id) },
      // A session of its own: Ctrl-C at the terminal is the nanny's to hear.
      detached: true,
    });
    this.#child = child;
    this.#line = nannyLine<ToNanny, FromNanny>(child.stdio[NANNY_FD] as unknown as Socket, {
      hear: (message) => {
        if (message.type === 'registered') this.#id = message.id;
        else this.#leaving = message;
      },
      gone: () => undefined,
    });
    child.on('error', (error) => {
      this.#log.error(`The engine could not be started: ${error.message}`);
      process.exit(1);
    });
    child.on('exit', (code, signal) => void this.#ended(code, signal));
  }

  #stop(why: string): void {
    this.#line?.tell({ type: 'leave', why });
    setTimeout(() => {
      this.#log.warn(`The engine has not left within ${String(GRACE)} s and is killed`);
      this.#child?.kill('SIGKILL');
    }, GRACE * 1000).unref();
  }

  async #ended(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    if (this.#leaving?.restart) {
      this.start(this.#id);
      return;
    }
    if (this.#leaving) process.exit(code ?? 0);
    if (this.#id !== null) {
      const how = signal === null ? `exited with code ${String(code)}` : `was ended by ${signal}`;
      this.#log.error(`Engine ${String(this.#id)} ${how}; the controller is told`);
      await this.#unregister(this.#id).catch((error: unknown) => {
        this.#log.warn(`The controller could not be told: ${String(error)}`);
      });
    }
    process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
  }

  async #unregister(id: number): Promise<void> {
    const { file, location, timeout } = this.#options;
    const connection = await awaitEngineConnection(file, {
      timeout: 0,
      ...(location === null ? {} : { location }),
    });
    // Loaded only now: a nanny without work is to be small.
    const [{ Registrar }, { SocketMaker }] = await Promise.all([
      import('./registrar.ts'),
      import('./sockets.ts'),
    ]);
    const session = new Session();
    const signer = new Signer(connection.key, connection.signature_scheme);
    const registrar = new Registrar(new SocketMaker(connection).registrar(session.id), session, signer);
    await registrar.unregister(id, timeout);
    registrar.close(true);
  }
}
