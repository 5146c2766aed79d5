import { expect, type Page } from '@playwright/test';
import { Gateway } from '../remote/gateway/gateway.ts';
import { hasIpcontroller, Ipcontroller } from '../remote/testing/ipcontroller.ts';
import { JsEngine } from '../remote/testing/js-engine.ts';
import { PythonEngines } from '../remote/testing/python-engines.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh as test } from './story.ts';

/** A real cluster of IPython.parallel behind a gateway, joined from the page as a reader does. */
test.describe('a joined cluster', () => {
  // The stories share the cluster.
  test.describe.configure({ mode: 'default' });
  test.skip(!hasIpcontroller, 'python3-ipyparallel is not installed');
  let controller: Ipcontroller;
  let python: PythonEngines;
  let javascript: JsEngine[];
  let gateway: Gateway;
  const start = async (port = 0): Promise<Gateway> =>
    Gateway.start({
      connection: controller.connection,
      host: '127.0.0.1',
      port,
      origins: [test.info().project.use.baseURL?.replace(/\/$/, '') ?? ''],
    });
  test.beforeAll(async () => {
    controller = await Ipcontroller.start();
    python = new PythonEngines(controller, 1);
    javascript = [];
    for (let i = 0; i < 2; i++) javascript.push(await JsEngine.start(['--file', controller.engineFile]));
    gateway = await start();
  });
  test.afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await python[Symbol.asyncDispose]();
    await Promise.all(javascript.map((engine) => engine[Symbol.asyncDispose]()));
    await controller[Symbol.asyncDispose]();
  });

  const linkTo = (code: string): string => `#join=${encodeURIComponent(gateway.url)}&t=${code}`;
  /** In a notebook of one empty cell. */
  const join = async (page: Page): Promise<void> => {
    await new NotebookPage(page).open(['']);
    await page.evaluate((link) => {
      location.hash = link;
    }, linkTo(gateway.newCode()));
    const dialog = page.getByRole('dialog', { name: 'Join a cluster' });
    await expect(dialog).toContainText(new URL(gateway.url).host);
    await expect(dialog).toContainText('The code you run goes to these machines');
    expect(page.url()).not.toContain('join');
    await dialog.getByRole('button', { name: 'Join this cluster' }).click();
    await expect(dialog).toBeHidden();
  };

  test('a page that joins nothing loads nothing for it', async ({ page }) => {
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    const notebook = new NotebookPage(page);
    await notebook.open(['%px 6 * 7']);
    await expect(notebook.output(1)).toContainText('42');
    expect(loaded.filter((url) => /cluster-|open-line/.test(url))).toEqual([]);
  });

  test('a join link leads to the cluster: JavaScript and Python run there', async ({ page }) => {
    const notebook = new NotebookPage(page);
    await join(page);
    const list = page.getByRole('list', { name: 'Engines' });
    await expect(list.getByRole('listitem')).toHaveCount(3);
    await expect(list).toContainText('Python');
    await expect(list).toContainText('JavaScript');
    await notebook.execute(1, "%%px --targets javascript\nconsole.log('from', process.version);\n6 * 7");
    await expect(notebook.output(1)).toContainText('from v');
    await expect(notebook.output(1)).toContainText('42');
    await notebook.execute(
      1,
      '%%px --targets python\nimport numpy as np\nx = np.arange(3) * 1.5\nprint(f"sum {x.sum()}")\nx',
    );
    await expect(notebook.output(1)).toContainText('sum 4.5');
    await expect(notebook.output(1)).toContainText('array([0. , 1.5, 3. ])');
    await notebook.execute(1, "const [a] = rc.python['x']; a[2] * 2");
    await expect(notebook.output(1)).toContainText('6');
    await notebook.execute(1, 'await rc.loadBalancedView().map((n) => n * n, [1, 2, 3, 4])');
    await expect(notebook.output(1)).toContainText('[ 1, 4, 9, 16 ]');
    await notebook.execute(1, '%px --targets python 1 / 0');
    await expect(notebook.output(1)).toContainText('ZeroDivisionError');
    await notebook.execute(1, '%px 1');
    await expect(notebook.output(1)).toContainText('These engines run JavaScript and Python');
    await page.getByRole('button', { name: 'Leave the cluster' }).click();
    await expect(notebook.engine(3, 'idle')).toBeVisible();
    await notebook.execute(1, '%px 6 * 7');
    await expect(notebook.output(1)).toContainText('42');
  });

  test('a code that was used does not open again, and says so', async ({ page }) => {
    const code = gateway.newCode();
    await page.goto(`./${linkTo(code)}`);
    await page.getByRole('button', { name: 'Join this cluster' }).click();
    await expect(page.getByRole('status', { name: 'Cluster' })).toContainText('joined');
    const other = await page.context().newPage();
    await other.goto(`./${linkTo(code)}`);
    await other.getByRole('button', { name: 'Join this cluster' }).click();
    await expect(other.getByRole('dialog').getByRole('alert')).toContainText(
      'The join code is wrong or used',
    );
  });

  test('a reload comes back to the cluster; a stopped gateway is waited for', async ({ page }) => {
    const notebook = new NotebookPage(page);
    await join(page);
    await expect(notebook.engine(2, 'idle')).toBeVisible();
    await page.reload();
    await expect(page.getByRole('status', { name: 'Cluster' })).toContainText('joined');
    await expect(notebook.engine(2, 'idle')).toBeVisible();
    const { port } = new URL(gateway.url);
    await gateway[Symbol.asyncDispose]();
    await expect(page.getByRole('region', { name: 'Reconnecting' })).toContainText('The gateway was stopped');
    gateway = await start(Number(port));
    await expect(page.getByRole('region', { name: 'Reconnecting' })).toBeHidden();
    await notebook.execute(1, '%px --targets javascript 6 * 7');
    await expect(notebook.output(1)).toContainText('42');
  });

  test('another notebook in the page is on it only with its reader’s consent, and then the first one again', async ({
    page,
  }) => {
    const notebook = new NotebookPage(page);
    await join(page);
    await expect(notebook.engine(2, 'idle')).toBeVisible();
    const first = page.url();
    await notebook.openLink(['%px --targets javascript 6 * 7']);
    await expect(page.getByRole('region', { name: 'Consent' })).toContainText(
      `could do anything on the machines of ${new URL(gateway.url).host}`,
    );
    await expect(notebook.engine(2, 'idle')).toBeVisible();
    await notebook.button('Run this notebook').click();
    await notebook.finished();
    await expect(notebook.output(1)).toContainText('42');
    await page.goto(first);
    await notebook.opened();
    await expect(notebook.engine(2, 'idle')).toBeVisible();
    await notebook.execute(1, '%px --targets javascript 6 * 8');
    await expect(notebook.output(1)).toContainText('48');
    await page.getByRole('button', { name: 'Leave the cluster' }).click();
    await expect(notebook.engine(3, 'idle')).toBeVisible();
    await notebook.execute(1, '%px engine.id');
    await expect(notebook.output(1)).toContainText('Out[3');
  });

  test('a cell joins it beside the notebook’s own engines, if the reader agrees', async ({ page }) => {
    const notebook = new NotebookPage(page);
    const host = new URL(gateway.url).host;
    await notebook.openLink([
      `const real = await Cluster.join('${linkTo(gateway.newCode())}');\n` +
        'const c = await real.startAndConnect({ n: 3 });\n' +
        "[c.length, await c.javascript.apply(() => 6 * 7), await rc[':'].apply(() => engine.id)]",
      // The kernel blocks on it.
      "const v = c.javascript;\nv.push({ x: 20 }, { block: true });\nv['x']",
      'await Cluster.join()',
      '',
    ]);
    await notebook.button('Run this notebook').click();
    const dialog = page.getByRole('dialog', { name: 'Join a cluster' });
    await expect(dialog).toContainText(`Cell 1 wants to join the cluster at ${host}`);
    await expect(dialog.getByRole('button', { name: 'Do not join' })).toBeFocused();
    await dialog.getByRole('button', { name: 'Join this cluster' }).click();
    await expect(notebook.output(1)).toContainText('[ 3, [ 42, 42 ], [ 0, 1, 2, 3 ] ]');
    await expect(notebook.output(2)).toContainText('[ 20, 20 ]');
    await expect(dialog.getByRole('textbox', { name: 'Join link' })).toBeFocused();
    await page.keyboard.press('Escape');
    await notebook.finished();
    await expect(notebook.output(3)).toContainText('JoinError: The reader did not agree');
    const joined = page.getByRole('list', { name: 'Clusters that cells have joined' });
    await expect(joined).toContainText('joined by cell 1');
    await notebook.button(`Leave the cluster at ${host}`).click();
    await expect(joined).toBeHidden();
    await notebook.execute(4, '[real.isRunning, rc.ids]');
    await expect(notebook.output(4)).toContainText('[ false, [ 0, 1, 2, 3 ] ]');
  });
});
