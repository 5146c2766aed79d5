import type { Context } from './context.ts';
import type { Task } from './state.ts';

/** The times that a task's terms allow it: to wait in the hub, and to run. Most tasks have none. */
export class TaskClocks {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** It waits in the hub from now on. */
  waits({ msgId, terms }: Task): void {
    if (terms.timeout > 0) this.#context.setTimer({ type: 'wait', msgId }, terms.timeout);
  }

  /** An engine has it. */
  sent({ msgId, terms }: Task): void {
    if (terms.timeout > 0) this.#context.cancelTimer({ type: 'wait', msgId });
  }

  runs({ msgId, terms }: Task): void {
    if (terms.runTimeout > 0) this.#context.setTimer({ type: 'run', msgId }, terms.runTimeout);
  }

  /** It has ended, or this try has. */
  stop({ msgId, terms }: Task): void {
    if (terms.timeout > 0) this.#context.cancelTimer({ type: 'wait', msgId });
    if (terms.runTimeout > 0) this.#context.cancelTimer({ type: 'run', msgId });
  }
}
