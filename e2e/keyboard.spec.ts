import { expect, type Page } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { fresh, test } from './story.ts';

/** Sources of all cells as the page shows them. */
async function sources(page: Page): Promise<string[]> {
  const cells = await page.getByRole('group', { name: /^Cell \d+$/ }).all();
  return Promise.all(cells.map(async (_, i) => new NotebookPage(page).code(i + 1).inputValue()));
}

test('by keyboard alone: write, run, split, merge, undo, move, select, copy, and reload', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['']);
  const { keyboard } = page;

  // Three cells, written and run.
  await notebook.cell(1).focus();
  await keyboard.press('Enter');
  await keyboard.type('const one = 1');
  await keyboard.press('Shift+Enter');
  await keyboard.type('one + 1');
  await keyboard.press('Alt+Enter');
  await keyboard.type('one + 2\none + 3');
  await keyboard.press('Control+Enter');
  await expect(notebook.output(2)).toContainText('2');
  await expect(notebook.output(3)).toContainText('4');

  // Split where the caret is, and merge again.
  await keyboard.press('Enter');
  await keyboard.press('Control+Home');
  await keyboard.press('End');
  await keyboard.press('Control+Shift+Minus');
  await expect(notebook.cell(4)).toBeVisible();
  await keyboard.press('Escape');
  await expect(notebook.cell(4)).toBeFocused();
  await keyboard.press('Control+Backspace');
  await expect(notebook.cell(4)).toHaveCount(0);
  await expect(notebook.cell(3)).toContainText('one + 2');
  await keyboard.press('z');
  await expect(notebook.cell(4)).toBeVisible();
  await keyboard.press('z');
  await expect(notebook.cell(4)).toHaveCount(0);
  await expect(notebook.output(3)).toContainText('4');

  // Move up, and back with undo and redo.
  await expect(notebook.cell(3)).toBeFocused();
  await keyboard.press('Alt+ArrowUp');
  await expect(notebook.cell(2)).toContainText('one + 3');
  await keyboard.press('z');
  await expect(notebook.cell(3)).toContainText('one + 3');
  await keyboard.press('Shift+Z');
  await expect(notebook.cell(2)).toContainText('one + 3');

  // Two cells selected, copied and pasted; then cut.
  await keyboard.press('Shift+J');
  await keyboard.press('c');
  await keyboard.press('v');
  await expect(notebook.cell(5)).toBeVisible();
  await expect(notebook.cell(5)).toContainText('one + 1');
  await keyboard.press('x');
  await expect(notebook.cell(4)).toHaveCount(0);

  // Kinds: a heading, raw text, code again.
  await keyboard.press('b');
  await expect(notebook.cell(4)).toBeFocused();
  await keyboard.press('2');
  await keyboard.press('Enter');
  await keyboard.type('Title');
  await keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { name: 'Title', level: 2 })).toBeVisible();

  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Title', level: 2 })).toBeVisible();
  await expect(notebook.output(2)).toContainText('4');
  await expect(notebook.cell(1)).toContainText('const one = 1');
});

test('after a click keys act on the selected cell; a composition keeps Enter and Escape', async ({
  page,
  context,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['"one"', '"two"']);
  const { keyboard } = page;
  await notebook.cell(1).focus();
  await notebook.button('Run all').click();
  await keyboard.press('b');
  await expect(notebook.cell(3)).toBeVisible();
  await notebook.run(1);
  await keyboard.press('z');
  await expect(notebook.cell(3)).toHaveCount(0);
  await notebook.finished();
  const countOf = async (n: number) => /\[(\d+)\]/.exec(await notebook.cell(n).innerText())?.[1];
  await notebook.cell(1).focus();
  await notebook.button('Run all').click();
  await notebook.finished();
  const last = Number(await countOf(2));
  await keyboard.press('Shift+Enter');
  await notebook.finished();
  expect([await countOf(1), await countOf(2)]).toEqual([String(last + 1), String(last)]);
  await expect(notebook.cell(2)).toBeFocused();

  const cdp = await context.newCDPSession(page);
  const compose = (text: string) =>
    cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  const name = page.getByRole('textbox', { name: 'Name of the notebook' });
  await name.click();
  await keyboard.press('Control+a');
  for (const key of ['Escape', 'Enter']) {
    await compose('にほん');
    await keyboard.press(key);
    await expect(name).toBeFocused();
    await expect(name).toHaveValue('にほん');
  }
  await cdp.send('Input.insertText', { text: '日本' });
  await keyboard.press('Enter');
  await expect(name).not.toBeFocused();
  await expect(page).toHaveTitle('日本 – Tutti');

  await keyboard.press('Control+Shift+P');
  const palette = page.getByRole('combobox', { name: 'Find an action' });
  await compose('か');
  await keyboard.press('Enter');
  await keyboard.press('Escape');
  await expect(palette).toBeFocused();
  await cdp.send('Input.insertText', { text: 'か' });
  await keyboard.press('Escape');
  await expect(palette).toBeHidden();
});

test('the palette finds every action, shows its key, and performs it', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['1 + 1', '2 + 2']);
  await notebook.cell(1).focus();
  await page.keyboard.press('Control+Shift+P');
  const box = page.getByRole('combobox', { name: 'Find an action' });
  await expect(box).toBeFocused();
  await box.fill('insert below');
  const option = page.getByRole('option', { name: /Insert a cell below/ });
  await expect(option).toContainText('B');
  await expect(option).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(notebook.cell(3)).toBeVisible();
  await expect(notebook.cell(2)).toBeFocused();
  expect(await sources(page)).toEqual(['1 + 1', '', '2 + 2']);
  await page.keyboard.press('.');
  await expect(notebook.cell(4)).toBeVisible();
  await page.keyboard.press('p');
  await box.fill('run all cells');
  await page.keyboard.press('Enter');
  await expect(notebook.output(1)).toContainText('2');
  await notebook.finished();
});

fresh('single-letter keys can be switched off', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['1']);
  await notebook.cell(1).focus();
  await page.keyboard.press('h');
  await page.getByRole('checkbox', { name: /single letter/ }).uncheck();
  await page.keyboard.press('Escape');
  await notebook.cell(1).focus();
  await page.keyboard.press('b');
  await page.keyboard.press('Control+Shift+P');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(notebook.cell(2)).toHaveCount(0);
});

test('a queued cell shows its place and can be taken out; code and outputs can be hidden', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    // At once when the notebook is opened; for ever when it is run again.
    'await (globalThis.again ? new Promise(() => {}) : (globalThis.again = true))',
    '2',
    '3',
  ]);
  await notebook.cell(1).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+Enter');
  const badge = notebook.cell(3).getByRole('button', { name: /Waiting, place 2/ });
  await expect(badge).toHaveText('[·2]');
  await badge.click();
  await expect(badge).toHaveCount(0);
  await notebook.button('Interrupt').click();
  await notebook.finished();
  await notebook.execute(2, '"visible"');
  await notebook.cell(2).focus();
  await page.keyboard.press('o');
  await expect(notebook.output(2)).not.toContainText('visible');
  await page.getByRole('button', { name: 'Show the output of cell 2' }).click();
  await expect(notebook.output(2)).toContainText('visible');
});

test('find and replace by keyboard: over sources and outputs, one undo, share and reload', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  const table = 'Array.from({ length: 400 }, (_, i) => ({ name: `row ${i}`, half: i / 2 }))';
  await notebook.open(['const apple = 2', '`${apple} apples`', '"pear"', table]);
  await notebook.cell(1).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+Enter');
  await expect(notebook.output(2)).toContainText('2 apples');
  await notebook.finished();

  await page.keyboard.press('Control+f');
  await page.keyboard.type('apple');
  await expect(page.getByText('1 of 4')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('2 of 4')).toBeVisible();
  await page.keyboard.press('Shift+Enter');
  await page.getByRole('textbox', { name: 'Replace with' }).focus();
  await page.keyboard.type('plum');
  await page.keyboard.press('Enter');
  await expect(notebook.cell(1)).toContainText('const plum = 2');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(notebook.cell(2)).toContainText('`${plum} plums`');
  await expect(notebook.cell(2)).toContainText('Edited since it ran');
  await page.keyboard.press('Escape');
  await page.keyboard.press('z');
  await expect(notebook.cell(2)).toContainText('`${apple} apples`');
  await page.keyboard.press('Shift+Z');
  await expect(notebook.cell(2)).toContainText('`${plum} plums`');

  // In rows of a table that are not drawn: the match is scrolled to, and marked there.
  await page.keyboard.press('Control+f');
  await page.keyboard.type('row 39');
  await expect(page.getByText('1 of 11')).toBeVisible();
  const marked = () =>
    page.evaluate(() => {
      const [range] = CSS.highlights.get('find-current') ?? [];
      return range instanceof Range ? range.startContainer.textContent : null;
    });
  await expect.poll(marked).toBe('row 39');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page.getByText('3 of 11')).toBeVisible();
  await expect.poll(marked).toBe('row 391');
  await expect(notebook.output(4).getByRole('cell', { name: 'row 391' })).toBeInViewport();
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('edited since');
  await page.keyboard.press('Enter');
  await expect(notebook.output(2)).toContainText('2 plums');
  await notebook.finished();

  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('share');
  await page.keyboard.press('Enter');
  const link = await page.getByRole('dialog').getByRole('textbox').first().inputValue();
  await page.keyboard.press('Escape');
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await page.reload();
  await expect(notebook.cell(2)).toContainText('`${plum} plums`');
  await expect(notebook.output(2)).toContainText('2 plums');
  const other = await page.context().newPage();
  await other.goto(link);
  await expect(new NotebookPage(other).cell(2)).toContainText('`${plum} plums`');
});

test('a cell is dragged by its margin to another place', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['"one"', '"two"', '"three"']);
  const target = await notebook.cell(3).boundingBox();
  if (!target) throw new Error('cell 3 is not on the screen');
  await notebook
    .cell(1)
    .locator('.gutter')
    .dragTo(notebook.cell(3), { targetPosition: { x: 200, y: target.height - 4 } });
  await expect(notebook.cell(3)).toContainText('one');
  await expect(notebook.cell(1)).toContainText('two');
  await page.keyboard.press('z');
  await expect(notebook.cell(1)).toContainText('one');
});

test('a regular expression without end does not stop the page', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open([`// ${'a'.repeat(60)}!`, '"other"', 'display.html("<i>an</i> <b>oth</b>er")']);
  await notebook.cell(1).focus();
  await page.keyboard.press('ControlOrMeta+f');
  await page.getByRole('button', { name: 'Regular expression' }).click();
  await page.getByRole('textbox', { name: 'Find', exact: true }).fill('(a+)+$');
  await expect(page.getByText('This expression takes too long')).toBeVisible();
  await page.getByRole('textbox', { name: 'Find', exact: true }).fill('oth.r');
  await expect(page.getByText(/^1 of \d/)).toBeVisible();
  // Marked in HTML, too, which stands in a root of its own.
  const marked = () =>
    page.evaluate(() =>
      [...(CSS.highlights.get('find-match') ?? [])]
        .filter((range) => (range as Range).startContainer.getRootNode() instanceof ShadowRoot)
        .map(String),
    );
  await expect.poll(marked).toEqual(['other']);
});

test('the palette formats the selected cells, as one step to undo', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['const a={x:1}', '%px const b = [1,2]']);
  await notebook.cell(1).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('p');
  await page.keyboard.type('Format the selected');
  await page.keyboard.press('Enter');
  await expect(notebook.cell(1)).toContainText('const a = { x: 1 }');
  await page.keyboard.press('z');
  await expect(notebook.cell(1)).toContainText('const a={x:1}');
  await page.keyboard.press('Alt+Shift+F');
  await expect(notebook.cell(1)).toContainText('const a = { x: 1 }');
});

test('a cell that uses what has changed since is marked, and runs with "Run cells edited"', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['const data = 20', '%px const data = engine.id', 'data + 1', '%px data']);
  const mark = (n: number) => notebook.cell(n).getByRole('button', { name: /^Outdated/ });
  await notebook.cell(1).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+Enter');
  await expect(notebook.output(3)).toContainText('21');
  await notebook.finished();
  await notebook.type(1, 'const data = 40');
  await expect(mark(3)).toHaveAccessibleName(/^Outdated: `data` of cell 1 has been edited since/);
  await expect(mark(4)).toHaveCount(0);
  await notebook.run(1);
  await expect(mark(3)).toHaveAccessibleName(/has changed since/);
  await notebook.type(2, '%px const data = engine.id + 90');
  await expect(mark(4)).toHaveAccessibleName(/^Outdated: `data` of cell 2/);
  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('edited since');
  await page.keyboard.press('Enter');
  await expect(notebook.output(3)).toContainText('41');
  await expect(notebook.output(4)).toContainText('93');
  await notebook.finished();
  await expect(page.getByRole('button', { name: /^Outdated/ })).toHaveCount(0);
});
