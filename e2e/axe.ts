import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * The page breaks no rule of WCAG 2.2 AA. `colours`: contrast alone, for a page that has been gone through in the
 * other theme; nothing else of it can differ.
 */
export async function expectNoViolation(
  page: Page,
  view: string,
  rules: 'all' | 'colours' = 'all',
): Promise<void> {
  // A colour that is on its way to another is none of the page's.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(() => page.evaluate(() => document.getAnimations().length)).toBe(0);
  const axe = new AxeBuilder({ page });
  const { violations } = await (
    rules === 'all' ? axe.withTags(WCAG) : axe.withRules(['color-contrast'])
  ).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  expect(found, view).toEqual([]);
}
