import type { Clock, Timers } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { AckPacer } from './ack-pacer.ts';
import type { GatewayLine, LineEvent } from './line.ts';
import {
  GATEWAY_PROTOCOL,
  isFinal,
  readFromGateway,
  TOKEN_PROTOCOL,
  type FromGateway,
  type ToGateway,
  type Welcome,
} from './messages.ts';
import { ReplayBuffer } from './replay-buffer.ts';
import { cutSentence, endSentence, strangerSentence, unreachableSentence } from './sentences.ts';

/** The part of a WebSocket that is used; the browser's has it, and the one of `ws`. */
export interface SocketLike {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(data: string | ArrayBuffer): void;
  close(code?: number, reason?: string): void;
}

export type JoinState =
  | { readonly status: 'connecting' }
  | { readonly status: 'open'; readonly welcome: Welcome }
  /** It tries again by itself. `reason` is a sentence. */
  | { readonly status: 'reconnecting'; readonly reason: string }
  /** `left`: it was closed from here. */
  | { readonly status: 'ended'; readonly reason: string; readonly left: boolean };

export interface JoinSocketHost {
  /** `wss://host:port/path`. */
  readonly url: string;
  /** A join code, or the token of a session. */
  readonly ticket: string;
  /** May throw what the browser throws. */
  open(url: string, protocols: string[]): SocketLike;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  onState(state: JoinState): void;
}

/** Seconds before the first try after a cut; each next wait is twice as long, up to the last. */
const FIRST_WAIT = 0.25;
const LAST_WAIT = 5;
/** Seconds that a gateway may take to open and to say welcome. */
const PATIENCE = 20;
/** As browsers say it of a connection that ended without a close. */
const NO_CODE = 1006;

/**
 * The page's end of the connection to a gateway. When the connection is cut it is opened again, with the session's
 * token, and both sides send what the other lacks. A first connection that fails is not tried again.
 */
export class JoinSocket implements GatewayLine {
  readonly #host: JoinSocketHost;
  #socket: SocketLike | null = null;
  #ticket: string;
  /** The gateway has let us in once. */
  #welcomed: Welcome | null = null;
  /** The socket is open and the gateway has answered. */
  #isOpen = false;
  #isOver = false;
  #sent = new ReplayBuffer(Infinity);
  /** Frames of `#sent`, counted from the first ever, that have been on a socket. */
  #transmitted = 0;
  readonly #acks: AckPacer;
  #cutAt: number | null = null;
  #wait = FIRST_WAIT;
  #cancelRetry: (() => void) | null = null;
  #cancelPatience: () => void = () => undefined;
  #handler: ((events: readonly LineEvent[]) => void) | null = null;
  #early: LineEvent[] = [];

  constructor(host: JoinSocketHost) {
    this.#host = host;
    this.#ticket = host.ticket;
    this.#acks = new AckPacer(host.timers, (received) => {
      if (this.#isOpen) this.#say({ type: 'ack', received });
    });
    host.onState({ status: 'connecting' });
    this.#connect();
  }

  send(frame: ArrayBuffer): void {
    if (this.#isOver) return;
    this.#sent.add(frame);
    if (this.#isOpen) this.#transmit();
  }

  onEvents(handler: (events: readonly LineEvent[]) => void): void {
    this.#handler = handler;
    const early = this.#early;
    this.#early = [];
    if (early.length > 0) handler(early);
  }

  /** Leaves the cluster for good; `reason` is what those hear who used it. */
  close(reason = 'You left the cluster.'): void {
    if (this.#isOver) return;
    if (this.#isOpen) this.#say({ type: 'leave' });
    this.#end(reason, true);
  }

  /** Ends the connection, not the session, which a later one can resume. */
  drop(): void {
    if (!this.#isOver) this.#end('The page has let go of the cluster.', true);
  }

  /** Tries now, without waiting for its turn: the network is back. */
  retryNow(): void {
    if (this.#cancelRetry === null) return;
    this.#cancelRetry();
    this.#cancelRetry = null;
    this.#connect();
  }

  #connect(): void {
    let socket: SocketLike;
    try {
      socket = this.#host.open(this.#host.url, [GATEWAY_PROTOCOL, `${TOKEN_PROTOCOL}${this.#ticket}`]);
    } catch (error) {
      this.#end(unreachableSentence(this.#host.url, error instanceof Error ? error.message : String(error)));
      return;
    }
    this.#socket = socket;
    this.#cancelPatience = this.#host.timers.after(PATIENCE, () => {
      if (socket !== this.#socket || this.#isOpen) return;
      socket.close();
      this.#closed(NO_CODE, strangerSentence(this.#host.url));
    });
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#say({ type: 'hello', received: this.#welcomed ? this.#acks.received : null });
    };
    socket.onmessage = ({ data }: { readonly data: unknown }) => {
      if (socket !== this.#socket) return;
      if (data instanceof ArrayBuffer) this.#receive(data);
      else if (typeof data === 'string') this.#hear(data);
    };
    socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) => {
      if (socket === this.#socket) this.#closed(code, reason);
    };
  }

  #receive(bytes: ArrayBuffer): void {
    if (!this.#isOpen) return;
    this.#tell({ type: 'frame', bytes });
    this.#acks.got(bytes.byteLength);
  }

  #hear(text: string): void {
    const message = readFromGateway(text);
    switch (message?.type) {
      case 'welcome':
        this.#enter(message);
        break;
      case 'ack':
        this.#sent.confirm(message.received);
        break;
      case 'dropped':
        this.#tell({ type: 'dropped', messages: message.messages });
        break;
      case undefined:
        // A later gateway may say what this page does not know.
        break;
    }
  }

  #enter(welcome: Extract<FromGateway, { type: 'welcome' }>): void {
    this.#cancelPatience();
    this.#ticket = welcome.session;
    this.#isOpen = true;
    this.#wait = FIRST_WAIT;
    if (welcome.state === 'resumed') {
      this.#sent.confirm(welcome.received);
      this.#transmitted = welcome.received;
    } else this.#beginAnew();
    const cutAt = this.#welcomed ? this.#cutAt : null;
    this.#welcomed = welcome;
    this.#transmit();
    this.#host.onState({ status: 'open', welcome });
    this.#tell({ type: 'welcomed', welcome, cutAt });
  }

  /** The gateway knows nothing of what went before: counting begins anew. What was on its way may have arrived, so
   * it is not sent twice; the hub is asked what became of it. */
  #beginAnew(): void {
    const waiting = this.#sent.since(this.#transmitted) ?? [];
    this.#sent = new ReplayBuffer(Infinity);
    for (const frame of waiting) this.#sent.add(frame);
    this.#transmitted = 0;
    this.#acks.beginAnew();
  }

  #transmit(): void {
    for (const frame of this.#sent.since(this.#transmitted) ?? []) this.#socket?.send(frame);
    this.#transmitted = this.#sent.sent;
  }

  #closed(code: number, reason: string): void {
    this.#cancelPatience();
    this.#socket = null;
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    if (wasOpen) this.#cutAt = this.#host.clock.now();
    if (isFinal(code)) this.#end(endSentence(code, reason));
    else if (this.#welcomed === null) this.#end(reason || unreachableSentence(this.#host.url, null));
    else this.#retry(cutSentence(code, reason));
  }

  #retry(reason: string): void {
    this.#host.onState({ status: 'reconnecting', reason });
    const delay = this.#wait * (0.75 + this.#host.random() / 2);
    this.#wait = Math.min(LAST_WAIT, this.#wait * 2);
    this.#cancelRetry = this.#host.timers.after(delay, () => {
      this.#cancelRetry = null;
      this.#connect();
    });
  }

  #end(reason: string, left = false): void {
    this.#isOver = true;
    this.#isOpen = false;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#cancelPatience();
    this.#acks.stop();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
    this.#tell({ type: 'ended', reason });
    this.#host.onState({ status: 'ended', reason, left });
  }

  #say(message: ToGateway): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #tell(event: LineEvent): void {
    if (this.#handler) this.#handler([event]);
    else this.#early.push(event);
  }
}
