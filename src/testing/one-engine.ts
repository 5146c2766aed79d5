import { systemClock, systemTimers } from '../base/clock.ts';
import { seededRandom } from '../base/random.ts';
import { createEngine, type Engine, type EngineHost } from '../engine/engine.ts';
import { compileCell } from '../lang/compile-cell.ts';
import type { CallItems } from '../protocol/calls.ts';
import type { FromEngine, ToEngine } from '../protocol/engine-messages.ts';
import type { ClientId, EngineUuid, MsgId } from '../protocol/ids.ts';
import type { StreamEvent } from '../protocol/outputs.ts';
import type { Packed } from '../protocol/packed.ts';
import { pack, plainReviver, unpack } from '../protocol/pack.ts';
import type { EngineReply } from '../protocol/replies.ts';
import type { EngineRequest } from '../protocol/requests.ts';
import type { Evaluator } from '../realm/evaluator.ts';
import { linkPair, type InProcessLink } from './in-process-link.ts';
import { vmEvaluator } from './vm-evaluator.ts';

export const CELL = 'cell-4/a1b2c3';

export interface SendOptions {
  readonly client?: string;
  readonly abortsQueueOnError?: boolean;
}

/** One engine in a vm context, over an in-process link, and what a test wants to ask of it. */
export class OneEngine {
  readonly engine: Engine;
  readonly evaluator: Evaluator = vmEvaluator();
  /** Everything the engine said, in order. */
  readonly messages: FromEngine[] = [];
  /** The same, as it arrived. */
  readonly batches: (readonly FromEngine[])[] = [];
  readonly #link: InProcessLink<FromEngine, ToEngine>;
  readonly #waiters = new Set<() => void>();
  #count = 0;

  constructor(host: Partial<EngineHost> = {}) {
    const [ours, its] = linkPair<FromEngine, ToEngine>();
    this.#link = ours;
    ours.onMessages((messages) => {
      this.messages.push(...messages);
      this.batches.push(messages);
      for (const waiter of [...this.#waiters]) waiter();
    });
    this.engine = createEngine({
      link: its,
      evaluator: this.evaluator,
      clock: systemClock,
      timers: systemTimers,
      random: seededRandom(1),
      bootMs: 1,
      importText: (source) =>
        import(`data:text/javascript,${encodeURIComponent(source)}`) as Promise<unknown>,
      importUrl: () => Promise.reject(new Error('no network')),
      ...host,
    });
    this.post({ type: 'welcome', engineId: 3, engineUuid: 'engine-test' as EngineUuid, interruptFlag: null });
  }

  post(message: ToEngine): void {
    this.#link.post(message);
  }

  /** Hands a request in; `reply` waits for its end. */
  send(request: EngineRequest, { client = 'c', abortsQueueOnError = false }: SendOptions = {}): MsgId {
    const msgId = `${client}_${String(this.#count++)}` as MsgId;
    this.post({ type: 'request', msgId, request, client, abortsQueueOnError });
    return msgId;
  }

  apply(f: unknown, ...args: unknown[]): MsgId {
    const name = typeof f === 'function' ? f.name : '';
    return this.send({ method: 'apply', call: pack({ f, args }, { root: '' }), name });
  }

  map(f: unknown, columns: readonly (readonly unknown[])[], returnExceptions = false): MsgId {
    return this.send({
      method: 'map',
      call: pack({ f, columns }, { root: '' }),
      name: 'f',
      returnExceptions,
    });
  }

  /** Items of a call of client `c`: a map with a task for each. The number of the first. */
  call(f: unknown, column: readonly unknown[], rest: Partial<CallItems> = {}): number {
    const first = this.#count;
    this.#count += column.length;
    const packed = pack({ f, columns: [] }, { root: '' });
    const items: CallItems = {
      ...{ method: 'map', name: 'f', returnExceptions: false, canned: packed.canned, columns: [column] },
      f: (packed.value as { readonly f: unknown }).f,
      bytes: new Float64Array(column.length),
      ...rest,
    };
    this.post({ type: 'items', client: 'c' as ClientId, call: first, first, items });
    return first;
  }

  execute(
    source: string,
    { silent = true, ...options }: SendOptions & { readonly silent?: boolean } = {},
  ): MsgId {
    const code = { source, compiled: compileCell(source, { url: CELL }), url: CELL };
    return this.send({ method: 'execute', code, silent }, options);
  }

  push(values: Record<string, unknown>): MsgId {
    return this.send({ method: 'push', values: pack(values, { root: '' }) });
  }

  pull(names: string | readonly string[]): MsgId {
    return this.send({ method: 'pull', names });
  }

  /** Resolves when `condition` holds for what the engine has said. */
  async until<T>(condition: (messages: readonly FromEngine[]) => T | undefined | false): Promise<T> {
    for (;;) {
      const found = condition(this.messages);
      if (found !== undefined && found !== false) return found;
      await new Promise<void>((resolve) => {
        const waiter = () => {
          this.#waiters.delete(waiter);
          resolve();
        };
        this.#waiters.add(waiter);
      });
    }
  }

  async reply(msgId: MsgId): Promise<EngineReply> {
    const found = await this.until((messages) =>
      messages.find((m) => m.type === 'reply' && m.reply.msgId === msgId),
    );
    return (found as Extract<FromEngine, { type: 'reply' }>).reply;
  }

  /** The value of a request that went well; throws the traceback of one that failed. */
  async value(msgId: MsgId): Promise<unknown> {
    const { outcome } = await this.reply(msgId);
    if (outcome.status === 'ok') return revived(outcome.value);
    const text = outcome.status === 'error' ? outcome.error.traceback.join('\n') : outcome.reason;
    throw new Error(`${outcome.status}: ${text}`);
  }

  /** What a failed request's error is. */
  async error(msgId: MsgId) {
    const { outcome } = await this.reply(msgId);
    if (outcome.status !== 'error') throw new Error(`expected an error, got ${outcome.status}`);
    return outcome.error;
  }

  /** What the items of a failed map gave. */
  async items(msgId: MsgId): Promise<unknown> {
    const { outcome } = await this.reply(msgId);
    if (outcome.status !== 'error' || !outcome.items)
      throw new Error(`expected items, got ${outcome.status}`);
    return revived(outcome.items);
  }

  events(msgId: MsgId | null): StreamEvent[] {
    return this.messages.flatMap((m) => (m.type === 'event' && m.msgId === msgId ? [m.event] : []));
  }

  text(msgId: MsgId | null, name: 'stdout' | 'stderr' = 'stdout'): string {
    return this.events(msgId)
      .flatMap((event) => (event.type === 'stream' && event.name === name ? [event.text] : []))
      .join('');
  }

  /** The numbers of the items that ended well and were told together. */
  itemsDone(): number[] {
    return this.messages.flatMap((m) =>
      m.type === 'items-done' ? Array.from(m.ends.values, (_, i) => m.first + i) : [],
    );
  }

  /** What has been replied to, by batch; batches without replies are left out. */
  replied(): MsgId[][] {
    return this.batches
      .map((batch) => batch.flatMap((m) => (m.type === 'reply' ? [m.reply.msgId] : [])))
      .filter((msgIds) => msgIds.length > 0);
  }
}

function revived(packed: Packed): unknown {
  return unpack(
    packed,
    plainReviver((source) => (0, eval)(`(${source})`)),
  );
}
