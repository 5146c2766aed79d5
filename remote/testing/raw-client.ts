import { setTimeout as delay } from 'node:timers/promises';
import { Dealer, Subscriber } from 'zeromq';
import { deferred, type Deferred } from '../../src/base/deferred.ts';
import { parentOf, type JsonObject, type JupyterMessage } from '../../src/protocol/jupyter-message.ts';
import type { EngineRequest } from '../../src/protocol/requests.ts';
import { applyContent, replyOf, toBuffers } from '../../src/transport/remote/payload.ts';
import { urlOf, type ClientConnection } from '../wire/connection-file.ts';
import { decodeFrames, encodeFrames, FrameError } from '../wire/frames.ts';
import { Session } from '../wire/session.ts';
import { Signer } from '../wire/signer.ts';

type ClientChannel = 'registration' | 'mux' | 'task' | 'control' | 'broadcast';

interface Asked {
  readonly msgId: string;
  /** The whole reply. */
  readonly reply: Promise<JupyterMessage>;
}

/** A client of a real cluster, as thin as can be: what tests of engines speak with. */
export class RawClient implements Disposable {
  /** Everything that engines published for this client's requests, and for none. */
  readonly published: JupyterMessage[] = [];
  /** `registration_notification`s and `unregistration_notification`s. */
  readonly notices: JupyterMessage[] = [];
  /** Replies and publications in the order in which they came. */
  readonly heard: JupyterMessage[] = [];
  readonly #connection: ClientConnection;
  readonly #session = new Session();
  readonly #signer: Signer;
  readonly #sockets = new Map<ClientChannel, Dealer>();
  readonly #tails = new Map<ClientChannel, Promise<void>>();
  readonly #subscribers: Subscriber[];
  readonly #replies = new Map<string, Deferred<JupyterMessage>>();
  readonly #waiters = new Set<() => void>();

  /** `key`: another than the cluster's, for tests of signatures. */
  constructor(connection: ClientConnection, key = connection.key) {
    this.#connection = connection;
    this.#signer = new Signer(key, connection.signature_scheme);
    this.#subscribers = [
      this.#subscribe(connection.iopub, this.published),
      this.#subscribe(connection.notification, this.notices),
    ];
  }

  /** Sends a request; `to`: an engine's uuid, in front of the message. */
  ask(
    channel: ClientChannel,
    to: string | null,
    type: string,
    parts: { content?: JsonObject; metadata?: JsonObject; buffers?: readonly Uint8Array[] } = {},
  ): Asked {
    const message = this.#session.message(type, parts);
    const msgId = message.header.msg_id;
    const answer = deferred<JupyterMessage>();
    this.#replies.set(msgId, answer);
    const frames = encodeFrames(message, this.#signer, to === null ? [] : [Buffer.from(to)]);
    const socket = this.#socket(channel);
    const before = this.#tails.get(channel) ?? Promise.resolve();
    this.#tails.set(
      channel,
      before.then(() => socket.send(frames.map((frame) => Buffer.from(frame)))),
    );
    return { msgId, reply: answer.promise };
  }

  execute(to: string, code: string, more: JsonObject = {}): Asked {
    return this.ask('mux', to, 'execute_request', { content: { code, silent: false, ...more } });
  }

  /** The text of the last value; throws what the engine raised. */
  async value(to: string, code: string): Promise<unknown> {
    const { msgId, reply } = this.execute(to, code);
    const { content } = await reply;
    if (content['status'] !== 'ok')
      throw new Error(`${String(content['ename'])}: ${String(content['evalue'])}`);
    const results = await this.until(() => this.outputs(msgId, 'status').length === 2).then(() =>
      this.outputs(msgId, 'execute_result'),
    );
    return (results[0]?.content['data'] as JsonObject | undefined)?.['text/plain'];
  }

  /** A request of Tutti's; `to` null: load-balanced. */
  apply(to: string | null, request: EngineRequest, metadata: JsonObject = {}): Asked {
    const parts = { content: applyContent(request), buffers: toBuffers(request), metadata };
    return this.ask(to === null ? 'task' : 'mux', to, 'apply_request', parts);
  }

  /** What a request of Tutti's gave, as it left the engine. */
  static outcome(message: JupyterMessage) {
    return replyOf(message).outcome;
  }

  /** Publications of one type for one request, in order. */
  outputs(msgId: string, type: string): JupyterMessage[] {
    return this.published.filter(
      (message) => message.header.msg_type === type && parentOf(message)?.msg_id === msgId,
    );
  }

  /** What a request printed. */
  text(msgId: string, name = 'stdout'): string {
    return this.outputs(msgId, 'stream')
      .filter(({ content }) => content['name'] === name)
      .map(({ content }) => content['text'])
      .join('');
  }

  /** uuids by id, as the hub has them now. */
  async engines(): Promise<Map<number, string>> {
    const { content } = await this.ask('registration', null, 'connection_request').reply;
    return new Map(
      Object.entries(content['engines'] as Record<string, string>).map(([id, uuid]) => [+id, uuid]),
    );
  }

  /** Resolves when there are n engines: to their uuids, by id. */
  async waitForEngines(n: number): Promise<string[]> {
    for (;;) {
      const engines = await this.engines();
      if (engines.size >= n) return [...engines].sort(([a], [b]) => a - b).map(([, uuid]) => uuid);
      await delay(100);
    }
  }

  /** Resolves when the hub has said that this engine is gone, or has come. */
  noticed(type: 'registration' | 'unregistration', uuid: string): Promise<void> {
    return this.until(() =>
      this.notices.some(
        ({ header, content }) => header.msg_type === `${type}_notification` && content['uuid'] === uuid,
      ),
    );
  }

  /** Resolves when the condition holds; asked whenever something is heard. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#change();
  }

  [Symbol.dispose](): void {
    for (const socket of [...this.#sockets.values(), ...this.#subscribers]) socket.close();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const waiter = () => {
        this.#waiters.delete(waiter);
        resolve();
      };
      this.#waiters.add(waiter);
    });
  }

  #wake(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }

  #socket(channel: ClientChannel): Dealer {
    const known = this.#sockets.get(channel);
    if (known) return known;
    const socket = new Dealer({ routingId: this.#session.id, linger: 0, sendHighWaterMark: 0 });
    socket.connect(urlOf(this.#connection, this.#connection[channel]));
    this.#sockets.set(channel, socket);
    void this.#listen(socket, (message) => {
      this.heard.push(message);
      const id = parentOf(message)?.msg_id ?? '';
      this.#replies.get(id)?.resolve(message);
      this.#replies.delete(id);
    });
    return socket;
  }

  #subscribe(port: number, list: JupyterMessage[]): Subscriber {
    const socket = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
    socket.connect(urlOf(this.#connection, port));
    socket.subscribe();
    void this.#listen(socket, (message) => {
      list.push(message);
      this.heard.push(message);
    });
    return socket;
  }

  /** Null for what others signed, which a client with a wrong key gets to hear. */
  #read(frames: Buffer[]): JupyterMessage | null {
    try {
      return decodeFrames(frames, this.#signer).message;
    } catch (error) {
      if (error instanceof FrameError) return null;
      throw error;
    }
  }

  async #listen(socket: Dealer | Subscriber, take: (message: JupyterMessage) => void): Promise<void> {
    try {
      for await (const frames of socket) {
        const message = this.#read(frames);
        if (message) take(message);
        this.#wake();
      }
    } catch (error) {
      if (!socket.closed) throw error;
    }
  }
}
