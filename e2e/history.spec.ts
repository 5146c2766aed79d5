import { expect, type Page } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { fresh as test } from './story.ts';

/** What the history has of a notebook, in the page's own storage. */
async function stored(page: Page): Promise<{ status: string; msgId: string }[]> {
  return page.evaluate(
    () =>
      new Promise<{ status: string; msgId: string }[]>((resolve, reject) => {
        const opening = indexedDB.open('tutti-history');
        opening.onerror = () => reject(new Error(String(opening.error)));
        opening.onsuccess = () => {
          const db = opening.result;
          const asking = db.transaction('tasks').objectStore('tasks').getAll();
          asking.onerror = () => reject(new Error(String(asking.error)));
          asking.onsuccess = () => {
            db.close();
            const batches = asking.result as { rows: { task: { status: string; msgId: string } }[] }[];
            resolve(batches.flatMap(({ rows }) => rows.map(({ task }) => task)));
          };
        };
      }),
  );
}

const statuses = async (page: Page) => (await stored(page)).map(({ status }) => status).sort();

const TASKS =
  'const done = rc[0].with({ label: "done" }).apply(x => new Float64Array([x, x * 2]), 21);\n' +
  'await done;\n' +
  'const cut = rc[1].with({ label: "cut" }).apply(x => globalThis.open ? x : new Promise(() => {}), "late");\n' +
  'void 0';

test('after a reload finished results are there, and what was cut off says so and can be run', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open([TASKS]);
  await expect.poll(() => statuses(page)).toEqual(['ok', 'pending']);
  const ids = (await stored(page)).sort((a, b) => a.status.localeCompare(b.status)).map(({ msgId }) => msgId);
  const [done, cut] = ids;

  await page.reload();
  await expect(notebook.cell(1)).toBeVisible();
  await expect(
    page.getByText('1 task had not ended when this notebook was closed or reloaded'),
  ).toBeVisible();
  await notebook.execute(
    1,
    `const list = await rc.hubHistory();\n[list.length, list[0] === "${done}", list[1] === "${cut}"]`,
  );
  await expect(notebook.output(1)).toContainText('[ 2, true, true ]');
  await notebook.execute(1, `await rc.getResult("${done}")`);
  await expect(notebook.output(1)).toContainText('Float64Array(2) [ 21, 42 ]');
  await notebook.execute(1, `await rc.getResult("${cut}")`);
  await expect(notebook.output(1)).toContainText('EngineError');
  await expect(notebook.output(1)).toContainText('its engines are gone');
  await notebook.execute(1, `await rc[1].push({ open: true });\nawait rc.resubmit("${cut}")`);
  await expect(notebook.output(1)).toContainText("'late'");
  await notebook.execute(
    1,
    'const found = await rc.dbQuery({ label: { $glob: "cut" } }, "resubmitted");\nfound[0].resubmitted === found[1].msgId',
  );
  await expect(notebook.output(1)).toContainText('true');
  await notebook.execute(1, 'JSON.parse(await rc.exportHistory()).tasks.filter(t => t.label).length');
  await expect(notebook.output(1)).toContainText('3');
});

test('what is purged is gone after a reload, too', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['await rc[":"].apply(() => engine.id);\nvoid 0']);
  await expect.poll(() => statuses(page)).toEqual(['ok', 'ok', 'ok', 'ok']);
  await notebook.execute(1, 'await rc.purgeEverything()');
  await expect.poll(() => statuses(page)).toEqual([]);
  await page.reload();
  await expect(notebook.cell(1)).toBeVisible();
  await notebook.execute(1, '(await rc.hubHistory()).length');
  await expect(notebook.output(1)).toContainText('0');
});

test('another notebook sees nothing of it', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['await rc[":"].apply(() => engine.id);\nvoid 0']);
  await expect.poll(() => statuses(page)).toHaveLength(4);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByText('New notebook').click();
  await expect(notebook.code(1)).toHaveText('');
  await notebook.execute(1, '(await rc.hubHistory()).length + " known"');
  await expect(notebook.output(1)).toContainText('0 known');
  expect(await statuses(page)).toHaveLength(4);
});

test('a full storage is shown, and takes no result away', async ({ page }) => {
  await page.addInitScript(() => {
    // oxlint-disable-next-line typescript/unbound-method -- called with its `this` below
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
      if (this.transaction.db.name === 'tutti-history') throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, args);
    };
  });
  const notebook = new NotebookPage(page);
  await notebook.open(['const ar = rc[0].apply(() => 6 * 7);\nawait ar']);
  await expect(notebook.output(1)).toContainText('42');
  await expect(
    page.getByText('The history of tasks is not saved: the browser’s storage is full'),
  ).toBeVisible();
  await notebook.execute(1, 'await rc.getResult(ar.msgIds)');
  await expect(notebook.output(1)).toContainText('[ 42 ]');
});
