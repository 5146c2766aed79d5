import type { Palette } from './palette.ts';
import type { TaskLog } from './task-log.ts';
import { tickLabel, ticks } from './ticks.ts';
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

/** The time under the pointer, over the ticks. */
function paintPointer(context: CanvasRenderingContext2D, head: Head): void {
  const { log, view, width, palette, pointer } = head;
  if (pointer === null || log.origin === null) return;
  const x = Math.round(((pointer - view.left) / view.span) * width);
  const label = tickLabel(Math.max(0, pointer - log.origin), (view.span / width) * 2);
  const room = context.measureText(label).width + 12;
  const left = Math.max(0, Math.min(width - room, x - room / 2));
  context.fillStyle = palette.text;
  context.fillRect(x, AXIS_HEIGHT - 2, 1, WAITING_HEIGHT + 2);
  context.fillRect(left, 1, room, AXIS_HEIGHT - 3);
  context.fillStyle = palette.paper;
  context.fillText(label, left + 6, AXIS_HEIGHT / 2);
}

/** The times, and below them how many tasks waited for an engine. Returns the greatest number in sight. */
export function paintHead(context: CanvasRenderingContext2D, head: Head): number {
  context.clearRect(0, 0, head.width, AXIS_HEIGHT + WAITING_HEIGHT);
  paintAxis(context, head);
  const most = paintWaiting(context, head);
  paintPointer(context, head);
  return most;
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
