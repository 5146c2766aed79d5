import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { axeOf } from './axe.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh as test } from './story.ts';

const MAP = `const lview = rc.loadBalancedView();
function half(i) { if (i === 3) throw new RangeError('three'); return i / 2 }
await lview.map(half, range(20)).wait();`;
const GRAPH = `function load() { return 1 }
function merge(x) { return x }
const first = lview.apply(load);
await lview.with({ after: first }).apply(merge, 2);`;

test('the task stream shows what ran where, by picture, words and keys, and saves it as a trace', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open([MAP, GRAPH]);
  // What ran before it was opened is there, too.
  await notebook.cell(1).focus();
  await page.keyboard.press('t');
  const stream = page.getByRole('region', { name: 'Task stream', exact: true });
  await expect(stream).toContainText('21 done');
  await expect(stream).toContainText('1 failed');
  await expect(stream.getByRole('button', { name: /^half/ })).toContainText('19 of 20');
  await notebook.run(2);
  await expect(stream).toContainText('23 done');

  // By keyboard: from task to task, with words; Enter goes to the cell.
  await stream.getByRole('button', { name: 'Fit all tasks' }).click();
  await expect(stream.getByRole('button', { name: 'Back to now' })).toBeVisible();
  const chart = stream.getByRole('application');
  await chart.focus();
  await page.keyboard.press('Tab');
  const task = stream.getByRole('complementary', { name: 'Task', exact: true });
  await expect(task).toContainText('half');
  await page.keyboard.press('Shift+Tab');
  await expect(task).toBeHidden();
  await chart.focus();
  await page.keyboard.press('Shift+Tab');
  await expect(task).toContainText('merge');
  await expect(task).toContainText('after load');
  await expect(notebook.announced).toContainText(/merge, done, engine \d/);
  await task.getByRole('button', { name: /^load/ }).click();
  await expect(task).toContainText('before merge');
  await task.getByRole('button', { name: 'Go to cell 2' }).click();
  await expect(notebook.cell(2)).toBeFocused();

  const found = await axeOf(page).include('.task-drawer').analyze();
  expect(found.violations).toEqual([]);

  await stream.getByRole('button', { name: 'Tasks as a table' }).click();
  const rows = stream.getByRole('row');
  await expect(rows).toHaveCount(25);
  await expect(rows.filter({ hasText: 'RangeError' })).toContainText(/failed.*e\d.*Cell 1/);
  const asTable = await axeOf(page).include('.task-drawer').analyze();
  expect(asTable.violations).toEqual([]);

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    stream.getByRole('button', { name: 'Save as Chrome trace' }).click(),
  ]);
  const trace = JSON.parse(await readFile(await file.path(), 'utf8')) as {
    traceEvents: { ph: string; name: string; dur: number }[];
  };
  const slices = trace.traceEvents.filter(({ ph }) => ph === 'X');
  expect(slices).toHaveLength(24);
  expect(slices.every(({ dur }) => dur >= 0)).toBe(true);

  await stream.getByRole('button', { name: 'Clear the task stream' }).click();
  await expect(stream).toContainText('0 done');
  await stream.getByRole('separator').focus();
  const height = async () => (await stream.boundingBox())?.height ?? 0;
  const before = await height();
  await page.keyboard.press('ArrowUp');
  await expect.poll(height).toBeGreaterThan(before);
  const taller = await height();
  await page.reload();
  await expect(stream).toBeVisible();
  expect(Math.abs((await height()) - taller)).toBeLessThan(2);
  await stream.getByRole('button', { name: 'Hide the task stream' }).click();
  await expect(stream).toBeHidden();
});
