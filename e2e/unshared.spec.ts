import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { serveWithoutHeaders } from './static-server.ts';
import { OpenPage, fresh as test } from './story.ts';

/** A page that cannot share memory: what needs it says so, and all else works. */
let host: Awaited<ReturnType<typeof serveWithoutHeaders>>;
let plain: OpenPage;

// The stories share host and page.
test.describe.configure({ mode: 'default' });
test.beforeAll(async ({ browser }) => {
  host = await serveWithoutHeaders('/plain/');
  plain = new OpenPage(browser, async (page) => {
    // As where the service worker has been tried and does not help: an embedding page, a browser's setting.
    await page.addInitScript(() => {
      sessionStorage.setItem('tutti-isolation-tried', 'yes');
    });
  });
});
test.afterEach(() => plain.giveBack());
test.afterAll(async () => {
  await plain.close();
  host.close();
});

async function open(cells: readonly string[]): Promise<NotebookPage> {
  const page = await plain.take();
  const notebook = new NotebookPage(page);
  await notebook.open(cells, host.url);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  return notebook;
}

test('blocking calls name what to write instead, and that works', async () => {
  const notebook = await open(['0', '0', '0', '0', '0']);
  await notebook.execute(1, 'rc[0].applySync((x) => x + 1, 1)');
  await notebook.execute(2, 'rc.slice().a');
  await notebook.execute(3, 'sleepSync(1)');
  await notebook.execute(4, 'for (const x of rc.slice().map((x) => x, [1]));');
  await notebook.execute(5, 'await rc[0].apply((x) => x + 41, 1)');
  const says = (twin: RegExp) => new RegExp(`BlockingUnavailableError.*Use .${twin.source}`);
  await expect(notebook.output(1)).toContainText(says(/await view\.apply/));
  await expect(notebook.output(2)).toContainText(says(/await view\.get/));
  await expect(notebook.output(3)).toContainText(says(/await sleep/));
  await expect(notebook.output(4)).toContainText(says(/for await/));
  await expect(notebook.output(5)).toContainText('42');
});

test('blocking comm names its awaitable twin, which works; share says what to do instead', async () => {
  const notebook = await open(['0', '0', '0', '0']);
  await notebook.execute(1, '%px comm.recv((comm.rank + 1) % comm.size)');
  await expect(notebook.output(1)).toContainText(
    'needs shared memory. Use `await comm.async.recv(…)` instead.',
  );
  await notebook.execute(2, '%px console.log("sum", await comm.async.allreduce(comm.rank + 1))');
  await expect(notebook.output(2)).toContainText('sum 10');
  await notebook.execute(3, 'share([1, 2, 3])');
  await expect(notebook.output(3)).toContainText(/SharingUnavailableError.*Push the array instead/);
  await notebook.execute(4, '%px sleepSync(1)');
  await expect(notebook.output(4)).toContainText(/BlockingUnavailableError.*await sleep\(t\)/);
});

test('Interrupt reaches code that awaits, and its variables stay', async () => {
  const notebook = await open(['%px x = 42', '0', '0', 'const y = 7', '0']);
  await notebook.type(2, '%px --targets 1 await sleep(600)');
  await notebook.run(2);
  await expect(notebook.engine(1, 'busy')).toBeVisible();
  await notebook.button('Interrupt').click();
  await notebook.finished();
  await expect(notebook.output(2)).toContainText('KeyboardInterrupt');
  await notebook.execute(3, '%px console.log("still", x)');
  await expect(notebook.output(3)).toContainText('still 42');
  await notebook.run(4);
  await notebook.finished();
  await notebook.type(5, 'for (;;) await sleep(0.01)');
  await notebook.run(5);
  await expect(notebook.kernel('busy')).toBeVisible();
  await notebook.button('Interrupt').click();
  await notebook.finished();
  await expect(notebook.output(5)).toContainText('KeyboardInterrupt');
  await notebook.execute(3, 'y + 1');
  await expect(notebook.output(3)).toContainText('8');
});

test('a loop that never awaits is ended with its engine, and the reader is told and can run the cells again', async () => {
  const notebook = await open(['%px x = 42', '0', '0']);
  await notebook.run(1);
  await notebook.finished();
  await notebook.type(2, '%%px --targets 1\nwhile (true) {}');
  await notebook.run(2);
  await expect(notebook.engine(1, 'busy')).toBeVisible();
  await notebook.button('Interrupt').click();
  await notebook.finished();
  await expect(notebook.page.getByRole('note').filter({ hasText: 'did not stop within 2 s' })).toBeVisible();
  await expect(notebook.output(2)).toContainText('EngineError');
  await notebook.button('Run their cells again').click();
  await notebook.finished();
  await notebook.execute(3, '%px console.log("back", engine.id, x)');
  for (const engine of [0, 1, 2, 3]) await expect(notebook.output(3)).toContainText(`back ${engine} 42`);
});
