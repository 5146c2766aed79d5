import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

/** Nothing that a cell does takes the page away from the reader. */

test('an endless loop in a plain cell: the page answers, Interrupt ends it and keeps the variables', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['const x = 42', '0', '0']);
  for (const source of ['while (true) {}', 'for (;;) await 0']) {
    await notebook.type(2, source);
    await notebook.run(2);
    await expect(notebook.kernel('busy')).toBeVisible();
    // Still a page: another cell takes text and the engines are listed.
    await notebook.type(3, 'x');
    await expect(notebook.engine(0, 'idle')).toBeVisible();
    await notebook.button('Interrupt').click();
    await notebook.finished();
    await expect(notebook.output(2)).toContainText('KeyboardInterrupt');
    await notebook.run(3);
    await expect(notebook.output(3)).toContainText('42');
  }
});

test('a regular expression run wild in a plain cell: the kernel is new, and its cells can be run again', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['const x = 42', '0', '0']);
  await notebook.type(2, `/^(a+)+$/.test("${'a'.repeat(60)}!")`);
  await notebook.run(2);
  await expect(notebook.kernel('busy')).toBeVisible();
  await notebook.button('Interrupt').click();
  await notebook.finished();
  await expect(page.getByRole('note').filter({ hasText: 'did not stop within 2 s' })).toBeVisible();
  await notebook.execute(3, 'typeof x');
  await expect(notebook.output(3)).toContainText('undefined');
  await notebook.button('Run the cells again').click();
  await notebook.finished();
  await expect(notebook.button('Run the cells again')).toHaveCount(0);
  await expect(notebook.output(3)).toContainText('number');
});

test('an awaiting cell is interrupted and keeps its variables', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['const kept = 7', '0', '0']);
  await notebook.type(2, 'await sleep(600)');
  await notebook.run(2);
  await expect(notebook.kernel('busy')).toBeVisible();
  await notebook.button('Interrupt').click();
  await notebook.finished();
  await expect(notebook.output(2)).toContainText('KeyboardInterrupt');
  await notebook.execute(3, 'kept');
  await expect(notebook.output(3)).toContainText('7');
});

test('endless loops and sleeps under %px: Interrupt ends them and the engines keep their variables', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['%px x = 42', '0', '0']);
  for (const source of ['while (true) {}', 'for (;;) await 0', 'await sleep(600)']) {
    await notebook.type(2, `%%px --targets 1\n${source}`);
    await notebook.run(2);
    await expect(notebook.engine(1, 'busy')).toBeVisible();
    await expect(notebook.engine(0, 'idle')).toBeVisible();
    await notebook.button('Interrupt').click();
    await notebook.finished();
    await expect(notebook.output(2)).toContainText('KeyboardInterrupt');
    await notebook.execute(3, '%px --targets 1 console.log("still", x)');
    await expect(notebook.output(3)).toContainText('still 42');
  }
});

test('a regular expression run wild under %px: the engine comes back, and its cells can be run again', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['%px x = 42', '0', '0']);
  await notebook.type(2, `%%px --targets 1\n/^(a+)+$/.test("${'a'.repeat(60)}!")`);
  await notebook.run(2);
  await expect(notebook.engine(1, 'busy')).toBeVisible();
  await notebook.button('Interrupt').click();
  await notebook.finished();
  await expect(notebook.output(2)).toContainText('EngineError');
  await expect(notebook.engine(1, 'idle')).toBeVisible();
  await notebook.button('Run their cells again').click();
  await notebook.finished();
  await notebook.execute(3, '%px console.log("back", engine.id, x)');
  for (const engine of [0, 1, 2, 3]) await expect(notebook.output(3)).toContainText(`back ${engine} 42`);
});

test('--signal-on-interrupt SIGKILL: Interrupt ends the engines of the cell at once; they come back empty', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['%px x = 42', '0', '0']);
  await notebook.type(2, '%%px --targets 1,2 --signal-on-interrupt SIGKILL\nawait sleep(600)');
  await notebook.run(2);
  for (const engine of [1, 2]) await expect(notebook.engine(engine, 'busy')).toBeVisible();
  await notebook.button('Interrupt').click();
  await notebook.finished();
  await expect(notebook.output(2)).toContainText('Sending signal SIGKILL to engines');
  for (const engine of [0, 1, 2, 3]) await expect(notebook.engine(engine, 'idle')).toBeVisible();
  await notebook.execute(3, '%px console.log(engine.id, typeof x)');
  for (const line of ['0 number', '1 undefined', '2 undefined', '3 number']) {
    await expect(notebook.output(3)).toContainText(line);
  }
});

test('Restart engines brings all of them back while two spin', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['0', '0']);
  await notebook.type(1, '%%px --targets 0,2\nfor (;;);');
  await notebook.run(1);
  await expect(notebook.engine(2, 'busy')).toBeVisible();
  await notebook.button('Restart engines').click();
  const sure = page.getByRole('dialog').getByRole('button', { name: /Restart/ });
  if (await sure.isVisible().catch(() => false)) await sure.click();
  await notebook.finished();
  for (const engine of [0, 1, 2, 3]) await expect(notebook.engine(engine, 'idle')).toBeVisible();
  await notebook.execute(2, '%px engine.id');
  await expect(notebook.output(2)).toContainText(/Out\[3:\d+\]:\s*3/);
});

test('Run all stops at the first cell that fails', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['console.log("one")', 'throw new Error("stop here")', 'console.log("three")']);
  await expect(notebook.output(2)).toContainText('stop here');
  await expect(page.getByText('three', { exact: true })).toHaveCount(0);
});
