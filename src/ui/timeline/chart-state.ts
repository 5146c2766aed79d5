import type { CellId } from '../../protocol/ids.ts';
import { stepFrom } from './steps.ts';
import type { Bar, TaskItem, TaskKind } from './task-items.ts';
import type { TaskLog } from './task-log.ts';
import { fit, FIRST_VIEW, follow, pan, reveal, zoom, type Viewport } from './viewport.ts';

/**
 * Where the reader is in the task stream: what stretch of time is in sight, which task is selected, what the pointer is
 * over. It changes many times a second, so it is no part of a store: the canvas asks, others subscribe to what they
 * show.
 */
export class ChartState {
  readonly #log: () => TaskLog | null;
  readonly #numbers: () => ReadonlyMap<CellId, number>;
  readonly #listeners = new Set<() => void>();
  view: Viewport = FIRST_VIEW;
  /** The pointer or the focus is in the picture. */
  isLooking = false;
  selected: TaskItem | null = null;
  hovered: Bar | null = null;
  /** Where the pointer is, as a time. */
  pointer: number | null = null;
  /** Escape was pressed: Tab leaves the picture. */
  escaped = false;
  /** Others are faint. */
  only: TaskKind | null = null;

  constructor(log: () => TaskLog | null, numbers: () => ReadonlyMap<CellId, number>) {
    this.#log = log;
    this.#numbers = numbers;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get log(): TaskLog | null {
    return this.#log();
  }

  get numbers(): ReadonlyMap<CellId, number> {
    return this.#numbers();
  }

  /** The task that is described: under the pointer, else the selected one. */
  get shown(): TaskItem | null {
    return this.hovered?.task ?? this.selected;
  }

  /** The reader has come to the picture, or left it. */
  look(isLooking: boolean): void {
    this.isLooking = isLooking;
  }

  /** The focus has come: Tab goes from task to task again. */
  focused(): void {
    this.isLooking = true;
    this.escaped = false;
  }

  /** Follows the work, if it is to. */
  tick(now: number): void {
    const log = this.#log();
    if (log === null) return;
    const { isActive, burst, lastEnd } = log;
    const next = follow(this.view, { now, isActive, burst, lastEnd }, this.isLooking);
    if (next !== this.view) this.#show(next);
  }

  panBy(ms: number): void {
    this.#show(pan(this.view, ms));
  }

  /** Around `at`; default: the selected task, or the middle. */
  zoomBy(factor: number, at?: number): void {
    const { left, span } = this.view;
    const start = this.selected?.started ?? NaN;
    const around = at ?? (start >= left && start <= left + span ? start : left + span / 2);
    this.#show(zoom(this.view, factor, around));
  }

  fitAll(): void {
    const log = this.#log();
    if (log?.origin == null) return;
    const end = log.isActive ? wallClock() : log.lastEnd;
    this.#show(fit(log.origin, Math.max(end, log.origin + 1)));
  }

  backToNow(): void {
    this.view = { ...this.view, follows: true };
    const wasLooking = this.isLooking;
    // Asked for: so it may zoom.
    this.isLooking = false;
    this.tick(wallClock());
    this.isLooking = wasLooking;
    this.changed();
  }

  select(task: TaskItem | null): void {
    this.selected = task;
    this.changed();
  }

  hover(bar: Bar | null, pointer: number | null): void {
    if (bar?.task === this.hovered?.task && bar?.start === this.hovered?.start && pointer === this.pointer)
      return;
    this.hovered = bar;
    this.pointer = pointer;
    this.changed();
  }

  highlight(kind: TaskKind | null): void {
    this.only = kind;
    this.changed();
  }

  /** Selects the next run in sight, or the one before. Null at the end. */
  step(direction: 1 | -1): Bar | null {
    const log = this.#log();
    if (log === null) return null;
    const bar = stepFrom(log.lanes, this.view, wallClock(), this.selected, direction);
    if (bar !== null) {
      this.selected = bar.task;
      this.#show({ ...reveal(this.view, bar.start, bar.end), follows: false });
    }
    return bar;
  }

  /** Selects a task and moves it into sight. */
  goTo(task: TaskItem): void {
    this.selected = task;
    const { started, completed, settled } = task;
    const start = Number.isNaN(started) ? settled : started;
    if (Number.isNaN(start)) this.changed();
    else this.#show(reveal(this.view, start, Number.isNaN(completed) ? start : completed));
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #show(view: Viewport): void {
    this.view = view;
    this.changed();
  }
}

export function wallClock(): number {
  return performance.timeOrigin + performance.now();
}
