import type { ClientId, EngineId, MsgId } from '../../protocol/ids.ts';
import { ABORTED, aborted, CLIENT_GONE } from '../sentences.ts';
import type { Context } from './context.ts';
import type { Interrupts } from './interrupts.ts';
import type { Pending } from './pending.ts';
import type { Settler } from './settler.ts';
import type { Engine, Task } from './state.ts';

export interface WishParts {
  readonly context: Context;
  readonly engines: ReadonlyMap<EngineId, Engine>;
  readonly pending: Pending;
  readonly settler: Settler;
  readonly interrupts: Interrupts;
  /** The engine has less to do than before. */
  readonly serve: (engine: Engine) => void;
}

/** Wishes that tasks should end early. What waits in the hub ends at once; engines are asked for the rest. */
export class Wishes {
  readonly #parts: WishParts;

  constructor(parts: WishParts) {
    this.#parts = parts;
  }

  /** Not those that run. */
  abort(msgIds: readonly MsgId[]): void {
    this.#callOff('abort-asked', this.#known(msgIds), ABORTED, (task, engine) => {
      this.#parts.interrupts.abort(task, engine);
    });
  }

  /** Those that run, too. */
  cancel(msgIds: readonly MsgId[]): void {
    this.#callOff('cancel-asked', this.#known(msgIds), ABORTED, (task, engine) => {
      this.#parts.interrupts.cancel(task, engine);
      // What stands before it may be stuck: nobody shall wait for that.
      if (task.state === 'sent') this.#parts.settler.calledOff(task, aborted(ABORTED));
    });
  }

  /** What runs on these engines; null: all. */
  interrupt(ids: readonly EngineId[] | null): void {
    for (const engine of this.#parts.engines.values()) {
      if (ids === null || ids.includes(engine.id)) this.#parts.interrupts.interrupt(engine);
    }
  }

  /** What its client wanted and has not started; what runs goes on. */
  clientGone(clientId: ClientId): void {
    this.#callOff('client-disconnected', this.#parts.pending.of(clientId), CLIENT_GONE, (task, engine) => {
      this.#parts.interrupts.abort(task, engine);
    });
  }

  #known(msgIds: readonly MsgId[]): Task[] {
    return [...new Set(msgIds)].flatMap((msgId) => this.#parts.pending.get(msgId) ?? []);
  }

  #callOff(
    why: string,
    tasks: readonly Task[],
    reason: string,
    ask: (task: Task, engine: Engine) => void,
  ): void {
    const relieved = new Set<Engine>();
    for (const task of tasks) {
      const { engine } = task;
      this.#parts.context.note(why, task.msgId, engine?.id ?? null);
      if (task.state === 'waiting') {
        this.#parts.settler.decided(task, aborted(reason));
        if (engine !== null) relieved.add(engine);
      } else if (engine !== null) {
        ask(task, engine);
      }
    }
    for (const engine of relieved) this.#parts.serve(engine);
  }
}
