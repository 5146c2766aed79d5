import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

test('%debug opens the exceptions of a failed %px, by keyboard: e. completes, e.printTraceback(1) prints', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['0']);
  await notebook.type(1, '%px throw new RangeError("no " + engine.id)');
  await page.keyboard.press('Shift+Enter');
  await notebook.finished();
  await page.keyboard.press('Enter');
  await page.keyboard.type('%debug');
  await page.keyboard.press('Shift+Enter');
  await notebook.finished();
  await expect(notebook.output(2)).toContainText('RangeError');
  await page.keyboard.press('Enter');
  await expect(notebook.cell(3).locator('.monaco-editor').first()).toBeVisible();
  await page.keyboard.type('e.');
  await page.keyboard.press('Control+Space');
  await expect(page.locator('.suggest-widget')).toContainText('printTraceback');
  // The list may be closing by itself at this moment, so that Escape leaves the cell.
  await page.keyboard.press('Escape');
  await notebook.type(3, 'e.printTraceback(1)');
  await page.keyboard.press('Shift+Enter');
  await notebook.finished();
  await expect(notebook.output(3)).toContainText('no 1');
  await expect(notebook.output(3)).not.toContainText('no 2');
});

test('snake_case works in cells', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    'const ar = rc.load_balanced_view().map_async(x => x * 2, [1, 2, 3]);\nawait ar.wait();\n[await ar.get(), ar.msg_ids.length, ar.serial_time >= 0]',
  ]);
  await expect(notebook.output(1)).toContainText('[ [ 2, 4, 6 ], 3, true ]');
});
