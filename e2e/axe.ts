import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Axe for this page, as quick as it can be: it lists what is wrong alone, and gathers it in the page rather than in
 * one made for that. The one frame of the page is hidden from all readers, so there is nothing to gather from it.
 */
export function axeOf(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode(true);
}

/** The page breaks no rule of WCAG 2.2 AA; in the dark theme nothing but contrast can differ. */
export async function expectNoViolation(page: Page, view: string): Promise<void> {
  await expectNothingFound(page, view, 'light', axeOf(page).withTags(WCAG));
  await expectNothingFound(page, view, 'dark', axeOf(page).withRules(['color-contrast']));
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Contrast as WCAG 2.2 AAA wants it, in both themes. */
export async function expectHighContrast(page: Page): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await expectNothingFound(
      page,
      'high contrast',
      theme,
      axeOf(page).withRules(['color-contrast-enhanced']),
    );
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

async function expectNothingFound(
  page: Page,
  view: string,
  colorScheme: 'light' | 'dark',
  axe: AxeBuilder,
): Promise<void> {
  // A colour that is on its way to another is none of the page's.
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await expect.poll(() => page.evaluate(() => document.getAnimations().length)).toBe(0);
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  expect(found, `${view}, ${colorScheme}`).toEqual([]);
}
