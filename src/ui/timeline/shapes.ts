/** A border; `open`: without its right side, for what goes on. */
export function frame(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  color: string,
  dash: readonly number[],
  end: 'open' | 'closed',
): void {
  context.strokeStyle = color;
  context.lineWidth = 1.25;
  context.setLineDash([...dash]);
  context.beginPath();
  if (width < 3) {
    context.moveTo(x + width / 2, y);
    context.lineTo(x + width / 2, y + height);
  } else if (end === 'closed') context.rect(x + 0.6, y + 0.6, width - 1.2, height - 1.2);
  else {
    context.moveTo(x + width, y + 0.6);
    context.lineTo(x + 0.6, y + 0.6);
    context.lineTo(x + 0.6, y + height - 0.6);
    context.lineTo(x + width, y + height - 0.6);
  }
  context.stroke();
  context.setLineDash([]);
}

/** Diagonal lines, five pixels apart. */
export function hatch(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  color: string,
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  const first = Math.floor((x - height) / 5) * 5;
  for (let i = first; i < x + width; i += 5) {
    context.moveTo(i, y + height);
    context.lineTo(i + height, y);
  }
  context.stroke();
  context.restore();
}

export function line(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  toX: number,
  toY: number,
): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(toX, toY);
  context.stroke();
}

export function curve(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  toX: number,
  toY: number,
): void {
  const reach = Math.max(12, Math.abs(toX - x) / 2);
  context.beginPath();
  context.moveTo(x, y);
  context.bezierCurveTo(x + reach, y, toX - reach, toY, toX, toY);
  context.stroke();
  context.beginPath();
  context.arc(toX, toY, 2.5, 0, 7);
  context.fillStyle = context.strokeStyle;
  context.fill();
}
