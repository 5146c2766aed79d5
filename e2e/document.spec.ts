import { expect } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { NotebookPage } from './notebook-page.ts';
import { fresh, test } from './story.ts';

fresh('a first visit shows Welcome, typed and one click from running', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await page.goto('./');
  await expect(page.getByRole('heading', { name: /Welcome/ }).first()).toBeVisible();
  await expect(notebook.kernel('idle')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Engines' }).getByRole('listitem')).toHaveCount(4);
});

test('by keyboard alone: write, run, go on, add and remove cells, reload: all is still there', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['0']);
  await notebook.type(1, 'const n = 6');
  await page.keyboard.press('Shift+Enter');
  await notebook.code(2).focus();
  await page.keyboard.type('n * 7');
  await page.keyboard.press('Control+Enter');
  await expect(notebook.output(2)).toContainText('42');
  await page.keyboard.press('Escape');
  await page.keyboard.press('b');
  await expect(notebook.cell(3)).toBeVisible();
  await page.keyboard.press('d');
  await page.keyboard.press('d');
  await expect(notebook.cell(3)).toHaveCount(0);
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await page.reload();
  await expect(notebook.cell(2)).toContainText('n * 7');
  await expect(notebook.output(2)).toContainText('42');
});

test('Download gives an .ipynb that opens again with its outputs', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['%px console.log("lane", engine.id)']);
  const download = page.waitForEvent('download');
  await notebook.button('Download').click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/\.ipynb$/);
  const path = await file.path();
  const json = JSON.parse(await readFile(path, 'utf8'));
  expect(json.nbformat).toBe(4);
  expect(json.nbformat_minor).toBe(5);
  expect(json.metadata.language_info.name).toBe('typescript');
  await page.goto('./');
  const chooser = page.waitForEvent('filechooser');
  await notebook.button('Open').click();
  await (
    await chooser
  ).setFiles({
    name: 'again.ipynb',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(json)),
  });
  await expect(notebook.output(1)).toContainText('[stdout:3]');
});

test('Share gives a link that opens the same notebook elsewhere', async ({ page, context }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['"shared " + 6 * 7']);
  await notebook.button('Share').click();
  const link = await page.getByRole('dialog').getByRole('textbox').first().inputValue();
  expect(link).toContain('#nb=');
  const other = await context.newPage();
  await other.goto(link);
  const copy = new NotebookPage(other);
  await expect(copy.cell(1)).toContainText('shared');
  await other.getByRole('button', { name: 'Run this notebook' }).click();
  await expect(copy.output(1)).toContainText("'shared 42'");
});
