import { expect } from '@playwright/test';
import { axeOf } from './axe.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh as test } from './story.ts';

test('where code goes is chosen in the bar and for a cell, by keys, and the bar tells the truth', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    'const one = rc[1]; one.block = true; one.activate()',
    '%px engine.id',
    'engine.id * 10',
  ]);
  // Code of the first cell has changed it.
  const picker = page.getByRole('button', { name: /^Targets of %px/ });
  await expect(picker).toHaveAccessibleName('Targets of %px: e1');
  await picker.click();
  const menu = page.getByRole('dialog', { name: 'Targets of %px' });
  await menu.getByRole('checkbox', { name: 'e1' }).press('0');
  await menu.getByRole('checkbox', { name: 'e1' }).press('2');
  await expect(picker).toHaveAccessibleName('Targets of %px: e0–e2');
  await menu.getByRole('checkbox', { name: 'e1' }).uncheck();
  await expect(picker).toHaveAccessibleName('Targets of %px: e0, e2');
  const found = await axeOf(page).include('.top-bar').analyze();
  expect(found.violations).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await notebook.run(2);
  await notebook.finished();
  await expect(notebook.output(2)).toContainText('Out[0:');
  await expect(notebook.output(2)).toContainText('Out[2:');
  await expect(notebook.output(2)).not.toContainText('Out[1:');

  // For a cell, by keys alone: e1 and e3; and back.
  await notebook.cell(3).focus();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Where cell 3 runs' });
  await expect(dialog.getByRole('radio', { name: /^Kernel/ })).toBeChecked();
  const inDialog = await axeOf(page).include('dialog').analyze();
  expect(inDialog.violations).toEqual([]);
  await page.keyboard.press('1');
  await page.keyboard.press('3');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(notebook.cell(3)).toBeFocused();
  await expect(notebook.cell(3)).toContainText('%%px --targets 1,3');
  await page.keyboard.press('ControlOrMeta+Enter');
  await notebook.finished();
  await expect(notebook.output(3)).toContainText('30');

  // G and a number: to that engine's output, or to the engine.
  await page.keyboard.press('g');
  await page.keyboard.press('3');
  await expect(notebook.output(3).locator('[data-engines="3"]')).toBeFocused();
  await page.keyboard.press('g');
  await page.keyboard.press('0');
  await expect(notebook.engine(0, 'idle')).toBeFocused();
  await notebook.cell(3).focus();
  await page.keyboard.press('z');
  await expect(notebook.cell(3)).not.toContainText('%%px');

  // %autopx by key: the bar says so as long as it is on.
  await page.keyboard.press('Shift+E');
  await expect(page.getByRole('button', { name: '%autopx is on: every cell runs on [0, 2]' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Enter');
  await notebook.finished();
  await expect(notebook.output(3)).toContainText('20');
  await page.keyboard.press('Shift+E');
  await expect(picker).toHaveAccessibleName('Targets of %px: e0, e2');

  // One engine less, and one more.
  await page.getByRole('button', { name: 'Stop an engine' }).click();
  await expect(page.getByRole('list', { name: 'Engines' }).getByRole('listitem')).toHaveCount(3);
  await page.getByRole('button', { name: 'Add an engine' }).click();
  await expect(page.getByRole('list', { name: 'Engines' }).getByRole('listitem')).toHaveCount(4);

  // As many as the work takes: at first none is stopped; the bounds are the reader's; a cell can end it.
  const adapts = page.getByRole('switch', { name: 'Adapt to the work' });
  await adapts.press('Space');
  await expect(page.getByText(/^4 engines · 4 idle · adapts, 4 to \d+$/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add an engine' })).toBeDisabled();
  await page.getByRole('spinbutton', { name: 'Seconds idle' }).fill('0');
  await page.getByRole('spinbutton', { name: 'Engines at least' }).fill('1');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^1 engine · 1 idle · adapts, 1 to \d+$/)).toBeVisible();
  await notebook.execute(3, 'await rc.adapt(null)');
  await expect(adapts).not.toBeChecked();
  await expect(page.getByRole('button', { name: 'Add an engine' })).toBeEnabled();
});
