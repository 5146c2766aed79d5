import { expect } from '@playwright/test';
import { cellsOf, shownBy, sourceOf } from './bundled.ts';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

/**
 * The sessions of the old manuals as a bundled notebook: each `Out[n]` of theirs that is no time and no address,
 * in their order, as the page shows it. White space is not compared, nor the n of `In [n]`.
 */

const cells = cellsOf('walkthrough');

const bare = (text: string) => text.replace(/\s+/g, '');

/** Walks down the notebook: each look goes on behind the cell of the last one. */
class Reader {
  readonly #notebook: NotebookPage;
  #at = 0;

  constructor(notebook: NotebookPage) {
    this.#notebook = notebook;
  }

  /** What the next cell with this text in it shows. */
  async shows(source: string): Promise<string> {
    const found = cells.findIndex((cell, i) => {
      return i >= this.#at && cell.cell_type === 'code' && sourceOf(cell).includes(source);
    });
    expect(found, `a cell after cell ${this.#at} with ${source}`).toBeGreaterThanOrEqual(0);
    this.#at = found + 1;
    return this.#notebook.text(found + 1);
  }

  /** The value of the next cell with this text in it. */
  async value(source: string, value: string): Promise<void> {
    const text = (await this.shows(source)).replace(/^Out\[\d+\]:/, '');
    expect(bare(text), source).toBe(bare(value));
  }

  async text(source: string, ...parts: readonly (string | RegExp)[]): Promise<void> {
    const text = await this.shows(source);
    for (const part of parts) expect(text, source).toMatch(part instanceof RegExp ? part : literally(part));
  }

  /** A results list of 2008: for each engine what it was told and what, if anything, it printed. */
  async list(source: string, code: string, printed: Readonly<Record<number, string | null>>): Promise<void> {
    const lines = Object.entries(printed).flatMap(([id, out]) => [
      `[${id}] In [n]: ${code}`,
      ...(out === null ? [] : [`[${id}] Out[n]: ${out}`]),
    ]);
    const text = (await this.shows(source)).replace(/^Out\[\d+\]:/, '');
    expect(bare(text.replace(/(In |Out)\[\d+\]/g, '$1[n]')), source).toBe(
      bare(['<Results List>', ...lines].join('')),
    );
  }
}

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

const SILENT = { 0: null, 1: null, 2: null, 3: null };
const NULLS = '[null, null, null, null]';
const TENTH_POWERS = '0, 1, 1024, 59049, 1048576, 9765625, 60466176, 282475249, 1073741824';
const fourTimes = (text: string) => `[${Array(4).fill(text).join(', ')}]`;
const toSixteen = `[${Array.from({ length: 16 }, (_, i) => i).join(', ')}]`;
const QUARTERS = '[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]';
const FAILED = [0, 1, 2, 3].map((id) => `[${id}:execute]`);

test('the sessions of the old manuals print what they printed, and the same without a single await', async ({
  page,
}) => {
  test.setTimeout(600_000);
  const notebook = new NotebookPage(page);
  await notebook.runExample('The direct interface', 240_000);
  const meant = cells.filter((cell) => JSON.stringify(cell).includes('raises-exception')).length;
  await expect(page.locator('[data-run="error"]')).toHaveCount(meant);
  await expect(page.locator('[data-run="ok"]')).toHaveCount(
    cells.filter((cell) => cell.cell_type === 'code').length - meant,
  );
  const reader = new Reader(notebook);
  await test.step('the direct interface of 2011', () => directInterface(reader));
  await test.step('its errors', () => directErrors(reader));
  await test.step('the way from IPython.kernel', () => transition(reader));
  await test.step('the MultiEngine interface of 2008', () => multiEngine(reader));
  await test.step('its magics', () => magics(reader));
  await test.step('its values', () => multiEngineValues(reader));
  await test.step('its errors, and a task', () => multiEngineErrors(reader));
  const awaiting = await shownBy(notebook, cells);
  expect(awaiting.filter((text) => text !== '').length).toBeGreaterThan(80);
  await test.step('without await', () => printsTheSame(notebook, awaiting));
});

/** The notebook of the same cells that block instead prints the same. */
async function printsTheSame(notebook: NotebookPage, awaiting: readonly string[]): Promise<void> {
  const blocking = cellsOf('walkthrough-blocking');
  const sources = blocking.filter(({ cell_type }) => cell_type === 'code').map(sourceOf);
  const awaits = sources.join('\n').match(/^.*\bawait\b.*$/gm) ?? [];
  // Functions and texts for engines, which may await there.
  expect(awaits.filter((line) => !/await sleep\((t|0\.2|0\.02)\)/.test(line))).toEqual([]);
  expect(blocking).toHaveLength(cells.length);
  await notebook.runExample('The direct interface, without await', 240_000);
  const found = await shownBy(notebook, blocking);
  for (const [i, text] of awaiting.entries()) {
    expect.soft(comparable(found[i] ?? ''), sourceOf(blocking[i])).toEqual(comparable(text));
  }
}

/**
 * What of a text must be the same: times and numbers of prompts differ from run to run, lanes come in any order;
 * of errors the names and the engines, for tracebacks quote the cells, in which an `await` stands or does not.
 */
function comparable(text: string): string[] {
  const found = /Error: /.test(text)
    ? text.match(/\w*Error\b|\[\d:\w+\]/g)
    : text
        .replace(/\b0\.\d{2,}\b|\b\d+(\.\d+)? m?s\b/g, 'time')
        .replace(/(In |Out)\[(\d+:)?\d+\]:?/g, ' $1[$2n] ')
        .match(/\S+/g);
  return [...(found ?? [])].sort();
}

async function directInterface(reader: Reader): Promise<void> {
  await reader.value('rc.ids;', '[0, 1, 2, 3]');
  await reader.value("rc[':']", '<DirectView [0, 1, 2, 3]>');
  await reader.value('same(serialResult, parallelResult)', 'true');
  await reader.value('await getId()', '[0, 1, 2, 3]');
  await reader.value('same(localProduct, remoteProduct)', 'true');
  await reader.value('await echo(range(5))', "['[0,1]', '[2]', '[3]', '[4]']");
  await reader.value('await echo.map(range(5))', "['0', '1', '2', '3', '4']");
  await reader.value("rc['1:3']", '<DirectView [1, 2]>');
  await reader.value('dview.apply(', fourTimes('42'));
  await reader.value('dview.applyAsync(', fourTimes('42'));
  await reader.value("dview.get('c')", '[15, -5, 15, -5]');
  await reader.text('ar.get()', /^Out\[\d+\]:\s*\[\s*(0\.[2-9]\d*,?\s*){4}\]$/);
  await reader.value('slow.ready()', 'false');
  await reader.text('slow.get(0.1)', 'TimeoutError: Result not ready.');
  await reader.text('results[0].r', /^Out\[\d+\]:\s*\[\s*(0\.\d+,?\s*){4}\]$/);
  await reader.value('tens.get()', '[10, 10]');
  await reader.value('dview.apply(() => 42)', fourTimes('42'));
  await reader.value('dview.push({ a: 1.03234', NULLS);
  await reader.value("dview.pull('a')", fourTimes('1.03234'));
  await reader.value("dview.pull('b', { targets: 0 })", '3453');
  await reader.value("dview.pull(['a', 'b'])", fourTimes('[1.03234, 3453]'));
  await reader.value("dview.push({ c: 'speed' })", NULLS);
  await reader.value('pulled.get()', fourTimes('1.03234'));
  await reader.value("dview.get('a')", fourTimes("['foo', 'bar']"));
  await reader.value("dview.scatter('a', range(16))", NULLS);
  await reader.value("dview.get('a')", QUARTERS);
  await reader.value("dview.gather('a')", toSixteen);
  await reader.text("dview.gather('y')", TENTH_POWERS);
  await reader.text('syncImports', 'importing d3 on engine(s)');
  await reader.value('d3.mean', '[3, 3, 3, 3]');
}

async function directErrors(reader: Reader): Promise<void> {
  await reader.text("dview.execute('1n / 0n')", ...FAILED, 'RangeError: Division by zero');
  await reader.text('error.raiseException()', /^\[0:execute\] RangeError: Division by zero/);
  await reader.text("dview.execute('1n / 0n')", ...FAILED, 'RangeError: Division by zero');
  await reader.shows('%debug');
  await reader.text('e.printTraceback(1)', /^\[1:execute\]:\s*RangeError: Division by zero/);
  await reader.value(
    'e.elist',
    "[[0, 'RangeError'], [1, 'RangeError'], [2, 'RangeError'], [3, 'RangeError']]",
  );
  const limited = ['[0:execute]', '... 3 more exceptions ...'];
  await reader.text('%px a = missing', ...limited, 'ReferenceError: missing is not defined');
  await reader.text('await failing.get()', ...limited, 'RangeError: Division by zero');
}

async function transition(reader: Reader): Promise<void> {
  await reader.value('rc.loadBalancedView([1, 2, 3])', '<LoadBalancedView [1, 2, 3]>');
  await reader.value('dview.keys()', '[true, true, true, true]');
  await reader.value("new Reference('A')", '[[19, 22], [43, 50]]');
  await reader.value('await two', '[5, 5]');
}

async function multiEngine(reader: Reader): Promise<void> {
  await reader.value('mec.getIds()', '[0, 1, 2, 3]');
  const hello = 'Hello World';
  await reader.list('Hello World', 'console.log("Hello World")', { 0: hello, 1: hello, 2: hello, 3: hello });
  await reader.list("'a=5'", 'a=5', SILENT);
  await reader.list("'b=10'", 'b=10', SILENT);
  await reader.list("'c=a+b'", 'c=a+b', { 0: null, 2: null });
  await reader.list("'c=a-b'", 'c=a-b', { 1: null, 3: null });
  await reader.list("'console.log(c)'", 'console.log(c)', { 0: '15', 1: '-5', 2: '15', 3: '-5' });
  const code = 'd=10; console.log(d)';
  const results = (await reader.shows(`mec.execute('${code}')`)).trim().split('\n');
  expect(results.map((line): unknown => JSON.parse(line))).toMatchObject(
    [0, 1, 2, 3].map((id) => ({ input: { translated: code, raw: code }, id, stdout: '10\n' })),
  );
  await reader.list('pr.getResult();', 'await sleep(0.2)', SILENT);
  await reader.value('pr.getResult({ block: false })', 'null');
  await reader.list('pr.r', 'await sleep(0.2)', SILENT);
  await reader.list('pending[0].r', 'await sleep(0.02)', SILENT);
  await reader.list("'a=5'", 'a=5', { 0: null, 2: null });
  const b = 'b=10; console.log(b)';
  const counts = await reader.shows(b);
  const numbers = [...counts.matchAll(/In \[(\d+)\]/g)].map((match) => Number(match[1]));
  // Engines 0 and 2 did one thing more.
  expect(numbers.map((n) => n - (numbers[1] ?? 0))).toEqual([1, 0, 1, 0]);
  for (const id of [0, 1, 2, 3]) expect(counts).toMatch(new RegExp(`\\[${id}\\] Out\\[\\d+\\]: 10`));
}

async function magics(reader: Reader): Promise<void> {
  const eigenvalues = (id: number) =>
    new RegExp(`\\[stdout:${id}\\] eigenvalues: -?\\d\\.\\d{4} -?\\d\\.\\d{4}`);
  const four = [0, 1, 2, 3].map(eigenvalues);
  const printed = await reader.shows("%px console.log('eigenvalues:'");
  for (const lane of four) expect(printed).toMatch(lane);
  expect(await reader.shows('%result')).toBe(printed);
  await reader.text('%autopx', '%autopx enabled');
  await reader.text('%autopx', '%autopx disabled');
  const averages = await reader.shows('Average max eigenvalue');
  const found = [...averages.matchAll(/\[stdout:(\d)\] Average max eigenvalue is: (\d+\.\d+)/g)];
  expect(found.map((match) => Number(match[1]))).toEqual([0, 1, 2, 3]);
  // The largest eigenvalue of such a matrix is 10.17 on average, and spreads by 0.58: four standard errors.
  const values = found.map((match) => Number(match[2]));
  for (const value of values) expect(Math.abs(value - 10.17)).toBeLessThan(4 * 0.058);
  expect(Math.abs(values.reduce((sum, x) => sum + x, 0) / 4 - 10.17)).toBeLessThan(4 * 0.029);
  await reader.text('c = a + b;', ...[0, 1, 2, 3].map((id) => `[stdout:${id}]`), '40');
  await reader.text('%result', '40');
}

async function multiEngineValues(reader: Reader): Promise<void> {
  await reader.value('mec.push({ a: 1.03234', NULLS);
  await reader.value("mec.pull('a')", fourTimes('1.03234'));
  await reader.value("mec.pull('b', { targets: 0 })", '[3453]');
  await reader.value("mec.pull(['a', 'b'])", fourTimes('[1.03234, 3453]'));
  await reader.value('mec.zipPull', `[${fourTimes('1.03234')}, ${fourTimes('3453')}]`);
  await reader.value("mec.push({ c: 'speed' })", NULLS);
  await reader.text('%px console.log(c)', ...[0, 1, 2, 3].map((id) => `[stdout:${id}]`), 'speed');
  await reader.value("mec.pull('a')", fourTimes('1.03234'));
  await reader.value('mec.pushFunction', NULLS);
  await reader.list("'y = f(4.0)'", 'y = f(4.0)', SILENT);
  await reader.text('%px console.log(y)', ...[0, 1, 2, 3].map((id) => `[stdout:${id}]`), '512');
  await reader.value("await mec['a']", fourTimes("['foo', 'bar']"));
  await reader.value("mec.scatter('a', range(16))", NULLS);
  const quarters = ['0, 1, 2, 3', '4, 5, 6, 7', '8, 9, 10, 11', '12, 13, 14, 15'];
  await reader.text("%px console.log(a.join(', '))", ...quarters.map((part, id) => `[stdout:${id}] ${part}`));
  await reader.value("mec.gather('a')", toSixteen);
  await reader.value('mec.map(', 'true');
  await reader.value("mec.scatter('x', range(64))", NULLS);
  await reader.text("mec.gather('y')", TENTH_POWERS);
}

async function multiEngineErrors(reader: Reader): Promise<void> {
  await reader.text("mec.execute('1n / 0n')", ...FAILED, 'RangeError: Division by zero');
  await reader.text('error.raiseException()', /^\[0:execute\] RangeError: Division by zero/);
  await reader.text('await pr.r', ...FAILED, 'RangeError: Division by zero');
  await reader.value('client.StringTask', '[[19, 22], [43, 50]]');
}
