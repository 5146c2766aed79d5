// `npm run bench -- page`: the real page (production build, history on) beside its peers, row by row with the targets.
// Peers and we take turns, round by round, and what is told of them is the median of the rounds' ratios.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { build, createServer, preview } from 'vite';
import { heapOf, workersOf } from './heaps.mjs';

const ROUNDS = 5;
/** Items of a map whose speed is measured. */
const ITEMS = 50_000;
/** Tasks before the heaps are measured first, and last. */
const [SOME, MANY] = [100_000, 1_000_000];

/** Cells of the notebook. All run once when it opens and do nothing; the first one, run again, arms the others. */
const CELLS = {
  arm: `
globalThis.isArmed = globalThis.isArmed !== undefined;
var e0 = rc[0], dview = rc[':'], lview = rc.loadBalancedView(), two = rc.loadBalancedView([0, 1]);
var median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
var spin = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };
async function p50(call, n = 1000) {
  const times = [];
  for (let i = 0; i < n; i++) {
    const from = performance.now();
    await call();
    times.push(performance.now() - from);
  }
  return 1000 * median(times);
}
async function took(call) {
  const from = performance.now();
  await call();
  return performance.now() - from;
}
'ready'`,
  apply: 'isArmed && (await p50(() => e0.apply(() => 0)))',
  applySync: 'isArmed && (await p50(() => e0.applySync(() => 0)))',
  applyAll: 'isArmed && (await p50(() => dview.apply(() => 0), 500))',
  map: `isArmed && (1000 * ${ITEMS}) / (await took(() => lview.map((x) => x, range(${ITEMS}))))`,
  mixed: `isArmed && (await took(() => two.map((x) => {
  if (x % 500 !== 0) return x;
  const end = performance.now() + 50;
  while (performance.now() < end);
  return x;
}, range(10_000))))`,
  sleeps: 'isArmed && (await took(() => lview.map((x) => sleep(x / 100), range(100))))',
  equal: `isArmed && await (async () => {
  const work = (seed) => {
    let x = seed + 1;
    for (let i = 0; i < 12_000_000; i++) x = (x * 1103515245 + 12345) % 2147483648;
    return x;
  };
  const [one, both] = [rc.loadBalancedView([0]), two];
  await dview.apply(work, 1);
  const alone = await took(() => one.map(work, range(24)));
  return alone / (await took(() => both.map(work, range(24))));
})()`,
  some: `isArmed && await (async () => { for (let i = 0; i < 10; i++) await lview.map((x) => x, range(${SOME / 10})); return rc.purgeLocalResults('all'), 0; })()`,
  many: `isArmed && await (async () => { for (let i = 0; i < 90; i++) await lview.map((x) => x, range(${(MANY - SOME) / 90})); return rc.purgeLocalResults('all'), 0; })()`,
  restart: 'isArmed && (await took(() => rc.shutdown(0, { restart: true })))',
};
const PLACES = Object.keys(CELLS);

/** One hundred thousand tasks in a page of their own, for other browsers. */
const HUNDRED_THOUSAND = `
const lview = rc.loadBalancedView();
await lview.map((x) => x, range(1000));
const from = performance.now();
await lview.map((x) => x, range(${SOME}));
'took ' + Math.round(performance.now() - from)`;

/**
 * Gives the rows: name, what was measured, target, whether it is met. `peersAddress`: of the bench's own page; `only`: these
 * parts of `PARTS` alone.
 */
export async function benchPage(browser, peersAddress, port, only) {
  await build({ logLevel: 'error' });
  const server = await preview({ preview: { port, strictPort: true }, logLevel: 'error' });
  const address = `http://localhost:${port}/`;
  const context = await browser.newContext({
    serviceWorkers: 'block',
    viewport: { width: 1280, height: 800 },
  });
  await context.addInitScript(watchLongTasks);
  const peersPage = await browser.newPage();
  const rows = [];
  try {
    await peersPage.goto(peersAddress);
    const place = { browser, address, notebook: await Notebook.open(await context.newPage(), address) };
    const peers = (name, ...args) =>
      peersPage.evaluate(async ([method, given]) => (await window.peers)[method](...given), [name, args]);
    for (const [name, measure] of Object.entries(PARTS)) {
      if (only !== undefined && !only.includes(name)) continue;
      for (const row of await measure({ ...place, peers })) {
        rows.push(row);
        console.log(lineOf(row));
      }
    }
    return rows;
  } finally {
    await context.close();
    await peersPage.close();
    await server.close();
  }
}

/** The notebook in the page, run cell by cell as a reader does. */
class Notebook {
  constructor(page) {
    this.page = page;
  }

  static async open(page, address) {
    page.on('pageerror', (error) => console.error(error.message));
    await page.goto(`${address}#nb=${linkOf(Object.values(CELLS))}`);
    await page.getByRole('button', { name: 'Run this notebook' }).click();
    const notebook = new Notebook(page);
    await notebook.#ended(PLACES.length, '');
    await notebook.run('arm');
    return notebook;
  }

  /** What the cell gives. */
  async run(name) {
    const n = PLACES.indexOf(name) + 1;
    const before = await this.#output(n);
    await this.page.getByRole('group', { name: `Cell ${n}`, exact: true }).focus();
    await this.page.keyboard.press('Control+Enter');
    const text = await this.#ended(n, before);
    if (name === 'arm') return null;
    const value = Number(text.split(':').at(-1));
    if (Number.isNaN(value)) throw new Error(`The cell "${name}" gave: ${text}`);
    return value;
  }

  /** The longest task of the page's main thread meanwhile, in milliseconds. */
  async longestDuring(work) {
    await this.page.evaluate(() => void (window.longest = 0));
    const value = await work();
    await this.page.waitForTimeout(1500);
    return { value, longest: await this.page.evaluate(() => window.longest) };
  }

  async #ended(n, before) {
    await this.page.waitForFunction(
      ([name, text]) => {
        const now = document.querySelector(`[aria-label="${name}"]`)?.innerText ?? '';
        return now !== '' && now !== text && /Out\[\d+\]/.test(now);
      },
      [`Output of cell ${n}`, before],
      { timeout: 180_000, polling: 50 },
    );
    return this.#output(n);
  }

  async #output(n) {
    return this.page.evaluate(
      (name) => document.querySelector(`[aria-label="${name}"]`)?.innerText ?? '',
      `Output of cell ${n}`,
    );
  }
}

/** In the page, before all else. */
function watchLongTasks() {
  window.longest = 0;
  if (window.top !== window) return;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
  }).observe({ type: 'longtask' });
}

// ROWS

const PARTS = { calls, maps, balance, heaps, openings, sizes, otherBrowser, hubAlone, ipyparallel };

async function calls({ notebook, peers }) {
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) {
    const raw = await peers('raw', 1000);
    const rawAll = await peers('rawAll', 500);
    const comlink = await peers('comlink', 1000);
    const atomics = await peers('blocking', 1000);
    rounds.push({
      ...{ rawAll: rawAll.p50, raw: raw.p50, comlink: comlink.p50, atomics: atomics.p50 },
      ...{ one: await notebook.run('apply'), sync: await notebook.run('applySync') },
      all: await notebook.run('applyAll'),
    });
  }
  const of = (name) => median(rounds.map((round) => round[name]));
  const ratio = (a, b) => median(rounds.map((round) => round[a] / round[b]));
  const others = `raw ${micro(of('raw'))}, comlink ${micro(of('comlink'))}`;
  return [
    atMost(
      '`await e0.apply(f)`, no-op, p50',
      ratio('one', 'raw'),
      2,
      '× raw',
      `${micro(of('one'))}; ${others}`,
    ),
    atMost('the same beside comlink', ratio('one', 'comlink'), 0.6, '× comlink', micro(of('one'))),
    atMost(
      '`e0.applySync(f)`',
      ratio('sync', 'atomics'),
      2,
      '× raw Atomics',
      `${micro(of('sync'))}; Atomics ${micro(of('atomics'))}`,
    ),
    atMost('`dview.apply(f)`, 4 engines', ratio('all', 'one'), 1.5, '× one engine', micro(of('all'))),
    beside(
      'raw to 4 engines, and back when all have answered',
      `${ratio('rawAll', 'raw').toPrecision(3)} × raw to one`,
    ),
  ];
}

async function maps({ notebook, peers }) {
  const pools = ['workerpool', 'poolifier-web-worker', 'multithreading'];
  const rounds = [];
  const longest = { closed: [], open: [] };
  for (let i = 0; i < ROUNDS; i++) {
    const round = { raw: (await peers('rawRate', ITEMS)).perSecond };
    const closed = await notebook.longestDuring(() => notebook.run('map'));
    round.page = closed.value;
    longest.closed.push(closed.longest);
    await toggleStream(notebook.page);
    const open = await notebook.longestDuring(() => notebook.run('map'));
    round.open = open.value;
    longest.open.push(open.longest);
    await toggleStream(notebook.page);
    round.bare = await peers('tutti', ITEMS);
    round.comlink = (await peers('comlinkRate', 20_000)).perSecond;
    for (const pool of pools) round[pool] = await peers('pool', pool, 20_000);
    rounds.push(round);
  }
  const of = (name) => median(rounds.map((round) => round[name]));
  const ratio = (a, b) => median(rounds.map((round) => round[a] / round[b]));
  const others = ['comlink', ...pools].map((name) => `${name} ${rate(of(name))}`).join(', ');
  const map = `\`lview.map(x => x, range(${ITEMS.toLocaleString('en')}))\``;
  return [
    atLeast(
      `${map} in the page`,
      ratio('page', 'raw'),
      5,
      '× raw one by one',
      `${rate(of('page'))}; raw ${rate(of('raw'))}`,
    ),
    atLeast(
      'the same with the task stream open',
      ratio('open', 'raw'),
      5,
      '× raw one by one',
      rate(of('open')),
    ),
    atLeast(`${map} without a page`, of('bare'), 300_000, 'per second', others),
    atLeast('the same beside workerpool', ratio('bare', 'workerpool'), 10, '× workerpool', rate(of('bare'))),
    atLeast(
      'the same beside poolifier-web-worker',
      ratio('bare', 'poolifier-web-worker'),
      10,
      '× poolifier',
      rate(of('bare')),
    ),
    atLeast(
      'the same beside multithreading',
      ratio('bare', 'multithreading'),
      10,
      '× multithreading',
      rate(of('bare')),
    ),
    atMost(
      "longest task of the page's main thread, drawer closed",
      median(longest.closed),
      50,
      'ms',
      spread(longest.closed),
    ),
    atMost('the same, task stream open', median(longest.open), 50, 'ms', spread(longest.open)),
  ];
}

async function toggleStream(page) {
  await page.getByRole('button', { name: 'Task stream', exact: true }).first().click();
  await page.waitForTimeout(300);
}

async function balance({ notebook }) {
  const mixed = [];
  const equal = [];
  for (let i = 0; i < ROUNDS; i++) mixed.push((await notebook.run('mixed')) / 500);
  for (let i = 0; i < 3; i++) equal.push(await notebook.run('equal'));
  const restart = [];
  for (let i = 0; i < ROUNDS; i++) restart.push(await notebook.run('restart'));
  const sleeps = (await notebook.run('sleeps')) / (49_500 / 4);
  return [
    atMost(
      '10,000 tiny and 20 long (50 ms) tasks, 2 engines',
      median(mixed),
      1.05,
      '× the bound of 500 ms',
      spread(mixed, 2),
    ),
    atLeast('24 equal computations, 2 engines and 1', median(equal), 1.95, '×', spread(equal, 2)),
    atMost('100 sleeps of 0.00 to 0.99 s, 4 engines', sleeps, 1.03, '× the bound of 12.375 s', ''),
    atMost('an engine restarted', median(restart), 60, 'ms', spread(restart)),
  ];
}

async function heaps({ notebook }) {
  await notebook.run('some');
  const before = await heapsOf(notebook.page);
  await notebook.run('many');
  const after = await heapsOf(notebook.page);
  return Object.keys(before).map((realm) => {
    const grown = after[realm] / before[realm];
    const sizes = `${megabytes(before[realm])}, then ${megabytes(after[realm])}`;
    return atMost(`heap after a million tasks: ${realm}`, grown, 1.1, '× that after 100,000', sizes);
  });
}

/** Of each realm, in bytes. */
async function heapsOf(page) {
  await page.waitForTimeout(2000);
  const outside = await page.context().newCDPSession(page);
  const sandbox = page
    .frames()
    .find((frame) => frame.parentFrame() !== null && frame.childFrames().length === 0);
  const inside = await page.context().newCDPSession(sandbox);
  const sizes = [];
  for (const ask of await workersOf(inside)) sizes.push(await heapOf(ask));
  const frame = await heapOf((method) => inside.send(method));
  const own = await heapOf((method) => outside.send(method));
  await inside.detach();
  await outside.detach();
  // The kernel's is the largest: it holds the client and the language's tools.
  const [kernel, ...engines] = sizes.toSorted((x, y) => y - x);
  return { page: own, frame, kernel, engines: engines.reduce((sum, bytes) => sum + bytes, 0) };
}

/** Until the page shows its notebook, and until all engines are idle; a visit before has filled the caches. */
async function openings({ browser, address }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(watchOpening);
  const shows = [];
  const idle = [];
  for (let i = 0; i < ROUNDS + 1; i++) {
    const page = await context.newPage();
    await page.goto(address);
    await page.waitForFunction(() => window.opening?.idle !== undefined, null, { timeout: 60_000 });
    const opening = await page.evaluate(() => window.opening);
    await page.close();
    if (i === 0) continue;
    shows.push(opening.shown / 1000);
    idle.push(opening.idle / 1000);
  }
  await context.close();
  return [
    atMost('the page shows', median(shows), 0.5, 's', spread(shows, 2)),
    atMost('4 engines are idle', median(idle), 0.6, 's', spread(idle, 2)),
  ];
}

/** Of what an engine starts with. */
function sizes() {
  const folder = fileURLToPath(new URL('../dist/runtime/', import.meta.url));
  const engine = readdirSync(folder).find((name) => /^engine-.*\.js$/.test(name)) ?? '';
  const bytes = gzipSync(readFileSync(`${folder}${engine}`)).length;
  return [atMost('engine worker, gzip', bytes / 1024, 60, 'kB', '')];
}

/** In the page, before all else: when its first cell is there, and when four engines are. */
function watchOpening() {
  if (window.top !== window) return;
  window.opening = {};
  const look = () => {
    const now = performance.now();
    if (window.opening.shown === undefined && document.querySelector('.cell')) window.opening.shown = now;
    const engines = [...document.querySelectorAll('[aria-label="Engines"] > li')];
    const areIdle = engines.filter((one) => /: idle/.test(one.ariaLabel ?? '')).length >= 4;
    if (areIdle) window.opening.idle = now;
    else setTimeout(look, 5);
  };
  look();
}

/** Firefox, where there is one: its tools are the stories' own. */
async function otherBrowser({ address }) {
  const name = `${SOME.toLocaleString('en')} tasks in Firefox`;
  const vite = await toolsServer();
  try {
    const [ours, theirs] = [await openBy(vite, 'chromium'), await openBy(vite, 'firefox')];
    const ratio = theirs / ours;
    return [
      atMost(
        name,
        ratio,
        2,
        "× Chromium's time",
        `${(theirs / 1000).toFixed(2)} s; Chromium ${(ours / 1000).toFixed(2)} s`,
      ),
    ];
  } catch (error) {
    return [unmeasured(name, error)];
  } finally {
    await vite.close();
  }

  async function openBy(tools, kind) {
    const module = await tools.ssrLoadModule(`/e2e/browsers/${kind}.ts`);
    const open = kind === 'firefox' ? module.openFirefox : module.openChromium;
    const driver = await open();
    try {
      await driver.goto(`${address}#nb=${linkOf([HUNDRED_THOUSAND])}`);
      for (let i = 0; i < 1200; i++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        const text = await driver.evaluate(() => {
          const button = [...document.querySelectorAll('button')].find(({ textContent }) =>
            textContent?.includes('Run this notebook'),
          );
          button?.click();
          return document.querySelector('[aria-label="Output of cell 1"]')?.textContent ?? '';
        });
        const took = /took (\d+)/.exec(text)?.[1];
        if (took !== undefined) return Number(took);
      }
      throw new Error('it did not end within two minutes');
    } finally {
      await driver.close();
    }
  }
}

/** In this process: what hub and scheduler take for a task of a map. */
async function hubAlone() {
  const rows = [];
  const vite = await toolsServer();
  try {
    const { Soak } = await vite.ssrLoadModule('/src/testing/soak.ts');
    for (const engines of [4, 1000]) {
      const name = `hub alone in Node, a task of a map, ${engines.toLocaleString('en')} engines`;
      try {
        const soak = new Soak({ engines, items: 10_000 });
        soak.runTo(100_000);
        const from = performance.now();
        soak.runTo(600_000);
        rows.push(atMost(name, (performance.now() - from) / 500, 1, 'µs', ''));
      } catch (error) {
        rows.push(unmeasured(name, error));
      }
    }
  } finally {
    await vite.close();
  }
  return rows;
}

/** Sources of ours as modules of this process. */
function toolsServer() {
  return createServer({
    configFile: false,
    optimizeDeps: { noDiscovery: true, include: [] },
    logLevel: 'error',
    // sift's main file is CommonJS, whose names Node does not find.
    ssr: { noExternal: ['sift'] },
    server: { middlewareMode: true, ws: false },
  });
}

/** The real one, where Debian's package is installed: nothing to be met, a measure of what people know. */
function ipyparallel() {
  const name = 'the real ipyparallel, 2 engines';
  if (!existsSync('/usr/bin/ipcontroller')) return [unmeasured(name, 'python3-ipyparallel is not installed')];
  const script = fileURLToPath(new URL('bench-ipyparallel.py', import.meta.url));
  const { stdout, stderr, status } = spawnSync('/usr/bin/python3', [script], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status !== 0) return [unmeasured(name, stderr.trim().split('\n').at(-1) ?? 'it failed')];
  const { version, direct, balanced, map, chunked } = JSON.parse(stdout.trim().split('\n').at(-1));
  return [
    beside(`ipyparallel ${version}: direct \`apply_sync\`, p50`, micro(direct)),
    beside(`ipyparallel ${version}: load-balanced \`apply_sync\`, p50`, micro(balanced)),
    beside(`ipyparallel ${version}: load-balanced map, a task per item`, `${rate(map)} per second`),
    beside(`ipyparallel ${version}: the same, chunksize 100`, `${rate(chunked)} per second`),
  ];
}

// WHAT A ROW SAYS

function atMost(name, value, target, unit, details) {
  return {
    name,
    value: figure(value, unit),
    target: `≤ ${target}${['s', 'ms', 'µs', 'kB'].includes(unit) ? ` ${unit}` : ''}`,
    met: value <= target,
    details,
  };
}

function atLeast(name, value, target, unit, details) {
  return {
    name,
    value: figure(value, unit),
    target: `≥ ${target.toLocaleString('en')}`,
    met: value >= target,
    details,
  };
}

function beside(name, value) {
  return { name, value, target: '', met: null, details: '' };
}

function unmeasured(name, error) {
  const why = error instanceof Error ? error.message : String(error);
  return { name, value: 'not measured', target: '', met: null, details: why.split('\n')[0] };
}

function figure(value, unit) {
  const digits = value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
  return `${digits} ${unit}`;
}

function micro(value) {
  return `${Math.round(value).toLocaleString('en')} µs`;
}

function rate(value) {
  return Math.round(value).toLocaleString('en');
}

function megabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

function spread(list, digits = 0) {
  const sorted = list.toSorted((a, b) => a - b);
  return `${sorted[0].toFixed(digits)} to ${sorted.at(-1).toFixed(digits)}`;
}

function median(list) {
  return list.toSorted((a, b) => a - b)[list.length >> 1];
}

function lineOf({ name, value, target, met, details }) {
  const verdict = met === null ? '' : met ? 'met' : 'NOT MET';
  return `${name.padEnd(66)}${value.padStart(30)}  ${target.padEnd(12)}${verdict.padEnd(9)}${details}`;
}

function linkOf(cells) {
  const notebook = {
    ...{ nbformat: 4, nbformat_minor: 5, metadata: { title: 'Bench' } },
    cells: cells.map((source, i) => ({
      ...{ id: `cell-${i + 1}`, cell_type: 'code', metadata: {}, source, outputs: [], execution_count: null },
    })),
  };
  return deflateRawSync(JSON.stringify(notebook)).toString('base64url');
}
