import { expect, type Locator, type Page } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { fresh, test } from './story.ts';

/** What the editor knows while one types: the API's own declarations, and the notebook's names. */

const rows = (page: Page): Locator => page.locator('.suggest-widget.visible .monaco-list-row');
const row = (page: Page, name: string): Locator =>
  rows(page).filter({ has: page.locator('.label-name', { hasText: new RegExp(`^${name}$`) }) });
const hoverBox = (page: Page): Locator => page.locator('.monaco-hover').filter({ visible: true });

/** The caret stands in cell `n`, at the end of its text, in Monaco. */
async function edit(notebook: NotebookPage, n: number): Promise<void> {
  await notebook.code(n).focus();
  await expect(notebook.cell(n).locator('.monaco-editor').first()).toBeVisible();
  await notebook.page.keyboard.press('ControlOrMeta+End');
}

/** Shows the suggestions at the caret, whenever the types have come. */
async function suggest(page: Page): Promise<void> {
  await page.keyboard.press('Control+Space');
  await expect(rows(page).first()).toBeVisible({ timeout: 60_000 });
}

async function hoverOver(page: Page, cell: Locator, text: string): Promise<void> {
  await cell.locator('.view-lines span > span').filter({ hasText: text }).last().hover();
  await expect(hoverBox(page)).toBeVisible({ timeout: 60_000 });
}

test('pointing at the result of a map shows the type of its items', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    "const dview = rc[':'];",
    'const doubled = dview.map((x: number) => x * 2, [1, 2, 3]);\nconst values = await doubled;',
  ]);
  await edit(notebook, 2);
  await hoverOver(page, notebook.cell(2), 'values');
  await expect(hoverBox(page)).toContainText('const values: number[]');
  await page.keyboard.press('Escape');
  await expect(hoverBox(page)).toHaveCount(0);
  await hoverOver(page, notebook.cell(2), 'doubled');
  await expect(hoverBox(page)).toContainText('AsyncMapResult<number>');
  // The same by keyboard, as in Jupyter.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  for (let i = 0; i < 'const va'.length; i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+Tab');
  await expect(hoverBox(page)).toContainText('const values: number[]');
});

test('rc. lists what a client can do, with its documentation; Tab takes one, and the cell runs', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['0']);
  await notebook.type(1, '(await rc');
  await edit(notebook, 1);
  await page.keyboard.type('.dire');
  await suggest(page);
  await expect(row(page, 'directView')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(rows(page)).toHaveCount(0);
  await page.keyboard.type('(');
  await expect(page.locator('.parameter-hints-widget.visible')).toContainText('targets');
  await page.keyboard.type(').apply(() => engine.id)).join()');
  await page.keyboard.press('Control+Enter');
  await notebook.finished();
  await expect(notebook.output(1)).toContainText("'0,1,2,3'");
});

test('names of the cells above complete, those below do not; Escape closes the list first', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(["const treasure = [1, 2];\nglobalThis['treasureMade'] = 3;", '0', '0']);
  await notebook.type(3, 'const treasureBelow = 1;');
  await notebook.type(2, '\n');
  await edit(notebook, 2);
  await page.keyboard.type('treas');
  await suggest(page);
  await expect(row(page, 'treasure')).toBeVisible();
  // What the code does not tell, the kernel does.
  await expect(row(page, 'treasureMade')).toBeVisible();
  await expect(row(page, 'treasureBelow')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(rows(page)).toHaveCount(0);
  await expect(notebook.code(2)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(notebook.cell(2)).toBeFocused();
});

test('magics and their flags complete', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['0']);
  await notebook.type(1, '%%p');
  await edit(notebook, 1);
  await suggest(page);
  await expect(row(page, '%%px')).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.type(' --nob');
  await suggest(page);
  await page.keyboard.press('Tab');
  await expect(notebook.cell(1)).toContainText('%%px --noblock');
});

test('a name that exists on engines 1 and 2 only says so; %px -t 0 does not offer it', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['%px -t 1,2 partly = engine.id', '%px everywhere = 1', '0']);
  await notebook.type(3, '%px part');
  await edit(notebook, 3);
  await suggest(page);
  await expect(row(page, 'partly')).toContainText('e1, e2');
  await page.keyboard.press('Escape');
  await notebook.type(3, '%%px --targets 2\neveryw');
  await edit(notebook, 3);
  await suggest(page);
  await expect(row(page, 'everywhere')).toContainText('e2');
  await page.keyboard.press('Escape');
  await notebook.type(3, '%%px --targets 0\npart');
  await edit(notebook, 3);
  await page.keyboard.press('Control+Space');
  // The code of the notebook knows the name; that engine does not have it.
  await expect(page.locator('.suggest-widget.visible')).toBeVisible();
  await expect(page.locator('.suggest-widget.visible')).not.toContainText('e1, e2');
});

test('names declared again, awaits and imports of other cells have the right types', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    'const a = 1;',
    'const a = "x";\nconst later = await Promise.resolve(a);',
    "import { product } from 'tutti';",
    'const pairs = product([1], "a");\nconst mine = [a, later, pairs];',
  ]);
  await edit(notebook, 4);
  await hoverOver(page, notebook.cell(4), 'mine');
  await expect(hoverBox(page)).toContainText('const mine: (string | [number, string][])[]');
  for (const n of [1, 2, 3, 4]) await expect(notebook.cell(n).locator('.squiggly-error')).toHaveCount(0);
});

test('Shift+Alt+F formats a cell and leaves its magics', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['0']);
  await notebook.type(1, '%%px  --targets 0\nconst a={b:1}\na.b');
  await edit(notebook, 1);
  await page.keyboard.press('Shift+Alt+F');
  await expect(notebook.cell(1).locator('.view-line')).toHaveText([
    '%%px  --targets 0',
    'const a = { b: 1 };',
    'a.b;',
  ]);
  // One step back is the cell as it was typed.
  await page.keyboard.press('ControlOrMeta+z');
  await expect(notebook.cell(1)).toContainText('const a={b:1}');
});

test('the keyboard is never trapped: Escape leaves the editor, Tab goes on through the page', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['const first = 1;', 'const second = 2;']);
  await edit(notebook, 1);
  await page.keyboard.press('Control+Space');
  await expect(page.locator('.suggest-widget.visible')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('.suggest-widget.visible')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(notebook.cell(1)).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(notebook.code(1)).not.toBeFocused();
});

fresh('a mistake in the syntax is marked, and nothing else in the Welcome notebook', async ({ page }) => {
  await page.goto('./');
  await expect(page.getByRole('heading', { name: /Welcome/ }).first()).toBeVisible();
  const cells = page.locator('.cell.code');
  const count = await cells.count();
  expect(count).toBeGreaterThan(10);
  for (let i = 0; i < count; i++) {
    const cell = cells.nth(i);
    await cell.getByRole('textbox').focus();
    await expect(cell.locator('.monaco-editor').first()).toBeVisible();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.insertText('\n)');
    await expect(cell.locator('.squiggly-error')).toHaveCount(1, { timeout: 60_000 });
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await expect(cell.locator('.squiggly-error')).toHaveCount(0);
  }
});

test('what can hardly be meant is a warning; names that engines have are none, once they have them', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['const treasure = [1, 2];', "%px globalThis['remote' + 'Only'] = engine.id", '0']);
  await notebook.type(3, '%px remoteOnly + remoteTwo\nrc.loadBalancedView().aply(() => 1);\ntresure.length;');
  const warnings = notebook.cell(3).locator('.squiggly-warning');
  await edit(notebook, 3);
  await expect(warnings).toHaveCount(3, { timeout: 60_000 });
  await expect(notebook.cell(3).locator('.squiggly-error')).toHaveCount(0);
  await hoverOver(page, notebook.cell(3), 'tresure');
  await expect(hoverBox(page)).toContainText("Did you mean 'treasure'?");
  await page.keyboard.press('Escape');
  await notebook.type(2, "%px globalThis['remote' + 'Two'] = 2");
  await notebook.run(2);
  await notebook.finished();
  await edit(notebook, 3);
  await expect(warnings).toHaveCount(2, { timeout: 60_000 });
});

fresh('an example can be started afresh', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await page.goto('./');
  await expect(page.getByRole('heading', { name: /Welcome/ }).first()).toBeVisible();
  const first = page.locator('.cell.code').first();
  await first.getByRole('textbox').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText('"mine now"');
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await page.reload();
  await expect(first).toContainText('mine now');
  const afresh = async () => {
    await notebook.button('More').click();
    await page.getByRole('button', { name: 'Start this example afresh' }).click();
  };
  await afresh();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep my changes' }).click();
  await expect(first).toContainText('mine now');
  await afresh();
  await page.getByRole('dialog').getByRole('button', { name: 'Start afresh' }).click();
  await expect(first).toContainText('console.log(engine.id)');
  // It stays so, and further changes are kept again.
  await page.reload();
  await expect(first).toContainText('console.log(engine.id)');
  await first.getByRole('textbox').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText('"mine again"');
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await page.reload();
  await expect(first).toContainText('mine again');
});

test('pointing at a name in a %px cell shows its value on each engine', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['%px const spot = engine.id === 2 ? "two" : [1, 2]', '%px spot']);
  await notebook.run(1);
  await notebook.finished();
  await edit(notebook, 2);
  await hoverOver(page, notebook.cell(2), 'spot');
  await expect(hoverBox(page)).toContainText('e0, e1, e3');
  await expect(hoverBox(page)).toContainText("'two'");
});
