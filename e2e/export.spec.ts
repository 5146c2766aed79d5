import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { parse, type ParserError } from 'parse5';
import { expectNoViolation } from './axe.ts';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

/** The notebook as one HTML file. */

async function exported(page: Page): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'Download as a web page' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/\.html$/);
  return readFile(await file.path(), 'utf8');
}

const CELLS = [
  '%px console.log("lane", engine.id % 2)',
  'display.html("<b>bold</b><img src=x alt=none onerror=\\"document.title=1\\"><script>document.title = 2</script>")',
  '"</pre></style></script><script>document.title = 3</script>"',
  'Plot.plot({ marks: [Plot.dot([[1, 2], [3, 4]])], width: 300, height: 120 })',
  '%px throw new RangeError("<i>odd</i> " + engine.id)',
  'console.table([{ a: 1, b: "x" }])',
];

test('the exported page is whole, valid, readable in both themes, and fetches and runs nothing', async ({
  page,
  context,
}) => {
  test.slow();
  const notebook = new NotebookPage(page);
  await notebook.openLink(CELLS);
  await page.getByRole('button', { name: 'Run this notebook' }).click();
  await notebook.finished();
  await notebook.run(6);
  await notebook.finished();
  await notebook.cell(1).focus();
  await page.keyboard.press('a');
  await page.keyboard.press('m');
  await page.keyboard.press('Enter');
  await expect(notebook.code(1)).toBeFocused();
  await page.keyboard.insertText(
    '# Results & more\n\n$e^{i\\pi} = -1$ and <script>document.title = 4</script> [a link](https://example.org/)',
  );
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { name: 'Results & more' })).toBeVisible();
  const html = await exported(page);

  const faults: ParserError[] = [];
  parse(html, { onParseError: (fault) => faults.push(fault), sourceCodeLocationInfo: true });
  expect(faults).toEqual([]);
  expect(html).not.toMatch(/<script/i);

  const reader = await context.newPage();
  const fetched: string[] = [];
  reader.on('request', (request) => fetched.push(request.url()));
  const complaints: string[] = [];
  reader.on('console', (message) => complaints.push(message.text()));
  const address = 'http://exported.example/page.html';
  await context.route(address, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await reader.goto(address);
  await expect(reader.getByRole('heading', { name: 'Results & more' })).toBeVisible();
  await expectNoViolation(reader, 'the exported page');
  const handlers = await reader.evaluate(() =>
    [...document.querySelectorAll('*')].flatMap((element) =>
      element.getAttributeNames().filter((name) => name.startsWith('on')),
    ),
  );
  expect(handlers).toEqual([]);
  expect(new Set(fetched)).toEqual(new Set([address]));
  expect(complaints).toEqual([]);
  expect(await reader.title()).toBe('Untitled');
  const section = (n: number) => reader.getByRole('region', { name: `Cell ${n}`, exact: true });
  // Two engines each said the same.
  await expect(section(2)).toContainText('[stdout:0] [stdout:2]');
  await expect(section(2)).toContainText('lane 1');
  await expect(section(3).locator('b')).toHaveText('bold');
  await expect(section(4)).toContainText('</pre></style></script>');
  await expect(section(5).locator('svg').first()).toBeVisible();
  await expect(section(6)).toContainText('RangeError: <i>odd</i> 3');
  await expect(reader.locator('math').first()).toBeVisible();

  // On paper: light, whatever the screen.
  await reader.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const ink = await reader.evaluate(() => getComputedStyle(document.body).color);
  expect(ink).toBe('rgb(30, 27, 23)');
  expect((await reader.pdf()).length).toBeGreaterThan(10_000);

  // And the way back to a notebook that runs.
  await reader.emulateMedia({ media: 'screen' });
  const link = await reader.getByRole('link', { name: 'Open and run in Tutti' }).getAttribute('href');
  await page.goto(link ?? '');
  await expect(notebook.cell(2)).toContainText('lane');
});
