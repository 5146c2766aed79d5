import type { CellId, EngineId } from '../../protocol/ids.ts';
import { clusterAt, engineAt } from '../../protocol/task-rows.ts';
import { formatBytes, formatSeconds } from '../format.ts';
import type { TaskItem, TaskState } from './task-items.ts';
import { kindTitle } from './task-kinds.ts';

export const STATE_WORDS: Readonly<Record<TaskState, string>> = {
  waiting: 'waiting for an engine',
  sent: 'with its engine, behind another',
  running: 'running',
  done: 'done',
  failed: 'failed',
  lost: 'lost with its engine',
  cancelled: 'cancelled',
};

export const STATE_SIGNS: Readonly<Record<TaskState, string>> = {
  waiting: '◌',
  sent: '◔',
  running: '▶',
  done: '✓',
  failed: '✕',
  lost: '✕',
  cancelled: '⊘',
};

/** What is to be known about a task, each in words. Times are seconds; null: there is none. */
export interface TaskFigures {
  /** From its submission until it ran, or until now. */
  readonly queued: number;
  /** From the choice of the engine until it ran there. */
  readonly onItsWay: number | null;
  readonly ran: number | null;
  /** From its end until its client was told. */
  readonly back: number | null;
}

/** `start`: of the run that is on, by the hub's clock; null: none is. */
export function figuresOf(task: TaskItem, now: number, start: number | null): TaskFigures {
  const { submitted, sent, started, completed, settled, state } = task;
  const began = Number.isNaN(started) ? start : started;
  const waitedUntil = began ?? (Number.isNaN(settled) ? now : settled);
  const seconds = (from: number, to: number): number | null =>
    Number.isNaN(to - from) ? null : Math.max(0, to - from) / 1000;
  return {
    queued: Math.max(0, waitedUntil - submitted) / 1000,
    onItsWay: began === null ? null : seconds(sent, began),
    ran: began === null ? null : seconds(began, state === 'running' ? now : completed),
    back: seconds(completed, settled),
  };
}

/** `e3`; of a cluster that cells have started or joined `c1:e3`. */
export function engineName(place: EngineId): string {
  const cluster = clusterAt(place);
  return `${cluster === 0 ? '' : `c${String(cluster)}:`}e${String(engineAt(place))}`;
}

/** `e3`, or where it may run. */
export function placeOf({ engine, aim }: Pick<TaskItem, 'engine' | 'aim'>): string {
  const id: EngineId | null = engine ?? aim;
  return id === null ? 'no engine yet' : engineName(id);
}

/** One sentence for those who do not see the picture. */
export function taskSentence(
  task: TaskItem,
  numbers: ReadonlyMap<CellId, number>,
  now: number,
  start: number | null,
): string {
  const { queued, ran } = figuresOf(task, now, start);
  const cell = task.cell === null ? undefined : numbers.get(task.cell);
  return [
    `${kindTitle(task.kind, numbers)}, ${STATE_WORDS[task.state]}`,
    ...(task.ename === null ? [] : [`with ${task.ename}`]),
    placeOf(task) === 'no engine yet' ? placeOf(task) : `engine ${placeOf(task).replace(/^e/, '')}`,
    `waited ${formatSeconds(queued)}`,
    ...(ran === null ? [] : [`ran ${formatSeconds(ran)}`]),
    ...(task.bytesIn === null ? [] : [`result of ${formatBytes(task.bytesIn)}`]),
    ...(task.tries.length > 0 ? [`try ${String(task.tries.length + 1)}`] : []),
    ...(task.links.length > 0 ? [`waited for ${String(task.links.length)} other tasks`] : []),
    ...(cell === undefined ? [] : [`of cell ${String(cell)}`]),
  ].join(', ');
}
