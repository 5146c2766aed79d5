import type { RequeueCause } from '../../protocol/client-messages.ts';
import type { WireError } from '../../protocol/errors.ts';
import { UNMET } from '../../protocol/terms.ts';
import type { Context } from './context.ts';
import type { Payloads } from './payloads.ts';
import { spanOf, type Engine, type ItemRange, type Task } from './state.ts';
import type { TaskClocks } from './task-clocks.ts';

/**
 * Tasks that come back from an engine and are to run again. A task that an engine refuses (UnmetDependency) never
 * goes there again, as long as that life lasts and its properties stay the same. A failure costs a retry. What
 * somebody wanted gone, or interrupted, is not tried again.
 */
export class SecondTries {
  readonly #context: Context;
  readonly #payloads: Payloads;
  readonly #clocks: TaskClocks;

  constructor(context: Context, payloads: Payloads, clocks: TaskClocks) {
    this.#context = context;
    this.#payloads = payloads;
    this.#clocks = clocks;
  }

  /** By a reply. True when it has left the engine and is to go back into line. */
  failed(task: Task, engine: Engine, { ename, evalue }: WireError): boolean {
    if (!this.#mayRunAgain(task) || task.wish !== null) return false;
    if (ename === UNMET) {
      task.unmet ??= new Set();
      task.unmet.add(engine.uuid);
      this.release(task, engine, 'unmet', evalue);
      return true;
    }
    if (task.retriesLeft === 0 || this.#wasStopped(task, engine)) return false;
    task.retriesLeft--;
    task.failedOn ??= new Set();
    task.failedOn.add(engine.uuid);
    this.release(task, engine, 'failed', `${ename}: ${evalue}`);
    return true;
  }

  /** With the life of the engine that ran it. */
  died(task: Task, engine: Engine, why: string): boolean {
    if (task.retriesLeft === 0 || !this.#mayRunAgain(task) || this.#wasStopped(task, engine)) return false;
    task.retriesLeft--;
    this.release(task, engine, 'failed', why);
    return true;
  }

  /** Out of the engine's hands, with all that was set for this try. `why`: a clause, of what it failed or was refused. */
  release(task: Task, engine: Engine, cause: RequeueCause | 'returned', why = ''): void {
    const { msgId, clientId } = task;
    if (engine.interrupting === task) this.#context.cancelTimer({ type: 'grace', uuid: engine.uuid });
    this.#clocks.stop(task);
    engine.release(task);
    if (task.request !== null) this.#payloads.retain(task.request);
    this.#clocks.waits(task);
    this.#context.note('requeued', msgId, engine.id, cause);
    if (cause === 'returned') return;
    this.#context.tell(clientId, { type: 'requeued', clientId, msgId, engineId: engine.id, cause, why });
  }

  /** Out of the engine's hands: it has begun none of them. */
  releaseItems(range: ItemRange, engine: Engine): void {
    engine.release(range);
    this.#context.noteItems('requeued', spanOf(range), engine.id, 'returned');
  }

  #mayRunAgain({ balanced, request }: Task): boolean {
    return balanced && request !== null && !this.#payloads.hasMoved(request);
  }

  #wasStopped(task: Task, engine: Engine): boolean {
    return task.wish !== null || (engine.interrupting === task && !task.overran);
  }
}
