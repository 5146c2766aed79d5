import { NOTHING_TO_MOVE } from '../events.ts';
import type { Context } from './context.ts';
import type { Engine, Task } from './state.ts';

/**
 * Asking running tasks to stop. Each is asked once, when it is known to run, and has `grace` seconds from then
 * on (from the wish, if it is not known to run yet); the timer's end is the engine's end.
 */
export class Interrupts {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** What runs on the engine; or what it will run next, when it has work and has not told that any runs. */
  interrupt(engine: Engine): void {
    const task = engine.running ?? engine.sent.first;
    if (task !== null) this.#begin(task, engine);
  }

  /** A task in the engine's hands: stop it, whether it runs or not. */
  cancel(task: Task, engine: Engine): void {
    if (task.state === 'running') {
      this.#begin(task, engine);
    } else {
      task.wish = 'cancel';
      this.#sendAbort(task, engine);
    }
  }

  /** A task in the engine's hands: do not begin it. */
  abort(task: Task, engine: Engine): void {
    if (task.state === 'running' || task.wish !== null) return;
    task.wish = 'abort';
    this.#sendAbort(task, engine);
  }

  /** `task` has begun to run; somebody may have wanted it not to. */
  started(task: Task, engine: Engine): void {
    if (engine.interrupting === task) this.#sendInterrupt(task, engine);
    else if (task.wish === 'cancel') this.#begin(task, engine);
  }

  #begin(task: Task, engine: Engine): void {
    if (engine.interrupting !== null) return;
    engine.interrupting = task;
    this.#context.note('interrupting', task.msgId, engine.id);
    this.#context.setTimer({ type: 'grace', uuid: engine.uuid }, this.#context.options.grace);
    if (task.state === 'running') this.#sendInterrupt(task, engine);
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
