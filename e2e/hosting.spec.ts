import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { serveWithoutHeaders } from './static-server.ts';
import { fresh as test } from './story.ts';

test.use({ serviceWorkers: 'allow' });

test('a static host without headers, under a sub-path: isolated by the service worker, engines answer, also without a network', async ({
  page,
  context,
}) => {
  const host = await serveWithoutHeaders('/some/where/');
  try {
    const notebook = new NotebookPage(page);
    await page.goto(host.url);
    await expect(notebook.kernel('idle')).toBeVisible();
    await expect.poll(() => page.evaluate(() => crossOriginIsolated)).toBe(true);
    await notebook.open(['%px console.log(engine.id, crossOriginIsolated)'], host.url);
    for (const engine of [0, 1, 2, 3]) await expect(notebook.output(1)).toContainText(`${engine} true`);

    // Once the page has kept itself it needs the host no more.
    await notebook.button('More').click();
    await expect(page.getByText('This page also opens without a network.')).toBeVisible({ timeout: 60_000 });
    await page.keyboard.press('Escape');

    // Another build comes to the host. The page says so once all of it is there, and reloads by nobody's will but the
    // reader's: what the engines hold stays.
    const entry = await page.evaluate(
      () => document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src ?? '',
    );
    const script = entry.slice(host.url.length);
    const newer = script.replace(/-[\w-]{8}\.js$/, '-00000000.js');
    host.replace(newer, host.read(script));
    host.replace(
      'service-worker.js',
      host
        .read('service-worker.js')
        .replace(script, newer)
        .replace(/"version":"\w+"/, '"version":"another"'),
    );
    const notice = page.getByRole('region', { name: 'New version' });
    await expect(notice).toBeHidden();
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await expect(notice).toContainText('A new version is ready', { timeout: 60_000 });
    await expect(notice.getByRole('button', { name: 'Reload' })).toBeVisible();
    await notice.getByRole('button', { name: 'Later' }).click();
    await expect(notice).toBeHidden();
    await expect(notebook.output(1)).toContainText('3 true');

    host.close();
    await context.setOffline(true);
    await page.goto(host.url);
    await page.reload();
    await expect(notebook.kernel('idle')).toBeVisible();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await notebook.openLink(['%px console.log("offline", engine.id)'], host.url);
    await page.getByRole('button', { name: 'Run this notebook' }).click();
    await notebook.finished();
    for (const engine of [0, 1, 2, 3]) await expect(notebook.output(1)).toContainText(`offline ${engine}`);
  } finally {
    host.close();
  }
});
