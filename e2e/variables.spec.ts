import { expect, type Locator } from '@playwright/test';
import { expectNoViolation } from './axe.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh as test } from './story.ts';

/** Variables of kernel and engines, as a matrix. */

const CELLS = [
  'const measured = Float64Array.from({ length: 1000 }, (_, i) => i)\n' +
    "await rc[':'].scatter('data', measured)\nvoid 0",
  '%px config = { rate: 0.5 }; own = engine.id',
  "%px --targets 2 calls = 0; tricky = { deep: [1, [2]], get trap() { calls++; return 'ran' } }; void 0",
];

test('what each engine holds is told apart, opened where it is, pulled and deleted, by keyboard', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(CELLS);
  await page.getByRole('tab', { name: 'Variables' }).click();
  const grid = page.getByRole('grid', { name: 'Variables' });
  const cell = (name: string): Locator => grid.getByRole('gridcell', { name, exact: true });

  // Apart: parts of one array, equal copies, one engine's own.
  await expect(cell('data, engine 2, Float64Array of 250, differs')).toBeVisible();
  await expect(cell('data, kernel, not there')).toBeAttached();
  await expect(cell('measured, kernel, Float64Array of 1,000')).toBeVisible();
  await expect(cell('config, engine 3, Object, the same on all that have it')).toBeVisible();
  await expect(cell('own, engine 0, number, differs')).toBeVisible();
  await expect(cell('tricky, engine 2, Object, only here')).toBeVisible();
  await expect(cell('tricky, engine 1, not there')).toBeAttached();

  // By keyboard to the parts, and to all of them together.
  await grid.focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const whole = page.getByRole('region', { name: 'data', exact: true });
  await expect(whole).toContainText('4 × 250');

  // A value is opened where it is, and no getter is called.
  await page.getByRole('searchbox', { name: 'Filter the variables' }).fill('TRI');
  await expect(grid.getByRole('row')).toHaveCount(2);
  await cell('tricky, engine 2, Object, only here').click();
  await page.keyboard.press('Enter');
  const opened = page.getByRole('region', { name: 'tricky, engine 2' });
  await expect(opened.getByRole('treeitem', { name: 'trap: (getter)', exact: true })).toBeVisible();
  await opened.getByRole('treeitem', { name: 'deep: Array(2) [ 1, Array(1) ]', exact: true }).click();
  await expect(opened.getByRole('treeitem', { name: '1: Array(1) [ 2 ]', exact: true })).toBeVisible();
  await expectNoViolation(page, 'an opened value');
  await opened.getByRole('treeitem').first().focus();
  await page.keyboard.press('Escape');
  await expect(opened.getByRole('tree')).toHaveCount(0);
  await expect(grid).toBeFocused();

  // Pull writes a cell; deleting asks first.
  await opened.getByRole('button', { name: 'Pull to the kernel' }).click();
  await expect(notebook.code(2)).toHaveValue(`tricky = await rc[2].pull('tricky')`);
  await notebook.execute(2, "calls = await rc[2].pull('calls')");
  await expect(notebook.output(2)).toHaveText(/0$/);
  await opened.getByRole('button', { name: 'Delete…' }).click();
  await opened.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(grid.getByRole('row')).toHaveCount(1);
  await page.getByRole('searchbox', { name: 'Filter the variables' }).fill('');

  // A busy engine holds nobody up: what is shown says how old it is.
  await notebook.type(4, '%px --targets 1 for (const end = Date.now() + 6000; Date.now() < end; ) own++');
  await notebook.run(4);
  const busy = page.getByText(/^e1 is busy, as of \d\d:\d\d:\d\d$/);
  await expect(busy).toBeVisible();
  await expect(cell('own, engine 1, number, differs')).toBeVisible();
  await expect(busy).toHaveCount(0);

  // In a window there is room for what they are.
  await page.getByRole('button', { name: 'Variables in a window' }).click();
  const window = page.getByRole('dialog', { name: 'Variables' });
  await expect(window.getByRole('row', { name: /^data/ })).toContainText('Float64Array · 4 × 250');
  await page.keyboard.press('Escape');
  await expect(window).toHaveCount(0);
});
