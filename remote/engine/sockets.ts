import { curveKeyPair, Dealer, Publisher, Router, Subscriber, type MessageLike } from 'zeromq';
import { urlOf, type EngineConnection } from '../wire/connection-file.ts';
import type { Log } from './log.ts';

/** The sockets of an engine, all connected outwards: an engine listens on no port. */

/** Milliseconds that what was sent may still need to leave when a socket is closed. */
const LINGER = 3000;
/** Milliseconds. */
const LONGEST_HANDSHAKE = 2000;

interface Sending {
  send(frames: MessageLike[]): Promise<void>;
}

/** Sends one message at a time, in order; ZeroMQ's sockets for JavaScript take no second one before. */
export class Sender {
  readonly #socket: Sending;
  readonly #log: Log;
  #tail: Promise<void> = Promise.resolve();

  constructor(socket: Sending, log: Log) {
    this.#socket = socket;
    this.#log = log;
  }

  send(frames: readonly Uint8Array[]): void {
    this.#tail = this.#tail
      .then(() => this.#socket.send(frames.map(asBuffer)))
      .catch((error: unknown) => {
        this.#log.warn(`A message could not be sent: ${String(error)}`);
      });
  }

  /** Resolves when all that was given has been handed to ZeroMQ. */
  drained(): Promise<void> {
    return this.#tail;
  }
}

/** No limits: what is dropped here would be lost without a word. */
const SENDS = { linger: LINGER, sendHighWaterMark: 0 };
const RECEIVES = { receiveHighWaterMark: 0 };

/** Makes sockets for one connection: with encryption when the controller's file has a key for it (CurveZMQ). */
export class SocketMaker {
  readonly #connection: EngineConnection;
  readonly #curve: ReturnType<typeof curveOptions>;

  constructor(connection: EngineConnection) {
    this.#connection = connection;
    this.#curve = curveOptions(connection.curve_serverkey);
  }

  registrar(uuid: string): Dealer {
    return this.#joined(new Dealer(this.#both(uuid)), this.#connection.registration);
  }

  /** One socket for direct, load-balanced and broadcast requests: so they queue in one line. */
  shell(uuid: string, id: number): Router {
    const { mux, task, broadcast } = this.#connection;
    const leaf = broadcast[id % broadcast.length] ?? task;
    return this.#joined(new Router(this.#both(uuid)), mux, task, leaf);
  }

  control(uuid: string): Router {
    return this.#joined(new Router(this.#both(uuid)), this.#connection.control);
  }

  /** Resolves when it is connected, since what is published before goes nowhere; after a while all the same. */
  async iopub(): Promise<Publisher> {
    const socket = new Publisher({ ...this.#curve, ...SENDS });
    const { events } = socket;
    this.#joined(socket, this.#connection.iopub);
    const enough = setTimeout(() => {
      events.close();
    }, LONGEST_HANDSHAKE);
    // Not `events.on`: its reading never ends, which crashes ZeroMQ when the thread does.
    for await (const event of events) if (event.type === 'handshake') break;
    clearTimeout(enough);
    if (!events.closed) events.close();
    return socket;
  }

  pings(): Subscriber {
    const socket = this.#joined(new Subscriber({ ...this.#curve, ...RECEIVES }), this.#connection.hb_ping);
    socket.subscribe();
    return socket;
  }

  pongs(uuid: string): Dealer {
    // A beat that could not leave in time is worth nothing later.
    return this.#joined(new Dealer({ ...this.#both(uuid), linger: 0 }), this.#connection.hb_pong);
  }

  #both(uuid: string) {
    return { ...this.#curve, ...SENDS, ...RECEIVES, routingId: uuid };
  }

  #joined<T extends { connect(url: string): void }>(socket: T, ...ports: readonly number[]): T {
    for (const port of ports) socket.connect(urlOf(this.#connection, port));
    return socket;
  }
}

function curveOptions(serverKey: string | null) {
  if (serverKey === null || serverKey === '') return {};
  const { publicKey, secretKey } = curveKeyPair();
  return { curveServerKey: serverKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
}

/** ZeroMQ's sockets take Buffers; of the same memory. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
