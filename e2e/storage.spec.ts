import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { expectNoViolation } from './axe.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh as test } from './story.ts';

/** Storage that is full, refused, or outlives a page that is killed. */

const banner = (page: Page) => page.getByRole('region', { name: 'Not saved' });

async function downloaded(page: Page): Promise<string> {
  const download = page.waitForEvent('download');
  await banner(page).getByRole('button', { name: 'Save as a file' }).click();
  return readFile(await (await download).path(), 'utf8');
}

test('a full storage is said plainly; nothing is lost in the page; saved again once there is room', async ({
  page,
}) => {
  // A browser's own quota cannot be set from outside: the databases refuse as it would.
  await page.addInitScript(() => {
    const { value: put } = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'put') ?? {};
    const refusing = new Proxy(put, {
      apply: (real, store, given) => {
        if (document.documentElement.dataset['disk'] === 'full')
          throw new DOMException('The disk is full.', 'QuotaExceededError');
        return Reflect.apply(real, store, given);
      },
    });
    Object.defineProperty(IDBObjectStore.prototype, 'put', { value: refusing });
  });
  const fill = (disk: 'full' | 'roomy') =>
    page.evaluate((how) => {
      document.documentElement.dataset['disk'] = how;
    }, disk);
  const notebook = new NotebookPage(page);
  await notebook.open(['"before"', '2']);
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await fill('full');
  const long = `"${'typed while it was full '.repeat(200)}"`;
  await notebook.type(1, long);
  await expect(banner(page)).toContainText('storage is full');
  await expect(page.getByText('Not saved', { exact: true })).toBeVisible();
  await expectNoViolation(page, 'a full storage');
  expect(await downloaded(page)).toContain('typed while it was full typed while it was full');
  // Cells go on running, and what they put out is there.
  await notebook.execute(2, '6 * 7');
  await expect(notebook.output(2)).toContainText('42');
  await banner(page).getByRole('button', { name: 'Make room' }).click();
  await expect(page.getByRole('main', { name: 'All notebooks' })).toBeVisible();
  await page.getByRole('button', { name: /^Back to/ }).click();
  await expect(notebook.output(2)).toContainText('42');

  await fill('roomy');
  await expect(banner(page)).toHaveCount(0);
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await page.reload();
  await expect(notebook.cell(1)).toContainText('typed while it was full');
  await expect(notebook.output(2)).toContainText('42');
});

test('without storage the page says so and works: files for the visit, the notebook to download', async ({
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', {
      get: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
  });
  const notebook = new NotebookPage(page);
  await notebook.open(["await files.write('data.txt', 'for the visit')", '2']);
  await expect(banner(page)).toContainText('gives this page no storage');
  await notebook.run(1);
  await notebook.finished();
  await expect(page.getByText(/Files are here until the page is closed/)).toBeVisible();
  await notebook.execute(2, "await rc[0].apply(() => files.text('data.txt'))");
  await expect(notebook.output(2)).toContainText('for the visit');
  expect(await downloaded(page)).toContain('for the visit');
  // The reader is asked before the page takes it along.
  let asked = '';
  page.once('dialog', (dialog) => {
    asked = dialog.type();
    void dialog.accept();
  });
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toBe('beforeunload');
});

test('databases as the first release wrote them open; one of a newer release is said, and left as it is', async ({
  page,
}) => {
  const first = JSON.parse(
    await readFile(new URL('fixtures/first-release.json', import.meta.url), 'utf8'),
  ) as object;
  // Before the app has opened any.
  await page.route('**/nothing-here', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto('./nothing-here');
  await page.evaluate(writeDatabases, first);
  const notebook = new NotebookPage(page);
  await page.goto('./#notebook=oldest');
  await notebook.opened();
  await expect(page.getByRole('heading', { name: 'From the first release' })).toBeVisible();
  await expect(notebook.output(2)).toContainText('printed then');
  await expect(notebook.output(2)).toContainText('thrown then');
  await notebook.type(2, '%px 6 * 8');
  await notebook.run(2);
  await expect(notebook.output(2)).toContainText('48');

  await page.goto('./nothing-here');
  await page.evaluate(writeDatabases, { tutti: { version: 99, stores: {} } });
  await notebook.openLink(['"typed now"']);
  await expect(banner(page)).toContainText('saved by a newer Tutti. Reload this page');
  expect(await downloaded(page)).toContain('typed now');
  const kept = page.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.open('tutti');
        request.onsuccess = () => {
          const all = request.result.transaction('documents').objectStore('documents').getAllKeys();
          all.onsuccess = () => resolve([request.result.version, all.result]);
        };
      }),
  );
  expect(await kept).toEqual([99, ['oldest']]);
});

for (const day of ['2026-11-25', '2026-12-01']) {
  test(`notebook, files, snapshots and history as they were written on ${day} are all there`, async ({
    page,
  }) => {
    const path = new URL(`fixtures/databases-${day}.json`, import.meta.url);
    await page.route('**/nothing-here', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto('./nothing-here');
    await page.evaluate(writeDatabases, JSON.parse(await readFile(path, 'utf8')) as object);
    const notebook = new NotebookPage(page);
    await page.goto('./#notebook=as-it-was');
    await notebook.opened();
    await expect(notebook.code(1)).toContainText('const first = 2');
    await expect(notebook.output(3)).toContainText('printed on 1');
    await expect(notebook.output(5)).toContainText('on an engine');

    await notebook.type(
      1,
      `const text = await files.get('data.txt').text();
const ended = await rc.dbQuery({ method: 'map', status: 'ok' });
const [first] = await rc.getResult(ended[0].msgId);
const failed = await rc.dbQuery({ status: 'error' });
const printed = await rc.dbQuery({ stdout: { $regex: 'printed on' } });
console.log(text, ended.length, first, failed.length, printed.length);`,
    );
    await notebook.run(1);
    await expect(notebook.output(1)).toContainText('kept then 3 {');
    await expect(notebook.output(1)).toContainText('list: Float64Array(2) [ 1, -0 ]');
    await expect(notebook.output(1)).toContainText('map: Map(1) { 1 => 1n }');
    await expect(notebook.output(1)).toContainText('} 2 4');

    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+P');
    await page.keyboard.type('snapshots');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Snapshots' });
    await dialog.getByRole('button', { name: /Save now · 5 cells/ }).click();
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await expect(notebook.cell(1)).toContainText('const first = 1');
  });
}

interface Databases {
  readonly [name: string]: {
    readonly version: number;
    readonly stores: Readonly<Record<string, Store>>;
  };
}

interface Store {
  readonly keyPath?: string | string[];
  /** Of the rows, where they do not hold them. */
  readonly keys?: readonly unknown[];
  /** What JSON cannot say stands as `{ $blob: base64, type }`, `{ $view: name, bytes }` and the like. */
  readonly rows: readonly unknown[];
}

/** In the page: makes databases. */
async function writeDatabases(databases: object): Promise<void> {
  const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const revive = (it: unknown): unknown => {
    if (typeof it !== 'object' || it === null) return it;
    if (Array.isArray(it)) return it.map(revive);
    const { $blob, type, $buffer, $view, bytes, $number, $bigint, $date, $map, $undefined } = it as Record<
      string,
      string
    >;
    if ($blob !== undefined) return new Blob([bytesOf($blob)], { type: type ?? '' });
    if ($buffer !== undefined) return bytesOf($buffer).buffer;
    if ($view !== undefined) {
      const View = Reflect.get(globalThis, $view) as Uint8ArrayConstructor;
      return new View(bytesOf(bytes ?? '').buffer);
    }
    if ($number !== undefined) return Number($number);
    if ($bigint !== undefined) return BigInt($bigint);
    if ($date !== undefined) return new Date($date);
    if ($map !== undefined) return new Map(revive($map) as [unknown, unknown][]);
    if ($undefined !== undefined) return undefined;
    return Object.fromEntries(Object.entries(it).map(([key, part]) => [key, revive(part)]));
  };
  for (const [name, { version, stores }] of Object.entries(databases as Databases)) {
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.open(name, version);
      request.onerror = () => reject(request.error ?? new Error('it did not open'));
      request.onupgradeneeded = () => {
        for (const [store, { keyPath, keys, rows }] of Object.entries(stores)) {
          const made = request.result.createObjectStore(store, keyPath === undefined ? {} : { keyPath });
          rows.forEach((row, i) => made.put(revive(row), keys?.[i] as IDBValidKey | undefined));
        }
      };
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
    });
  }
}
