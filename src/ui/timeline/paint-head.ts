import type { Palette } from './palette.ts';
import type { TaskLog } from './task-log.ts';
import { ticks } from './ticks.ts';
import type { Viewport } from './viewport.ts';

export const AXIS_HEIGHT = 20;
export const WAITING_HEIGHT = 26;

export interface Head {
  readonly log: TaskLog;
  readonly view: Viewport;
  readonly width: number;
  readonly now: number;
  readonly palette: Palette;
  /** Where the pointer is, in milliseconds since 1970; null: elsewhere. */
  readonly pointer: number | null;
}

/** The times, and below them how many tasks waited for an engine. Returns the greatest number in sight. */
export function paintHead(context: CanvasRenderingContext2D, head: Head): number {
  context.clearRect(0, 0, head.width, AXIS_HEIGHT + WAITING_HEIGHT);
  paintAxis(context, head);
  return paintWaiting(context, head);
}

function paintAxis(context: CanvasRenderingContext2D, { log, view, width, palette }: Head): void {
  context.font = `11px ${palette.fontUi}`;
  context.textBaseline = 'middle';
  for (const { at, label } of ticks(view.left, view.span, width, log.origin ?? view.left)) {
    const x = Math.round(((at - view.left) / view.span) * width);
    context.fillStyle = palette.hairline;
    context.fillRect(x, AXIS_HEIGHT - 6, 1, 6 + WAITING_HEIGHT);
    context.fillStyle = palette.soft;
    context.fillText(label, x + 4, AXIS_HEIGHT / 2);
  }
}

function paintWaiting(context: CanvasRenderingContext2D, { log, view, width, now, palette }: Head): number {
  const last = Math.min(width, Math.ceil(((now - view.left) / view.span) * width));
  const counts: number[] = [];
  let most = 0;
  for (let x = 0; x <= last; x++) {
    const count = log.waitingAt(view.left + ((x + 0.5) / width) * view.span);
    counts.push(count);
    most = Math.max(most, count);
  }
  const bottom = AXIS_HEIGHT + WAITING_HEIGHT - 1;
  context.fillStyle = palette.hairline;
  context.fillRect(0, bottom, width, 1);
  if (most === 0) return 0;
  const height = (count: number): number => (count / most) * (WAITING_HEIGHT - 6);
  context.fillStyle = palette.faint;
  context.globalAlpha = 0.28;
  counts.forEach((count, x) => {
    if (count > 0) context.fillRect(x, bottom - height(count), 1, height(count));
  });
  context.globalAlpha = 1;
  counts.forEach((count, x) => {
    if (count > 0) context.fillRect(x, bottom - height(count) - 1, 1, 1.25);
  });
  return most;
}
