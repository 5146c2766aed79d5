import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { fresh as test } from './story.ts';

/** Five hundred cells: what they can do, not how fast (`npm run bench -- notebook` tells that). */
const COUNT = 500;

test('a notebook of five hundred cells is all there, scrolls without a jump, and is written in anywhere', async ({
  page,
}) => {
  const cells = Array.from({ length: COUNT }, (_none, i) =>
    i % 10 === 0
      ? { id: `m${i}`, cell_type: 'markdown', metadata: {}, source: `## Section ${i}` }
      : {
          id: `c${i}`,
          cell_type: 'code',
          metadata: {},
          source: `const v${i} = ${i};\nv${i}`,
          execution_count: i,
          outputs: [{ output_type: 'stream', name: 'stdout', text: [`said ${i}\n`] }],
        },
  );
  const notebook = new NotebookPage(page);
  await page.goto('./');
  await expect(notebook.kernel('idle')).toBeVisible();
  const chooser = page.waitForEvent('filechooser');
  await notebook.button('Open').click();
  const json = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
  await (
    await chooser
  ).setFiles({ name: 'long.ipynb', mimeType: 'application/json', buffer: Buffer.from(json) });
  await page.getByRole('button', { name: 'Run this notebook' }).waitFor();
  await expect(notebook.cell(COUNT)).toBeAttached();
  await expect(page.getByRole('group', { name: /^Cell \d+$/ })).toHaveCount(COUNT);

  // A cell in sight moves as far as the page is scrolled.
  const jumps = await page.locator('.notebook-scroller').evaluate(async (scroller) => {
    let found = 0;
    for (let step = 0; step < 60; step++) {
      const { left, width, top, height } = scroller.getBoundingClientRect();
      const mark = document.elementFromPoint(left + width / 2, top + height / 2)?.closest('.cell');
      const before = mark?.getBoundingClientRect().top ?? 0;
      scroller.scrollTop += 200;
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      if (mark && Math.abs(before - mark.getBoundingClientRect().top - 200) > 2) found++;
    }
    return found;
  });
  expect(jumps).toBe(0);

  // To the last cell by keyboard, and to one in the middle; few editors are alive.
  await notebook.cell(1).focus();
  await page.keyboard.press('End');
  await expect(notebook.cell(COUNT)).toBeFocused();
  await expect(notebook.cell(COUNT)).toBeInViewport();
  await notebook.type(252, '"written in the middle"');
  await expect(notebook.cell(252).locator('.monaco-editor').first()).toBeVisible();
  expect(await page.locator('.live-editor:not([hidden])').count()).toBeLessThan(7);
  // On paper the code stands in place of the editor, which has only what is in sight.
  const printed = await page.evaluate(() => {
    window.dispatchEvent(new Event('beforeprint'));
    const text = document.querySelector('.printed-code')?.textContent;
    window.dispatchEvent(new Event('afterprint'));
    return text;
  });
  expect(printed).toBe('"written in the middle"');
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await page.reload();
  // All of it is printed, whatever is on the screen by now.
  await expect(notebook.cell(1)).toBeVisible();
  const pages = (await page.pdf()).toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
  expect(pages.length).toBeGreaterThan(30);
  await expect(notebook.cell(252)).toContainText('"written in the middle"');
  await expect(notebook.output(COUNT)).toContainText(`said ${COUNT - 1}`);
});
