import { expect, test } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { serveWithoutHeaders } from './static-server.ts';

test('a static host without headers, under a sub-path: isolated by the service worker, engines answer', async ({
  page,
}) => {
  const host = await serveWithoutHeaders('/some/where/');
  try {
    const notebook = new NotebookPage(page);
    await page.goto(host.url);
    await expect(notebook.kernel('idle')).toBeVisible();
    await expect.poll(() => page.evaluate(() => crossOriginIsolated)).toBe(true);
    await notebook.open(['%px console.log(engine.id, crossOriginIsolated)'], host.url);
    for (const engine of [0, 1, 2, 3]) await expect(notebook.output(1)).toContainText(`${engine} true`);
  } finally {
    host.close();
  }
});
