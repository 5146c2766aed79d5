import type { Engine, Task } from '../hub/state.ts';

/**
 * The direct route: each engine's requests in order of arrival. An engine is given up to `window` requests
 * ahead, so that it need not wait for the hub between two of them; the rest wait here, where an abort takes
 * them out at once. What follows a request that `abortsQueueOnError` waits until that one has ended.
 */
export class DirectRoute {
  readonly #window: number;
  readonly #send: (task: Task, engine: Engine) => void;

  constructor(window: number, send: (task: Task, engine: Engine) => void) {
    this.#window = window;
    this.#send = send;
  }

  submit(task: Task, engine: Engine): void {
    task.engine = engine;
    if (engine.waiting.count === 0 && this.hasRoom(engine)) this.#send(task, engine);
    else engine.waiting.push(task);
  }

  /** `engine` may have room now. */
  serve(engine: Engine): void {
    while (this.hasRoom(engine)) {
      // Nothing else waits for one engine.
      const task = engine.waiting.first as Task | null;
      if (task === null) return;
      engine.waiting.remove(task);
      this.#send(task, engine);
    }
  }

  hasRoom(engine: Engine): boolean {
    return engine.phase === 'ready' && engine.barrier === null && engine.sent.count < this.#window;
  }
}
