// `npm run icons`: the PNG forms of the icons in public/, drawn from their SVG forms by Chromium.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, chromiumPath } from './browser.mjs';

const folder = fileURLToPath(new URL('../public/', import.meta.url));
const ICONS = [
  { svg: 'icon.svg', png: 'icon-192.png', size: 192 },
  { svg: 'icon.svg', png: 'icon-512.png', size: 512 },
  { svg: 'icon-maskable.svg', png: 'icon-maskable-512.png', size: 512 },
];

const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_FLAGS });
try {
  for (const { svg, png, size } of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const image = readFileSync(folder + svg, 'utf8').replace('<svg ', '<svg style="display:block" ');
    await page.setContent(`<body style="margin:0;background:none">${image}</body>`);
    await page.screenshot({ path: folder + png, omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
