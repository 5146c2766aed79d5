// `npm run bench [-- guards | memory | calls]`: peers and us side by side in one run, in Chromium. Trust the ratios, not the figures.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { CHROMIUM_FLAGS, chromiumPath, ensureBrowser } from './browser.mjs';

const configFile = fileURLToPath(new URL('../bench/vite.config.ts', import.meta.url));

const port = Number(process.env.BENCH_PORT ?? 4178);
ensureBrowser();
await build({ configFile, logLevel: 'warn' });
const server = await preview({ configFile, preview: { port, strictPort: true } });
const browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: CHROMIUM_FLAGS,
});
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  const [only] = process.argv.slice(2);
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
} finally {
  await browser.close();
  await server.close();
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

function guardRow({ name, bare, guarded, ratio }) {
  const percent = (100 * (ratio - 1)).toFixed(1);
  return `${name.padEnd(44)}${bare.toFixed(1).padStart(8)} ms bare${guarded.toFixed(1).padStart(8)} ms guarded${percent.padStart(7)} %`;
}
