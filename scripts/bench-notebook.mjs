// The page with a notebook of five hundred cells, beside one of twenty: opening, scrolling, typing.
import { build, preview } from 'vite';

const COUNTS = [20, 500];

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
  const typing = await typeInto(page, Math.ceil(count / 2) + 2);
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
    const mark = [...document.querySelectorAll('.cell')].find(
      (cell) => cell.getBoundingClientRect().top > 100,
    );
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

/** From the key to the frame that shows it. */
async function typeInto(page, n) {
  const code = page.getByRole('textbox', { name: `Code of cell ${n}`, exact: true });
  await code.focus();
  await page
    .getByRole('group', { name: `Cell ${n}`, exact: true })
    .locator('.monaco-editor')
    .first()
    .waitFor();
  await page.evaluate(() => {
    window.latencies = [];
    const onKey = ({ timeStamp }) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.latencies.push(performance.now() - timeStamp);
        port2.postMessage(0);
      });
    };
    window.addEventListener('keydown', onKey, { capture: true });
  });
  await page.keyboard.type('\nconst total = 12 * 34; // and some more words, to have enough of them', {
    delay: 60,
  });
  const sorted = await page.evaluate(() => window.latencies.sort((a, b) => a - b));
  return { p50: sorted[sorted.length >> 1], p95: sorted[Math.floor(sorted.length * 0.95)] };
}
