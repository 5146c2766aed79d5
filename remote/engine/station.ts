import { randomUUID } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { Router } from 'zeromq';
import type { FromEngine, ToEngine } from '../../src/protocol/engine-messages.ts';
import type { EngineUuid, MsgId } from '../../src/protocol/ids.ts';
import { createInterruptFlag } from '../../src/protocol/interrupt-flag.ts';
import { JS_ENGINE } from '../../src/protocol/jupyter-message.ts';
import type { Link } from '../../src/protocol/link.ts';
import { linkToParentThread } from '../../src/transport/node/node-worker-link.ts';
import { awaitEngineConnection, type EngineConnection } from '../wire/connection-file.ts';
import { decodeFrames, encodeFrames } from '../wire/frames.ts';
import { Session } from '../wire/session.ts';
import { Signer } from '../wire/signer.ts';
import { Breaker } from './breaker.ts';
import type { FromStation, StationStart, ToStation } from './engine-process.ts';
import { Exchange } from './exchange.ts';
import type { Channel, Draft, ExchangeEffect } from './exchange-effects.ts';
import { Heart } from './heart.ts';
import { processFacts, showValue, signalNamed } from './host-facts.ts';
import { createLog, type Log } from './log.ts';
import { lineToNanny, type FromNanny } from './nanny-line.ts';
import type { EngineOptions } from './options.ts';
import { Registrar, RegistrationError, type Registered } from './registrar.ts';
import { Sender, SocketMaker } from './sockets.ts';

/** Seconds for a question to the hub while leaving or coming back; nobody waits for longer. */
const SHORT = 2;
/** Milliseconds after which the process ends although user code holds its main thread. */
const LAST_WORDS = 500;
/** Tries to register anew, and milliseconds between them: the hub may have to forget this engine first. */
const TRIES = 10;
const BETWEEN_TRIES = 1000;

/** The thread of an engine's process that has the sockets; user code runs on the other one. */
export async function runStation({ options, hasNanny, closed, affairs }: StationStart): Promise<void> {
  if (parentPort === null) throw new Error('The station is a thread of the engine');
  const station = new Station(options, linkToParentThread(parentPort), (code) => {
    const word = new Int32Array(closed);
    Atomics.store(word, 0, 1);
    Atomics.notify(word, 0);
    const message: FromStation = { type: 'exit', code };
    affairs.postMessage(message);
    // User code that holds the main thread does not hear that.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_WORDS);
  });
  affairs.on('message', ({ why }: ToStation) => void station.leave(why));
  if (hasNanny) station.watchNanny();
  await station.open();
}

/** The sockets of a registered engine. */
interface Open {
  readonly senders: Readonly<Record<Channel | 'iopub', Sender>>;
  /** `isHeard`: there is a controller, to which what was sent may still leave.
   * Resolves when nothing waits for a message any more: ending the thread before would crash ZeroMQ. */
  close(isHeard: boolean): Promise<void>;
}

/** The shell around the exchange: sockets, the other thread, signals, the nanny. */
class Station {
  readonly #options: EngineOptions;
  readonly #link: Link<FromEngine, ToEngine>;
  readonly #exit: (code: number) => void;
  readonly #uuid = `${JS_ENGINE}${randomUUID()}`;
  readonly #session = new Session(this.#uuid);
  readonly #flag = createInterruptFlag();
  readonly #breaker: Breaker;
  readonly #exchange: Exchange;
  #log: Log;
  #id = -1;
  #nanny: ReturnType<typeof lineToNanny> | null = null;
  #signer: Signer | null = null;
  #registrar: Registrar | null = null;
  /** Null before registration. */
  #open: Open | null = null;
  #isLeaving = false;

  constructor(options: EngineOptions, link: Link<FromEngine, ToEngine>, exit: (code: number) => void) {
    this.#options = options;
    this.#link = link;
    this.#exit = exit;
    this.#log = createLog(options.logLevel, 'engine', options.logFile);
    const identity = () => ({ id: this.#id, uuid: this.#uuid });
    this.#exchange = new Exchange({
      get identity() {
        return identity();
      },
      facts: processFacts(),
      showValue,
      signalNamed,
    });
    this.#breaker = new Breaker(this.#flag, () => this.#exchange.running, this.#log);
    link.onMessages((messages) => {
      for (const message of messages) this.#fromEngine(message);
    });
  }

  watchNanny(): void {
    this.#nanny = lineToNanny({
      hear: (message) => {
        this.#fromNanny(message);
      },
      gone: () => void this.leave('its nanny is gone'),
    });
  }

  /** Finds the controller and joins it. Ends the process when that fails. */
  async open(): Promise<void> {
    try {
      await this.#join();
    } catch (error) {
      this.#log.error(error instanceof Error ? error.message : String(error));
      await this.leave('it could not join', 1);
    }
  }

  async #join(): Promise<void> {
    const { file, wait, location, timeout, id } = this.#options;
    this.#log.info(`Waiting for ${file}`);
    const connection = await awaitEngineConnection(file, {
      timeout: wait,
      ...(location === null ? {} : { location }),
    });
    if (connection.ssh) throw new RegistrationError(noTunnels(connection.ssh));
    this.#signer = new Signer(connection.key, connection.signature_scheme);
    const maker = new SocketMaker(connection);
    const registrar = new Registrar(maker.registrar(this.#uuid), this.#session, this.#signer);
    this.#registrar = registrar;
    this.#log.info(`Registering with ${connection.interface}:${String(connection.registration)}`);
    const registered = await registrar.register(this.#uuid, id, timeout).catch((error: unknown) => {
      throw explained(error, connection);
    });
    this.#beKnownAs(registered);
    this.#open = await this.#serve(maker, registered);
    this.#startUp();
    this.#log.info(`Engine ${String(this.#id)} (${this.#uuid}) is ready`);
  }

  #beKnownAs({ id }: Registered): void {
    this.#id = id;
    this.#log = createLog(this.#options.logLevel, `engine.${String(id)}`, this.#options.logFile);
    this.#nanny?.tell({ type: 'registered', id });
    this.#link.post({
      type: 'welcome',
      engineId: id,
      engineUuid: this.#uuid as EngineUuid,
      interruptFlag: this.#flag,
    });
  }

  async #serve(maker: SocketMaker, { id, period }: Registered): Promise<Open> {
    const shell = maker.shell(this.#uuid, id);
    const control = maker.control(this.#uuid);
    const iopub = await maker.iopub();
    const listening = [this.#listen('shell', shell), this.#listen('control', control)];
    const heart = new Heart({
      pings: maker.pings(),
      pongs: maker.pongs(this.#uuid),
      period,
      misses: this.#options.misses,
      back: () => this.#comeBack(),
      lost: () =>
        void this.leave(`the controller was not heard for ${String(this.#options.misses)} pings`, 1),
    });
    return {
      senders: {
        shell: new Sender(shell, this.#log),
        control: new Sender(control, this.#log),
        iopub: new Sender(iopub, this.#log),
      },
      close: async (isHeard) => {
        for (const socket of [shell, control, iopub]) {
          if (!isHeard) socket.linger = 0;
          socket.close();
        }
        await Promise.all([heart.stop(), ...listening]);
      },
    };
  }

  async #listen(channel: Channel, socket: Router): Promise<void> {
    try {
      for await (const frames of socket) this.#fromCluster(channel, frames);
    } catch (error) {
      if (!this.#isLeaving) void this.leave(`a socket failed: ${String(error)}`, 1);
    }
  }

  #fromCluster(channel: Channel, frames: readonly Uint8Array[]): void {
    if (!this.#signer) return;
    try {
      const { idents, message } = decodeFrames(frames, this.#signer);
      this.#log.debug(`${channel}: ${message.header.msg_type} ${message.header.msg_id}`);
      this.#perform(this.#exchange.heard(channel, idents, message));
    } catch (error) {
      // Nobody who can be trusted waits for an answer.
      this.#log.warn(`A message on ${channel} was dropped. ${String(error)}`);
    }
  }

  #fromEngine(message: FromEngine): void {
    if (message.type === 'reply' && message.reply.msgId === STARTUP) this.#startedUp(message);
    else this.#perform(this.#exchange.said(message));
  }

  #fromNanny(message: FromNanny): void {
    if (message.type === 'leave') void this.leave(message.why);
    else if (message.orLeave && this.#exchange.running === null) void this.leave('it got SIGINT');
    else this.#perform(this.#exchange.interrupted());
  }

  #perform(effects: readonly ExchangeEffect[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'engine':
          this.#link.post(effect.message, effect.transfer);
          break;
        case 'reply':
          this.#send(effect.channel, effect.idents, effect.draft);
          break;
        case 'publish':
          this.#send('iopub', [Buffer.from(`engine.${String(this.#id)}.${effect.draft.type}`)], effect.draft);
          break;
        case 'break':
          this.#breaker.break(effect.msgId);
          break;
        case 'signal':
          process.kill(process.pid, effect.signal);
          break;
        case 'leave':
          void this.leave(effect.why, 0, effect.restart);
          break;
      }
    }
  }

  #send(channel: Channel | 'iopub', idents: readonly Uint8Array[], { type, ...parts }: Draft): void {
    if (!this.#open || !this.#signer) return;
    const message = this.#session.message(type, parts);
    this.#open.senders[channel].send(encodeFrames(message, this.#signer, idents));
  }

  /** The hub was not heard for a while. If it has given this engine up, it is told that it is there. */
  async #comeBack(): Promise<void> {
    const registrar = this.#registrar;
    if (!registrar || this.#isLeaving) return;
    if ((await registrar.knows(this.#uuid, SHORT)) !== false) return;
    for (let i = 0; i < TRIES; i++) {
      try {
        this.#beKnownAs(await registrar.register(this.#uuid, this.#id, SHORT));
        this.#log.warn(`The controller had given this engine up; it is engine ${String(this.#id)} now`);
        return;
      } catch (error) {
        this.#log.warn(String(error));
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES));
      }
    }
  }

  #startUp(): void {
    const { startupCommand, startupScript } = this.#options;
    const load = startupScript === null ? '' : `await import(${JSON.stringify(startupScript)});`;
    const source = `${load}${startupCommand ?? ''}`;
    if (source === '') return;
    const request = {
      method: 'execute',
      code: { source, compiled: null, url: 'startup' },
      silent: true,
    } as const;
    this.#link.post({ type: 'request', msgId: STARTUP, request, abortsQueueOnError: false, client: STARTUP });
  }

  #startedUp({ reply: { outcome } }: Extract<FromEngine, { type: 'reply' }>): void {
    if (outcome.status === 'error') {
      this.#log.error(`The startup code failed:\n${outcome.error.traceback.join('\n')}`);
    }
  }

  /** Says goodbye to the hub and ends the process. `restart`: the nanny is to start it anew. */
  async leave(why: string, code = 0, restart = false): Promise<void> {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#log.info(`Leaving: ${why}`);
    this.#nanny?.tell({ type: 'leaving', restart });
    if (this.#open) await Promise.all(Object.values(this.#open.senders).map((sender) => sender.drained()));
    const isHeard = this.#id >= 0 && ((await this.#registrar?.unregister(this.#id, SHORT)) ?? false);
    await this.#open?.close(isHeard);
    this.#registrar?.close(isHeard);
    this.#exit(code);
  }
}

const STARTUP = 'startup' as MsgId;

function explained(error: unknown, { interface: address }: EngineConnection): Error {
  const sentence = error instanceof Error ? error.message : String(error);
  const advice = address.includes('127.')
    ? ` It listens on ${address}, which engines on other machines cannot reach: start it with --ip=<its address>, ` +
      'or open SSH tunnels.'
    : ` Can ${address} be reached from here, and is the connection file that of the running controller?`;
  return new RegistrationError(`${sentence}.${advice}`);
}

function noTunnels(server: string): string {
  return (
    `The connection file asks for SSH tunnels through ${server}. tutti-engine opens none itself: start the controller ` +
    'with --ip=<an address that the engines reach>, and with --IPController.enable_curve=True on open networks.'
  );
}
