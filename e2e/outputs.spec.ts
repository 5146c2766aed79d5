import { expect, test } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';

/** Outputs in their forms: drawn, inspected, copied, kept. */

test('formulas are drawn in Markdown cells, Markdown outputs and LaTeX outputs; hostile ones are harmless', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    '0',
    "display.markdown('so $e^{i\\\\pi} = -1$, for $5 and $6')",
    "display.latex('\\\\begin{align*} a &= b \\\\\\\\ c &= d \\\\end{align*}')",
    "display.latex('\\\\href{javascript:alert(1)}{x} \\\\html{x}')",
  ]);
  await notebook.type(1, 'Area: $\\frac{1}{2}bh$ and\n\n$$\n\\int_0^1 x\\,dx\n$$\n\n`$code$`');
  await page.keyboard.press('Escape');
  await page.keyboard.press('m');
  await page.keyboard.press('Shift+Enter');
  await expect(notebook.output(1).locator('.katex')).toHaveCount(2);
  await expect(notebook.output(1).locator('code')).toHaveText('$code$');
  await notebook.run(2);
  await expect(notebook.output(2).locator('.katex')).toHaveCount(1);
  await expect(notebook.output(2)).toContainText('for $5 and $6');
  await notebook.run(3);
  await expect(notebook.output(3).locator('.katex-display')).toHaveCount(1);
  await notebook.run(4);
  await expect(notebook.output(4).locator('.katex')).toHaveCount(1);
  await expect(notebook.output(4).locator('a')).toHaveCount(0);
  // For those who listen: MathML stands beside what is drawn.
  await expect(notebook.output(3).locator('math')).toHaveCount(1);
});
