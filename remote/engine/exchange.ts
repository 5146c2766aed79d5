import { assert } from '../../src/base/assert.ts';
import type { FromEngine, ToEngine } from '../../src/protocol/engine-messages.ts';
import type { EngineUuid, MsgId } from '../../src/protocol/ids.ts';
import type { JsonObject, JupyterHeader, JupyterMessage } from '../../src/protocol/jupyter-message.ts';
import type { EngineReply } from '../../src/protocol/replies.ts';
import { replyBuffers, TUTTI_PAYLOAD } from '../../src/transport/remote/payload.ts';
import type { Idents } from '../wire/frames.ts';
import { ControlDesk } from './control-desk.ts';
import type { Channel, Draft, ExchangeEffect, Host } from './exchange-effects.ts';
import { buffersOf, readRequest, type RequestInHand } from './incoming.ts';
import { publicationOf, type Publication } from './outputs.ts';
import { errorContent, refusal, replyContent, replyMetadata, replyType } from './replies.ts';

/** A request that the engine has and has not answered. */
interface Pending extends RequestInHand {
  readonly idents: Idents;
  readonly header: JupyterHeader;
  readonly metadata: JsonObject;
  /** It has been said on `iopub` that it runs. */
  begun: boolean;
  /** Values of `user_expressions` that have come, and how many are still awaited. */
  readonly expressions: Record<string, JsonObject>;
  awaited: number;
  /** Its reply, kept until its expressions have come. */
  reply: Extract<FromEngine, { type: 'reply' }> | null;
}

/** Requests that have ended, of which late output (a timer's, say) may still come. */
const MOST_ENDED = 64;

/**
 * Between a cluster and one engine: Jupyter's messages on one side, `ToEngine` and `FromEngine` on the other. A
 * brain: what is heard goes in, instructions come out; sockets, threads and signals are the shell's
 * (`./station.ts`).
 *
 * It promises that every request that can be read is answered once, that its output is published before its
 * reply, and `status: idle` after it.
 */
export class Exchange {
  readonly #host: Host;
  /** In the order in which the engine runs them. */
  readonly #pending = new Map<MsgId, Pending>();
  /** The parts of pending requests that the engine evaluates after them: which request and which name. */
  readonly #expressions = new Map<MsgId, { readonly pending: Pending; readonly name: string }>();
  readonly #ended = new Map<MsgId, JupyterHeader>();
  readonly #control: ControlDesk;
  #effects: ExchangeEffect[] = [];

  constructor(host: Host) {
    this.#host = host;
    this.#control = new ControlDesk({
      host,
      emit: (effect) => this.#effects.push(effect),
      running: () => this.running,
      queued: () => [...this.#pending.keys()],
      reply: (channel, idents, header, content) => {
        this.#reply(channel, idents, header, content, {});
      },
    });
  }

  /** What the engine runs now; null when it is idle. */
  get running(): MsgId | null {
    const [first] = this.#pending.keys();
    return first ?? null;
  }

  /** A message of the cluster. */
  heard(channel: Channel, idents: Idents, message: JupyterMessage): readonly ExchangeEffect[] {
    return this.#during(() => {
      if (channel === 'control' || !isWork(message.header.msg_type))
        this.#control.heard(channel, idents, message);
      else this.#take(idents, message);
    });
  }

  /** A message of the engine. */
  said(message: FromEngine): readonly ExchangeEffect[] {
    return this.#during(() => {
      this.#obey(message);
    });
  }

  /** The process is asked to interrupt what runs (SIGINT). */
  interrupted(): readonly ExchangeEffect[] {
    return this.#during(() => {
      this.#control.interrupt(null);
    });
  }

  #during(work: () => void): readonly ExchangeEffect[] {
    assert(this.#effects.length === 0, 'The exchange is asked while it answers');
    work();
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #take(idents: Idents, message: JupyterMessage): void {
    const { header, metadata } = message;
    const msgId = header.msg_id as MsgId;
    const read = readRequest(message);
    if (read.type === 'refused') {
      this.#refuse(idents, message, read.ename, read.evalue);
    } else if (this.#pending.has(msgId)) {
      this.#refuse(idents, message, 'ValueError', `The request ${msgId} is here already`);
    } else if (this.#control.isAborted(msgId)) {
      const content = { status: 'aborted', reason: 'It was aborted before it started.' };
      this.#reply('shell', idents, header, content, metadata);
    } else {
      this.#hand(idents, message, read.request);
    }
  }

  #hand(idents: Idents, { header, metadata }: JupyterMessage, inHand: RequestInHand): void {
    const names = Object.entries(inHand.userExpressions);
    const pending: Pending = {
      ...inHand,
      idents,
      header,
      metadata,
      begun: false,
      expressions: {},
      awaited: names.length,
      reply: null,
    };
    const msgId = header.msg_id as MsgId;
    const { request, abortsQueueOnError } = inHand;
    this.#pending.set(msgId, pending);
    this.#post(
      { type: 'request', msgId, request, abortsQueueOnError, client: header.session },
      buffersOf(request),
    );
    for (const [name, expression] of names) this.#askExpression(pending, name, expression);
    this.#beginFirst();
  }

  /** Right behind its request, so that nothing comes between. */
  #askExpression(pending: Pending, name: string, expression: string): void {
    const msgId = `${pending.header.msg_id}/${name}` as MsgId;
    this.#expressions.set(msgId, { pending, name });
    this.#post({
      type: 'request',
      msgId,
      request: { method: 'pull', names: expression },
      abortsQueueOnError: false,
      client: msgId,
    });
  }

  #obey(message: FromEngine): void {
    switch (message.type) {
      case 'event':
        this.#publish(message.msgId, publicationOf(message.event));
        return;
      case 'reply':
        this.#replied(message);
        return;
      case 'cleared':
        this.#control.cleared(message.token);
        return;
      case 'need-library':
        this.#post({
          type: 'library',
          name: message.name,
          module: { ok: false, reason: 'there are none here' },
        });
        return;
      case 'exit':
        this.#effects.push({ type: 'leave', why: message.reason, restart: false });
        return;
      case 'ready':
      case 'returned':
      // Of calls, which nobody sends here.
      case 'items-done':
      case 'names':
      case 'properties-changed':
      case 'slate':
      case 'comm':
      case 'comm-wake':
      case 'seen':
        return;
    }
  }

  #replied(message: Extract<FromEngine, { type: 'reply' }>): void {
    const { msgId, outcome } = message.reply;
    const expression = this.#expressions.get(msgId);
    if (expression) {
      this.#expressions.delete(msgId);
      const { pending, name } = expression;
      pending.expressions[name] = this.#host.showValue(outcome);
      pending.awaited--;
      if (pending.awaited === 0 && pending.reply) this.#end(pending, pending.reply);
      return;
    }
    const pending = this.#pending.get(msgId);
    if (!pending) return;
    if (pending.awaited === 0) this.#end(pending, message);
    else pending.reply = message;
  }

  #end(pending: Pending, { reply, names }: Extract<FromEngine, { type: 'reply' }>): void {
    const { msgId, facts } = reply;
    const { id: engineId, uuid } = this.#host.identity;
    const engineInfo = {
      engineId,
      engineUuid: uuid as EngineUuid,
      method: pending.kind,
    };
    const told = { outcome: reply.outcome, facts, ...(names ? { names } : {}) };
    const { outcome, buffers } = pending.isOurs
      ? replyBuffers(told, engineInfo)
      : { outcome: reply.outcome, buffers: [] };
    this.#publishEnd(msgId, pending, { ...reply, outcome });
    const content = {
      ...replyContent(outcome, facts, pending.kind),
      ...(pending.isOurs ? { tutti: TUTTI_PAYLOAD } : {}),
      ...(pending.kind === 'execute' ? { user_expressions: pending.expressions } : {}),
    };
    this.#pending.delete(msgId);
    this.#remember(msgId, pending.header);
    this.#reply('shell', pending.idents, pending.header, content, pending.metadata, buffers, facts.started);
    if (pending.begun) this.#publish(msgId, { type: 'status', content: { execution_state: 'idle' } });
    this.#beginFirst();
  }

  #publishEnd(msgId: MsgId, pending: Pending, { outcome, facts }: EngineReply): void {
    if (facts.executeResult) {
      const { data, metadata } = facts.executeResult;
      const content = { data, metadata, execution_count: facts.executionCount };
      this.#publish(msgId, { type: 'execute_result', content });
    }
    if (outcome.status !== 'error') return;
    const content = errorContent(outcome.error);
    if (pending.kind === 'execute' || outcome.error.ename !== 'UnmetDependency')
      this.#publish(msgId, { type: 'error', content });
  }

  /** The engine runs its requests in order, so what is first runs. */
  #beginFirst(): void {
    const [first] = this.#pending;
    if (!first || first[1].begun) return;
    const [msgId, pending] = first;
    pending.begun = true;
    this.#publish(msgId, { type: 'status', content: { execution_state: 'busy' } });
    if (pending.request.method !== 'execute' || pending.request.silent) return;
    const { source } = pending.request.code;
    this.#publish(msgId, {
      type: 'execute_input',
      content: { code: source, execution_count: 0 },
    });
  }

  #refuse(idents: Idents, { header, metadata }: JupyterMessage, ename: string, evalue: string): void {
    const method = header.msg_type.replace(/_request$/, '');
    this.#reply('shell', idents, header, refusal(ename, evalue, this.#host.identity, method), metadata);
  }

  #reply(
    channel: Channel,
    idents: Idents,
    parent: JupyterHeader,
    content: JsonObject,
    request: JsonObject,
    buffers: readonly Uint8Array[] = [],
    started: number | null = null,
  ): void {
    const metadata = replyMetadata(content, this.#host.identity, request, started);
    const draft: Draft = { type: replyType(parent), parent, content, metadata, buffers };
    this.#effects.push({ type: 'reply', channel, idents, draft });
  }

  #publish(msgId: MsgId | null, { type, content, metadata: marks, buffers = [] }: Publication): void {
    const parent =
      msgId === null ? null : (this.#pending.get(msgId)?.header ?? this.#ended.get(msgId) ?? null);
    const metadata = { engine: this.#host.identity.uuid, ...marks };
    this.#effects.push({ type: 'publish', draft: { type, parent, content, metadata, buffers } });
  }

  #post(message: ToEngine, transfer: readonly ArrayBuffer[] = []): void {
    this.#effects.push({ type: 'engine', message, transfer });
  }

  #remember(msgId: MsgId, header: JupyterHeader): void {
    this.#ended.set(msgId, header);
    if (this.#ended.size <= MOST_ENDED) return;
    const [oldest] = this.#ended.keys();
    if (oldest !== undefined) this.#ended.delete(oldest);
  }
}

const isWork = (type: string) => type === 'execute_request' || type === 'apply_request';
