import type { Tutti } from './tutti.ts';

/** What guards in loops cost: five kernels of the kind that people run, each guarded and bare. */
export interface GuardCost {
  readonly name: string;
  /** Milliseconds, medians. */
  readonly bare: number;
  readonly guarded: number;
  /** Guarded to bare, the median of pairs that ran one right after the other. */
  readonly ratio: number;
  /** Half of the pairs lie between these: where they are far apart, the machine was busy and the ratio says little. */
  readonly quartiles: readonly [number, number];
}

const KERNELS: Readonly<Record<string, string>> = {
  'array sum': `(n = 3_000_000) => {
    const a = new Float64Array(n).fill(0.5);
    let s = 0;
    for (let k = 0; k < 8; k++) for (let i = 0; i < a.length; i++) s += a[i];
    return s;
  }`,
  'array sum, for … of': `(n = 1_000_000) => {
    const a = Array.from({ length: n }, (_, i) => i);
    let s = 0;
    for (let k = 0; k < 4; k++) for (const x of a) s += x;
    return s;
  }`,
  'matrix multiply': `(n = 240) => {
    const a = new Float64Array(n * n).fill(1.5), b = new Float64Array(n * n).fill(2.5), c = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let s = 0;
        for (let k = 0; k < n; k++) s += a[i * n + k] * b[k * n + j];
        c[i * n + j] = s;
      }
    }
    return c[n];
  }`,
  'Monte Carlo': `(n = 3_000_000) => {
    let inside = 0;
    for (let i = 0; i < n; i++) {
      const x = Math.random(), y = Math.random();
      if (x * x + y * y < 1) inside++;
    }
    return (4 * inside) / n;
  }`,
  'Monte Carlo, while and a function': `(n = 3_000_000) => {
    let seed = 1, inside = 0, i = 0;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    while (i++ < n) if (random() ** 2 + random() ** 2 < 1) inside++;
    return (4 * inside) / n;
  }`,
  'string building': `(n = 300_000) => {
    let text = '';
    for (let i = 0; i < n; i++) text += String.fromCharCode(97 + (i % 26)) + i.toString(36);
    return text.length;
  }`,
  'while loop without an end in sight': `(n = 20_000) => {
    let most = 0;
    for (let k = 1; k < n; k++) {
      let x = k, steps = 0;
      while (x !== 1) { x = x % 2 ? 3 * x + 1 : x / 2; steps++; }
      if (steps > most) most = steps;
    }
    return most;
  }`,
  'rows of three, a call each': `(n = 60_000) => {
    const rows = Array.from({ length: n }, (_, i) => [i, i + 1, i + 2]);
    const f = (x) => 2 * x;
    let s = 0;
    for (const row of rows) for (const x of row) s += f(x);
    return s;
  }`,
  'nested loops': `(n = 3000) => {
    let count = 0;
    for (let a = 1; a < n; a++) {
      for (let b = a; b < n; b++) {
        const c = Math.sqrt(a * a + b * b);
        if (c === Math.floor(c) && c < n) count++;
      }
    }
    return count;
  }`,
  'nested loops, short inner ones': `(n = 700) => {
    let live = 0;
    const cells = new Uint8Array(n * n).fill(1);
    for (let r = 1; r < n - 1; r++) {
      for (let c = 1; c < n - 1; c++) {
        let around = 0;
        for (let i = -1; i <= 1; i++) for (let j = -1; j <= 1; j++) around += cells[(r + i) * n + c + j];
        if (around > 3) live++;
      }
    }
    return live;
  }`,
};

/** At least, and more of short ones: for so many milliseconds. */
const PAIRS = 61;
const LONG_ENOUGH = 6000;
const MOST_PAIRS = 401;

/**
 * `eval` puts in no guards, and a function's text is the user's: so it gives the bare twin. Both run in pairs, in
 * an order drawn anew for each.
 */
function cellFor(kernel: string): string {
  return `{
const guarded = ${kernel};
const twins = { guarded, bare: (0, eval)('(' + guarded + ')') };
const time = (name) => {
  const from = performance.now();
  twins[name]();
  return performance.now() - from;
};
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
for (let i = 0; i < 3; i++) for (const name in twins) twins[name]();
const enough = Math.round(${LONG_ENOUGH} / (time('bare') + time('guarded')));
const pairs = Array.from({ length: Math.min(${MOST_PAIRS}, Math.max(${PAIRS}, enough)) }, () => {
  const pair = {};
  for (const name of Math.random() < 0.5 ? ['guarded', 'bare'] : ['bare', 'guarded']) pair[name] = time(name);
  return pair;
});
const ratios = pairs.map(({ bare, guarded }) => guarded / bare).toSorted((a, b) => a - b);
console.log(JSON.stringify({
  bare: median(pairs.map(({ bare }) => bare)),
  guarded: median(pairs.map(({ guarded }) => guarded)),
  ratio: median(ratios),
  quartiles: [ratios[ratios.length >> 2], ratios[(3 * ratios.length) >> 2]],
}));
}`;
}

export async function guardCosts(tutti: Tutti): Promise<readonly GuardCost[]> {
  const costs: GuardCost[] = [];
  for (const [name, kernel] of Object.entries(KERNELS)) {
    costs.push({ name, ...(await tutti.run<Omit<GuardCost, 'name'>>(cellFor(kernel))) });
  }
  return costs;
}
