import type { Scene } from './scene.ts';
import { curve, line } from './shapes.ts';
import type { TaskItem } from './task-items.ts';

/** Lines from what the task waited for, and to what waited for it; and the time that it waited itself. */
export function paintLineage(context: CanvasRenderingContext2D, scene: Scene, task: TaskItem): void {
  const { palette } = scene;
  const place = endsOf(scene, task);
  if (place === null) return;
  const submitted = ((task.submitted - scene.view.left) / scene.view.span) * scene.width;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  context.setLineDash([2, 3]);
  line(context, submitted, place.y, place.x, place.y);
  context.setLineDash([]);
  for (const { on } of task.links) {
    const from = endsOf(scene, scene.lookUp(on));
    if (from !== null) curve(context, from.end, from.y, place.x, place.y);
  }
  for (const heir of task.heirs.slice(0, 64)) {
    const to = endsOf(scene, scene.lookUp(heir));
    if (to !== null) curve(context, place.end, place.y, to.x, to.y);
  }
  for (const { engine, at } of task.tries) {
    const row = scene.lanes.findIndex((lane) => lane.engine === engine);
    const x = ((at - scene.view.left) / scene.view.span) * scene.width;
    if (row >= 0) curve(context, x, (row + 0.5) * scene.rowHeight, place.x, place.y);
  }
}

interface Ends {
  readonly x: number;
  readonly end: number;
  readonly y: number;
}

function endsOf({ lanes, view, width, rowHeight, now }: Scene, task: TaskItem | undefined): Ends | null {
  const row = lanes.findIndex(({ engine }) => engine === task?.engine);
  if (task === undefined || row < 0) return null;
  const running = lanes[row]?.running;
  const start = running?.task === task ? running.start : task.started;
  if (Number.isNaN(start)) return null;
  const x = (at: number): number => ((at - view.left) / view.span) * width;
  const end = Number.isNaN(task.completed) ? now : task.completed;
  return { x: x(start), end: x(end), y: (row + 0.5) * rowHeight };
}
