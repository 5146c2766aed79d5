import { expect, type Page } from '@playwright/test';
import { seededRandom } from '../src/base/random.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh as test } from './story.ts';

/**
 * The page ends at any moment, in whatever way, whatever is being done: afterwards every notebook opens, and what has
 * been typed is there to the last letter. Ten times in `npm test`, `npm run soak:kills` two hundred times.
 */
const KILLS = Number(process.env['KILLS'] ?? 10);
const SEED = Number(process.env['KILLS_SEED'] ?? 1);
const CELLS = ['"first"', '"second"', 'await sleep(100)'];

const WAYS = ['crash', 'close', 'reload', 'leave'] as const;
type Way = (typeof WAYS)[number];
const SCENES = [
  'typing',
  'running',
  'full storage',
  'clock set back',
  'two tabs',
  'switching',
  'deleting',
] as const;
type Scene = (typeof SCENES)[number];

/** What the reader knows to have typed: the text of each cell of each notebook, by address. */
type Known = Map<string, string[]>;

test('a page that ends at any moment has lost nothing', async ({ context }) => {
  test.setTimeout(60_000 + KILLS * 15_000);
  const random = seededRandom(SEED);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const known: Known = new Map();
  for (let n = 0; n < 2; n++) {
    const page = await context.newPage();
    await new NotebookPage(page).openLink(CELLS);
    await page.getByRole('button', { name: 'Run this notebook' }).click();
    await expect(page).toHaveURL(/#notebook=/);
    known.set(page.url(), [...CELLS]);
    await page.close();
  }
  let page = await context.newPage();
  await open(page, pick([...known.keys()]), known);
  for (let kill = 0; kill < KILLS; kill++) {
    // Each scene and each way in turn, so that a few kills have seen all.
    const scene = SCENES[kill % SCENES.length] as Scene;
    const way = KILLS > 20 ? pick(WAYS) : (WAYS[kill % WAYS.length] as Way);
    await test.step(`${String(kill)}: ${scene}, ${way}`, async () => {
      page = await once(page, { known, scene, way, pick, random });
    });
  }
});

interface Kill {
  readonly known: Known;
  readonly scene: Scene;
  readonly way: Way;
  readonly pick: <T>(list: readonly T[]) => T;
  readonly random: () => number;
}

/** Ends the page, and gives the one that comes after it. */
async function once(page: Page, { known, scene, way, pick, random }: Kill): Promise<Page> {
  const context = page.context();
  const address = page.url();
  if (scene === 'clock set back') {
    await setClockBack(page, Math.floor(random() * 1e9));
    await page.reload();
    await open(page, address, known);
  }
  const notebook = new NotebookPage(page);
  if (scene === 'full storage') await fillStorage(page);
  if (scene === 'running') {
    await expect(notebook.kernel('idle')).toBeVisible();
    await notebook.run(3);
    await expect(notebook.cell(3)).toHaveAttribute('data-run', 'running');
  }
  const second = scene === 'two tabs' ? await context.newPage() : null;
  if (second) {
    await second.goto(address);
    await new NotebookPage(second).opened();
    await page.bringToFront();
  }
  const texts = known.get(address) ?? [];
  if (scene === 'switching') {
    const other = [...known.keys()].find((each) => each !== address) ?? address;
    await type(page, texts, { random, pick });
    await page.evaluate((hash) => {
      location.hash = hash;
    }, new URL(other).hash);
    await expect(notebook.cell(1)).toContainText((known.get(other) ?? [])[0] ?? '');
    await type(page, known.get(other) ?? [], { random, pick });
  } else if (scene === 'deleting') {
    await notebook.cell(1).focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('b');
    await page.keyboard.press('d');
    await page.keyboard.press('d');
    await type(page, texts, { random, pick });
  } else await type(page, texts, { random, pick });
  await page.waitForTimeout(Math.floor(random() * 4) * 120);
  await end(page, way);
  if (second) await end(second, pick(WAYS));
  await expect.poll(() => context.pages().length).toBe(0);

  const after = await context.newPage();
  await open(after, address, known);
  if (scene === 'running') await expect(new NotebookPage(after).cell(3)).toContainText('cut off');
  if (scene === 'switching') await open(after, pick([...known.keys()]), known);
  return after;
}

/** A notebook opens, and is as it was left. */
async function open(page: Page, address: string, known: Known): Promise<void> {
  await page.goto(address);
  const notebook = new NotebookPage(page);
  // One that was opened a moment before its page ended is suspected, rightly: it might have ended the page.
  const again = page.getByRole('region', { name: 'Not opened' }).getByRole('button', { name: 'Try again' });
  // Said a moment later, when the page has looked: another notebook may be seen until then.
  await expect(async () => {
    if (await again.isVisible()) await again.click();
    await expect(page.getByRole('main', { name: 'All notebooks' })).toBeHidden({ timeout: 1000 });
    await expect.poll(() => sources(page), { timeout: 1000 }).toEqual(known.get(address) ?? []);
  }).toPass({ timeout: 20_000 });
  await notebook.opened();
  const texts = known.get(address) ?? [];
  await expect.poll(() => sources(page)).toEqual(texts);
  await expect(page.locator('.cell')).toHaveCount(texts.length);
}

async function sources(page: Page): Promise<readonly string[]> {
  const boxes = await page.getByRole('textbox', { name: /^Code of cell/ }).all();
  return Promise.all(boxes.map((box) => box.inputValue()));
}

/** A few letters, each known as soon as the page has it. */
async function type(
  page: Page,
  texts: string[],
  { random, pick }: Pick<Kill, 'random' | 'pick'>,
): Promise<void> {
  const n = pick([1, 2]);
  const code = new NotebookPage(page).code(n);
  await code.focus();
  await page.keyboard.press('ControlOrMeta+End');
  for (let letters = 1 + Math.floor(random() * 12); letters > 0; letters--) {
    const letter = pick(['a', 'é', '1', ' ', '界']);
    const typed = `${texts[n - 1] ?? ''}${letter}`;
    await page.keyboard.insertText(letter);
    // The box that is read shows a letter with the next frame; the notebook may have it before.
    await expect(code).toHaveValue(typed);
    texts[n - 1] = typed;
  }
}

async function end(page: Page, way: Way): Promise<void> {
  const context = page.context();
  if (way === 'crash') {
    const cdp = await context.newCDPSession(page);
    const gone = page.waitForEvent('crash');
    // Never answered: the process that would answer is gone.
    cdp.send('Page.crash').catch(() => undefined);
    await gone;
  } else if (way === 'reload') await page.reload();
  else if (way === 'leave') await page.goto('about:blank');
  await page.close();
}

/** A browser's own quota cannot be set from outside: the databases refuse as it would. */
async function fillStorage(page: Page): Promise<void> {
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('The disk is full.', 'QuotaExceededError');
    };
  });
}

async function setClockBack(page: Page, milliseconds: number): Promise<void> {
  await page.addInitScript((back) => {
    const { now } = Date;
    Date.now = () => now() - back;
    const { timeOrigin } = performance;
    Object.defineProperty(performance, 'timeOrigin', { value: timeOrigin - back });
  }, milliseconds);
}
