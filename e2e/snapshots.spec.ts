import { expect, type Page } from '@playwright/test';
import { expectNoViolation } from './axe.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh, test } from './story.ts';

/** Earlier versions of a notebook. */

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Snapshots' });
const list = (page: Page) => dialog(page).getByRole('list', { name: /Snapshots/ });
const saved = (page: Page) => expect(page.getByText(/^Saved/).first()).toBeVisible();

async function openSnapshots(page: Page): Promise<void> {
  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('snapshots');
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toBeVisible();
}

test('Save now keeps a snapshot; restoring one shows what it changes, and is itself undone', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['const first = 1', '"stays"', '"goes"']);
  await notebook.execute(2, '"stays"');
  await notebook.cell(1).focus();
  await page.keyboard.press('Control+s');
  await notebook.type(1, 'const first = 2\nconst more = 3');
  await page.keyboard.press('Escape');
  await notebook.cell(3).focus();
  await page.keyboard.press('d');
  await page.keyboard.press('d');
  await expect(notebook.cell(3)).toHaveCount(0);
  await page.keyboard.press('b');
  await saved(page);

  await openSnapshots(page);
  const asked = list(page).getByRole('button', { name: /Save now · 3 cells/ });
  await expect(asked).toHaveAttribute('aria-current', 'true');
  const preview = dialog(page).getByRole('region', { name: 'What restoring changes' });
  await expect(preview).toContainText('changes 1 cell, brings back 1 cell, takes away 1 cell');
  await expect(preview.getByText('− const first = 2')).toBeVisible();
  await expect(preview.getByText('+ const first = 1')).toBeVisible();
  await expectNoViolation(page, 'the snapshots');
  await dialog(page).getByRole('button', { name: 'Restore' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toHaveCount(0);
  await expect(notebook.cell(1)).not.toContainText('more');
  await expect(notebook.cell(3)).toContainText('goes');
  await expect(notebook.output(2)).toContainText('stays');

  // Undone like any edit of cells, and done again.
  await notebook.cell(1).focus();
  await page.keyboard.press('z');
  await expect(notebook.cell(1)).toContainText('const more = 3');
  await expect(notebook.cell(3)).not.toContainText('goes');
  await page.keyboard.press('Shift+Z');
  await expect(notebook.cell(3)).toContainText('goes');
  await saved(page);

  // What stood there before restoring is among the snapshots, also after a reload.
  await page.reload();
  await expect(notebook.cell(3)).toContainText('goes');
  await openSnapshots(page);
  await list(page)
    .getByRole('button', { name: /before another version/ })
    .click();
  await expect(preview.getByText('+ const more = 3')).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Open as a copy' }).click();
  await expect(notebook.cell(1)).toContainText('const more = 3');
  await expect(page.getByRole('textbox', { name: 'Name of the notebook' })).toHaveValue('Untitled copy');
});

fresh('an example made afresh by mistake is among its snapshots', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await page.goto('./');
  await expect(notebook.kernel('idle')).toBeVisible();
  await notebook.type(2, '"mine"');
  await page.keyboard.press('Escape');
  await saved(page);
  await notebook.button('More').click();
  await page.getByRole('button', { name: 'Start this example afresh' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start afresh' }).click();
  await expect(notebook.cell(2)).toContainText('%px');
  await openSnapshots(page);
  await list(page)
    .getByRole('button', { name: /before another version/ })
    .click();
  await dialog(page).getByRole('button', { name: 'Restore' }).click();
  await expect(notebook.cell(2)).toContainText('"mine"');
});
