import { NOTHING_TO_MOVE } from '../events.ts';
import type { Context } from './context.ts';
import type { Pending } from './pending.ts';
import { ItemRange, type Engine, type Task, type Work } from './state.ts';

/**
 * Asking tasks that engines have to stop. A running one is asked once and has `grace` seconds from then on; the
 * timer's end is the engine's end. One that has not begun is not to begin.
 */
export class Interrupts {
  readonly #context: Context;
  readonly #pending: Pending;

  constructor(context: Context, pending: Pending) {
    this.#context = context;
    this.#pending = pending;
  }

  /** What runs on the engine, if anything does. */
  interrupt(engine: Engine): void {
    const { running } = engine;
    if (running === null) return;
    const task = running instanceof ItemRange ? this.#pending.get(running.call.idOf(running.from)) : running;
    if (task !== undefined) this.#begin(task, engine);
  }

  /** A task in the engine's hands: do not begin it, or stop it. */
  cancel(task: Task, engine: Engine): void {
    if (task.wish !== 'cancel') this.#sendAbort(task, engine);
    task.wish = 'cancel';
    if (task.state === 'running') this.#begin(task, engine);
  }

  /** A task in the engine's hands: do not begin it. Asked of the one that runs, too: it may be on its way still. */
  abort(task: Task, engine: Engine): void {
    if (task.wish !== null) return;
    task.wish = 'abort';
    this.#sendAbort(task, engine);
  }

  /** It runs from now on; somebody may have wanted it not to. */
  started(work: Work, engine: Engine): void {
    if (!(work instanceof ItemRange) && work.wish === 'cancel') this.#begin(work, engine);
  }

  #begin(task: Task, engine: Engine): void {
    if (engine.interrupting !== null) return;
    engine.interrupting = task;
    this.#context.note('interrupting', task.msgId, engine.id);
    this.#context.setTimer({ type: 'grace', uuid: engine.uuid }, this.#context.options.grace);
    this.#sendInterrupt(task, engine);
  }

  #sendInterrupt({ msgId }: Task, { uuid }: Engine): void {
    const message = { type: 'interrupt', msgId } as const;
    this.#context.emit({ type: 'send', uuid, message, transfer: NOTHING_TO_MOVE, now: false });
  }

  #sendAbort({ msgId }: Task, { uuid, id }: Engine): void {
    this.#context.note('abort sent', msgId, id);
    const message = { type: 'abort', msgIds: [msgId] } as const;
    this.#context.emit({ type: 'send', uuid, message, transfer: NOTHING_TO_MOVE, now: false });
  }
}
