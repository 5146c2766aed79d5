import type { Tutti } from './tutti.ts';

/** What guards in loops cost: five kernels of the kind that people run, each guarded and bare. */
export interface GuardCost {
  readonly name: string;
  /** Milliseconds of the fastest of the runs, which take turns. */
  readonly bare: number;
  readonly guarded: number;
}

const KERNELS: Readonly<Record<string, string>> = {
  'array sum': `(n = 3_000_000) => {
    const a = new Float64Array(n).fill(0.5);
    let s = 0;
    for (let k = 0; k < 8; k++) for (let i = 0; i < a.length; i++) s += a[i];
    return s;
  }`,
  'array sum, for … of': `(n = 3_000_000) => {
    const a = Array.from({ length: n }, (_, i) => i);
    let s = 0;
    for (let k = 0; k < 8; k++) for (const x of a) s += x;
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
  'nested loops': `(n = 1200) => {
    let count = 0;
    for (let a = 1; a < n; a++) {
      for (let b = a; b < n; b++) {
        const c = Math.sqrt(a * a + b * b);
        if (c === Math.floor(c) && c < n) count++;
      }
    }
    return count;
  }`,
  'nested loops, short inner ones': `(n = 300) => {
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

const RUNS = 25;

/** \`eval\` puts in no guards, and a function's text is the user's: so it gives the bare twin. */
function cellFor(kernel: string): string {
  return `{
const guarded = ${kernel};
const twins = { guarded, bare: (0, eval)('(' + guarded + ')') };
const best = { guarded: Infinity, bare: Infinity };
for (let run = 0; run < ${RUNS}; run++) {
  for (const name of run % 2 ? ['guarded', 'bare'] : ['bare', 'guarded']) {
    const from = performance.now();
    twins[name]();
    best[name] = Math.min(best[name], performance.now() - from);
  }
}
console.log(JSON.stringify(best));
}`;
}

export async function guardCosts(tutti: Tutti): Promise<readonly GuardCost[]> {
  const costs: GuardCost[] = [];
  for (const [name, kernel] of Object.entries(KERNELS)) {
    costs.push({ name, ...(await tutti.run<Omit<GuardCost, 'name'>>(cellFor(kernel))) });
  }
  return costs;
}
