import { readFileSync, readdirSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import { parse } from 'acorn';
import { eraseTypes } from '../src/lang/erase-types.ts';
import { parseTypes } from '../src/lang/type-parser.ts';
import { describe, expect, test } from 'vitest';
import { buildNotebooks } from './build-notebooks.mjs';

const TARGETS = new URL('../public/notebooks/', import.meta.url);
const files: ReadonlyMap<string, string> = buildNotebooks();
const notebooks = [...files].filter(([file]) => file.endsWith('.ipynb'));

interface FileCell {
  readonly cell_type: 'code' | 'markdown';
  readonly id: string;
  readonly source: readonly string[];
  readonly metadata: { readonly tags?: readonly string[] };
}

function cellsOf(text: string): readonly FileCell[] {
  return JSON.parse(text).cells;
}

/** A code cell's text without its magic lines, types stripped. */
function javascript(cell: FileCell): string {
  const code = cell.source.filter((line) => !/^%%?[a-z]|\?\?$/.test(line)).join('');
  return eraseTypes(code, parseTypes(code)).text;
}

/** The functions that the code cells of a notebook declare at top level, by name. */
function functionsOf(file: string): object {
  const code = cellsOf(files.get(file) ?? '')
    .filter((cell) => cell.cell_type === 'code')
    .map(javascript)
    .join('\n');
  const declarations = [...code.matchAll(/^function (\w+)\(.*?^\}$/gms)];
  const names = declarations.map((match) => match[1]).join(', ');
  const text = declarations.map((match) => match[0]).join('\n');
  return runInThisContext(`(() => { ${text}\nreturn { ${names} }; })()`);
}

describe('the bundled notebooks', () => {
  test('what is committed is what the sources give', () => {
    const there = readdirSync(TARGETS, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.split('/notebooks/').at(-1)?.replace(/^\//, ''));
    expect(there.sort()).toEqual([...files.keys()].sort());
    for (const [file, text] of files) {
      const isSame = readFileSync(new URL(file, TARGETS), 'utf8') === text;
      expect(isSame, `public/notebooks/${file} is stale: run node scripts/build-notebooks.mjs`).toBe(true);
    }
  });

  test.each(notebooks)('%s is nbformat 4.5 in typescript and starts four engines', (_file, text) => {
    const notebook = JSON.parse(text);
    expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5]);
    expect(notebook.metadata.language_info.name).toBe('typescript');
    expect(notebook.metadata.tutti.engines).toBe(4);
    const ids = cellsOf(text).map((cell) => cell.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  });

  test.each(notebooks)('%s: every code cell parses', (file, text) => {
    const cells = cellsOf(text).filter((cell) => cell.cell_type === 'code');
    expect(cells.length).toBeGreaterThan(file.startsWith('template-') ? 2 : 4);
    for (const cell of cells) {
      const code = javascript(cell);
      expect(() => parse(code, { ecmaVersion: 'latest', sourceType: 'module' }), code).not.toThrow();
    }
  });

  test('cells that raise on purpose are in the tour and in the manuals’ sessions alone', () => {
    const raising = notebooks.map(([file, text]) => {
      const tags = cellsOf(text).flatMap((cell) => cell.metadata.tags ?? []);
      return [file, tags.filter((tag) => tag === 'raises-exception').length];
    });
    expect(Object.fromEntries(raising)).toEqual({
      'welcome.ipynb': 1,
      'options-pricing.ipynb': 0,
      'digits-of-pi.ipynb': 0,
      'message-passing.ipynb': 0,
      'load-balancing.ipynb': 0,
      'load-balancing-blocking.ipynb': 0,
      'task-graph.ipynb': 0,
      'walkthrough.ipynb': 9,
      'walkthrough-blocking.ipynb': 9,
      'template-parts.ipynb': 0,
      'template-sweep.ipynb': 0,
      'template-file.ipynb': 0,
    });
  });
});

interface PiFunctions {
  readonly decimalsOfPi: (count: number) => string;
  readonly digitCounts: (digits: Uint8Array) => Uint32Array;
  readonly pairCounts: (digits: Uint8Array) => { counts: Uint32Array; first: number; last: number };
}

interface PricingFunctions {
  readonly normals: (out: Float64Array, state: Int32Array) => void;
  readonly priceOption: (...modelPathsAndSeed: number[]) => { price: number; error: number }[];
  readonly blackScholes: (S: number, K: number, sigma: number) => { call: number; put: number };
}

describe('digits of pi', () => {
  const { decimalsOfPi, digitCounts, pairCounts } = functionsOf('digits-of-pi.ipynb') as PiFunctions;
  const decimals = decimalsOfPi(10_000);
  const digits = Uint8Array.from(decimals, Number);

  test('the decimals are those of pi', () => {
    expect(decimals.length).toBe(10_000);
    expect(decimals.slice(0, 39)).toBe('141592653589793238462643383279502884197');
    expect(decimals.slice(761, 767)).toBe('999999'); // Feynman's point
  });

  test('the digit counts are the published ones', () => {
    expect([...digitCounts(digits)]).toEqual([968, 1026, 1021, 974, 1012, 1046, 1021, 970, 948, 1014]);
  });

  test('the pair counts are the known ones', () => {
    const { counts } = pairCounts(digits);
    const ordered = [...counts]
      .map((count, pair) => [count, pair])
      .sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
    expect(ordered.slice(0, 3)).toEqual([[80, 88], [82, 24], [83, 8]]); // prettier-ignore
    expect(ordered.slice(-3)).toEqual([[118, 25], [121, 14], [124, 65]]); // prettier-ignore
  });
});

describe('options pricing', () => {
  const { priceOption, normals, blackScholes } = functionsOf('options-pricing.ipynb') as PricingFunctions;
  const price = (K: number, sigma: number, paths: number, seed: number) =>
    priceOption(100, K, sigma, 0.05, 260, paths, seed);

  test('the exact prices are the gold values', () => {
    const exact = ([K, sigma]: [number, number]) => blackScholes(100, K, sigma);
    const round = ({ call, put }: { call: number; put: number }) => [call.toFixed(4), put.toFixed(4)];
    expect(round(exact([100, 0.25]))).toEqual(['12.3360', '7.4589']);
    expect(round(exact([90, 0.1]))).toEqual(['14.6288', '0.2395']);
    expect(round(exact([110, 0.4]))).toEqual(['14.0043', '18.6395']);
  });

  test('the noise is standard normal', () => {
    const noise = new Float64Array(400_000);
    normals(noise, Int32Array.of(1, 2, 3, 4));
    const moment = (power: number) => noise.reduce((sum, x) => sum + x ** power, 0) / noise.length;
    // Four standard errors of each moment.
    expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(1 / noise.length));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / noise.length));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / noise.length));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / noise.length));
  });

  test.each([
    [100, 0.25, 12.336, 7.4589],
    [90, 0.1, 14.6288, 0.2395],
    [110, 0.4, 14.0043, 18.6395],
  ])('K=%d sigma=%d: prices lie within four standard errors of Black–Scholes', (K, sigma, call, put) => {
    const estimates = price(K, sigma, 40_000, 5);
    expect(Math.abs(estimates[0]!.price - call)).toBeLessThan(4 * estimates[0]!.error);
    expect(Math.abs(estimates[1]!.price - put)).toBeLessThan(4 * estimates[1]!.error);
    expect(estimates[0]!.error).toBeLessThan(0.2);
  });

  test('an Asian call less the put is the discounted average less the strike', () => {
    const [, , call, put] = price(100, 0.25, 40_000, 6);
    const error = Math.sqrt(call!.error ** 2 + put!.error ** 2 + (2 * call!.price * put!.price) / 40_000);
    expect(Math.abs(call!.price - put!.price - 2.4276)).toBeLessThan(4 * error);
  });

  test('a seed gives the same prices to the last bit, another seed gives others', () => {
    expect(price(94, 0.175, 500, 3)).toEqual(price(94, 0.175, 500, 3));
    expect(price(94, 0.175, 500, 3)).not.toEqual(price(94, 0.175, 500, 4));
  });
});
