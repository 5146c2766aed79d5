import { writeFile } from 'node:fs/promises';
import { test as base } from '@playwright/test';
import { openChromium } from './chromium.ts';
import type { Driver } from './driver.ts';
import { openFirefox } from './firefox.ts';
import { Reader } from './reader.ts';
import { openWebKit } from './webkit.ts';

/** Which browser a project of `playwright.config.ts` beside this tries. */
export interface BrowserOptions {
  readonly kind: BrowserKind;
}

export type BrowserKind = keyof typeof BROWSERS;

const BROWSERS = {
  chromium: openChromium,
  firefox: openFirefox,
  'webkit with shared memory': () => openWebKit({ sharesMemory: true }),
  'webkit without shared memory': () => openWebKit({ sharesMemory: false }),
} satisfies Readonly<Record<string, () => Promise<Driver>>>;

/** Stories of one browser follow each other in one page: to start a browser takes seconds. */
export const test = base.extend<{ reader: Reader }, BrowserOptions & { driver: Driver }>({
  kind: ['chromium', { option: true, scope: 'worker' }],
  driver: [
    async ({ kind }, use) => {
      const driver = await BROWSERS[kind]();
      await use(driver);
      await driver.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  reader: async ({ driver, baseURL }, use, info) => {
    await use(new Reader(driver, baseURL ?? ''));
    if (info.status !== info.expectedStatus) {
      const path = info.outputPath('screenshot.png');
      await writeFile(path, await driver.screenshot());
      await info.attach('screenshot', { path });
    }
  },
});
export { expect } from '@playwright/test';
