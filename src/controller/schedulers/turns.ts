import type { Task } from '../hub/state.ts';

/**
 * Who is next, so that concurrent maps get equal parts of the engines: each task gets a turn, counted on from the
 * turn that is being served. The tasks of one share take one turn after the other, those of another share the same
 * turns; a task for itself takes the present one. (Start-time fair queueing, with tasks of equal weight.)
 */
export class Turns {
  #present = 0;

  give(task: Task): void {
    const { share } = task;
    task.turn = share === null ? this.#present : Math.max(this.#present, share.last + 1);
    if (share !== null) share.last = task.turn;
  }

  /** An engine gets the task. */
  served({ turn }: Task): void {
    this.#present = Math.max(this.#present, turn);
  }
}
