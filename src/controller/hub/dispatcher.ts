import { assertExists } from '../../base/assert.ts';
import type { EngineRequest } from '../../protocol/requests.ts';
import { NOTHING_TO_MOVE } from '../events.ts';
import { isCopied, type Payloads } from './payloads.ts';
import type { Context } from './context.ts';
import type { Groups } from './groups.ts';
import type { Publisher } from './publisher.ts';
import type { TaskClocks } from './task-clocks.ts';
import type { Engine, Task } from './state.ts';

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

  /** What may have to be sent again keeps its buffers: the engine gets a copy. */
  #buffersFor({ terms }: Task, request: EngineRequest): readonly ArrayBuffer[] {
    if (terms.retries === 0 && !terms.conditional) return this.#payloads.take(request);
    this.#payloads.release(request);
    return NOTHING_TO_MOVE;
  }

  /** Asks for tasks that the engine has not begun, as far as is known. They have no buffers. */
  recall(tasks: readonly Task[], engine: Engine): void {
    engine.recalling = new Set(tasks);
    for (const { msgId } of tasks) this.#context.note('recalled', msgId, engine.id);
    const message = { type: 'recall', msgIds: tasks.map(({ msgId }) => msgId) } as const;
    this.#context.emit({ type: 'send', uuid: engine.uuid, message, transfer: NOTHING_TO_MOVE, now: false });
  }
}
