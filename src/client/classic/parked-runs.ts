import type { Client } from '../client.ts';
import type { TaskRun } from './task-run.ts';

/** Tasks that no engine suits now. They are tried again when something changes: engines, or their properties. */
export class ParkedRuns {
  readonly #rc: Client;
  #parked = new Set<TaskRun>();
  #isWatching = false;
  #changes = 0;

  constructor(rc: Client) {
    this.#rc = rc;
  }

  /** Grows with every `wake`. */
  get changes(): number {
    return this.#changes;
  }

  add(run: TaskRun): void {
    this.#parked.add(run);
    void this.#watchEngines();
  }

  remove(run: TaskRun): void {
    this.#parked.delete(run);
  }

  wake(): void {
    this.#changes++;
    const runs = this.#parked;
    this.#parked = new Set();
    for (const run of runs) run.wake();
  }

  /** As long as anything is parked. */
  async #watchEngines(): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    let known = this.#ready;
    while (this.#parked.size > 0) {
      // An engine that leaves ends the wait too.
      await this.#rc.waitForEngines(known.size + 1).catch(() => undefined);
      const ready = this.#ready;
      const hasNew = [...ready].some((uuid) => !known.has(uuid));
      known = ready;
      if (hasNew) this.wake();
    }
    this.#isWatching = false;
  }

  get #ready(): ReadonlySet<string> {
    const ready = this.#rc.engines.filter(({ status }) => status === 'idle' || status === 'busy');
    return new Set(ready.map(({ uuid }) => uuid));
  }
}
