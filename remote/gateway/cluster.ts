import { randomUUID } from 'node:crypto';
import { curveKeyPair, Dealer, Subscriber } from 'zeromq';
import { deferred } from '../../src/base/deferred.ts';
import type { JupyterMessage } from '../../src/protocol/jupyter-message.ts';
import type { GatewayChannel } from '../../src/transport/gateway/frames.ts';
import { urlOf, type ClientConnection } from '../wire/connection-file.ts';
import { decodeFrames, encodeFrames, FrameError } from '../wire/frames.ts';
import { Session } from '../wire/session.ts';
import { Signer } from '../wire/signer.ts';

/** Sockets that every client of the cluster has for itself. */
const PRIVATE = ['registration', 'mux', 'task', 'control', 'broadcast'] as const;
/** Sockets on which all hear the same; the gateway has one of each for all its pages. */
const PUBLIC = ['iopub', 'notification'] as const;

type PrivateChannel = (typeof PRIVATE)[number];

export interface Heard {
  readonly channel: GatewayChannel;
  readonly message: JupyterMessage;
}

/** For the log: what came and was not believed. */
export type OnRefused = (channel: GatewayChannel, error: FrameError) => void;

export function isPrivate(channel: GatewayChannel): channel is PrivateChannel {
  return (PRIVATE as readonly string[]).includes(channel);
}

/** One client's connection to the cluster: its identity there, for as long as the session lives. */
export class ClusterClient {
  readonly #connection: ClientConnection;
  readonly #signer: Signer;
  readonly #sockets = new Map<PrivateChannel, Outlet>();

  constructor(
    connection: ClientConnection,
    identity: string,
    onHeard: (heard: Heard) => void,
    onRefused: OnRefused,
  ) {
    this.#connection = connection;
    this.#signer = signerOf(connection);
    for (const channel of PRIVATE) {
      const socket = new Dealer({
        ...encryption(connection),
        routingId: identity,
        linger: 0,
        sendHighWaterMark: 0,
        receiveHighWaterMark: 0,
        tcpKeepalive: 1,
      });
      socket.connect(urlOf(connection, this.#connection[channel]));
      this.#sockets.set(channel, new Outlet(socket));
      void listen(socket, channel, signerOf(connection), onHeard, onRefused);
    }
  }

  /** Bytes that the cluster has not taken yet. */
  get waiting(): number {
    let bytes = 0;
    for (const outlet of this.#sockets.values()) bytes += outlet.waiting;
    return bytes;
  }

  /** Resolves when the cluster has taken it. */
  send(channel: PrivateChannel, target: string | null, message: JupyterMessage): Promise<void> {
    const idents = target === null ? [] : [Buffer.from(target)];
    const frames = encodeFrames(message, this.#signer, idents);
    return this.#sockets.get(channel)?.send(frames) ?? Promise.resolve();
  }

  close(): void {
    for (const outlet of this.#sockets.values()) outlet.close();
  }
}

/** What the cluster says to all. */
export class ClusterEar {
  readonly #sockets: readonly Subscriber[];

  constructor(connection: ClientConnection, onHeard: (heard: Heard) => void, onRefused: OnRefused) {
    this.#sockets = PUBLIC.map((channel) => {
      const socket = new Subscriber({ ...encryption(connection), linger: 0, receiveHighWaterMark: 0 });
      socket.connect(urlOf(connection, connection[channel]));
      socket.subscribe();
      void listen(socket, channel, signerOf(connection), onHeard, onRefused);
      return socket;
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }
}

/** ZeroMQ takes one message at a time; the others wait here. */
class Outlet {
  readonly #socket: Dealer;
  #last: Promise<void> = Promise.resolve();
  waiting = 0;

  constructor(socket: Dealer) {
    this.#socket = socket;
  }

  send(frames: readonly Uint8Array[]): Promise<void> {
    const bytes = frames.reduce((sum, frame) => sum + frame.byteLength, 0);
    this.waiting += bytes;
    this.#last = this.#last
      .then(() => (this.#socket.closed ? undefined : this.#socket.send([...frames])))
      .finally(() => {
        this.waiting -= bytes;
      });
    return this.#last;
  }

  close(): void {
    this.#socket.close();
  }
}

async function listen(
  socket: Dealer | Subscriber,
  channel: GatewayChannel,
  signer: Signer,
  onHeard: (heard: Heard) => void,
  onRefused: OnRefused,
): Promise<void> {
  for await (const frames of socket) {
    try {
      onHeard({ channel, message: decodeFrames(frames, signer).message });
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      onRefused(channel, error);
    }
  }
}

/**
 * Whether the controller answers to this connection file within so many seconds. One with another key (an old file, or
 * another cluster's) is not heard there, and its answers are not believed here.
 */
export async function clusterAnswers(connection: ClientConnection, seconds: number): Promise<boolean> {
  const answered = deferred<boolean>();
  const name = `tutti-gateway-${randomUUID()}`;
  const client = new ClusterClient(
    connection,
    name,
    () => {
      answered.resolve(true);
    },
    () => undefined,
  );
  const patience = setTimeout(() => {
    answered.resolve(false);
  }, seconds * 1000);
  await client.send('registration', null, new Session(name).message('connection_request'));
  const isThere = await answered.promise;
  clearTimeout(patience);
  client.close();
  return isThere;
}

/** With a key in the controller's file all its sockets speak CurveZMQ. */
function encryption({ curve_serverkey }: ClientConnection) {
  if (curve_serverkey === null) return {};
  const { publicKey, secretKey } = curveKeyPair();
  return { curveServerKey: curve_serverkey, curvePublicKey: publicKey, curveSecretKey: secretKey };
}

/** One for each direction and socket: it remembers what it has accepted. */
function signerOf({ key, signature_scheme }: ClientConnection): Signer {
  return new Signer(key, signature_scheme);
}
