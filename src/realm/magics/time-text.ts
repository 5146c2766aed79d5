const UNITS = ['s', 'ms', 'µs', 'ns'] as const;

/** `1.24 ms`, `30 µs`, `1min 5s`: `seconds` with `precision` significant digits, in a fitting unit. */
export function timeText(seconds: number, precision = 3): string {
  if (seconds >= 60) return longText(seconds);
  const order = seconds > 0 ? Math.min(3, Math.max(0, -Math.floor(Math.log10(seconds) / 3))) : 3;
  return `${String(Number((seconds * 1000 ** order).toPrecision(precision)))} ${UNITS[order] ?? 's'}`;
}

/** `1,000` */
export function countText(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

const LONG_UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

function longText(seconds: number): string {
  let left = seconds;
  const parts: string[] = [];
  for (const [unit, size] of LONG_UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${String(count)}${unit}`);
  }
  return parts.join(' ');
}
