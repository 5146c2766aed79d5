import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { fresh, test } from './story.ts';

/** Keys and parts of the notebook that have no story elsewhere. */

test('x, c, v and Shift V on cells, in other pages too; text, HTML and pictures from elsewhere', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const notebook = new NotebookPage(page);
  await notebook.open(['"one"', '"two"', '"three"']);
  const order = () => page.locator('.cell').allTextContents();
  await notebook.cell(1).focus();
  // What tells of a button goes with it.
  await notebook.cell(1).getByRole('button', { name: 'Run cell', exact: true }).hover();
  await expect(page.locator('.tooltip')).toBeVisible();
  await page.keyboard.press('x');
  await expect(page.locator('.tooltip')).toBeHidden();
  await expect(notebook.cell(3)).toHaveCount(0);
  await expect(notebook.cell(1)).toBeFocused();
  await page.keyboard.press('v');
  await expect(notebook.cell(2)).toContainText('one');
  await page.keyboard.press('c');
  await notebook.cell(1).focus();
  await page.keyboard.press('Shift+V');
  await expect(notebook.cell(4)).toBeVisible();
  expect((await order()).map((text) => /"(\w+)"/.exec(text)?.[1])).toEqual(['one', 'two', 'one', 'three']);
  await notebook.cell(4).focus();
  await page.keyboard.press('Control+c');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('"three"');
  await page.evaluate(() => navigator.clipboard.writeText('from(elsewhere)'));
  await page.keyboard.press('Control+v');
  await expect(notebook.cell(5)).toContainText('from(elsewhere)');

  // A picture becomes an attachment of a Markdown cell, where the caret is; elsewhere a sentence says so.
  await page.evaluate(async () => {
    const picture = new OffscreenCanvas(9, 9);
    picture.getContext('2d')?.fillRect(0, 0, 9, 9);
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture.convertToBlob() })]);
  });
  await page.keyboard.press('Control+v');
  await expect(page.getByRole('note')).toContainText('pictures go into Markdown cells');
  await page.keyboard.press('m');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+v');
  await expect(notebook.code(5)).toHaveValue('![image.png](attachment:image.png)');
  await page.keyboard.press('Control+Enter');
  await expect(notebook.cell(5).getByRole('img', { name: 'image.png' })).toBeVisible();

  // In another page both are whole: by the system's clipboard, and by V, which may not read it.
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('c');
  const other = await context.newPage();
  const second = new NotebookPage(other);
  await second.openLink(['']);
  for (const [key, at] of [
    ['Control+v', 2],
    ['v', 4],
  ] as const) {
    await second.cell(at - 1).focus();
    await other.keyboard.press(key);
    await expect(second.output(at)).toContainText('three');
    await expect(second.cell(at + 1).getByRole('img', { name: 'image.png' })).toBeVisible();
  }
});

test('Backspace takes the selected cells out of the queue', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    // At once when the notebook is opened; for ever when it is run again.
    'await (globalThis.again ? new Promise(() => {}) : (globalThis.again = true))',
    '2',
    '3',
    '4',
  ]);
  await notebook.cell(1).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+Enter');
  await expect(notebook.cell(4).getByRole('button', { name: /Waiting, place 3/ })).toBeVisible();
  await notebook.cell(2).focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Shift+J');
  await page.keyboard.press('Backspace');
  await expect(page.getByRole('button', { name: /Waiting/ })).toHaveCount(1);
  await expect(notebook.cell(4).getByRole('button', { name: /Waiting, place 1/ })).toBeVisible();
  await page.keyboard.press('i');
  await page.keyboard.press('i');
  await notebook.finished();
});

test('Contents lists the headings of Markdown cells and goes to each, by keyboard', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['# First `part`\n\n## Inside', '"between"', '# Second']);
  for (const n of [1, 3]) {
    await notebook.cell(n).focus();
    await page.keyboard.press('m');
    await page.keyboard.press('Control+Enter');
  }
  await page.getByRole('navigation', { name: 'Drawers' }).getByRole('button', { name: 'Contents' }).click();
  const contents = page.getByRole('complementary', { name: 'Contents' });
  await expect(contents.getByRole('listitem')).toHaveText(['First part', 'Inside', 'Second']);
  await contents.getByRole('button', { name: 'Second' }).focus();
  await page.keyboard.press('Enter');
  await expect(notebook.cell(3)).toBeFocused();
});

test('sections fold at their headings, by key and in the contents, and stay folded', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['# Set up', 'globalThis.ready = "set up"', '## Inside', '"inside"', '# Use', 'ready']);
  const { keyboard } = page;
  for (const n of [1, 3, 5]) {
    await notebook.cell(n).focus();
    await keyboard.press('m');
    await keyboard.press('Control+Enter');
  }

  // Left goes to the heading above, and folds; Down skips what is hidden; Right unfolds, and goes on.
  await notebook.cell(4).focus();
  await keyboard.press('ArrowLeft');
  await expect(notebook.cell(3)).toBeFocused();
  await keyboard.press('ArrowLeft');
  await expect(notebook.cell(4)).toBeHidden();
  await keyboard.press('ArrowLeft');
  await expect(notebook.cell(1)).toBeFocused();
  await keyboard.press('ArrowLeft');
  await expect(notebook.button('3 cells hidden')).toBeVisible();
  const fold = notebook.cell(1).getByRole('button', { name: 'Section “Set up”, 3 cells' });
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await keyboard.press('ArrowDown');
  await expect(notebook.cell(5)).toBeFocused();
  await keyboard.press('k');

  // Run, it runs its section; moved, deleted and brought back, it stays whole.
  await keyboard.press('Shift+Enter');
  await expect(notebook.cell(5)).toBeFocused();
  await notebook.finished();
  await keyboard.press('j');
  await keyboard.press('Control+Enter');
  await expect(notebook.output(6)).toContainText('set up');
  await notebook.cell(1).focus();
  await keyboard.press('Alt+ArrowDown');
  await expect(notebook.cell(3)).toBeFocused();
  await keyboard.press('d');
  await keyboard.press('d');
  await expect(page.locator('.cell')).toHaveCount(2);
  await keyboard.press('z');
  await keyboard.press('z');
  await expect(notebook.cell(1)).toContainText('Set up');
  await expect(notebook.cell(2)).toBeHidden();

  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await page.reload();
  await expect(notebook.cell(1)).toContainText('3 cells hidden');
  await expect(notebook.cell(2)).toBeHidden();

  // What is found in it shows itself.
  await notebook.cell(1).focus();
  await keyboard.press('Control+f');
  await keyboard.type('inside"');
  await expect(notebook.cell(4)).toBeVisible();
  await keyboard.press('Escape');
  await expect(notebook.cell(4)).toBeFocused();

  await keyboard.press('p');
  await keyboard.type('collapse all');
  await keyboard.press('Enter');
  await expect(notebook.cell(6)).toBeHidden();
  await notebook.button('Contents').click();
  const contents = page.getByRole('complementary', { name: 'Contents' });
  await expect(contents.getByRole('listitem')).toHaveText(['Set up', 'Use']);
  await contents.getByRole('button', { name: /^Section “Set up”/ }).click();
  await expect(contents.getByRole('listitem')).toHaveText(['Set up', 'Inside', 'Use']);
  await expect(notebook.cell(2)).toBeVisible();
  await expect(notebook.cell(4)).toBeHidden();
  await contents.getByRole('button', { name: 'Inside', exact: true }).focus();
  await keyboard.press('ArrowRight');
  await expect(notebook.cell(4)).toBeVisible();
});

fresh.describe('on a phone', () => {
  fresh.use({ viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true });

  fresh(
    'one reads, runs and edits, in a plain editor, and nothing stands out of the page',
    async ({ page }) => {
      const notebook = new NotebookPage(page);
      await page.goto('./');
      await expect(page.getByRole('heading', { name: /Welcome/ }).first()).toBeVisible();
      await expect(notebook.kernel('idle')).toBeVisible();
      const cell = notebook.cell(2);
      await cell.getByRole('button', { name: 'Run cell', exact: true }).tap();
      for (const engine of [0, 1, 2, 3]) await expect(notebook.output(2)).toContainText(`[stdout:${engine}]`);
      await notebook.code(2).tap();
      await expect(page.locator('.monaco-editor')).toHaveCount(0);
      await notebook.code(2).fill('%px "touched " + engine.id');
      await cell.getByRole('button', { name: 'Run cell', exact: true }).tap();
      await expect(notebook.output(2)).toContainText('touched 3');
      await notebook.code(2).fill('const touched={ x:1 }');
      await cell.getByRole('button', { name: 'Format the code' }).tap();
      await expect(notebook.code(2)).toHaveValue('const touched = { x: 1 };');
      const isWithin = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
      expect(await isWithin()).toBe(true);
      await page.getByRole('button', { name: 'Notebooks and contents' }).tap();
      await expect(page.getByRole('complementary', { name: 'Notebooks' })).toBeVisible();
      expect(await isWithin()).toBe(true);
      await page.getByRole('button', { name: 'Close' }).tap();
      await page.getByRole('button', { name: 'All notebooks', exact: true }).tap();
      await expect(page.getByRole('main', { name: 'All notebooks' })).toBeVisible();
      expect(await isWithin()).toBe(true);
      await page.getByRole('button', { name: 'Parameter sweep' }).tap();
      await expect(page.getByRole('heading', { name: 'Parameter sweep' })).toBeVisible();
    },
  );
});
