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
      const isOver = await this.#waitFor(known.size + 1);
      const ready = this.#ready;
      const hasNew = [...ready].some((uuid) => !known.has(uuid));
      known = ready;
      // Who tries again when all is over fails, with the reason.
      if (hasNew || isOver) this.wake();
      if (isOver) break;
    }
    this.#isWatching = false;
  }

  /** Until there are so many engines, or one leaves. True: the cluster is gone, or the client was closed. */
  async #waitFor(n: number): Promise<boolean> {
    try {
      await this.#rc.waitForEngines(n);
      return false;
    } catch {
      return isOver(this.#rc);
    }
  }

  get #ready(): ReadonlySet<string> {
    const ready = this.#rc.engines.filter(({ status }) => status === 'idle' || status === 'busy');
    return new Set(ready.map(({ uuid }) => uuid));
  }
}

/** Then it throws, whatever it is to wait for. */
function isOver(rc: Client): boolean {
  try {
    void rc.waitForEngines(0);
    return false;
  } catch {
    return true;
  }
}
