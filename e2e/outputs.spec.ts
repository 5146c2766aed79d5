import { expect } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

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

test('an object opens level by level, in the kernel and on the engine; what is gone says so', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    'deep = { name: "a value", list: Array.from({ length: 30 }, (_, i) => ({ i, more: { inner: "found " + i } })) }',
    '%px --targets 1 deep = { name: "on an engine, " + engine.id, inside: { list: [1, 2, { x: "remote" }] }, more: Array.from({ length: 20 }, (_, i) => ({ i })) }',
  ]);
  const tree = notebook.output(1).getByRole('tree');
  await expect(tree.getByRole('treeitem', { name: /^name: 'a value'/ })).toBeVisible();
  await tree.getByRole('treeitem', { name: /^list: Array\(30\)/ }).click();
  await tree.getByRole('treeitem', { name: /^29: / }).click();
  await tree
    .getByRole('treeitem', { name: /^more: / })
    .first()
    .click();
  await expect(tree.getByRole('treeitem', { name: "inner: 'found 29'", exact: true })).toBeVisible();

  // By keyboard, on an engine.
  const remote = notebook.output(2).getByRole('tree');
  await remote.getByRole('treeitem').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(remote.getByRole('treeitem', { name: /^list: / })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(remote.getByRole('treeitem', { name: "2: { x: 'remote' }", exact: true })).toBeVisible();

  await notebook.button('Restart engines').click();
  await expect(notebook.engine(1, 'idle')).toBeVisible();
  await remote.getByRole('treeitem', { name: "2: { x: 'remote' }", exact: true }).click();
  await expect(notebook.output(2)).toContainText('Engine 1 no longer has this value');

  // A notebook that is kept keeps the text.
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await page.reload();
  await expect(notebook.output(1)).toContainText("more: { inner: 'found 0' }");
  await expect(notebook.output(1).getByRole('tree')).toHaveCount(0);
});

test('tables: records, columns, console.table, ten thousand rows of an engine, sorted; kept when saved', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    '[{ city: "Bern", n: 3 }, { city: "Graz", n: 10 }, { city: "Lund", n: 2 }]',
    'console.table(new Map([["x", { a: 1 }], ["y", { a: 2 }]]))',
    '%px --targets 2 Array.from({ length: 10_000 }, (_, i) => ({ i, square: i * i }))',
    '({ t: new Float64Array([1, 2]), v: new Float32Array([0.5, 0.25]) })',
    '%px --targets 1,3 globalThis.rows = [1, 10].map((f) => ({ n: engine.id * f, city: "Bern and around" }))\nawait rc[[1, 3]].pull("rows")',
  ]);
  await notebook.run(1);
  const table = notebook.output(1).getByRole('table', { name: 'Table of 3 rows and 2 columns' });
  const cells = table.getByRole('cell');
  await expect(cells).toHaveText(['Bern', '3', 'Graz', '10', 'Lund', '2']);
  await table.getByRole('button', { name: 'n', exact: true }).click();
  await expect(cells).toHaveText(['Lund', '2', 'Bern', '3', 'Graz', '10']);
  await expect(table.getByRole('columnheader', { name: 'n', exact: true })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );

  await notebook.run(2);
  await expect(notebook.output(2).getByRole('rowheader')).toHaveText(['x', 'y']);

  await notebook.run(3);
  // Nothing moves any more while the table scrolls to its end.
  await notebook.finished();
  const big = notebook.output(3).getByRole('table', { name: /10,000 rows/ });
  await big.focus();
  await page.keyboard.press('End');
  await expect(big.getByRole('row').filter({ hasText: '9999' }).getByRole('cell').last()).toHaveText(
    '99980001',
  );
  await big.getByRole('button', { name: 'square' }).click();
  await big.getByRole('button', { name: 'square' }).click();
  await big.evaluate((element) => {
    element.scrollTop = 0;
  });
  await expect(big.getByRole('cell').first()).toHaveText('9999');

  await notebook.run(4);
  await expect(notebook.output(4).getByRole('cell')).toHaveText(['1', '0.5', '2', '0.25']);

  // Of several engines: one table, which says whose each row is.
  await notebook.run(5);
  const shared = notebook.output(5).getByRole('table', { name: 'Table of 4 rows and 3 columns' });
  await expect(shared.getByRole('columnheader')).toContainText(['Row', 'engine', 'n', 'city']);
  await expect(shared.getByRole('cell').filter({ hasText: /^e?\d+$/ })).toHaveText([
    'e1',
    '1',
    'e1',
    '10',
    'e3',
    '3',
    'e3',
    '30',
  ]);

  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await page.reload();
  await expect(notebook.output(1).getByRole('cell').first()).toHaveText('Bern');
  await expect(notebook.output(3)).toContainText('the first 1,000 are shown');
});

test('displays change in place, outputs are cleared when the next comes, plots are drawn', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    'display("first", { displayId: "place" });\ndisplay("after it");\nupdateDisplay("second", { displayId: "place" });',
    'console.log("old");\nclearOutput({ wait: true });\nawait sleep(2);\nconsole.log("new");',
    'updateDisplay("third", { displayId: "place" })',
    'const svg = d3.create("svg").attr("width", 80).attr("height", 20);\nsvg.selectAll("circle").data([1, 2]).join("circle").attr("r", 5).attr("cx", (d) => d * 20).attr("cy", 10);\nsvg.node()',
  ]);
  await notebook.run(1);
  await expect(notebook.output(1)).toHaveText(/'second'[^]*'after it'/);
  await expect(notebook.output(1)).not.toContainText('first');
  // An update reaches a display of another cell.
  await notebook.run(3);
  await expect(notebook.output(1)).toHaveText(/'third'[^]*'after it'/);
  await notebook.run(2);
  await expect(notebook.output(2)).toContainText('old');
  await expect(notebook.output(2)).toContainText('new');
  await expect(notebook.output(2)).not.toContainText('old');
  await notebook.execute(3, 'Plot.plot({ marks: [Plot.dot([[1, 2], [3, 4], [5, 1]], { r: 4 })] })');
  await expect(notebook.output(3).locator('svg circle')).toHaveCount(3);
  await notebook.run(4);
  await expect(notebook.output(4).locator('svg circle')).toHaveCount(2);
});

test('every output can be copied, downloaded, and seen in its other forms', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const notebook = new NotebookPage(page);
  await notebook.open([
    '[{ a: 1, b: "x,y" }, { a: 2, b: "z" }, { a: 3, b: "a longer text, for a longer line" }]',
    'console.log("plain text")',
    `display.html('<p onclick="x()"><b>bold</b> words</p><script>x()</script>')`,
    'Plot.plot({ marks: [Plot.dot([[1, 2]])], width: 300, height: 120 })',
  ]);
  const pasted = () => page.evaluate(() => navigator.clipboard.readText());
  await notebook.run(1);
  await notebook.output(1).getByRole('button', { name: 'Copy output' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(pasted).toBe('a\tb\n1\tx,y\n2\tz\n3\ta longer text, for a longer line\n');
  const download = page.waitForEvent('download');
  await notebook.output(1).getByRole('button', { name: 'Download output' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('output.csv');
  expect(await readFile(await file.path(), 'utf8')).toBe(
    'a,b\n1,"x,y"\n2,z\n3,"a longer text, for a longer line"\n',
  );
  await notebook.output(1).getByRole('button', { name: 'Text', exact: true }).click();
  await expect(notebook.output(1)).toContainText("{ a: 2, b: 'z' },");
  await notebook.run(2);
  await notebook.output(2).hover();
  await notebook.output(2).getByRole('button', { name: 'Copy output' }).click();
  await expect.poll(pasted).toBe('plain text\n');

  // HTML is text to some programs and markup to others, neither with scripts; pictures are pictures.
  const copied = async (n: number) => {
    await notebook.output(n).hover();
    await notebook.output(n).getByRole('button', { name: 'Copy output' }).click();
    await expect(notebook.output(n).getByRole('button', { name: 'Copied' })).toBeVisible();
    return page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const parts = (item?.types ?? []).map(async (type) => {
        const part = await item!.getType(type);
        const picture = type.startsWith('image/') ? await createImageBitmap(part) : null;
        return [type, picture ? `${picture.width} × ${picture.height}` : await part.text()];
      });
      return Object.fromEntries(await Promise.all(parts)) as Record<string, string>;
    });
  };
  const html = await copied(3);
  expect(html['text/plain']).toBe('bold words');
  expect(html['text/html']).toMatch(/<b[^>]*>bold<\/b>/);
  expect(html['text/html']).not.toMatch(/script|onclick/);
  expect(await copied(4)).toEqual({ 'image/png': '600 × 240' });
});
