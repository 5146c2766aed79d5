import { expect } from '@playwright/test';
import { cellsOf, shownBy, sourceOf } from './bundled.ts';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

/** The notebooks that come with Tutti, by "Run all" on the production build. */

test('Welcome runs to its end, with one error on purpose', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.runExample('Welcome');
  const text = await notebook.everything();
  for (const engine of [0, 1, 2, 3]) expect(text).toContain(`[stdout:${engine}]`);
  expect(text).toContain('the same as here: true');
  expect(text).toContain('one or more exceptions raised in');
  await expect(page.locator('[data-run="error"]')).toHaveCount(1);
});

test('Options pricing agrees with Black–Scholes and with the parity of Asian options', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.runExample('Options pricing');
  const text = await notebook.everything();
  await expect(page.locator('[data-run="error"]')).toHaveCount(0);
  const gold = [
    { K: 100, sigma: 0.25, call: 12.336, put: 7.4589 },
    { K: 90, sigma: 0.1, call: 14.6288, put: 0.2395 },
    { K: 110, sigma: 0.4, call: 14.0043, put: 18.6395 },
  ];
  for (const { K, sigma, ...exact } of gold) {
    for (const kind of ['call', 'put'] as const) {
      const line = new RegExp(`K=${K} sigma=${sigma}\\s+${kind}=([\\d.]+)\\s+se=([\\d.]+)`).exec(text);
      expect(line, `K=${K} sigma=${sigma} ${kind}`).not.toBeNull();
      const [price, error] = [Number(line?.[1]), Number(line?.[2])];
      expect(error).toBeGreaterThan(0);
      expect(Math.abs(price - exact[kind])).toBeLessThan(4 * error);
    }
  }
  const parity = /asian call-put=([\d.]+)\s+se=([\d.]+)/.exec(text);
  expect(Math.abs(Number(parity?.[1]) - 2.4276)).toBeLessThan(4 * Number(parity?.[2]));
  expect(text).toContain('serial and parallel equal: true');
  await expect(
    page
      .getByRole('region', { name: /^Output of cell/ })
      .locator('svg')
      .first(),
  ).toBeVisible();
});

test('Digits of pi counts the gold digits and pairs', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.runExample('Digits of pi');
  const text = await notebook.everything();
  await expect(page.locator('[data-run="error"]')).toHaveCount(0);
  expect(text).toContain('3.14159265358979323846264338327950288419');
  expect(text).toContain('digit counts: 968,1026,1021,974,1012,1046,1021,970,948,1014');
  expect(text).toContain('parallel digit counts: 968,1026,1021,974,1012,1046,1021,970,948,1014');
  for (const pair of ['65 (124)', '14 (121)', '25 (118)', '88 (80)', '24 (82)', '08 (83)']) {
    expect(text).toContain(pair);
  }
});

test('Load balancing runs as written, with its files for %run and %load', async ({ page }) => {
  test.setTimeout(180_000);
  const notebook = new NotebookPage(page);
  await notebook.runExample('Load balancing', 150_000);
  const text = await notebook.everything();
  await expect(page.locator('[data-run="error"]')).toHaveCount(0);
  for (let i = 0; i < 8; i++) expect(text).toMatch(new RegExp(`task ${i} ran on: [0-3]`));
  expect(text).toContain('<LoadBalancedView');
  // Both comparisons, and the numbers of message ids of 32 items and of chunks of 4.
  expect(text.match(/\btrue\b/g)).toHaveLength(2);
  expect(text).toContain('32');
  // Four naps of up to three seconds, in their order; twelve of a second take three rounds.
  const naps = [...text.matchAll(/^(\d): (\d\.\d{3})$/gm)].map((match) => Number(match[2]));
  expect(naps).toHaveLength(4);
  naps.forEach((at, i) => {
    expect(at).toBeGreaterThan(i - 0.1);
  });
  // A hundred tasks twice, by one and by four.
  expect(text.match(/^task \d+ on engine [0-3]: /gm)).toHaveLength(200);
  expect(text).toContain('product(widths, heights) is a list of those pairs');
  expect(
    text.match(/\[\s+6,\s+7,\s+8,\s+9,\s+12,\s+14,\s+16,\s+18,\s+18,\s+21,\s+24,\s+27\s+\]/g),
  ).toHaveLength(2);
  // %load has written its cell.
  const loaded = page.getByRole('group').filter({ hasText: '// %load soln/nestedloop.ts' });
  await loaded.getByRole('button', { name: 'Run cell', exact: true }).click();
  await notebook.finished();
  await expect(loaded).toContainText('the same areas');
});

test('the lesson on load balancing, without await', async ({ page }) => {
  test.setTimeout(200_000);
  const cells = cellsOf('load-balancing-blocking');
  const notebook = new NotebookPage(page);
  await notebook.runExample('Load balancing, without await', 180_000);
  const outputs = await shownBy(notebook, cells);
  await expect(page.locator('[data-run="error"]')).toHaveCount(0);
  // Foreign markup lives in a shadow root, which no text of the cell contains.
  await expect(page.getByText('12/12 tasks').first()).toBeAttached();
  const shows = (source: string) => {
    const at = cells.findIndex((cell) => cell.cell_type === 'code' && sourceOf(cell).includes(source));
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

test('Task graphs: the truth table, failures that cascade, and 128 edges in time', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.runExample('Task graphs');
  const text = await notebook.everything();
  await expect(page.locator('[data-run="error"]')).toHaveCount(0);
  expect(text).toMatch(/waits for the task that it depends on to succeed/);
  expect(text).toContain('after: started when the first was done: true');
  expect(text).toContain('follow: the same engine: true');
  expect(text).toContain('12 of 12 rows as they should be');
  expect(text).not.toContain('✗');
  const impossible = [1, 2, 3, 4].map((node) => `${node} ImpossibleDependency`).join(', ');
  expect(text).toContain(`node 0 fails: 0 RemoteError, ${impossible}`);
  expect(text).toContain('node 2 fails: 0 ok, 1 ok, 2 RemoteError, 3 ImpossibleDependency, 4 ok');
  expect(text).toContain('32 tasks, 128 edges, 0 of them against time');
  expect(text).toMatch(/suits it; engines 0, 1, 2, 3 refused it/);
  expect(text).toContain('it ran on engine 2');
  await expect(
    page
      .getByRole('region', { name: /^Output of cell/ })
      .locator('svg')
      .first(),
  ).toBeVisible();
});
