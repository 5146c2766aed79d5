import { expect, type Page } from '@playwright/test';
import { expectNoViolation } from './axe.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh, test } from './story.ts';

/** One notebook in two tabs: noticed, and never overwritten silently. */

const notice = (page: Page) => page.getByRole('region', { name: 'Open in another tab' });
const saved = (page: Page) => expect(page.getByText(/^Saved/).first()).toBeVisible();

async function twoTabs(page: Page): Promise<{ one: NotebookPage; two: NotebookPage; other: Page }> {
  const one = new NotebookPage(page);
  await one.open(['"as it was"', '"second cell"']);
  await saved(page);
  await expect(page).toHaveURL(/#notebook=/);
  const other = await page.context().newPage();
  await other.goto(page.url());
  const two = new NotebookPage(other);
  await expect(two.cell(1)).toContainText('as it was');
  await expect(notice(other)).toBeVisible();
  await expect(notice(page)).toHaveCount(0);
  return { one, two, other };
}

test('what runs in the first tab is not cut off in the second; to leave the first is asked about', async ({
  page,
}) => {
  const one = new NotebookPage(page);
  await one.openLink(['await sleep(60)']);
  await page.getByRole('button', { name: 'Run this notebook' }).click();
  await expect(one.cell(1)).toHaveAttribute('data-run', 'running');
  await page.keyboard.press('b');
  await saved(page);
  const other = await page.context().newPage();
  await other.goto(page.url());
  const two = new NotebookPage(other);
  await expect(notice(other)).toBeVisible();
  await expect(two.cell(1)).toContainText('other tab');
  await expect(two.cell(1)).not.toContainText('cut off');
  await other.close();

  const question = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const dialog = await question;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await one.button('Interrupt').click();
  await one.finished();
});

test('the second tab says so and saves nothing, until the reader uses the notebook there', async ({
  page,
}) => {
  const { one, two, other } = await twoTabs(page);
  await two.type(1, '"of the second tab"');
  await expect(notice(other)).toContainText('Not saved.');
  await expect(other.getByText('Not saved', { exact: true })).toBeVisible();
  await expectNoViolation(other, 'open in another tab');
  // By keyboard: nothing was saved meanwhile, so what is here is simply saved.
  await notice(other).getByRole('button', { name: 'Use it here' }).focus();
  await other.keyboard.press('Enter');
  await expect(notice(other)).toHaveCount(0);
  await saved(other);
  await expect(notice(page)).toBeVisible();
  await expect(one.cell(1)).toContainText('as it was');
  // Back in the first tab: unchanged there, so it shows what the second has saved.
  await notice(page).getByRole('button', { name: 'Use it here' }).click();
  await expect(one.cell(1)).toContainText('of the second tab');
  await expect(notice(page)).toHaveCount(0);
  await expect(notice(other)).toBeVisible();
});

test('two versions: the later one is not saved over the first; it becomes a copy, or gives way', async ({
  page,
}) => {
  const { one, two, other } = await twoTabs(page);
  await two.type(1, '"of the second tab"');
  await expect(notice(other)).toContainText('Not saved.');
  await one.type(1, '"of the first tab"');
  await saved(page);
  await notice(other).getByRole('button', { name: 'Use it here' }).click();
  await expect(notice(other)).toContainText('Another tab has saved another version');
  await notice(other).getByRole('button', { name: 'Keep mine as a copy' }).click();
  await expect(notice(other)).toHaveCount(0);
  await saved(other);
  await other.reload();
  await expect(two.cell(1)).toContainText('of the second tab');
  await expect(other.getByRole('textbox', { name: 'Name of the notebook' })).toHaveValue(/^Untitled copy/);
  // The first tab has it again by itself, as it had saved it.
  await expect(notice(page)).toHaveCount(0);
  await page.reload();
  await expect(one.cell(1)).toContainText('of the first tab');
});

test('the reader can give up what the second tab has', async ({ page }) => {
  const { one, two, other } = await twoTabs(page);
  await two.type(1, '"of the second tab"');
  await one.type(1, '"of the first tab"');
  await saved(page);
  await notice(other).getByRole('button', { name: 'Use it here' }).click();
  await notice(other).getByRole('button', { name: 'Show the other version' }).click();
  await expect(two.cell(1)).toContainText('of the first tab');
  await expect(notice(other)).toHaveCount(0);
});

fresh(
  'when the first tab is closed the second goes on; the bare address opens what no other tab has',
  async ({ page }) => {
    const { two, other } = await twoTabs(page);
    const third = await page.context().newPage();
    await third.goto('./');
    await expect(third.getByRole('heading', { name: /Welcome/ }).first()).toBeVisible();
    await third.close();
    await page.close();
    await expect(notice(other)).toHaveCount(0);
    await two.type(2, '"goes on"');
    await saved(other);
    await other.reload();
    await expect(two.cell(2)).toContainText('goes on');
  },
);

fresh('what another tab has open is neither renamed nor deleted under it', async ({ page }) => {
  const { one, other } = await twoTabs(page);
  await other.getByRole('button', { name: 'All notebooks', exact: true }).click();
  await other.getByRole('button', { name: 'Delete Untitled' }).click();
  await other.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(other.getByText(/not deleted: it is open in another tab/)).toBeVisible();
  await page.reload();
  await expect(one.cell(1)).toContainText('as it was');
});
