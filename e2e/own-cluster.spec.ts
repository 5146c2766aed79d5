import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { fresh, test } from './story.ts';

test('a cell starts a cluster of its own beside the notebook’s, works on it and stops it', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    'const cluster = new Cluster({ n: 2, scheme: (loads) => loads.length - 1 });\n' +
      'const c = await cluster.startAndConnect();\n' +
      'await c[":"].push({ x: 20 });\n' +
      'console.log(String(cluster));\n' +
      '[await c[":"].apply(() => x + engine.id), await rc[":"].apply(() => typeof x)]',
    // No await at all: the kernel blocks on the other cluster.
    'const view = c[0]; view.block = true;\n[view["x"], c[1].applySync((y) => x * y, 2)]',
    'const stuck = c[0].apply(() => { while (true) {} });\nconst behind = c[0].apply(() => 1);\n' +
      'rc.cancel(behind); c.cancel(behind);\nawait behind.exception().then(({ name }) => name)',
    'await cluster.stopCluster();\n' +
      '[cluster.isRunning, rc.ids, await stuck.exception().then(({ name }) => name)]',
    'await using mine = new Cluster({ n: 1 }); const d = await mine.startAndConnect({ activate: true });\nd.ids',
    '%px 1',
  ]);
  await notebook.run(1);
  await notebook.finished();
  await expect(notebook.output(1)).toContainText('controller=<running>');
  await expect(notebook.output(1)).toContainText(
    "[ [ 20, 21 ], [ 'undefined', 'undefined', 'undefined', 'undefined' ] ]",
  );
  await notebook.run(2);
  await notebook.finished();
  await expect(notebook.output(2)).toContainText('[ 20, 40 ]');
  await notebook.run(3);
  await notebook.finished();
  await expect(notebook.output(3)).toContainText('TaskAborted');
  await notebook.run(4);
  await notebook.finished();
  await expect(notebook.output(4)).toContainText("[ false, [ 0, 1, 2, 3 ], 'EngineError' ]");
  // The engines of the notebook have heard nothing of it.
  for (const id of [0, 1, 2, 3]) await expect(notebook.engine(id, 'idle')).toBeVisible();
  await notebook.run(5);
  await notebook.finished();
  await expect(notebook.output(5)).toContainText('[ 0 ]');
  await notebook.run(6);
  await notebook.finished();
  await expect(notebook.output(6)).toContainText(/The cluster is gone/);
});

fresh('engines come when tasks wait, and go when they have nothing to do', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    'await rc.adapt({ min: 4, max: 6, idle: 1 });\n' +
      'const naps = rc.loadBalancedView().map(() => sleep(2), range(12));\n' +
      'let most = 0;\n' +
      'while (!naps.ready()) { most = Math.max(most, rc.length); await sleep(0.05); }\nmost',
    'await rc.adapt()',
  ]);
  await expect(notebook.output(1)).toContainText('6');
  await expect(page.getByRole('list', { name: 'Engines' }).getByRole('listitem')).toHaveCount(4, {
    timeout: 20_000,
  });
  await expect(notebook.output(2)).toContainText('{ min: 4, max: 6, idle: 1 }');
});

test('the panel tells how much history there is, and purges it', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['await rc.loadBalancedView().map((x) => x, range(8)); null', 'await rc.hubHistory()']);
  await notebook.run(1);
  await notebook.finished();
  const history = page.getByRole('group', { name: 'History' });
  await expect(history).toContainText(/History: \d+ tasks · \d/);
  await history.getByRole('button', { name: 'Purge…' }).click();
  await history.getByRole('button', { name: 'Keep' }).click();
  await history.getByRole('button', { name: 'Purge…' }).click();
  await history.getByRole('button', { name: 'Purge', exact: true }).click();
  await expect(history).toBeHidden();
  await notebook.run(2);
  await notebook.finished();
  await expect(notebook.output(2)).toContainText('[]');
  await page.reload();
  await expect(notebook.kernel('idle')).toBeVisible();
  await expect(history).toBeHidden();
});
