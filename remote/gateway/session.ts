import type { WebSocket } from 'ws';
import { systemTimers } from '../../src/base/clock.ts';
import type { JupyterMessage } from '../../src/protocol/jupyter-message.ts';
import { AckPacer } from '../../src/transport/gateway/ack-pacer.ts';
import {
  decodeFrame,
  encodeFrame,
  GatewayFrameError,
  type GatewayFrame,
} from '../../src/transport/gateway/frames.ts';
import {
  CLOSE,
  readToGateway,
  type FromGateway,
  type GatewayLimits,
  type GatewayRole,
  type Welcome,
} from '../../src/transport/gateway/messages.ts';
import { ReplayBuffer } from '../../src/transport/gateway/replay-buffer.ts';
import { isPrivate, type ClusterClient, type Heard } from './cluster.ts';
import { Bucket } from './rate.ts';

export interface SessionHost {
  readonly limits: GatewayLimits;
  /** Bytes that are kept for a page which does not read; output beyond is dropped, at four times as much the page. */
  readonly buffer: number;
  /** Messages a second that a page may send, after twice as many at once. */
  readonly rate: number;
  /** Opens again what this session was. */
  token(): string;
  /** It is over: the window has passed without a page, or the page has left. */
  over(left: boolean): void;
  log(line: string): void;
}

/** Bytes that may wait for the cluster before the page is made to wait. */
const FULL = 64 << 20;
const LOW = 16 << 20;
/** Clients of pages that were reloaded are known for so long. */
const MOST_CLIENTS = 1000;

/**
 * One page at the cluster: its connection there, which outlives the page's own by the resume window, and what the
 * page has not confirmed.
 */
export class Session {
  readonly id: string;
  readonly role: GatewayRole;
  readonly #host: SessionHost;
  readonly #cluster: ClusterClient;
  /** Ids of the page's clients: output of others is none of its affair. */
  readonly #clients = new Set<string>();
  #replay: ReplayBuffer;
  readonly #acks: AckPacer;
  readonly #rate: Bucket;
  /** Null while no page is there. */
  #socket: WebSocket | null = null;
  #isNew = true;
  /** What the page lacks can no longer be sent. */
  #isPatchy: boolean;
  #dropped = 0;
  #cancelWindow: (() => void) | null = null;
  #isOver = false;

  /** `isBack`: a page knows this session, and this gateway does not. */
  constructor(
    id: string,
    role: GatewayRole,
    host: SessionHost,
    connect: (onHeard: (heard: Heard) => void) => ClusterClient,
    isBack: boolean,
  ) {
    this.id = id;
    this.role = role;
    this.#host = host;
    this.#isPatchy = isBack;
    this.#replay = new ReplayBuffer(host.buffer);
    this.#rate = new Bucket(2 * host.rate, host.rate, Date.now());
    this.#acks = new AckPacer(systemTimers, (received) => {
      this.#say({ type: 'ack', received });
    });
    this.#cluster = connect((heard) => {
      this.deliver(frameOf(heard), true);
    });
  }

  /** A page is there; one that was there before goes. */
  attach(socket: WebSocket): void {
    this.#cancelWindow?.();
    this.#cancelWindow = null;
    this.#socket?.close(CLOSE.takenOver, 'Another tab has taken this session over.');
    this.#socket = socket;
    socket.on('message', (data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean) => {
      if (socket !== this.#socket) return;
      const bytes = Buffer.isBuffer(data)
        ? data
        : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
      if (isBinary) this.#frame(bytes);
      else this.#hear(bytes.toString('utf8'));
    });
    socket.on('close', () => {
      if (socket === this.#socket) this.#cut();
    });
  }

  /** A message of the cluster. `must`: it is no mere output. */
  deliver(frame: ArrayBuffer, must: boolean): void {
    if (this.#isOver || this.#isPatchy) return;
    const { byteLength } = frame;
    if (!must && !this.#replay.hasRoomFor(byteLength)) {
      this.#dropped++;
      return;
    }
    if (this.#replay.bytes > 4 * this.#host.buffer) {
      this.#giveUp();
      return;
    }
    this.#replay.add(frame);
    if (!this.#isNew) this.#socket?.send(frame);
  }

  /** Output and notices for all: output of strangers goes to observers only, who run nothing themselves. */
  hear(heard: Heard, frame: ArrayBuffer): void {
    const { channel, message } = heard;
    const isOutput = channel === 'iopub';
    const type = message.header.msg_type;
    if (isOutput && type !== 'status' && this.role === 'client' && !this.#isOurs(message)) return;
    this.deliver(frame, !isOutput || type === 'status');
  }

  end(code: number, reason: string): void {
    this.#finish(false);
    this.#socket?.close(code, reason);
  }

  // What the page says

  #hear(text: string): void {
    const message = readToGateway(text);
    switch (message?.type) {
      case 'hello':
        this.#greet(message.received);
        break;
      case 'ack':
        this.#confirm(message.received);
        break;
      case 'leave':
        this.#finish(true);
        break;
      case undefined:
        this.#refuse(
          'The page said something that this gateway does not understand. Are both of one version?',
        );
    }
  }

  #greet(received: number | null): void {
    const missing = received === null ? null : this.#replay.since(received);
    const canResume = !this.#isNew && !this.#isPatchy && missing !== null;
    const state = canResume ? 'resumed' : received === null ? 'new' : 'patchy';
    if (canResume) this.#replay.confirm(received ?? 0);
    else this.#beginAnew();
    this.#isNew = false;
    this.#isPatchy = false;
    const welcome: Welcome = {
      type: 'welcome',
      session: this.#host.token(),
      role: this.role,
      state,
      received: this.#acks.received,
      limits: this.#host.limits,
    };
    this.#say(welcome);
    for (const frame of this.#replay.held) this.#socket?.send(frame);
  }

  /** For a page that knows nothing of what went before, what it has not seen is what there is. */
  #beginAnew(): void {
    const held = this.#isPatchy ? [] : this.#replay.held;
    this.#replay = new ReplayBuffer(this.#host.buffer);
    for (const frame of held) this.#replay.add(frame);
    this.#acks.beginAnew();
  }

  #confirm(received: number): void {
    if (!this.#replay.confirm(received)) {
      this.#refuse('The page confirmed what it was never sent.');
      return;
    }
    if (this.#dropped === 0 || this.#replay.bytes > this.#host.buffer / 2) return;
    this.#say({ type: 'dropped', messages: this.#dropped });
    this.#dropped = 0;
  }

  #frame(bytes: Buffer): void {
    let frame: GatewayFrame;
    try {
      frame = decodeFrame(bytes);
      this.#forward(frame);
    } catch (error) {
      if (!(error instanceof GatewayFrameError)) throw error;
      this.#refuse(error.message);
      return;
    }
    this.#acks.got(bytes.byteLength);
    this.#holdBack(frame.envelopes.length);
  }

  #forward({ channel, envelopes, buffers }: GatewayFrame): void {
    if (!isPrivate(channel)) throw new GatewayFrameError(`Nothing can be sent on ${channel}`);
    for (const { target, ...parts } of envelopes) {
      const { msg_type, session } = parts.header;
      if (this.role === 'observer' && !(channel === 'registration' && OBSERVED.has(msg_type))) {
        throw new GatewayFrameError('An observer may ask for engines and queues, and for nothing else');
      }
      if (channel === 'registration' && !ASKED.has(msg_type)) {
        throw new GatewayFrameError(`A page may not send ${msg_type} to the hub`);
      }
      this.#clients.add(session);
      void this.#cluster.send(channel, target, { ...parts, buffers });
    }
    const [oldest] = this.#clients;
    if (this.#clients.size > MOST_CLIENTS && oldest !== undefined) this.#clients.delete(oldest);
  }

  /** The page is too quick for the rate, or for the cluster: its messages wait in its own buffers. */
  #holdBack(messages: number): void {
    const socket = this.#socket;
    const wait = this.#rate.take(messages, Date.now());
    if (!socket || (wait === 0 && this.#cluster.waiting < FULL)) return;
    socket.pause();
    const goOn = (): void => {
      if (socket !== this.#socket) return;
      if (this.#cluster.waiting > LOW) setTimeout(goOn, 10);
      else socket.resume();
    };
    setTimeout(goOn, wait * 1000);
  }

  #isOurs({ parent_header }: JupyterMessage): boolean {
    return typeof parent_header.session === 'string' && this.#clients.has(parent_header.session);
  }

  // Ends

  #refuse(reason: string): void {
    this.#host.log(`Session ${this.id}: ${reason}`);
    this.#socket?.close(CLOSE.badMessage, reason);
  }

  /** The page does not read, and no more can be kept: it begins anew, and asks the hub what it missed. */
  #giveUp(): void {
    this.#isPatchy = true;
    this.#replay = new ReplayBuffer(this.#host.buffer);
    this.#host.log(`Session ${this.id}: the page does not read what it is sent; it is cut off.`);
    this.#socket?.close(
      CLOSE.tooSlow,
      'This page was too slow for what the cluster sent. It connects again.',
    );
    // A page that does not read does not answer a close either.
    setTimeout(() => this.#socket?.terminate(), 1000).unref();
  }

  #cut(): void {
    this.#socket = null;
    this.#acks.stop();
    if (this.#isOver) return;
    this.#cancelWindow = systemTimers.after(this.#host.limits.resumeWindow, () => {
      this.#finish(false);
    });
  }

  #finish(left: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelWindow?.();
    this.#acks.stop();
    this.#cluster.close();
    this.#host.over(left);
  }

  #say(message: FromGateway): void {
    this.#socket?.send(JSON.stringify(message));
  }
}

export function frameOf({ channel, message }: Heard): ArrayBuffer {
  const { buffers, ...parts } = message;
  return encodeFrame({ channel, envelopes: [{ target: null, ...parts }], buffers });
}

/** What a page may ask the hub. Engines register at the same socket, and the hub can be told to shut down there. */
const ASKED: ReadonlySet<string> = new Set([
  'connection_request',
  'queue_request',
  'result_request',
  'history_request',
  'db_request',
  'purge_request',
  'resubmit_request',
]);

const OBSERVED: ReadonlySet<string> = new Set(['connection_request', 'queue_request']);
