import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

test('%px answers in four lanes', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['%px console.log(engine.id)']);
  const output = notebook.output(1);
  for (const engine of [0, 1, 2, 3]) await expect(output).toContainText(`[stdout:${engine}]`);
});

test('P.312 %px shows results as Out[engine:n]', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['%px a = 5', '%px a * engine.id']);
  const text = await notebook.text(2);
  for (const engine of [0, 1, 2, 3])
    expect(text).toMatch(new RegExp(`Out\\[${engine}:\\d+\\]:\\s*${5 * engine}`));
});

test('a %px that throws shows one traceback per engine, naming cell and line', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['1 + 1', '%%px\nconst x = 1;\nthrow new TypeError("no " + engine.id)']);
  const output = notebook.output(2);
  await expect(output).toContainText('CompositeError');
  await expect(output).toContainText('one or more exceptions raised in');
  for (const engine of [0, 1, 2, 3]) {
    await expect(output).toContainText(`[${engine}:execute]`);
    await expect(output).toContainText(`no ${engine}`);
  }
  await expect(output.getByRole('button', { name: /Cell 2, line 3/ }).first()).toBeVisible();
});

test('E.116 dview.map over 32 numbers equals the local map', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    'const dview = rc[":"];\n' +
      'const there = await dview.map(x => x ** 10, range(32));\n' +
      'const here = Array.from({ length: 32 }, (_, x) => x ** 10);\n' +
      'JSON.stringify(there) === JSON.stringify(here) ? "equal" : "different"',
  ]);
  await expect(notebook.output(1)).toContainText("'equal'");
});

test('output appears while the engines still run', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['0']);
  await notebook.type(1, '%%px\nconsole.log("early");\nawait new Promise(() => {})');
  await notebook.run(1);
  await expect(notebook.output(1)).toContainText('early');
  await expect(notebook.kernel('busy')).toBeVisible();
  await notebook.button('Interrupt').click();
  await notebook.finished();
  await expect(notebook.output(1)).toContainText('KeyboardInterrupt');
});

test('--targets, --noblock, --out and %pxresult', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    '%%px --targets 1,2 --noblock -o ar\nconsole.log("on", engine.id); engine.id * 10',
    'await ar.get()',
    '%pxresult',
  ]);
  await expect(notebook.output(2)).toContainText('[ <ExecuteReply[1]: 10>, <ExecuteReply[1]: 20> ]');
  const text = await notebook.text(3);
  expect(text).toContain('[stdout:1]');
  expect(text).toContain('on 2');
  expect(text).toMatch(/Out\[2:\d+\]:\s*20/);
  expect(text).not.toContain('[stdout:0]');
});

test('P.328 %autopx sends whole cells to the engines, under a banner, until it is turned off', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['%autopx', 'const where = engine.id;\nwhere', '%autopx', 'typeof engine']);
  await expect(notebook.output(1)).toContainText('%autopx enabled');
  expect(await notebook.text(2)).toMatch(/Out\[3:\d+\]:\s*3/);
  await expect(notebook.output(3)).toContainText('%autopx disabled');
  await expect(notebook.output(4)).toContainText("'undefined'");
  await notebook.execute(1, '%autopx');
  await expect(page.getByRole('region', { name: '%autopx' })).toContainText(
    'Every cell runs on engine(s): all',
  );
});
