import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';

/** The sessions of the manuals without a single `await`: the same outputs as with it, and the lesson on balancing. */

interface FileCell {
  readonly cell_type: string;
  readonly source: readonly string[];
}

const cellsOf = (name: string): readonly FileCell[] => {
  const file = new URL(`../public/notebooks/${name}.ipynb`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { cells: FileCell[] }).cells;
};

/** What each cell shows. */
async function runBundled(page: Page, title: string, cells: readonly FileCell[]): Promise<string[]> {
  const notebook = new NotebookPage(page);
  await notebook.runExample(title, 240_000);
  const outputs: string[] = [];
  for (const [i, { cell_type }] of cells.entries()) {
    const output = notebook.output(i + 1);
    const isShown = cell_type === 'code' && (await output.count()) > 0;
    outputs.push(isShown ? ((await output.textContent()) ?? '') : '');
  }
  return outputs;
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

test('the manuals’ sessions print the same with blocking calls as with await', async ({ page, context }) => {
  test.setTimeout(600_000);
  const awaiting = cellsOf('walkthrough');
  const blocking = cellsOf('walkthrough-blocking');
  const sources = blocking
    .filter(({ cell_type }) => cell_type === 'code')
    .map(({ source }) => source.join(''));
  const awaits = sources.join('\n').match(/^.*\bawait\b.*$/gm) ?? [];
  // Functions and texts for engines, which may await there.
  expect(awaits.filter((line) => !/await sleep\((t|0\.2|0\.02)\)/.test(line))).toEqual([]);
  expect(blocking).toHaveLength(awaiting.length);
  const expected = await runBundled(page, 'The direct interface', awaiting);
  const found = await runBundled(await context.newPage(), 'The direct interface, without await', blocking);
  expect(expected.filter((text) => text !== '').length).toBeGreaterThan(80);
  for (const [i, text] of expected.entries()) {
    expect.soft(comparable(found[i] ?? ''), sourceOf(blocking[i])).toEqual(comparable(text));
  }
});

test('the lesson on load balancing, without await', async ({ page }) => {
  test.setTimeout(200_000);
  const cells = cellsOf('load-balancing-blocking');
  const outputs = await runBundled(page, 'Load balancing, without await', cells);
  await expect(page.locator('[data-run="error"]')).toHaveCount(0);
  // Foreign markup lives in a shadow root, which no text of the cell contains.
  await expect(page.getByText('12/12 tasks').first()).toBeAttached();
  const shows = (source: string) => {
    const at = cells.findIndex((cell) => cell.cell_type === 'code' && cell.source.join('').includes(source));
    expect(at, source).toBeGreaterThanOrEqual(0);
    return (outputs[at] ?? '').replace(/\s+/g, ' ');
  };
  expect(shows('const lview = ')).toContain('<LoadBalancedView null>');
  const norm = /'(\d+\.\d{6})'/.exec(shows('e0.applySync(norm'))?.[1];
  expect(norm).toBeDefined();
  expect(shows('lview.applySync(norm')).toContain(String(norm));
  expect(shows('e0.applySync(() => engine.id)')).toMatch(/ 0$/);
  expect(shows('task ${i} ran on').match(/task \d ran on: [0-3]/g)).toHaveLength(8);
  expect(shows('lview.block = true')).toContain('true');
  expect(shows('let amr')).toContain('32');
  expect(shows('chunksize: 4 });\namr')).toContain('8');
  expect(shows('new Reference')).toMatch(/\[ ?0, 1, 2, 3 ?\].*0 true 1 true 2 true 3 true/);
  expect(shows('naps.wallTime <')).toContain('true');
  expect(shows('const steps')).toContain('true');
  expect(shows('const chunks')).toMatch(/\[ ?20, 5 ?\]/);
  const areas = '[ 6, 7, 8, 9, 12, 14, 16, 18, 18, 21, 24, 27 ]';
  const bare = (text: string) => text.replace(/\s/g, '');
  expect(bare(shows('areas.push'))).toContain(bare(areas));
  expect(bare(shows('later.r;'))).toContain(bare(areas));
  expect(shows('later.result')).toContain('true');
});

function sourceOf(cell: FileCell | undefined): string {
  return cell?.source.join('') ?? '';
}
