import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { expectNoViolation } from './axe.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh as test } from './story.ts';

/** Storage that is full, refused, or outlives a page that is killed. */

const banner = (page: Page) => page.getByRole('region', { name: 'Not saved' });

async function downloaded(page: Page): Promise<string> {
  const download = page.waitForEvent('download');
  await banner(page).getByRole('button', { name: 'Save as a file' }).click();
  return readFile(await (await download).path(), 'utf8');
}

test('a full storage is said plainly; nothing is lost in the page; saved again once there is room', async ({
  page,
}) => {
  // A browser's own quota cannot be set from outside: the databases refuse as it would.
  await page.addInitScript(() => {
    const { value: put } = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'put') ?? {};
    const refusing = new Proxy(put, {
      apply: (real, store, given) => {
        if (document.documentElement.dataset['disk'] === 'full')
          throw new DOMException('The disk is full.', 'QuotaExceededError');
        return Reflect.apply(real, store, given);
      },
    });
    Object.defineProperty(IDBObjectStore.prototype, 'put', { value: refusing });
  });
  const fill = (disk: 'full' | 'roomy') =>
    page.evaluate((how) => {
      document.documentElement.dataset['disk'] = how;
    }, disk);
  const notebook = new NotebookPage(page);
  await notebook.open(['"before"', '2']);
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await fill('full');
  const long = `"${'typed while it was full '.repeat(200)}"`;
  await notebook.type(1, long);
  await expect(banner(page)).toContainText('storage is full');
  await expect(page.getByText('Not saved', { exact: true })).toBeVisible();
  await expectNoViolation(page, 'a full storage');
  expect(await downloaded(page)).toContain('typed while it was full typed while it was full');
  // Cells go on running, and what they put out is there.
  await notebook.execute(2, '6 * 7');
  await expect(notebook.output(2)).toContainText('42');
  await banner(page).getByRole('button', { name: 'Make room' }).click();
  await expect(page.getByRole('main', { name: 'All notebooks' })).toBeVisible();
  await page.getByRole('button', { name: /^Back to/ }).click();
  await expect(notebook.output(2)).toContainText('42');

  await fill('roomy');
  await expect(banner(page)).toHaveCount(0);
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await page.reload();
  await expect(notebook.cell(1)).toContainText('typed while it was full');
  await expect(notebook.output(2)).toContainText('42');
});

test('without storage the page says so and works: files for the visit, the notebook to download', async ({
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', {
      get: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
  });
  const notebook = new NotebookPage(page);
  await notebook.open(["await files.write('data.txt', 'for the visit')", '2']);
  await expect(banner(page)).toContainText('gives this page no storage');
  await notebook.run(1);
  await notebook.finished();
  await expect(page.getByText(/Files are here until the page is closed/)).toBeVisible();
  await notebook.execute(2, "await rc[0].apply(() => files.text('data.txt'))");
  await expect(notebook.output(2)).toContainText('for the visit');
  expect(await downloaded(page)).toContain('for the visit');
  // The reader is asked before the page takes it along.
  let asked = '';
  page.once('dialog', (dialog) => {
    asked = dialog.type();
    void dialog.accept();
  });
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toBe('beforeunload');
});
