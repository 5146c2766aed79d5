import type { BarMark, HeapMark, Mark, TransferMark } from './layout.ts';
import { paintLineage } from './paint-lineage.ts';
import type { Scene } from './scene.ts';
import { frame, hatch } from './shapes.ts';
import type { Bar, Lane, Look, TaskItem } from './task-items.ts';

/** Draws all lanes, one under the other. */
export function paintLanes(context: CanvasRenderingContext2D, scene: Scene): void {
  const { lanes, rowHeight, width, palette } = scene;
  context.clearRect(0, 0, width, lanes.length * rowHeight);
  lanes.forEach((lane, row) => {
    const top = row * rowHeight;
    context.fillStyle = palette.hairline;
    context.fillRect(0, top + rowHeight - 1, width, 1);
    paintMarks(context, scene, lane, top);
    for (const mark of scene.layout.layOut(lane, scene.view, width, scene.now))
      paintMark(context, scene, mark, top);
    paintNever(context, scene, lane, top);
  });
  paintNow(context, scene);
  if (scene.selected !== null) paintLineage(context, scene, scene.selected);
  const shown = scene.hovered ?? null;
  if (shown !== null) outline(context, scene, shown, palette.text, 1.5);
  if (scene.selected !== null) {
    for (const lane of lanes) {
      for (const bar of barsOf(lane, scene.selected)) outline(context, scene, bar, palette.accent, 2);
    }
  }
}

function paintMark(context: CanvasRenderingContext2D, scene: Scene, mark: Mark, top: number): void {
  switch (mark.type) {
    case 'bar':
      paintBar(context, scene, mark, top);
      break;
    case 'heap':
      paintHeap(context, scene, mark, top);
      break;
    case 'transfer':
      paintTransfer(context, scene, mark, top);
  }
}

const INSET = 3;

function paintBar(context: CanvasRenderingContext2D, scene: Scene, mark: BarMark, top: number): void {
  const { palette, rowHeight, width: most } = scene;
  const { look, bar } = mark;
  const { kind } = bar.task;
  const color = palette.tasks[kind.slot] ?? { fill: palette.soft, ink: palette.paper };
  const x = Math.max(-2, mark.x);
  const width = Math.min(most + 2, mark.x + mark.width) - x;
  const height = rowHeight - 2 * INSET;
  const y = top + INSET;
  // A gap of half a pixel parts neighbours.
  const inner = width > 3 ? width - 0.75 : width;
  context.globalAlpha = scene.only === null || scene.only === kind ? 1 : 0.16;
  if (look === 'done' || look === 'running') {
    context.fillStyle = color.fill;
    if (look === 'running') {
      const alpha = context.globalAlpha;
      context.globalAlpha = alpha * 0.42;
      context.fillRect(x, y, inner, height);
      context.globalAlpha = alpha;
      frame(context, x, y, inner, height, color.fill, [4, 3], 'open');
    } else context.fillRect(x, y, inner, height);
  } else if (look === 'failed' || look === 'lost') {
    context.fillStyle = palette.badWash;
    context.fillRect(x, y, inner, height);
    hatch(context, x, y, inner, height, palette.bad);
    frame(context, x, y, inner, height, palette.bad, look === 'lost' ? [2, 2] : [], 'closed');
  } else if (look === 'cancelled') {
    frame(context, x, y, inner, height, palette.soft, [4, 3], 'closed');
  } else {
    hatch(context, x, y, inner, height, color.fill);
    frame(context, x, y, inner, height, color.fill, [], 'closed');
  }
  caption(context, scene, { x: Math.max(0, x), y, width: inner - Math.max(0, -x), height }, look, bar);
  context.globalAlpha = 1;
}

/** Word or sign in front of the name, so that no state is told by colour alone. */
const SIGNS: Readonly<Record<Look, string>> = {
  done: '',
  running: '',
  failed: '✕ ',
  lost: 'lost: ',
  cancelled: '⊘ ',
  retried: '↻ ',
};

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function caption(
  context: CanvasRenderingContext2D,
  scene: Scene,
  { x, y, width, height }: Box,
  look: Look,
  { task }: Bar,
): void {
  const { palette } = scene;
  if (width < 16 || height < 11) return;
  context.font = `500 ${height >= 16 ? '11px' : '10px'} ${palette.fontCode}`;
  const text = fitting(context, SIGNS[look], scene.titleOf(task.kind), width - 12);
  if (text === '') return;
  context.save();
  context.beginPath();
  context.rect(x + 4, y, width - 7, height);
  context.clip();
  context.textBaseline = 'middle';
  const isFilled = look === 'done';
  if (look === 'failed' || look === 'lost' || look === 'retried') {
    // The hatching gives way to the words.
    context.fillStyle = look === 'retried' ? palette.paper : palette.badWash;
    context.fillRect(x + 4, y + 2, Math.min(width - 8, context.measureText(text).width + 6), height - 4);
  }
  context.fillStyle = isFilled ? (palette.tasks[task.kind.slot]?.ink ?? palette.text) : palette.text;
  if (look === 'failed' || look === 'lost') context.fillStyle = palette.bad;
  context.fillText(text, x + 6, y + height / 2 + 0.5);
  context.restore();
}

/** The whole name; the beginning of it where much of it can be read; else the sign alone, if there is one. */
function fitting(context: CanvasRenderingContext2D, sign: string, name: string, room: number): string {
  const whole = sign + name;
  // The font is monospaced.
  const letters = Math.floor(room / context.measureText('0').width);
  if (whole.length <= letters) return whole;
  if (letters >= 10) return `${whole.slice(0, letters - 1)}…`;
  return sign.length <= letters + 1 ? sign.trim() : '';
}

function paintHeap(context: CanvasRenderingContext2D, scene: Scene, mark: HeapMark, top: number): void {
  const { palette, rowHeight } = scene;
  const height = rowHeight - 2 * INSET;
  const y = top + INSET;
  context.globalAlpha =
    Math.max(0.22, mark.cover) * (scene.only === null || scene.only.slot === mark.slot ? 1 : 0.16);
  context.fillStyle = palette.tasks[mark.slot]?.fill ?? palette.soft;
  context.fillRect(mark.x, y, 1, height);
  context.globalAlpha = 1;
  if (!mark.failed) return;
  context.fillStyle = palette.bad;
  context.fillRect(mark.x - 0.5, top + 1, 2, rowHeight - 3);
  // A notch above the row, which a colour-blind eye finds, too.
  context.beginPath();
  context.moveTo(mark.x - 2.5, top);
  context.lineTo(mark.x + 3.5, top);
  context.lineTo(mark.x + 0.5, top + 5);
  context.fill();
}

/** A thin line at half height: nothing is computed there. */
function paintTransfer(
  context: CanvasRenderingContext2D,
  scene: Scene,
  mark: TransferMark,
  top: number,
): void {
  const { palette, rowHeight } = scene;
  const middle = top + Math.round(rowHeight / 2);
  context.globalAlpha = scene.only === null || scene.only === mark.bar.task.kind ? 1 : 0.16;
  context.fillStyle = palette.faint;
  context.fillRect(mark.x, middle, mark.width, 1);
  if (mark.width >= 12) context.fillRect(mark.x + mark.width - 1, middle - 2, 1, 5);
  context.globalAlpha = 1;
}

/** When the engine itself came, died or was renewed. */
function paintMarks(context: CanvasRenderingContext2D, scene: Scene, lane: Lane, top: number): void {
  const { palette, rowHeight, view, width } = scene;
  for (const { at, what } of lane.marks) {
    const x = ((at - view.left) / view.span) * width;
    if (x < -60 || x > width) continue;
    context.strokeStyle = what === 'started' ? palette.faint : palette.bad;
    context.setLineDash([3, 2]);
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(Math.round(x) + 0.5, top);
    context.lineTo(Math.round(x) + 0.5, top + rowHeight - 1);
    context.stroke();
    context.setLineDash([]);
    if (rowHeight < 13) continue;
    context.font = `10px ${palette.fontUi}`;
    context.textBaseline = 'middle';
    context.fillStyle = what === 'started' ? palette.faint : palette.bad;
    context.fillText(what === 'renewed' ? 'new life' : what, x + 4, top + rowHeight / 2);
  }
}

/** Cancelled before they began: a hollow diamond where they were called off. */
function paintNever(context: CanvasRenderingContext2D, scene: Scene, lane: Lane, top: number): void {
  const { palette, rowHeight, view, width } = scene;
  const middle = top + rowHeight / 2;
  let last = -Infinity;
  context.lineWidth = 1.25;
  for (const { settled, state } of lane.never) {
    const x = ((settled - view.left) / view.span) * width;
    if (x < 0 || x > width || x - last < 3) continue;
    last = x;
    context.strokeStyle = state === 'cancelled' ? palette.soft : palette.bad;
    context.fillStyle = palette.paper;
    context.beginPath();
    context.moveTo(x, middle - 4.5);
    context.lineTo(x + 4.5, middle);
    context.lineTo(x, middle + 4.5);
    context.lineTo(x - 4.5, middle);
    context.closePath();
    context.fill();
    context.stroke();
  }
}

function paintNow(
  context: CanvasRenderingContext2D,
  { now, isActive, view, width, lanes, rowHeight, palette }: Scene,
): void {
  const x = ((now - view.left) / view.span) * width;
  // Nobody draws on while nothing is at work, so there is no now.
  if (!isActive || x < 0 || x > width) return;
  // What lies ahead is shaded: white is idle, and the future is not.
  context.fillStyle = palette.hover;
  context.fillRect(x, 0, width - x, lanes.length * rowHeight);
  context.fillStyle = palette.faint;
  context.fillRect(Math.round(x), 0, 1, lanes.length * rowHeight);
}

/** All runs of a task on an engine; few, and among the last where it runs. */
function barsOf({ bars, running }: Lane, task: TaskItem): readonly Bar[] {
  const own = bars.filter((bar) => bar.task === task);
  if (running?.task === task) {
    own.push({
      task,
      start: running.start,
      end: Infinity,
      look: 'running',
      sent: running.start,
      got: Infinity,
    });
  }
  return own;
}

function outline(
  context: CanvasRenderingContext2D,
  { lanes, view, width, rowHeight, now }: Scene,
  { task, start, end, look }: Bar,
  color: string,
  thickness: number,
): void {
  const row = lanes.findIndex(
    (lane) =>
      lane.running?.task === task || lane.bars.some((bar) => bar.task === task && bar.start === start),
  );
  if (row < 0) return;
  const x = ((start - view.left) / view.span) * width;
  const right = ((Math.min(end, look === 'running' ? now : end) - view.left) / view.span) * width;
  context.strokeStyle = color;
  context.lineWidth = thickness;
  context.strokeRect(
    x - 1.5,
    row * rowHeight + INSET - 1.5,
    Math.max(2, right - x) + 3,
    rowHeight - 2 * INSET + 3,
  );
}
