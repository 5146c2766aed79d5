import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

/** The workspace: data that people drop, in the kernel and on the engines. */

/** Drops files on the page, as from a file manager. */
async function drop(page: Page, files: readonly { readonly name: string; readonly text: string }[]) {
  const transfer = await page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const { name, text } of given) data.items.add(new File([text], name));
    return data;
  }, files);
  await page.dispatchEvent('.drop-zone', 'drop', { dataTransfer: transfer });
}

const list = (page: Page) => page.getByRole('region', { name: 'Files of this notebook' });

test('dropped data are read in the kernel and in parts on the engines, and outlive a reload', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['1', '2', '3', '4']);
  const rows = Array.from({ length: 20_000 }, (_, i) => `${i},${i * i}`).join('\n');
  await drop(page, [
    { name: 'squares.csv', text: rows },
    { name: 'work.ts', text: 'const half: number = 21;\nfunction twice(x: number) { return 2 * x }' },
  ]);
  await expect(list(page)).toContainText('squares.csv');
  await expect(list(page)).toContainText('used by Tutti in this browser');
  await notebook.button('Close').click();

  await notebook.execute(1, 'files.list().map(({ name, size }) => `${name} ${size}`)');
  await expect(notebook.output(1)).toContainText(`squares.csv ${rows.length}`);
  // Each engine reads its own part of the file, whole lines.
  await notebook.execute(
    2,
    `const bytes = files.get('squares.csv').size;
const sums = await rc[':'].map(async (part, bytes) => {
  let sum = 0;
  for await (const line of files.lines('squares.csv', (part * bytes) >> 2, ((part + 1) * bytes) >> 2))
    sum += Number(line.split(',')[0]);
  return sum;
}, [0, 1, 2, 3], Array(4).fill(bytes));
[...sums].reduce((a, b) => a + b)`,
  );
  await expect(notebook.output(2)).toContainText(String((20_000 * 19_999) / 2));
  await notebook.execute(3, '%run work\ntwice(half)');
  await expect(notebook.output(3)).toContainText('42');
  await notebook.execute(4, "await rc[':'].run('work.ts'); await rc[':'].pull('twice(half)')");
  await expect(notebook.output(4)).toContainText('[ 42, 42, 42, 42 ]');

  await page.reload();
  await notebook.execute(
    1,
    "files.textSync('squares.csv').length + (await files.slice('squares.csv', 0, 3)).length",
  );
  await expect(notebook.output(1)).toContainText(String(rows.length + 3));
});

test('what an engine writes, everybody sees; removing it in the list takes it from them', async ({
  page,
}, info) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['1', '2', '3', '4']);
  await notebook.execute(
    1,
    "%%px --targets 2\nawait files.write('out/from-2.txt', 'hello from ' + engine.id)",
  );
  await notebook.execute(2, "await rc[0].apply(() => files.text('out/from-2.txt'))");
  await expect(notebook.output(2)).toContainText('hello from 2');
  await page.getByRole('navigation', { name: 'Drawers' }).getByRole('button', { name: 'Files' }).click();
  await list(page).getByText('out/from-2.txt').hover();
  await list(page).getByRole('button', { name: 'Remove out/from-2.txt' }).click();
  await list(page).getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(list(page)).not.toContainText('from-2');
  await notebook.button('Close').click();
  await notebook.execute(3, "await files.text('out/from-2.txt')");
  await expect(notebook.output(3)).toContainText('FileNotFoundError');
  await expect(notebook.output(3)).toContainText('The workspace has no files.');
  await notebook.execute(4, "await rc[':'].apply(() => files.has('out/from-2.txt'))");
  await expect(notebook.output(4)).toContainText('[ false, false, false, false ]');

  // A folder comes with what is in it, as from a file manager.
  const folder = info.outputPath('data');
  await mkdir(join(folder, 'sub'), { recursive: true });
  await writeFile(join(folder, 'sub', 'a b.csv'), '1,2');
  await writeFile(join(folder, '.hidden'), '');
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data });
  await expect(list(page)).toContainText('data/sub/a b.csv');
  await expect(list(page)).not.toContainText('hidden');
});

test('the files of one notebook are not another one’s', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(["await files.write('mine.txt', 'secret')", '2']);
  await notebook.run(1);
  await notebook.finished();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'New notebook' }).click();
  await expect(page.getByRole('textbox', { name: 'Code of cell 2' })).toHaveCount(0);
  await notebook.execute(1, 'files.list().length + " files"');
  await expect(notebook.output(1)).toContainText('0 files');
});

test('data dropped on the start page go to the open notebook, which comes back; a notebook is opened', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(["await files.text('dropped.txt')"]);
  const toStart = () => page.getByRole('button', { name: 'All notebooks', exact: true }).click();
  await toStart();
  await drop(page, [{ name: 'dropped.txt', text: 'from the desktop' }]);
  await expect(list(page)).toContainText('dropped.txt');
  await notebook.button('Close').click();
  await notebook.run(1);
  await notebook.finished();
  await expect(notebook.output(1)).toContainText('from the desktop');
  await toStart();
  const cells = [{ cell_type: 'code', metadata: {}, source: '"opened"', outputs: [], execution_count: null }];
  const text = JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells });
  await drop(page, [{ name: 'Dropped.ipynb', text }]);
  await expect(notebook.cell(1)).toContainText('opened');
  await expect(page.getByRole('textbox', { name: 'Name of the notebook' })).toHaveValue('Dropped');
});
