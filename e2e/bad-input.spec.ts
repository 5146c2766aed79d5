import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { fresh, test } from './story.ts';

/** A clear error that says what to do; nothing runs, nothing is lost. */

test('a cell that does not parse shows the line and runs nothing', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['console.log("before");\nconst = 3;']);
  await expect(notebook.output(1)).toContainText('SyntaxError');
  await expect(notebook.output(1).getByRole('button', { name: /Cell 1, line 2/ })).toBeVisible();
  await expect(notebook.output(1)).not.toContainText('[stdout');
  expect(await notebook.text(1)).not.toMatch(/before\s*$/);
});

test('a bad flag is a usage error that points at its column, and nothing runs', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['%%px --frobnicate\nconsole.log("ran")']);
  await expect(notebook.output(1)).toContainText('UsageError');
  await expect(notebook.output(1)).toContainText('--frobnicate (column 6)');
  await expect(notebook.output(1)).not.toContainText('[stdout:0]');
});

test('a value that cannot be sent names its path and the engine lives on', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['0', '0', '0']);
  await notebook.execute(1, 'await rc[0].apply(x => x, { a: [1, Symbol("s")] })');
  await expect(notebook.output(1)).toContainText('args[0].a[1]');
  await notebook.execute(2, 'await rc[0].apply(() => ({ deep: { w: new WeakMap() } }))');
  await expect(notebook.output(2)).toContainText('result.deep.w');
  await notebook.execute(3, 'await rc[0].apply(() => engine.id + 40)');
  await expect(notebook.output(3)).toContainText('40');
});

test('a file that is no notebook is refused with the reason, and the open notebook stays', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['"still here"']);
  for (const [name, content, reason] of [
    ['notes.ipynb', 'Dear diary', /not JSON|no notebook|not a notebook/i],
    ['odd.ipynb', '{"cells": 3, "nbformat": 4}', /cells/],
  ] as const) {
    const chooser = page.waitForEvent('filechooser');
    await notebook.button('Open').click();
    await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });
    await expect(page.getByRole('alert').filter({ hasText: reason }).first()).toBeVisible();
    await expect(notebook.cell(1)).toContainText('still here');
  }
});

fresh('a broken link is refused with the reason, and there is a notebook to work in', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await page.goto('./#nb=%%%');
  await expect(page.getByRole('alert').first()).toContainText(/link/i);
  await expect(notebook.cell(1)).toBeVisible();
});

fresh('a part of the page that cannot be loaded says so, and the notebook stays', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await page.route(/ShareDialog|TaskDrawer/, (route) => route.abort());
  await notebook.openLink(['"still here"']);
  await notebook.button('Share').click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('alert')).toContainText('could not be shown');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await notebook.cell(1).focus();
  await page.keyboard.press('t');
  await expect(page.getByRole('alert').filter({ hasText: 'could not be shown' })).toBeVisible();
  await expect(notebook.cell(1)).toContainText('still here');
});
