export interface Timing {
  readonly name: string;
  /** Microseconds. */
  readonly p50: number;
  readonly p95: number;
}

export function timing(name: string, samples: readonly number[]): Timing {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
  return { name, p50: at(0.5) * 1000, p95: at(0.95) * 1000 };
}

export interface Rate {
  readonly name: string;
  readonly perSecond: number;
}
