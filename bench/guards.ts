import type { Tutti } from './tutti.ts';

/** What guards in loops cost: five kernels of the kind that people run, each guarded and bare. */
export interface GuardCost {
  readonly name: string;
  /** Milliseconds, medians. */
  readonly bare: number;
  readonly guarded: number;
  /** Guarded to bare, the median of samples in which both ran one right after the other. */
  readonly ratio: number;
  /** Half of the interval in which the true median lies, 19 times in 20. */
  readonly uncertain: number;
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

/** Samples are taken until half of the median's confidence interval (95 %) is no wider than this, or time is over. */
const PRECISE = 0.01;
const AT_LEAST = 60;
/** Milliseconds. */
const AT_MOST = 20_000;

/**
 * `eval` puts in no guards, and a function's text is the user's: so it gives the bare twin. A sample is two runs of
 * each, in one of the two orders in which neither comes earlier than the other on average (one that made garbage
 * leaves it to the next); which of them is drawn anew for each.
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
const quantile = (list, q) => list.toSorted((a, b) => a - b)[Math.floor(q * (list.length - 1))];
for (let i = 0; i < 3; i++) for (const name in twins) twins[name]();
const samples = [];
const ratios = [];
const halfInterval = () => 1.57 * (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / Math.sqrt(ratios.length);
const begun = performance.now();
while (ratios.length < ${AT_LEAST} || (halfInterval() > ${PRECISE} && performance.now() - begun < ${AT_MOST})) {
  const sample = { guarded: 0, bare: 0 };
  const [a, b] = Math.random() < 0.5 ? ['guarded', 'bare'] : ['bare', 'guarded'];
  for (const name of [a, b, b, a]) sample[name] += time(name) / 2;
  samples.push(sample);
  ratios.push(sample.guarded / sample.bare);
}
console.log(JSON.stringify({
  bare: quantile(samples.map(({ bare }) => bare), 0.5),
  guarded: quantile(samples.map(({ guarded }) => guarded), 0.5),
  ratio: quantile(ratios, 0.5),
  uncertain: halfInterval(),
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
