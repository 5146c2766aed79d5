import type { MsgId } from '../../src/protocol/ids.ts';
import type { JsonObject, JupyterHeader, JupyterMessage } from '../../src/protocol/jupyter-message.ts';
import type { Idents } from '../wire/frames.ts';
import type { Channel, ExchangeEffect, Host } from './exchange-effects.ts';
import { refusal } from './replies.ts';

interface Desk {
  readonly host: Host;
  emit(effect: ExchangeEffect): void;
  /** What the engine runs now. */
  running(): MsgId | null;
  /** What it has, the running one first. */
  queued(): readonly MsgId[];
  reply(channel: Channel, idents: Idents, header: JupyterHeader, content: JsonObject): void;
}

type Reply = (content: JsonObject) => void;

/** Ids that were aborted before they came. */
const MOST_ABORTED = 4096;

/** Requests that do not wait behind user code: abort, interrupt, signals, clear, shutdown, questions. */
export class ControlDesk {
  readonly #desk: Desk;
  /** Aborted, and not seen yet: a request may come later than its abort, on another socket. */
  readonly #aborted = new Set<MsgId>();
  /** `clear`s that are answered when what runs has ended. */
  readonly #clears = new Map<number, () => void>();
  #tokens = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  heard(channel: Channel, idents: Idents, message: JupyterMessage): void {
    this.#obey(message, (answer) => {
      this.#desk.reply(channel, idents, message.header, answer);
    });
  }

  #obey({ header, content }: JupyterMessage, reply: Reply): void {
    switch (header.msg_type) {
      case 'abort_request':
        this.#abort(idsIn(content));
        reply(OK);
        return;
      case 'interrupt_request':
        this.interrupt(idsIn(content));
        reply(OK);
        return;
      case 'signal_request':
        reply(this.#signal(content['sig'], header));
        return;
      case 'clear_request':
        this.#clear(() => {
          reply(OK);
        });
        return;
      case 'shutdown_request':
        this.#shutDown(content['restart'] === true, header, reply);
        return;
      case 'kernel_info_request':
        reply(this.#info());
        return;
      case 'connect_request':
      case 'comm_info_request':
        reply({ ...OK, comms: {} });
        return;
      default:
        // Without an answer its client would wait for ever. What is no request is not meant to be answered.
        if (header.msg_type.endsWith('_request')) reply(this.#unknown(header));
    }
  }

  /** Whether this request was aborted before it came; asked once. */
  isAborted(msgId: MsgId): boolean {
    return this.#aborted.delete(msgId);
  }

  cleared(token: number): void {
    this.#clears.get(token)?.();
    this.#clears.delete(token);
  }

  /** Null: what runs. */
  interrupt(msgIds: readonly MsgId[] | null): void {
    const running = this.#desk.running();
    const queued = new Set(this.#desk.queued());
    const asked = (msgIds ?? (running === null ? [] : [running])).filter((msgId) => queued.has(msgId));
    for (const msgId of asked) {
      this.#desk.emit({ type: 'engine', message: { type: 'interrupt', msgId }, transfer: [] });
      if (msgId === running) this.#desk.emit({ type: 'break', msgId });
    }
  }

  /** Null: everything that waits. */
  #abort(msgIds: readonly MsgId[] | null): void {
    const queued = new Set(this.#desk.queued());
    const asked = msgIds ?? [...queued];
    for (const msgId of asked) if (!queued.has(msgId)) this.#remember(msgId);
    const here = asked.filter((msgId) => queued.has(msgId));
    if (here.length === 0) return;
    this.#desk.emit({ type: 'engine', message: { type: 'abort', msgIds: here }, transfer: [] });
  }

  #remember(msgId: MsgId): void {
    this.#aborted.add(msgId);
    if (this.#aborted.size <= MOST_ABORTED) return;
    const [oldest] = this.#aborted;
    if (oldest !== undefined) this.#aborted.delete(oldest);
  }

  #signal(given: unknown, header: JupyterHeader): JsonObject {
    const signal = this.#desk.host.signalNamed(given);
    if (signal === null) {
      return refusal(
        'ValueError',
        `No such signal: ${String(given)}`,
        this.#desk.host.identity,
        header.msg_type,
      );
    }
    if (signal === 'SIGINT') this.interrupt(null);
    else if (signal === 'SIGTERM') this.#desk.emit({ type: 'leave', why: 'it got SIGTERM', restart: false });
    else this.#desk.emit({ type: 'signal', signal });
    return OK;
  }

  #clear(done: () => void): void {
    const token = this.#tokens++;
    this.#clears.set(token, done);
    this.#desk.emit({ type: 'engine', message: { type: 'clear', token }, transfer: [] });
  }

  #shutDown(restart: boolean, parent: JupyterHeader, reply: Reply): void {
    const content = { status: 'ok', restart };
    reply(content);
    const metadata = { engine: this.#desk.host.identity.uuid };
    // The hub hears it there, and takes the engine off its list.
    const draft = { type: 'shutdown_reply', parent, content, metadata, buffers: [] };
    this.#desk.emit({ type: 'publish', draft });
    this.#desk.emit({ type: 'leave', why: 'it was asked to shut down', restart });
  }

  #info(): JsonObject {
    return {
      ...OK,
      protocol_version: '5.3',
      implementation: 'tutti-engine',
      implementation_version: '0.1.0',
      banner: 'Tutti: JavaScript and TypeScript on an IPython.parallel cluster',
      language_info: {
        name: 'typescript',
        version: 'ES2024',
        mimetype: 'text/typescript',
        file_extension: '.ts',
      },
      tutti: this.#desk.host.facts,
    };
  }

  #unknown(header: JupyterHeader): JsonObject {
    const sentence = `tutti-engine does not know ${header.msg_type}`;
    return refusal('NotImplementedError', sentence, this.#desk.host.identity, header.msg_type);
  }
}

const OK: JsonObject = { status: 'ok' };

/** `msg_ids` as a list; null when there are none. */
function idsIn(content: JsonObject): readonly MsgId[] | null {
  const { msg_ids } = content as { readonly msg_ids?: unknown };
  const list = typeof msg_ids === 'string' ? [msg_ids] : msg_ids;
  return Array.isArray(list) && list.length > 0 ? (list.map(String) as MsgId[]) : null;
}
