import type { EngineId } from '../protocol/ids.ts';

/** `1.24 s`, `86 µs`, `2 min 05 s`: three digits are enough to compare, more would flicker. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.001) return `${(seconds * 1e6).toFixed(0)} µs`;
  if (seconds < 0.1) return `${(seconds * 1e3).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = String(Math.floor(seconds % 60)).padStart(2, '0');
  if (minutes < 60) return `${String(minutes)} min ${rest} s`;
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** For clocks that run: tenths, so that the width stands still. */
export function formatElapsed(seconds: number): string {
  return seconds < 60 ? `${Math.max(0, seconds).toFixed(1)} s` : formatSeconds(seconds);
}

const GROUPED = new Intl.NumberFormat('en', { useGrouping: true });

/** `12,345`. */
export function formatCount(count: number): string {
  return GROUPED.format(count);
}

/** `2.1 kB`, `14 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${String(bytes)} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  return `${(bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0)} GB`;
}

/** `e0–e3`, `e0, e2`, `e0–e2, e5`; runs of three and more are shortened. */
export function formatEngines(engines: readonly EngineId[]): string {
  const parts: string[] = [];
  const sorted = [...new Set(engines)].sort((a, b) => a - b);
  for (let i = 0; i < sorted.length;) {
    let end = i;
    while ((sorted[end + 1] ?? NaN) === (sorted[end] ?? NaN) + 1) end++;
    if (end - i >= 2) parts.push(`e${String(sorted[i])}–e${String(sorted[end])}`);
    else for (let k = i; k <= end; k++) parts.push(`e${String(sorted[k])}`);
    i = end + 1;
  }
  return parts.join(', ');
}

export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
