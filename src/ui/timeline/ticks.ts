export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Times worth a line, at least `gap` pixels apart, named by what has passed since `origin`. */
export function ticks(left: number, span: number, width: number, origin: number, gap = 84): readonly Tick[] {
  const step = stepOf((span / Math.max(1, width)) * gap);
  const list: Tick[] = [];
  const first = Math.ceil((left - origin) / step);
  for (let i = first; i * step + origin <= left + span && list.length < 200; i++) {
    if (i >= 0) list.push({ at: i * step + origin, label: tickLabel(i * step, step) });
  }
  return list;
}

/** 1, 2 or 5 times a power of ten milliseconds; from a minute on what clocks count in. */
function stepOf(least: number): number {
  for (const step of [60_000, 120_000, 300_000, 600_000, 1800_000, 3600_000, 7200_000, 21_600_000]) {
    if (least > 30_000 && step >= least) return step;
  }
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10) * power;
}

/** `80 µs`, `2.5 ms`, `400 ms`, `1.2 s`, `3:05`, `1:02:00`; as many decimals as the step needs. */
export function tickLabel(ms: number, step: number): string {
  const decimals = (unit: number): number => Math.max(0, Math.ceil(-Math.log10(step / unit) - 1e-9));
  if (ms >= 60_000) {
    const whole = Math.floor(ms / 1000 + 1e-6);
    const seconds = (ms / 1000) % 60;
    const digits = decimals(1000);
    const rest = digits > 0 ? seconds.toFixed(digits).padStart(3 + digits, '0') : pad(whole % 60);
    const minutes = Math.floor(whole / 60);
    return minutes < 60
      ? `${String(minutes)}:${rest}`
      : `${String(Math.floor(minutes / 60))}:${pad(minutes % 60)}:${rest}`;
  }
  if (ms === 0) return '0';
  if (ms >= 1000 || step >= 1000) return `${(ms / 1000).toFixed(decimals(1000))} s`;
  if (ms >= 1 || step >= 1) return `${ms.toFixed(decimals(1))} ms`;
  return `${(ms * 1000).toFixed(decimals(0.001))} µs`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
