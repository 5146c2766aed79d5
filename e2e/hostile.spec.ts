import { expect, type Page } from '@playwright/test';
import { ATTACKS, GREEDY, tryingAll } from './hostile/attacks.ts';
import { Damage } from './hostile/damage.ts';
import { HEAVY } from './hostile/heavy.ts';
import { cellOf, VECTORS } from './hostile/markup.ts';
import { codeCell, linkTo, notebookOf, type NotebookFile } from './hostile/notebook-file.ts';
import { RawBrowser } from './hostile/raw-browser.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh, test } from './story.ts';

/**
 * Notebooks of strangers who mean harm, ordered by the walls that stop them (docs/SECURITY.md). A quick half runs
 * with every change, all of them by `npm run test:hostile`.
 */
const ALL = process.env['HOSTILE'] === 'all';
const chosen = <T extends { readonly quick?: boolean }>(cases: readonly T[]) =>
  cases.filter(({ quick }) => ALL || quick === true);

/** Seconds in which a page answers while it opens what is heavy; the worst took twenty and more, or never did. */
const PATIENCE = 8;
/** As many vectors to a notebook as are drawn at once. */
const BATCH = 40;

test.describe('the sanitiser: markup runs nothing, loads nothing, stays in its box', () => {
  const batches = Array.from({ length: Math.ceil(VECTORS.length / BATCH) }, (_, i) =>
    VECTORS.slice(i * BATCH, (i + 1) * BATCH),
  );
  for (const batch of batches) {
    test(`${batch[0]!.name} to ${batch.at(-1)!.name}, saved in a file`, async ({ page }) => {
      const damage = new Damage(page);
      await openStranger(page, notebookOf(batch.map(cellOf)));
      await lookAtAll(page);
      await damage.expectNone();
      damage.stop();
    });
  }

  test('the same, displayed by a cell that runs', async ({ page }) => {
    const damage = new Damage(page);
    const some = VECTORS.filter((_, i) => ALL || i % 4 === 0);
    const cells = Array.from({ length: Math.ceil(some.length / BATCH) }, (_, i) => {
      const part = some.slice(i * BATCH, (i + 1) * BATCH).map(({ mime, text }) => ({ [mime]: text }));
      return `for (const bundle of ${JSON.stringify(part)}) display(bundle); 0`;
    });
    const notebook = new NotebookPage(page);
    await notebook.open(cells);
    await lookAtAll(page);
    await damage.expectNone();
    damage.stop();
  });
});

test.describe('opening: a heavy notebook neither ends nor freezes the page', () => {
  for (const { name, file } of chosen(HEAVY)) {
    test(name, async ({ page }) => {
      const damage = new Damage(page);
      await page.goto(`./#nb=${linkTo(file())}`);
      await answers(page);
      // A cell, or a sentence about why there is none; never an empty page.
      await expect(
        page.getByRole('group', { name: 'Cell 1', exact: true }).or(page.getByRole('alert')).first(),
      ).toBeVisible();
      await answers(page);
      expect(await page.getByText(/Something went wrong|could not be drawn/).count()).toBeLessThan(2);
      await damage.expectNone();
      damage.stop();
    });
  }
});

test.describe('the sandbox: code that runs reaches nothing outside its notebook', () => {
  test('storage, pages, network and devices, from the kernel and from an engine', async ({
    page,
    baseURL,
  }) => {
    const damage = new Damage(page);
    const notebook = new NotebookPage(page);
    const code = tryingAll(baseURL ?? '');
    await page.goto('./');
    await page.evaluate(() => caches.open('of the app'));
    await notebook.open([code, `%%px --targets 0\n${code}`]);
    await page.evaluate(() => caches.delete('of the app'));
    for (const cell of [1, 2]) {
      await expect(notebook.output(cell)).toContainText('all tried');
      const reached = (await notebook.text(cell)).match(/REACHED [^|]*/g) ?? [];
      expect(reached).toEqual([]);
    }
    await damage.expectNone(false);
    damage.stop();
  });
});

test.describe('running: whatever it does, the page answers, and the next notebook works', () => {
  for (const attack of chosen(ATTACKS)) {
    test(attack.name, async ({ page }) => {
      const damage = new Damage(page);
      const notebook = new NotebookPage(page);
      await notebook.openLink(attack.cells);
      await notebook.button('Run this notebook').click();
      if (attack.interrupt === true) {
        await expect(notebook.kernel('busy')).toBeVisible();
        await notebook.button('Interrupt').click();
      }
      await answers(page);
      await notebook.finished(80_000);
      await answers(page);
      if (attack.shows) expect(await notebook.everything()).toMatch(attack.shows);
      await damage.expectNone(false);
      damage.stop();
      await notebook.open(['%px 6 * 7']);
      await expect(notebook.output(1)).toContainText('42');
    });
  }
});

test.describe('running: memory without end ends kernel and engines, not the page', () => {
  test.skip(!ALL, 'It takes all memory that a page may have.');
  for (const { name, cell } of GREEDY) {
    test(name, async ({ baseURL }) => {
      const file = notebookOf([codeCell(cell), codeCell('"two: " + 21 * 2')]);
      const browser = await RawBrowser.open(`${baseURL ?? ''}#nb=${linkTo(file)}`);
      try {
        await expect.poll(() => browser.click('Run this notebook')).toBe(true);
        const text = expect.poll(() => browser.text(), { timeout: 80_000 });
        await text.toContain('Kernel and engines do not answer');
        expect(await browser.click('Stop everything')).toBe(true);
        await text.toMatch(/Kernel:\s+idle/);
        await browser.evaluate('document.querySelectorAll(\'[aria-label="Run cell"]\')[1].click()');
        await text.toContain('two: 42');
      } finally {
        await browser.close();
      }
    });
  }
});

fresh('consent: a file cannot give it, whatever it says of itself', async ({ page }) => {
  const notebook = new NotebookPage(page);
  const file = notebookOf(
    [{ ...codeCell('console.log("ran")'), metadata: { trusted: true, tags: ['init'] } }],
    {
      trusted: true,
      signature: 'sha256:0',
      tutti: {
        trusted: true,
        consent: true,
        network: true,
        origin: 'own',
        init: true,
        engines: 64,
        ran: true,
      },
    },
  );
  await page.goto(`./#nb=${linkTo(file)}`);
  await notebook.opened();
  await expect(notebook.button('Run this notebook')).toBeVisible();
  await expect(page.getByText('ran', { exact: true })).toHaveCount(0);
  // Not above what the machine has, before anybody has agreed.
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  await expect(notebook.kernel('idle')).toBeVisible();
  const engines = page.getByRole('list', { name: 'Engines' }).getByRole('listitem');
  expect(await engines.count()).toBeLessThanOrEqual(Math.max(cores, 4));
});

async function openStranger(page: Page, file: NotebookFile): Promise<void> {
  await page.goto(`./#nb=${linkTo(file)}`);
  await new NotebookPage(page).opened();
}

/** Every cell has been in sight, so that all of them are drawn. */
async function lookAtAll(page: Page): Promise<void> {
  const cells = page.getByRole('group', { name: /^Cell \d+$/ });
  for (let i = 0; i < (await cells.count()); i += 4) await cells.nth(i).scrollIntoViewIfNeeded();
  await cells.first().scrollIntoViewIfNeeded();
}

/** The page's own thread does something else within a bound. */
async function answers(page: Page): Promise<void> {
  const from = Date.now();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  expect((Date.now() - from) / 1000, 'seconds until the page answered').toBeLessThan(PATIENCE);
}
