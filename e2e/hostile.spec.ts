import { expect, type Page } from '@playwright/test';
import { ATTACKS, GREEDY, tryingAll } from './hostile/attacks.ts';
import { Damage } from './hostile/damage.ts';
import { HEAVY } from './hostile/heavy.ts';
import {
  ALL,
  BATCH,
  BATCHES,
  BEGUN,
  chosen,
  expectOpens,
  expectSurvives,
  type Witness,
} from './hostile/judgement.ts';
import { cellOf, VECTORS } from './hostile/markup.ts';
import { codeCell, linkTo, notebookOf, type NotebookFile } from './hostile/notebook-file.ts';
import { RawBrowser } from './hostile/raw-browser.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh, test } from './story.ts';

/**
 * Notebooks of strangers who mean harm, ordered by the walls that stop them (docs/SECURITY.md). A quick half runs
 * with every change, all of them by `npm run test:hostile`.
 */
test.describe('the sanitiser: markup runs nothing, loads nothing, stays in its box', () => {
  for (const batch of BATCHES) {
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
  for (const heavy of chosen(HEAVY)) {
    test(heavy.name, async ({ page }) => {
      const damage = new Damage(page);
      await expectOpens(heavy, witnessOf(page, damage));
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
      await expectSurvives(attack, witnessOf(page, damage));
      damage.stop();
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
  await expect(page.getByRole('region', { name: 'Consent' })).toContainText('It asks for 64 engines.');
  await expect(page.getByText('ran', { exact: true })).toHaveCount(0);
  // Not above what the machine has, before anybody has agreed.
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  await expect(notebook.kernel('idle')).toBeVisible();
  const engines = page.getByRole('list', { name: 'Engines' }).getByRole('listitem');
  expect(await engines.count()).toBeLessThanOrEqual(Math.max(cores, 4));
});

fresh(
  'consent: as many engines as were asked for, more than a screen full, and again after a reload',
  async ({ page }) => {
    fresh.skip(!ALL, 'A hundred engines take their time.');
    const notebook = new NotebookPage(page);
    const file = notebookOf([codeCell('%px console.log("here", engine.id)')], { tutti: { engines: 100 } });
    await page.goto(`./#nb=${linkTo(file)}`);
    await notebook.opened();
    await expect(page.getByRole('region', { name: 'Consent' })).toContainText('It asks for 100 engines.');
    await notebook.button('Run this notebook').click();
    // The rest of them start first; then its cells are queued.
    await expect(notebook.output(1)).toContainText('here 99', { timeout: 80_000 });
    await notebook.finished();
    expect((await notebook.text(1)).match(/here \d+/g)).toHaveLength(100);
    await expect(page.getByText(/^Saved/)).toBeVisible();
    await page.reload();
    await notebook.opened();
    await expect(notebook.engine(99, 'idle')).toBeVisible({ timeout: 60_000 });
    await notebook.run(1);
    await notebook.finished(80_000);
    expect((await notebook.text(1)).match(/here \d+/g)).toHaveLength(100);
  },
);

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

function witnessOf(page: Page, damage: Damage): Witness {
  const notebook = new NotebookPage(page);
  return {
    follow: async (carried) => void (await page.goto(`./#nb=${carried}`)),
    showsSomething: async () =>
      ((await notebook.cell(1).isVisible()) &&
        !(await page.getByRole('main', { name: 'All notebooks' }).isVisible())) ||
      (await page.getByRole('alert').first().isVisible()),
    click: (button) => notebook.button(button).click(),
    hasBegun: async () => (await page.locator(BEGUN).count()) > 0,
    isBusy: () => notebook.kernel('busy').isVisible(),
    finished: (timeout) => notebook.finished(timeout),
    everything: () => notebook.everything(),
    text: () => page.locator('body').innerText(),
    turn: () => page.evaluate(() => new Promise((resolve) => setTimeout(resolve))),
    harm: (drawn) => damage.found(drawn),
  };
}
