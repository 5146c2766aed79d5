import { expect, test, type Page } from '@playwright/test';
import { Gateway } from '../remote/gateway/gateway.ts';
import { hasIpcontroller, Ipcontroller } from '../remote/testing/ipcontroller.ts';
import { PythonEngines } from '../remote/testing/python-engines.ts';
import { NotebookPage } from './notebook-page.ts';

/** A real cluster of IPython.parallel behind a gateway, joined from the page as a reader does. */
test.describe('a joined cluster', () => {
  test.skip(!hasIpcontroller, 'python3-ipyparallel is not installed');
  let controller: Ipcontroller;
  let engines: PythonEngines;
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
    engines = new PythonEngines(controller, 2);
    gateway = await start();
  });
  test.afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await engines[Symbol.asyncDispose]();
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

  test('a join link leads to the cluster, and Python runs there', async ({ page }) => {
    const notebook = new NotebookPage(page);
    await join(page);
    await expect(notebook.engine(0, 'idle')).toBeVisible();
    await expect(notebook.engine(1, 'idle')).toBeVisible();
    await expect(page.getByRole('list', { name: 'Engines' })).toContainText('Python');
    await notebook.execute(1, '%%px\nimport numpy as np\nx = np.arange(3) * 1.5\nprint(f"sum {x.sum()}")\nx');
    await expect(notebook.output(1)).toContainText('sum 4.5');
    await expect(notebook.output(1)).toContainText('array([0. , 1.5, 3. ])');
    await notebook.execute(1, "const [a, b] = rc[':']['x']; a[2] + b[2]");
    await expect(notebook.output(1)).toContainText('6');
    await notebook.execute(1, '%px 1 / 0');
    await expect(notebook.output(1)).toContainText('ZeroDivisionError');
    await page.getByRole('button', { name: 'Leave the cluster' }).click();
    await expect(notebook.engine(3, 'idle')).toBeVisible();
    await notebook.execute(1, '%px 6 * 7');
    await expect(notebook.output(1)).toContainText('Out[3:1]: 42');
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
    await expect(notebook.engine(1, 'idle')).toBeVisible();
    await page.reload();
    await expect(page.getByRole('status', { name: 'Cluster' })).toContainText('joined');
    await expect(notebook.engine(1, 'idle')).toBeVisible();
    const { port } = new URL(gateway.url);
    await gateway[Symbol.asyncDispose]();
    await expect(page.getByRole('region', { name: 'Reconnecting' })).toContainText('The gateway was stopped');
    gateway = await start(Number(port));
    await expect(page.getByRole('region', { name: 'Reconnecting' })).toBeHidden();
    await notebook.execute(1, '%px 6 * 7');
    await expect(notebook.output(1)).toContainText('42');
  });
});
