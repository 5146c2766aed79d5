import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { fresh as test } from './story.ts';

/** What opens, opens under conditions: not twice what a page died of, nothing without an end. */

test('a notebook that a page died of is not opened by the next one, until the reader says how', async ({
  page,
  context,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['console.log("put out")']);
  await expect(page).toHaveURL(/#notebook=/);
  const address = page.url();
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await page.close();

  // It never comes to rest, and dies.
  const dying = await context.newPage();
  await dying.addInitScript(() => {
    window.requestIdleCallback = () => 0;
  });
  await dying.goto(address);
  await new NotebookPage(dying).opened();
  const cdp = await context.newCDPSession(dying);
  const gone = dying.waitForEvent('crash');
  cdp.send('Page.crash').catch(() => undefined);
  await gone;
  await dying.close();

  const next = await context.newPage();
  const question = next.getByRole('region', { name: 'Not opened' });
  // The bare address would open the last one.
  for (const asked of [address, './', address]) {
    await next.goto('about:blank');
    await next.goto(asked);
    await expect(question).toContainText('was not opened');
    await expect(next.getByRole('main', { name: 'All notebooks' })).toBeVisible();
  }
  const download = next.waitForEvent('download');
  await question.getByRole('button', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.ipynb$/);
  await question.getByRole('button', { name: 'Open without outputs' }).click();
  const opened = new NotebookPage(next);
  await opened.opened();
  await expect(opened.cell(1)).toContainText('put out');
  await expect(opened.output(1)).toHaveCount(0);
  await expect(question).toHaveCount(0);
  await expect.poll(() => next.evaluate(() => Object.keys(localStorage))).toEqual([]);
  await next.reload();
  await opened.opened();
});

test('an address that never comes to an end says what it does, and can be left', async ({ page }) => {
  const server = createServer((_, answer) => {
    answer.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'application/json' });
    const sending = setInterval(() => answer.write(' '.repeat(1000)), 20);
    answer.on('close', () => {
      clearInterval(sending);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await page.goto(`./?nb=http://localhost:${String(port)}/n.ipynb`);
  await expect(page.getByRole('status')).toContainText(`Opening a notebook from localhost:${String(port)}`);
  await expect(page.getByText(/kB$|KiB$/)).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('could not be opened: You cancelled it.')).toBeVisible();
  await expect(page.getByRole('heading', { name: /Welcome/ }).first()).toBeVisible();
  server.closeAllConnections();
  server.close();
});

test('links to files beside a notebook lead to where it came from, without its secrets', async ({ page }) => {
  const source = '[next](next.ipynb), [data](a.csv), [script](javascript:alert%281%29)';
  const cells = [{ id: 'm', cell_type: 'markdown', metadata: {}, source }];
  await page.route('http://localhost:1/**', (route) =>
    route.fulfill({
      headers: { 'access-control-allow-origin': '*' },
      json: { nbformat: 4, nbformat_minor: 5, metadata: {}, cells },
    }),
  );
  await page.goto(`./?nb=${encodeURIComponent('http://localhost:1/dir/n.ipynb?token=secret')}`);
  const link = (name: string) => page.getByText(name, { exact: true });
  await expect(link('next')).toHaveAttribute('href', '?nb=http%3A%2F%2Flocalhost%3A1%2Fdir%2Fnext.ipynb');
  await expect(link('next')).toHaveAttribute('target', '_blank');
  await expect(link('data')).toHaveAttribute('href', 'http://localhost:1/dir/a.csv');
  await expect(page.locator('.prose a[href^="javascript"]')).toHaveCount(0);
});
