import type { Task, Work } from '../hub/state.ts';
import type { Share } from './share.ts';

/**
 * Who is next, so that concurrent maps get equal parts of the engines: each task gets a turn, counted on from the
 * turn that is being served. The tasks of one share take one turn after the other, those of another share the same
 * turns; a task for itself takes the present one. (Start-time fair queueing, with tasks of equal weight.)
 */
export class Turns {
  #present = 0;

  give(task: Task): void {
    const { share } = task;
    task.turn = share === null ? this.#present : this.take(share, 1);
  }

  /** The first of `n` turns, one after the other, for tasks of that share. */
  take(share: Share, n: number): number {
    const first = Math.max(this.#present, share.last + 1);
    share.last = first + n - 1;
    return first;
  }

  /** An engine gets the task, or all the items. */
  served({ turn, count }: Work): void {
    this.#present = Math.max(this.#present, turn + count - 1);
  }
}
