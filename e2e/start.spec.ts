import { expect, type Page } from '@playwright/test';
import { expectNoViolation } from './axe.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh, test } from './story.ts';

/** Several notebooks: the start page, and addresses that lead back to each. */

const start = (page: Page) => page.getByRole('main', { name: 'All notebooks' });
const own = (page: Page, name: string) =>
  start(page).getByRole('region', { name: 'Yours' }).getByRole('listitem').filter({ hasText: name });

async function goToStart(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'All notebooks', exact: true }).click();
  await expect(start(page)).toBeVisible();
}

/** Gives the open notebook a name, and waits until it is kept. */
async function rename(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name of the notebook' }).fill(name);
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
}

fresh('the bare address shows a notebook, not a list; its address brings it back', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await page.goto('./');
  await expect(page.getByRole('heading', { name: /Welcome/ }).first()).toBeVisible();
  await expect(page).toHaveURL(/#notebook=example-welcome$/);
  await expect(notebook.kernel('idle')).toBeVisible();

  await goToStart(page);
  await expect(page).toHaveURL(/#start$/);
  await page.reload();
  await expect(start(page)).toBeVisible();
  await start(page).getByRole('button', { name: 'Digits of pi' }).click();
  await expect(page).toHaveURL(/#notebook=example-digits-of-pi$/);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Digits of pi' })).toBeVisible();
  await page.goBack();
  await expect(start(page)).toBeVisible();
  await page.goForward();
  await expect(page.getByRole('heading', { name: 'Digits of pi' })).toBeVisible();
  // The bare address goes on with the last one.
  await page.goto('./');
  await expect(page.getByRole('heading', { name: 'Digits of pi' })).toBeVisible();
});

fresh('two notebooks in two tabs: each reload comes back to its own', async ({ page, context }) => {
  const one = new NotebookPage(page);
  await one.open(['"first"']);
  await rename(page, 'First');
  const other = await context.newPage();
  const two = new NotebookPage(other);
  await two.open(['"second"']);
  await rename(other, 'Second');
  await page.reload();
  await expect(one.cell(1)).toContainText('first');
  await other.reload();
  await expect(two.cell(1)).toContainText('second');
});

fresh('a template makes a new notebook each time, and runs', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await page.goto('./');
  for (const title of ['Data in parts', 'Parameter sweep', 'A file in parts']) {
    await goToStart(page);
    await start(page).getByRole('button', { name: title }).click();
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
    await expect(notebook.kernel('idle')).toBeVisible();
    await notebook.button('Run all').click();
    await notebook.finished();
    await expect(page.locator('[data-run="error"]')).toHaveCount(0);
    await expect(page.locator('[data-run="ok"]').first()).toBeVisible();
  }
  await expect(page.getByText('49995000')).toBeVisible();
  await goToStart(page);
  await start(page).getByRole('button', { name: 'Data in parts' }).last().click();
  await expect(page.getByRole('heading', { name: 'Data in parts' })).toBeVisible();
  await expect(page.locator('[data-run="ok"]')).toHaveCount(0);
});

fresh(
  'by keyboard: rename, duplicate with its files, delete with all that belongs to it',
  async ({ page }) => {
    const notebook = new NotebookPage(page);
    await notebook.open(["await files.write('data.txt', 'kept')", '%px 6 * 7']);
    await notebook.run(1);
    await notebook.run(2);
    await notebook.finished();
    await rename(page, 'Work');
    const work = new URL(page.url()).hash;
    await goToStart(page);

    await own(page, 'Work').getByRole('button', { name: 'Rename Work' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('Thesis');
    await page.keyboard.press('Enter');
    await expect(own(page, 'Thesis')).toContainText('2 cells');
    await expect(own(page, 'Thesis').getByRole('button', { name: /^Thesis/ })).toBeFocused();

    await own(page, 'Thesis').getByRole('button', { name: 'Duplicate Thesis' }).focus();
    await page.keyboard.press('Enter');
    await expect(own(page, 'Thesis copy')).toBeVisible();
    // Renamed without being opened.
    await own(page, 'Thesis copy').getByRole('button', { name: 'Rename Thesis copy' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('Second');
    await page.keyboard.press('Enter');
    await expect(own(page, 'Second')).toBeVisible();

    const database = (name: string, store: string) =>
      page.evaluate(
        ([base, from]) =>
          new Promise<string>((resolve, reject) => {
            const opening = indexedDB.open(base ?? '');
            opening.onerror = reject;
            opening.onsuccess = () => {
              const all = opening.result
                .transaction(from ?? '')
                .objectStore(from ?? '')
                .getAllKeys();
              all.onsuccess = () => {
                opening.result.close();
                resolve(JSON.stringify(all.result));
              };
            };
          }),
        [name, store],
      );
    const id = work.slice('#notebook='.length);
    expect(await database('tutti', 'documents')).toContain(id);
    expect(await database('tutti-files', 'files')).toContain(id);
    await expect.poll(() => database('tutti-history', 'tasks')).toContain(id);
    await own(page, 'Thesis').getByRole('button', { name: 'Delete Thesis' }).focus();
    await page.keyboard.press('Enter');
    await expect(own(page, 'Thesis').getByRole('button', { name: 'Keep' })).toBeFocused();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(own(page, 'Thesis')).toHaveCount(0);
    await expect(own(page, 'Second').getByRole('button', { name: /^Second/ })).toBeFocused();
    expect(await database('tutti', 'documents')).not.toContain(id);
    await expect.poll(() => database('tutti-files', 'files')).not.toContain(id);
    await expect.poll(() => database('tutti-history', 'tasks')).not.toContain(id);

    // The copy has its own.
    await own(page, 'Second')
      .getByRole('button', { name: /^Second/ })
      .focus();
    await page.keyboard.press('Enter');
    await notebook.execute(1, "await files.text('data.txt')");
    await expect(notebook.output(1)).toContainText('kept');
    await page.goto(`./${work}`);
    await expect(page.getByText(/no longer in this browser/)).toBeVisible();
  },
);

test('keys of cells do nothing while the start page covers them', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['1', '2']);
  await goToStart(page);
  await page.locator('body').press('d');
  await page.locator('body').press('d');
  await page.keyboard.press('Control+Shift+P');
  await page.getByRole('combobox').fill('insert below');
  await page.keyboard.press('Enter');
  await expect(notebook.cell(3)).toBeVisible();
  await expect(notebook.cell(1)).toContainText('1');
});

fresh(
  'no accessibility violation on the start page and in the drawers, in either theme',
  async ({ page }) => {
    fresh.slow();
    const notebook = new NotebookPage(page);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await notebook.open(["await files.write('data.txt', 'kept')"]);
    await notebook.run(1);
    await notebook.finished();
    await page.getByRole('navigation', { name: 'Drawers' }).getByRole('button', { name: 'Files' }).click();
    await expect(page.getByText('used by Tutti in this browser')).toBeVisible();
    await expectNoViolation(page, 'files');
    await page.keyboard.press('Escape');
    await goToStart(page);
    await expect(own(page, 'Untitled')).toBeVisible();
    await expectNoViolation(page, 'start page');
    await page.getByRole('button', { name: 'Rename Untitled' }).click();
    await expectNoViolation(page, 'renaming');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Delete Untitled' }).click();
    await expectNoViolation(page, 'deleting');
    for (const [width, height] of [
      [800, 900],
      // 200 % zoom of a page of 1280 px.
      [640, 480],
    ] as const) {
      await page.setViewportSize({ width, height });
      await expectNoViolation(page, `${width} px`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  },
);
