// The page with a notebook of five hundred cells, beside one of twenty: opening, scrolling, typing.
import { build, preview } from 'vite';
import { eventTimings, FRAME, percentiles, traceTyping } from './typing-trace.mjs';

const COUNTS = [20, 500];

const EDITORS = { textarea: 'a bare <textarea>', monaco: 'Monaco as it comes', ours: 'Monaco as in cells' };

/** Words, brackets, blanks and a line break; the list of suggestions opens at some, a signature at one. */
const TEXT = '\nconst total = f1(12) * 34; // and some more words, to have enough of them';
/** Milliseconds from key to key. */
const PACE = 80;

/** The limits, in the same run: editors alone in an empty page, at `address`. */
export async function benchEditors(browser, address) {
  const rows = [];
  for (const [editor, name] of Object.entries(EDITORS)) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${address}?editor=${editor}`);
    await page.locator('textarea, .monaco-editor').first().waitFor();
    rows.push({ name, ...(await typeInto(page)) });
    await page.close();
  }
  return rows;
}

/** `browser`: of Playwright. Builds the app; gives a line for each size, times in milliseconds. */
export async function benchNotebook(browser, port) {
  await build({ logLevel: 'warn' });
  const server = await preview({ preview: { port, strictPort: true } });
  try {
    const rows = [];
    for (const count of COUNTS) rows.push(await measure(browser, `http://localhost:${port}/`, count));
    return rows;
  } finally {
    await server.close();
  }
}

async function measure(browser, address, count) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await openFile(page, address, notebookOf(count));
  await page.addInitScript(() => {
    new MutationObserver((_records, observer) => {
      if (!document.querySelector('.cell')) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => performance.mark('first-content')));
    }).observe(document, { subtree: true, childList: true });
  });
  await page.reload();
  await page.getByRole('group', { name: `Cell ${count}`, exact: true }).waitFor({ state: 'attached' });
  const firstContent = await page.evaluate(() => performance.getEntriesByName('first-content')[0].startTime);
  const scroll = await page.evaluate(scrollThrough);
  await edit(page, Math.ceil(count / 2) + 2);
  const typing = await typeInto(page);
  await page.close();
  return { name: `${count} cells`, firstContent, scroll, typing };
}

async function openFile(page, address, json) {
  await page.goto(address);
  await page.getByRole('status', { name: 'Kernel: idle' }).waitFor();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  const file = { name: 'long.ipynb', mimeType: 'application/json', buffer: Buffer.from(json) };
  await (await chooser).setFiles(file);
  await page.getByRole('group', { name: 'Cell 20', exact: true }).waitFor({ state: 'attached' });
  await page
    .getByText(/^Saved/)
    .first()
    .waitFor();
}

function notebookOf(count) {
  const cells = Array.from({ length: count }, (_none, i) =>
    i % 5 === 0
      ? {
          id: `m${i}`,
          cell_type: 'markdown',
          metadata: {},
          source: `## Section ${i}\n\nSome *prose* about it.`,
        }
      : {
          id: `c${i}`,
          cell_type: 'code',
          metadata: {},
          execution_count: i,
          source: `// step ${i}\nfunction f${i}(a: number, b = 2) {\n  return a * b + ${i};\n}\nconsole.log(f${i}(3));`,
          outputs: [{ output_type: 'stream', name: 'stdout', text: [`step ${i}\n`] }],
        },
  );
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
}

/** Steps of 150 pixels; a cell in sight must move as far as was scrolled. */
async function scrollThrough() {
  const scroller = document.querySelector('.notebook-scroller');
  const frames = [];
  let jumps = 0;
  let last = performance.now();
  while (scroller.scrollTop + scroller.clientHeight < scroller.scrollHeight - 150 && frames.length < 200) {
    const { left, width, top, height } = scroller.getBoundingClientRect();
    const mark = document.elementFromPoint(left + width / 2, top + height / 2)?.closest('.cell');
    const before = mark?.getBoundingClientRect().top ?? 0;
    scroller.scrollTop += 150;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const now = performance.now();
    frames.push(now - last);
    last = now;
    if (mark && Math.abs(before - mark.getBoundingClientRect().top - 150) > 2) jumps++;
  }
  frames.sort((a, b) => a - b);
  return { p50: frames[frames.length >> 1], p95: frames[Math.floor(frames.length * 0.95)], jumps };
}

/** The caret stands at the end of cell `n`, in Monaco, and all that comes by and by has come. */
async function edit(page, n) {
  await page.getByRole('textbox', { name: `Code of cell ${n}`, exact: true }).focus();
  await page
    .getByRole('group', { name: `Cell ${n}`, exact: true })
    .locator('.monaco-editor')
    .first()
    .waitFor();
  await page.keyboard.press('Control+Space');
  await page.locator('.suggest-widget.visible .monaco-list-row').first().waitFor({ timeout: 120_000 });
  await page.keyboard.press('Escape');
}

async function typeInto(page) {
  await page.mouse.move(720, 300);
  await page.keyboard.press('Control+End');
  // The first keys compile what all keys run.
  await page.keyboard.type('\nlet warm = 1;', { delay: PACE });
  const felt = percentiles(await eventTimings(page, TEXT, PACE));
  const keys = await traceTyping(page, TEXT, PACE);
  const of = (cost) => percentiles(keys.map((one) => one[cost]));
  const key = of('key');
  return {
    key,
    wall: of('wall'),
    later: of('later'),
    longest: of('longest'),
    felt: of('felt'),
    event: felt,
    below: key.p95 < FRAME,
  };
}
