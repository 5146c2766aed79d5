import { expect } from '@playwright/test';
import { expectHighContrast, expectNoViolation } from './axe.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh, test } from './story.ts';

const CELLS = [
  '%px console.log(engine.id)',
  '%px throw new Error("x")',
  '({ nested: { list: [1, 2, 3] }, others: Array.from({ length: 30 }, (_, i) => ({ i })) })',
  'for (let i = 0; i < 300; i++) console.log("line", i)',
  'null.x',
  'Array.from({ length: 20 }, (_, i) => ({ i, square: i * i }))',
];

fresh('no accessibility violation on any view, in either theme', async ({ page }) => {
  fresh.slow();
  const notebook = new NotebookPage(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await notebook.openLink(CELLS);
  await expectNoViolation(page, 'consent');
  await page.getByRole('button', { name: 'Run this notebook' }).click();
  await notebook.finished();
  for (const [n, line] of [3, 4, 5, 6].entries()) {
    await notebook.run(line);
    await notebook.finished();
    await expect(notebook.output(line), String(n)).not.toBeEmpty();
  }
  await notebook
    .output(3)
    .getByRole('treeitem', { name: /^nested/ })
    .click();
  await expect(notebook.output(3).getByRole('treeitem', { name: /^list/ })).toBeVisible();
  await expect(notebook.output(6).getByRole('table')).toBeVisible();
  await expectNoViolation(page, 'notebook, with an open tree and a table');
  await page.emulateMedia({ contrast: 'more' });
  await expectNoViolation(page, 'high contrast');
  await expectHighContrast(page);
  await page.emulateMedia({ contrast: 'no-preference' });

  await notebook.cell(1).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('o');
  await expectNoViolation(page, 'all cells selected, outputs hidden');
  await page.keyboard.press('o');

  await page.keyboard.press('Control+f');
  await page.getByRole('textbox', { name: 'Find', exact: true }).fill('line');
  await expect(page.getByText(/^1 of /)).toBeVisible();
  await expectNoViolation(page, 'find');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+Shift+P');
  await expectNoViolation(page, 'palette');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('join a cluster');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Join link' })).toBeFocused();
  await page.keyboard.type('https://example.org/#join=wss%3A%2F%2Fgateway.example&t=code');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expectNoViolation(page, 'join');
  await page.keyboard.press('Escape');

  await notebook.cell(1).focus();
  await page.keyboard.press('h');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectNoViolation(page, 'keys');
  await page.keyboard.press('Escape');

  await notebook.button('Share').click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectNoViolation(page, 'share');
  await page.keyboard.press('Escape');

  await notebook.button('Contents').click();
  // The reader wants no motion.
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  await expectNoViolation(page, 'contents');
  await page.getByRole('tab', { name: 'Notebooks' }).click();
  await expectNoViolation(page, 'notebooks');
  await page.keyboard.press('Escape');

  await notebook.button('More').click();
  await expectNoViolation(page, 'menu');
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 800, height: 900 });
  await expectNoViolation(page, '800 px');
  // 200 % zoom of a page of 1280 px is one of 640 px; of 1440 px, one of 720.
  await page.setViewportSize({ width: 640, height: 480 });
  await expectNoViolation(page, '200 % zoom');
  for (const width of [899, 800, 720, 700, 640, 600, 599, 390]) {
    await page.setViewportSize({ width, height: 600 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, `the page at ${width} px`).toBeLessThanOrEqual(width);
  }
});

test('F6 goes through the parts of the page; what happens is said once', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['1 + 1']);
  await notebook.cell(1).focus();
  await page.keyboard.press('Control+Enter');
  await expect(notebook.announced).toContainText(/finished/);
  await expect(page.locator('[aria-live="polite"]').filter({ hasText: 'finished' })).toHaveCount(1);
  await expect(notebook.cell(1)).toHaveAccessibleDescription('Code, finished');
  // The tools of a cell are one stop for Tab; the arrows go through them.
  const tools = notebook.cell(1).getByRole('toolbar', { name: 'Edit this cell' });
  await tools.getByRole('button', { name: 'Turn into Markdown' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(tools.getByRole('button', { name: 'Move up' })).toBeFocused();
  await page.keyboard.press('End');
  await expect(tools.getByRole('button', { name: 'Delete' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(tools.getByRole('button', { name: 'Turn into Markdown' })).toBeFocused();
  await notebook.cell(1).focus();
  await page.keyboard.press('Shift+F6');
  await expect(page.getByRole('navigation', { name: 'Drawers' }).getByRole('button').first()).toBeFocused();
  await page.keyboard.press('Shift+F6');
  expect(await page.evaluate(() => document.activeElement?.closest('.top-bar') !== null)).toBe(true);
  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  await expect(notebook.cell(1)).toBeFocused();
});
