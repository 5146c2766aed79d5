// `npm run soak [-- --notebooks 500 --warmup 20]`: hours of use of the real page, compressed. Notebooks are opened one
// after the other, cells run, tasks go to engines, kernel and engines are restarted; in between everything that could be
// left over is counted after a collection of garbage: heaps of page, frame, kernel and engines, workers, frames,
// documents, nodes, listeners, addresses of blobs, ports. What is more at the end than after the warm-up fails the soak.
// 500 notebooks are 10,000 runs of cells, a million tasks, 1,000 restarts of all engines and 500 of the kernel. SOAK_URL: a server that runs already.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { CHROMIUM_FLAGS, chromiumPath, ensureBrowser } from './browser.mjs';
import { heapOf, workersOf } from './heaps.mjs';

const { values } = parseArgs({
  options: {
    notebooks: { type: 'string', default: '500' },
    /** Openings before the first count that is compared: by then every part of the page has been loaded. */
    warmup: { type: 'string', default: '20' },
    /** Openings between two counts. */
    every: { type: 'string', default: '20' },
    tasks: { type: 'string', default: '2000' },
  },
});
const [NOTEBOOKS, WARMUP, EVERY, TASKS] = [values.notebooks, values.warmup, values.every, values.tasks].map(
  Number,
);
const PORT = 4391;
/** Notebooks that are made and then opened again and again. */
const DIFFERENT = 5;
const root = fileURLToPath(new URL('..', import.meta.url));

/** What one opening does: twenty runs, of which two restart all engines. */
const CELLS = [
  `await rc.loadBalancedView().map((x) => x * x, range(${TASKS / 2})); 0`,
  'for (let i = 0; i < 200; i++) console.log("line " + i); display.html("<table><tr><td>1</td></tr></table>".repeat(20))',
  '%px globalThis.big = new Float64Array(1e5).fill(1); big.length',
  'await rc[":"].push({ a: new Float64Array(1e5) }); (await rc[":"].pull("a")).length',
  'const h = display("0"); for (let i = 0; i < 100; i++) h.update(String(i)); 0',
  '%px console.error("x".repeat(1000))',
  'try { await rc[":"].apply(() => { throw new Error("as planned") }) } catch (e) { e.name }',
  'await rc.shutdown("all", { restart: true }); await rc.waitForEngines(rc.ids.length); rc.ids.length',
  `await rc.loadBalancedView().map((x) => [x], range(${TASKS / 2}), { chunksize: 10 }); 0`,
  'const c = new Cluster({ n: 2 }); const one = await c.startAndConnect(); const got = await one[":"].apply(() => 1); await c.stopCluster(); got',
  'await files.write("data.txt", "x".repeat(1e5)); (await files.text("data.txt")).length',
  'await rc.shutdown("all", { restart: true }); await rc.waitForEngines(rc.ids.length); rc.ids.length',
  ...Array.from({ length: 8 }, (_, i) => `await rc[":"].apply((n) => n + 1, ${i})`),
];

ensureBrowser();
const server = process.env.SOAK_URL ? null : startServer();
const address = process.env.SOAK_URL ?? `http://localhost:${PORT}/`;
let exitCode = 1;
try {
  await answers(address);
  exitCode = await soak();
} finally {
  server?.kill();
}
process.exit(exitCode);

function startServer() {
  const { status } = spawnSync('npm', ['run', '--silent', 'test:build'], {
    cwd: root,
    stdio: 'inherit',
    shell: true,
  });
  if (status !== 0) process.exit(status ?? 1);
  return spawn('npx', ['vite', 'preview', '--port', String(PORT), '--strictPort'], {
    cwd: root,
    stdio: 'ignore',
  });
}

async function answers(url) {
  for (let i = 0; i < 100; i++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Nothing answers at ${url}`);
}

async function soak() {
  const executablePath = chromiumPath();
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: CHROMIUM_FLAGS,
  });
  const context = await browser.newContext({ baseURL: address, serviceWorkers: 'block' });
  await context.addInitScript(countBlobs);
  const page = await context.newPage();
  page.on('crash', () => console.error('The page has crashed.'));
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  const addresses = [];
  const rows = [];
  for (let opened = 1; opened <= NOTEBOOKS; opened++) {
    const known = addresses[opened % DIFFERENT];
    if (known === undefined) addresses[opened % DIFFERENT] = await openNew(page, opened);
    else await openAgain(page, known);
    await restartKernel(page);
    if (opened !== WARMUP && (opened < WARMUP || (opened - WARMUP) % EVERY !== 0) && opened !== NOTEBOOKS)
      continue;
    const row = { opened, ...(await counts(page, cdp)) };
    rows.push(row);
    if (rows.length === 1) console.log(header(row));
    console.log(line(row));
  }
  await browser.close();
  return judge(rows);
}

async function openNew(page, n) {
  const cells = CELLS.map((source, i) => ({
    ...{ id: `cell-${i + 1}`, cell_type: 'code', metadata: {}, source, outputs: [], execution_count: null },
  }));
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: { title: `Soak ${n}` }, cells };
  const link = deflateRawSync(JSON.stringify(notebook)).toString('base64url');
  if (n === 1) await page.goto(`./#nb=${link}`);
  else await page.evaluate((hash) => void (location.hash = hash), `#nb=${link}`);
  await page.getByRole('button', { name: 'Run this notebook' }).click();
  await finished(page);
  await page.waitForURL(/#notebook=/);
  return new URL(page.url()).hash;
}

async function openAgain(page, hash) {
  await page.evaluate((to) => void (location.hash = to), hash);
  await page.waitForURL((url) => url.hash === hash);
  await page.getByRole('status', { name: 'Kernel: idle' }).waitFor();
  await page.getByRole('button', { name: 'Run all', exact: true }).click();
  await finished(page);
}

/** From the palette; a new worker takes its place. */
async function restartKernel(page) {
  const renewed = page.waitForEvent('worker');
  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('Restart the kernel');
  await page.keyboard.press('Enter');
  await renewed;
  await page.getByRole('status', { name: 'Kernel: idle' }).waitFor();
}

async function finished(page) {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  await page.waitForFunction(
    (count) => {
      const cells = [...document.querySelectorAll('[data-run]')].map((cell) => cell.dataset.run);
      return cells.length > 0 && !cells.some((run) => run === 'queued' || run === 'running') && count > 0;
    },
    CELLS.length,
    { timeout: 120_000 },
  );
  await page.getByRole('status', { name: 'Kernel: idle' }).waitFor({ timeout: 120_000 });
  const failed = await page.locator('[data-run="error"]').allTextContents();
  if (failed.length > 0) throw new Error(`A cell has failed: ${failed[0]}`);
}

/** In the page, before all else: addresses of blobs that live. */
function countBlobs() {
  let live = 0;
  const { createObjectURL, revokeObjectURL } = URL;
  const known = new Set();
  URL.createObjectURL = (blob) => {
    const made = createObjectURL.call(URL, blob);
    known.add(made);
    live = known.size;
    return made;
  };
  URL.revokeObjectURL = (made) => {
    known.delete(made);
    live = known.size;
    revokeObjectURL.call(URL, made);
  };
  Object.defineProperty(globalThis, '__liveBlobs', { get: () => live });
}

async function counts(page, cdp) {
  const frames = page.frames();
  const sandbox = frames.find((frame) => frame.parentFrame() !== null && frame.childFrames().length === 0);
  const inside = await page.context().newCDPSession(sandbox);
  const workers = await workersOf(inside);
  const heap = await heapOf((method) => cdp.send(method));
  const frameHeap = await heapOf((method) => inside.send(method));
  const workerHeaps = [];
  for (const ask of workers) workerHeaps.push(await heapOf(ask));
  await inside.detach();
  const blobs = await page.evaluate(() => globalThis.__liveBlobs);
  const { metrics } = await cdp.send('Performance.getMetrics');
  const metric = (name) => metrics.find((one) => one.name === name)?.value ?? 0;
  return {
    page: megabytes(heap),
    frame: megabytes(frameHeap),
    // The kernel holds most: code, results, the client.
    kernel: megabytes(Math.max(0, ...workerHeaps)),
    workers: megabytes(workerHeaps.reduce((sum, bytes) => sum + bytes, 0)),
    threads: page.workers().length,
    frames: frames.length,
    documents: metric('Documents'),
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    blobs,
    ports: await instances(cdp, 'MessagePort'),
  };
}

/** Objects of a class of the page that are reachable. */
async function instances(cdp, name) {
  const { result } = await cdp.send('Runtime.evaluate', { expression: `${name}.prototype` });
  const { objects } = await cdp.send('Runtime.queryObjects', { prototypeObjectId: result.objectId });
  const { result: length } = await cdp.send('Runtime.callFunctionOn', {
    ...{
      objectId: objects.objectId,
      functionDeclaration: 'function () { return this.length; }',
      returnByValue: true,
    },
  });
  await cdp.send('Runtime.releaseObject', { objectId: objects.objectId });
  return length.value;
}

function megabytes(bytes) {
  return Math.round(bytes / 2 ** 20 / 0.1) / 10;
}

function header(row) {
  return `${Object.keys(row)
    .map((name) => name.padStart(11))
    .join('')}`;
}

function line(row) {
  return Object.values(row)
    .map((value) => String(value).padStart(11))
    .join('');
}

/** Heaps (MB) may be a tenth and 3 MB more, nodes and listeners a tenth, all else nothing. */
function judge(rows) {
  const [first, last] = [rows[0], rows.at(-1)];
  const bad = Object.keys(first).filter((name) => {
    if (name === 'opened') return false;
    const most = /page|frame$|kernel|workers/.test(name)
      ? first[name] * 1.1 + 3
      : /nodes|listeners/.test(name)
        ? first[name] * 1.1 + 50
        : first[name];
    return last[name] > most;
  });
  if (bad.length === 0) console.log('Nothing has grown.');
  else console.error(`Grown since opening ${first.opened}: ${bad.join(', ')}`);
  return bad.length === 0 ? 0 : 1;
}
