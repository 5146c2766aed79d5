// `npm run bench [-- guards | memory | calls | notebook | page]`: peers and us side by side in one run, in Chromium. Trust the
// ratios, not the figures. `page` (`page calls,maps`: these parts) is the real page, beside its peers and its targets; with `--write` its table goes to
// bench/RESULTS.md.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { benchPage } from './bench-page.mjs';
import { writeResults } from './bench-results.mjs';
import { benchEditors, benchNotebook } from './bench-notebook.mjs';
import { CHROMIUM_FLAGS, chromiumPath, ensureBrowser } from './browser.mjs';

const configFile = fileURLToPath(new URL('../bench/vite.config.ts', import.meta.url));

const TYPING = `typing, in milliseconds, p50 and p95 of the keys
  main thread  script, style, layout and paint of a key, by the thread's own clock; below a frame: p95 < 16.7
  on the wall  the same by the clock on the wall
  until seen   from the key to the end of the frame, with the wait for the display
  as INP       Event Timing's duration, in steps of 8; 16 is 16 or less
  later        what else the main thread does before the next key; longest: the longest task of it
`;

const port = Number(process.env.BENCH_PORT ?? 4178);
ensureBrowser();
await build({ configFile, logLevel: 'warn' });
const server = await preview({ configFile, preview: { port, strictPort: true } });
const browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: CHROMIUM_FLAGS,
});
try {
  const [only, ...more] = process.argv.slice(2);
  if (only === 'page') {
    const parts = more.find((one) => !one.startsWith('-'))?.split(',');
    const rows = await benchPage(browser, `http://localhost:${port}/page-peers.html`, port + 1, parts);
    const file = fileURLToPath(new URL('../bench/RESULTS.md', import.meta.url));
    if (more.includes('--write')) await writeResults(file, rows, browser.version());
  }
  if (only === undefined || only === 'notebook') {
    const rows = await benchNotebook(browser, port + 1);
    print('the page, in milliseconds', rows, null, notebookRow);
    const editors = await benchEditors(browser, `http://localhost:${port}/typing.html`);
    const typing = [...editors, ...rows.map(({ name, typing }) => ({ name, ...typing }))];
    print(TYPING, typing, '20 cells', typingRow);
  }
  if (only !== 'notebook' && only !== 'page') await benchRuntime(only);
} finally {
  await browser.close();
  await server.close();
}

async function benchRuntime(only) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(`http://localhost:${port}/${only === undefined ? '' : `?only=${only}`}`);
  const { timings, blocking, rates, memory, guards } = await page.evaluate(() => window.report);
  print('no-op round trip, kernel → main → engine and back', timings, 'raw postMessage', row);
  print('the same, the kernel blocked', blocking, 'raw Atomics', row);
  print('throughput', rates, 'comlink, all in flight', rateRow);
  print('64 MiB, kernel → main → engine', memory, null, (line) =>
    row(
      line,
      memory.find(({ name }) => name === line.limit),
    ),
  );
  print('guards in loops', guards, null, guardRow);
}

function print(title, rows, base, format) {
  if (rows.length === 0) return;
  console.log(`\n${title}`);
  const reference = rows.find(({ name }) => name === base);
  for (const line of rows) console.log(format(line, reference));
}

function row({ name, p50, p95 }, reference) {
  const ratio = (p50 / reference.p50).toFixed(2);
  return `${name.padEnd(44)}${p50.toFixed(0).padStart(8)} µs p50${p95.toFixed(0).padStart(8)} µs p95   × ${ratio}`;
}

function rateRow({ name, perSecond }, reference) {
  const ratio = (perSecond / reference.perSecond).toFixed(2);
  return `${name.padEnd(44)}${Math.round(perSecond).toLocaleString('en').padStart(14)} per second   × ${ratio}`;
}

function notebookRow({ name, firstContent, scroll }) {
  const ms = (value) => value.toFixed(0).padStart(6);
  const scrolled = `scroll${ms(scroll.p50)} p50${ms(scroll.p95)} p95, ${scroll.jumps} jumps`;
  return `${name.padEnd(12)}first content${ms(firstContent)}   ${scrolled}`;
}

function typingRow({ name, key, wall, felt, event, later, longest, below }, reference) {
  const ms = ({ p50, p95 }) => `${p50.toFixed(1).padStart(6)}${p95.toFixed(1).padStart(6)}`;
  const parts = [
    name.padEnd(22),
    `main thread${ms(key)} ${below ? 'below a frame' : 'ABOVE A FRAME'} × ${(key.p95 / reference.key.p95).toFixed(2)}`,
    `on the wall${ms(wall)}`,
    `until seen${ms(felt)}`,
    `as INP${ms(event)}`,
    `later${ms(later)}`,
    `longest${ms(longest)}`,
  ];
  return parts.join('   ');
}

function guardRow({ name, bare, guarded, ratio, uncertain }) {
  const percent = (100 * (ratio - 1)).toFixed(1).padStart(7);
  return `${name.padEnd(44)}${bare.toFixed(1).padStart(8)} ms bare${guarded.toFixed(1).padStart(8)} ms guarded${percent} %  ± ${(100 * uncertain).toFixed(1)}`;
}
