import { randomBytes } from 'node:crypto';
import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import {
  CLOSE,
  GATEWAY_PROTOCOL,
  TOKEN_PROTOCOL,
  type GatewayRole,
} from '../../src/transport/gateway/messages.ts';
import type { ClientConnection } from '../wire/connection-file.ts';
import { ClusterClient, ClusterEar, type OnRefused } from './cluster.ts';
import { Tries } from './rate.ts';
import { frameOf, Session } from './session.ts';
import { Tickets } from './tickets.ts';

export interface GatewayOptions {
  readonly connection: ClientConnection;
  readonly host: string;
  /** 0: one of the system's choice. */
  readonly port: number;
  /** Pages that may connect, as `https://app.example`; `*`: all. */
  readonly origins: readonly string[];
  readonly tokens?: ReadonlyMap<string, GatewayRole>;
  /** PEM texts. Without them the gateway speaks plain HTTP, for loopback and behind servers that encrypt. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Seconds that a session outlives its connection. Default 60. */
  readonly resumeWindow?: number;
  /** Bytes of one message. Default 256 MiB. */
  readonly maxMessage?: number;
  /** Bytes kept for a page that does not read. Default 64 MiB. */
  readonly buffer?: number;
  /** Messages a second from one page. Default 5000. */
  readonly rate?: number;
  /** Seconds between pings; who has not answered by the next is cut off. Default 10. */
  readonly ping?: number;
  readonly log?: (line: string) => void;
  /** A join code was used: time for another. */
  readonly onJoined?: (role: GatewayRole) => void;
}

/**
 * The gateway: pages on one side, by WebSocket, and an unmodified `ipcontroller` on the other, by ZeroMQ. It looks at
 * tickets and origins before it listens, keeps the cluster's key to itself, and otherwise passes messages on.
 */
export class Gateway implements AsyncDisposable {
  readonly #options: GatewayOptions;
  readonly #tickets: Tickets;
  readonly #tries = new Tries();
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  /** Speaks to those who are not let in: it reads nothing of them. */
  readonly #refusals = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false });
  readonly #sessions = new Map<string, Session>();
  readonly #ear: ClusterEar;
  readonly #alive = new WeakSet<WebSocket>();
  readonly #pings: NodeJS.Timeout;
  #url = '';

  private constructor(options: GatewayOptions) {
    this.#options = options;
    const { connection, tls, maxMessage = 256 << 20, ping = 10 } = options;
    this.#tickets = new Tickets(connection.key, options.tokens);
    this.#server = tls ? createHttps({ cert: tls.cert, key: tls.key }, greet) : createHttp(greet);
    this.#sockets = new WebSocketServer({
      noServer: true,
      // The limit is for what a page sends; a frame has a head besides.
      maxPayload: maxMessage + (1 << 20),
      perMessageDeflate: false,
      handleProtocols: (protocols) => protocols.has(GATEWAY_PROTOCOL) && GATEWAY_PROTOCOL,
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head);
    });
    this.#ear = new ClusterEar(
      connection,
      (heard) => {
        if (this.#sessions.size === 0) return;
        const frame = frameOf(heard);
        for (const session of this.#sessions.values()) session.hear(heard, frame);
      },
      this.#onRefused,
    );
    this.#pings = setInterval(() => {
      this.#ping();
    }, ping * 1000);
    this.#pings.unref();
  }

  /** Rejects when it cannot listen there. */
  static async start(options: GatewayOptions): Promise<Gateway> {
    const gateway = new Gateway(options);
    const server = gateway.#server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, () => {
        server.off('error', reject);
        gateway.#url = urlOf(server.address() as AddressInfo, options.tls !== undefined);
        resolve();
      });
    }).catch(async (error: unknown) => {
      await gateway[Symbol.asyncDispose]();
      throw error;
    });
    return gateway;
  }

  /** As pages on this machine reach it. */
  get url(): string {
    return this.#url;
  }

  newCode(role: GatewayRole = 'client'): string {
    return this.#tickets.newCode(role);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#pings);
    for (const session of [...this.#sessions.values()])
      session.end(CLOSE.goingAway, 'The gateway was stopped.');
    this.#ear.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const server of [this.#sockets, this.#refusals]) server.close();
    // Whoever does not answer the close in time is cut off.
    const patience = setTimeout(() => {
      for (const client of this.#sockets.clients) client.terminate();
      this.#server.closeAllConnections();
    }, 500);
    await closed;
    clearTimeout(patience);
  }

  readonly #onRefused: OnRefused = (channel, error) => {
    this.#options.log?.(`A message on ${channel} was not believed: ${error.message}`);
  };

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = request.socket.remoteAddress ?? '';
    const now = Date.now();
    const refuse = (code: number, reason: string): void => {
      this.#options.log?.(`Refused ${address}: ${reason}`);
      this.#refusals.handleUpgrade(request, socket, head, (page) => {
        page.close(code, reason);
      });
    };
    const wait = this.#tries.wait(address, now);
    if (wait > 0) {
      refuse(CLOSE.tooManyTries, `Too many tries. Wait ${String(Math.ceil(wait))} s.`);
      return;
    }
    const origin = request.headers.origin ?? 'null';
    if (!this.#options.origins.some((known) => known === '*' || known === origin)) {
      this.#tries.failed(address, now);
      refuse(
        CLOSE.badOrigin,
        `This gateway takes no pages of ${origin}: start it with --origin ${origin}`.slice(0, 120),
      );
      return;
    }
    const admission = this.#tickets.admit(ticketOf(request), now);
    if (admission === null) {
      this.#tries.failed(address, now);
      refuse(
        CLOSE.notAdmitted,
        'The join code is wrong or used, or the session is over. Ask for a new join link.',
      );
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (page) => {
      this.#watch(page);
      this.#session(admission.session, admission.role).attach(page);
      if (admission.session === null) this.#options.onJoined?.(admission.role);
    });
  }

  #session(id: string | null, role: GatewayRole): Session {
    const known = id === null ? undefined : this.#sessions.get(id);
    if (known) return known;
    const name = id ?? randomBytes(9).toString('base64url');
    const {
      connection,
      resumeWindow = 60,
      maxMessage = 256 << 20,
      buffer = 64 << 20,
      rate = 5000,
    } = this.#options;
    const session = new Session(
      name,
      role,
      {
        limits: { maxMessage, resumeWindow },
        buffer,
        rate,
        token: () => this.#tickets.sessionToken(name, role, Date.now()),
        over: (left) => {
          this.#sessions.delete(name);
          if (left) this.#tickets.end(name);
          this.#options.log?.(`Session ${name} is over.`);
        },
        log: (line) => this.#options.log?.(line),
      },
      (onHeard) => new ClusterClient(connection, `tutti-${name}`, onHeard, this.#onRefused),
      id !== null,
    );
    this.#sessions.set(name, session);
    this.#options.log?.(`Session ${name} (${role}) ${id === null ? 'begins' : 'is back'}.`);
    return session;
  }

  #watch(page: WebSocket): void {
    this.#alive.add(page);
    page.on('pong', () => this.#alive.add(page));
    // Too big, no UTF-8 …: the connection closes with the reason; nothing else is to be done.
    page.on('error', (error) => this.#options.log?.(`A page was cut off: ${error.message}`));
  }

  #ping(): void {
    for (const page of this.#sockets.clients) {
      if (!this.#alive.delete(page)) page.terminate();
      else page.ping();
    }
  }
}

function urlOf({ address, port, family }: AddressInfo, isSecure: boolean): string {
  const host = family === 'IPv6' ? `[${address}]` : address;
  return `${isSecure ? 'wss' : 'ws'}://${host}:${String(port)}`;
}

function ticketOf(request: IncomingMessage): string {
  const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim());
  const ticket = protocols.find((word) => word.startsWith(TOKEN_PROTOCOL));
  return ticket?.slice(TOKEN_PROTOCOL.length) ?? '';
}

/** For people who open the address in a tab: to accept a certificate, or to see whether it is there. */
function greet(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end('This is a Tutti gateway. It works: go back to the notebook and join again.\n');
}
