import { parentOf, type JsonObject, type JupyterMessage } from '../protocol/jupyter-message.ts';
import type { GatewayChannel } from '../transport/gateway/frames.ts';
import type { Letter, LinkContext } from './context.ts';

/** The answer to a request of the link's own. */
export type HubAnswer =
  | { readonly ok: true; readonly content: JsonObject; readonly message: JupyterMessage }
  | { readonly ok: false; readonly ename: string; readonly evalue: string };

interface Asked {
  readonly channel: GatewayChannel;
  readonly target: string | null;
  readonly letter: Letter;
  readonly done: (answer: HubAnswer) => void;
}

/** Questions to the hub and orders to engines, each of which is answered once, by the id of its message. */
export class Requests {
  readonly #context: LinkContext;
  readonly #waiting = new Map<string, Asked>();

  constructor(context: LinkContext) {
    this.#context = context;
  }

  /** On the hub's own channel. */
  askHub(type: string, content: JsonObject, done: Asked['done']): void {
    this.#ask({ channel: 'registration', target: null, letter: { type, content, buffers: [] }, done });
  }

  /** Does not queue behind the engine's work. */
  orderEngine(uuid: string, type: string, content: JsonObject, done: Asked['done'] = nobody): void {
    this.#ask({ channel: 'control', target: uuid, letter: { type, content, buffers: [] }, done });
  }

  /** Queues behind the engine's work. */
  askEngine(uuid: string, letter: Letter, done: Asked['done']): void {
    this.#ask({ channel: 'mux', target: uuid, letter, done });
  }

  /** True if it was an answer to one of these. */
  receive(message: JupyterMessage): boolean {
    const parent = parentOf(message);
    const asked = parent && this.#waiting.get(parent.msg_id);
    if (!asked) return false;
    this.#waiting.delete(parent.msg_id);
    asked.done(answerOf(message));
    return true;
  }

  /** The engine is gone and answers nothing more. */
  engineGone(uuid: string, reason: string): void {
    for (const [msgId, asked] of [...this.#waiting]) {
      if (asked.target !== uuid) continue;
      this.#waiting.delete(msgId);
      asked.done({ ok: false, ename: 'EngineError', evalue: reason });
    }
  }

  /** Messages have been lost: questions are asked again. */
  repeat(): void {
    const lost = [...this.#waiting];
    this.#waiting.clear();
    for (const [, asked] of lost) this.#ask(asked);
  }

  end(reason: string): void {
    const open = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const asked of open) asked.done({ ok: false, ename: 'EngineError', evalue: reason });
  }

  #ask(asked: Asked): void {
    const { channel, target, letter } = asked;
    const { type, content, buffers } = letter;
    const msgId = this.#context.newId();
    this.#waiting.set(msgId, asked);
    const header = this.#context.header(msgId, type);
    const envelope = { target, header, parent_header: {}, metadata: {}, content };
    this.#context.send({ channel, envelopes: [envelope], buffers });
  }
}

function nobody(): void {
  // An order whose effect shows itself elsewhere.
}

function answerOf(message: JupyterMessage): HubAnswer {
  const { content } = message;
  if (content['status'] === 'ok') return { ok: true, content, message };
  const { ename, evalue } = content;
  return {
    ok: false,
    ename: typeof ename === 'string' ? ename : 'RuntimeError',
    // Python's KeyError shows its message in quotes.
    evalue: typeof evalue === 'string' ? evalue.replace(/^'(.*)'$/, '$1') : 'The cluster refused it.',
  };
}
