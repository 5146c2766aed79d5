import { assertExists } from '../../base/assert.ts';
import type { ItemSpan } from '../../protocol/engine-messages.ts';
import type { EngineRequest } from '../../protocol/requests.ts';
import { NOTHING_TO_MOVE } from '../events.ts';
import { isCopied, type Payloads } from './payloads.ts';
import type { Context } from './context.ts';
import type { Groups } from './groups.ts';
import type { Publisher } from './publisher.ts';
import type { TaskClocks } from './task-clocks.ts';
import { spanOf, type Engine, type ItemRange, type Task, type Work } from './state.ts';

/** Hands tasks to engines; the routes decide which and when. */
export class Dispatcher {
  readonly #context: Context;
  readonly #payloads: Payloads;
  readonly #publisher: Publisher;
  readonly #clocks: TaskClocks;
  readonly #groups: Groups;

  constructor(
    context: Context,
    payloads: Payloads,
    publisher: Publisher,
    clocks: TaskClocks,
    groups: Groups,
  ) {
    this.#groups = groups;
    this.#context = context;
    this.#payloads = payloads;
    this.#publisher = publisher;
    this.#clocks = clocks;
  }

  send(task: Task, engine: Engine): void {
    const { msgId, clientId, abortsQueueOnError } = task;
    const request = assertExists(task.request, `Task ${msgId} is to be sent and has no request.`);
    const transfer = this.#buffersFor(task, request);
    this.#clocks.sent(task);
    const ended = this.#groups.endedBeside(task);
    engine.give(task);
    if (engine.begin(this.#context.at) !== null) this.#clocks.runs(task);
    // A direct request is never sent twice, and what has been moved cannot be.
    if (!task.balanced || transfer.length > 0) task.request = null;
    this.#context.note('sent', msgId, engine.id);
    this.#context.emit({
      type: 'send',
      uuid: engine.uuid,
      message: {
        type: 'request',
        msgId,
        request,
        abortsQueueOnError,
        client: clientId,
      },
      ...(ended === null || task.seat === null ? {} : { beside: { seat: task.seat, ended } }),
      transfer,
      now: transfer.length === 0 && !isCopied(request),
    });
    if (task.balanced || task.tracked)
      this.#context.tell(clientId, { type: 'assigned', clientId, msgId, engineId: engine.id });
    this.#publisher.workChanged();
  }

  /** Items of a call. They have no buffers, no clocks and no partners. */
  sendItems(range: ItemRange, engine: Engine): void {
    const { call, from, to } = range;
    const { clientId, first } = call.submission;
    engine.give(range);
    engine.begin(this.#context.at);
    this.#context.noteItems('sent', spanOf(range), engine.id);
    this.#context.emit({
      type: 'send',
      uuid: engine.uuid,
      message: {
        type: 'items',
        client: clientId,
        call: first,
        first: first + from,
        items: call.itemsOf(from, to),
      },
      transfer: NOTHING_TO_MOVE,
      now: false,
    });
    const numbers = call.numbersOf(from, to);
    this.#context.tell(clientId, { type: 'items-assigned', clientId, engineId: engine.id, numbers });
    this.#publisher.workChanged();
  }

  /** What may have to be sent again keeps its buffers: the engine gets a copy. */
  #buffersFor({ terms }: Task, request: EngineRequest): readonly ArrayBuffer[] {
    if (terms.retries === 0 && !terms.conditional) return this.#payloads.take(request);
    this.#payloads.release(request);
    return NOTHING_TO_MOVE;
  }

  /** Asks for items of calls that the engine has not begun, as far as is known, those that have left their calls too. */
  recall(works: readonly Work[], engine: Engine): void {
    const spans: ItemSpan[] = [];
    for (const work of works) {
      work.isRecalled = true;
      const span = spanOf(work);
      this.#context.noteItems('recalled', span, engine.id);
      const last = spans.at(-1);
      if (last !== undefined && follows(last, span))
        spans[spans.length - 1] = { ...last, count: last.count + span.count };
      else spans.push(span);
    }
    engine.isRecalling = true;
    const message = { type: 'recall', spans } as const;
    this.#context.emit({ type: 'send', uuid: engine.uuid, message, transfer: NOTHING_TO_MOVE, now: false });
  }
}

function follows(a: ItemSpan, b: ItemSpan): boolean {
  return a.client === b.client && b.first === a.first + a.count;
}
