import { test as base, expect, type Browser, type BrowserContext, type Page } from '@playwright/test';

const WINDOW = { width: 1280, height: 720 };

/**
 * A page that stories share, one after the other. To open a page with its editor, kernel and engines takes seconds; a
 * notebook that comes into an open page, as when a reader follows a link, has a kernel and engines of its own, too.
 */
export class OpenPage {
  readonly #browser: Browser;
  readonly #prepare: (page: Page) => Promise<void>;
  #page: Page | null = null;

  /** `prepare`: what is done to a page before it opens. */
  constructor(browser: Browser, prepare: (page: Page) => Promise<void> = () => Promise.resolve()) {
    this.#browser = browser;
    this.#prepare = prepare;
  }

  async take(): Promise<Page> {
    if (this.#page === null) {
      const context = await this.#browser.newContext({ viewport: WINDOW });
      this.#page = await context.newPage();
      await this.#prepare(this.#page);
      // It would not be heard before the page opens, since it is open; and other stories would have it, too.
      this.#page.addInitScript = () => Promise.reject(new Error('A story that does this is a `fresh` one.'));
    }
    return this.#page;
  }

  /** Makes it what it was before the story; a page of which that cannot be said is closed. */
  async giveBack(): Promise<void> {
    const page = this.#page;
    if (page === null) return;
    if (page.isClosed() || !(await isPutAway(page))) {
      await this.close();
      return;
    }
    const context = page.context();
    for (const other of context.pages()) if (other !== page) await other.close();
    await context.clearPermissions();
    await page.unrouteAll();
    await page.emulateMedia({ media: null, colorScheme: null, reducedMotion: null, contrast: null });
    await page.setViewportSize(WINDOW);
    await page.mouse.move(0, 0);
  }

  async close(): Promise<void> {
    const page = this.#page;
    this.#page = null;
    await page?.context().close();
  }
}

/**
 * Leaves the notebook for the start page, so that none of it is in sight when the next one is looked for. Whether
 * nothing was open besides, and nothing was chosen that the next notebook would find chosen.
 */
async function isPutAway(page: Page): Promise<boolean> {
  const asItCame = await page.evaluate(() => {
    const variables = document.querySelector('#panel-tab-variables');
    const besides = document.querySelector('dialog[open], .find-bar, .task-drawer, .drawer');
    const engines = [...document.querySelectorAll('[aria-label="Engines"] > li')];
    const areFirst = engines.every((engine, i) => engine.ariaLabel?.startsWith(`Engine ${i}:`));
    location.hash = '#start';
    // What else is there is the journal of an edit that is being saved.
    const isAsChosen =
      localStorage.getItem('tutti.preferences') === null && variables?.ariaSelected !== 'true';
    return isAsChosen && besides === null && areFirst;
  });
  await expect(page.getByRole('main', { name: 'All notebooks' })).toBeVisible();
  return asItCame;
}

/** A story in a page of its own, as on a first visit: about storage, several tabs, or how a page opens. */
export const fresh = base.extend<object, { shared: OpenPage }>({
  shared: [
    async ({ browser }, use) => {
      const shared = new OpenPage(browser);
      await use(shared);
      await shared.close();
    },
    { scope: 'worker' },
  ],
});

/**
 * A story in a page that is open, where other stories were before and left their notebooks. One that fails ends the
 * worker and with it the page, so that no other story pays for it.
 */
export const test = fresh.extend<{ page: Page; context: BrowserContext }>({
  page: async ({ shared }, use, info) => {
    await use(await shared.take());
    if (info.status === info.expectedStatus) await shared.giveBack();
  },
  context: async ({ page }, use) => {
    await use(page.context());
  },
});
