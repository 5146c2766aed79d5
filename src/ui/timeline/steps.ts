import { barsWithin } from './layout.ts';
import type { Bar, Lane } from './task-items.ts';
import type { Viewport } from './viewport.ts';

/**
 * The run after (or before) that of the task selected, by the time of their starts over all engines, of those in
 * sight; null at the end. Without a selection it is the first (or the last).
 */
export function stepFrom(
  lanes: readonly Lane[],
  view: Viewport,
  now: number,
  from: { readonly n: number } | null,
  direction: 1 | -1,
): Bar | null {
  const bars = lanes
    .flatMap((lane) => barsWithin(lane, view.left, view.left + view.span, now))
    .filter(({ start }) => start >= view.left || direction === 1)
    .sort((a, b) => a.start - b.start || a.task.n - b.task.n);
  const at = from === null ? -1 : bars.findIndex(({ task }) => task.n === from.n);
  if (at < 0) return (direction === 1 ? bars[0] : bars.at(-1)) ?? null;
  return bars[at + direction] ?? null;
}
