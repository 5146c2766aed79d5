import { expect } from '@playwright/test';
import { meterCopies } from '../src/testing/copy-meter.ts';
import { inFrameWindow } from './frame-window.ts';
import { NotebookPage } from './notebook-page.ts';
import { serveWithoutHeaders } from './static-server.ts';
import { fresh as test } from './story.ts';

/** What happens to memory on its way to engines and back, in workers of a real page. */

/** A cell that prints how often arrays of 8 MiB were copied, by kernel and engines, in each of the `calls`. */
const countingCell = (calls: Readonly<Record<string, string>>): string => `{
const SIZE = 8 << 20;
const make = () => new Float64Array(SIZE / 8).fill(1);
const e0 = rc[0], dview = rc[':'], n = dview.targets.length;
const array = make();
await dview.push({ SIZE, make });
await dview.execute('globalThis.big = make()');
const times = (bytes) => Math.round((1000 * bytes) / SIZE) / 1000;
const counted = async () => [__copied(), (await dview.apply(() => __copied())).reduce((a, b) => a + b)].map(times);
const counts = {};
const calls = { ${Object.entries(calls)
  .map(([name, call]) => `${JSON.stringify(name)}: async () => { ${call} }`)
  .join(', ')} };
for (const [name, call] of Object.entries(calls)) {
  await counted();
  await call();
  counts[name] = await counted();
}
console.log(JSON.stringify(counts));
}`;

/** How often each call copies, in the kernel and in the engines (four); what the frame's main thread copies is apart. */
const CALLS: Readonly<Record<string, readonly [string, number, number]>> = {
  apply: ['await e0.apply(() => make())', 0, 1],
  'apply on four': ['await dview.apply(() => make())', 0, 4],
  pull: ["await e0.pull('big')", 0, 1],
  'a part': ['await e0.apply(() => big.subarray(0, big.length / 2))', 0, 0.5],
  'the same twice': ['await e0.apply(() => ({ a: [big, new Uint8Array(big.buffer), big] }))', 0, 1],
  transfer: ['await e0.apply(() => transfer(make()))', 0, 0],
  balanced: ['await rc.loadBalancedView().apply(() => make())', 0, 1],
  applySync: ['e0.applySync(() => make())', 1, 1],
  'applySync on four': ['dview.applySync(() => make())', 4, 4],
  'a name': ["e0['big']", 1, 1],
  'a result that is late': [
    'const ar = dview.applyAsync(() => sleep(0.3).then(make)); await sleep(0.05); ar.r',
    4,
    4,
  ],
  'gather, blocking': ["dview.gather('big', { block: true })", 4, 4],
  push: ['await e0.push({ x: array })', 1, 0],
  'push, track': ['await e0.push({ x: make() }, { track: true })', 0, 0],
  'apply, track, inside': ['await e0.with({ track: true }).apply(({ a }) => a.length, { a: make() })', 0, 0],
  'scatter, track': ["await dview.scatter('x', array, { track: true })", 1, 0],
  'share to four': ['await dview.push({ x: share(array) })', 1, 0],
};

test('large memory is copied as often as it must be, and no more', async ({ page }) => {
  // Before all else in frame, kernel and engines.
  const meter = `globalThis.__copied = (${meterCopies.toString()})().take;`;
  await page.route(/\/runtime\/(frame|kernel|engine)-/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${meter}\n${await response.text()}` });
  });
  const notebook = new NotebookPage(page);
  await notebook.open(['0', '0']);
  const byTheOwner = () => inFrameWindow(page, '__copied()');
  await byTheOwner();
  const names = Object.keys(CALLS);
  const calls = Object.fromEntries(names.map((name) => [name, CALLS[name]?.[0] ?? '']));
  await notebook.execute(1, countingCell(calls));
  const text = await notebook.output(1).innerText();
  expect(JSON.parse(text.slice(text.indexOf('{')))).toEqual(
    Object.fromEntries(names.map((name) => [name, CALLS[name]?.slice(1)])),
  );
  expect(await byTheOwner()).toBe(0);
  // One message cannot be moved to four engines: the others get copies.
  await notebook.execute(2, countingCell({ push: 'await dview.push({ x: array }, { track: true })' }));
  await expect(notebook.output(2)).toContainText('{"push":[0,0]}');
  expect(await byTheOwner()).toBe(3 * (8 << 20));
});

/** Prints what the rules of `track`, `transfer` and snapshots give. */
const RULES = `{
const N = 1 << 18;
const view = rc[':'].with({ track: true });
const said = {};
const errorOf = (call) => { try { call(); } catch (error) { return error.name + ': ' + error.message; } };

const kept = new Float64Array(N).fill(1);
const plain = rc[':'].push({ data: kept });
kept.fill(2);
said.snapshot = [plain.sent, kept.length === N];
await plain;
said.snapshot.push(await rc[':'].apply(() => data[0]));

const moved = new Float64Array(N).fill(1);
const ar = view.push({ data: moved });
said.track = [moved.length, ar.sent, ar.tracker.done];
await ar.waitForSend(20);
said.track.push(ar.sent, ar.tracker.done);
await ar;
said.track.push(await rc[0].apply(() => data.length === 1 << 18));
said.again = errorOf(() => view.push({ b: { c: moved } }));

const whole = Float64Array.from({ length: 10 }, (_, i) => i);
await rc[0].with({ track: true }).push({ data: whole.subarray(2, 5) });
said.part = [whole.length, await rc[0].apply(() => [...data])];

const twice = new Float64Array([1, 2]);
said.twice = await view.apply((x, y, z) => x.buffer === y.buffer && z.x === x && y.byteOffset === 8, twice,
  new Uint8Array(twice.buffer, 8), { x: twice });

const row = Float64Array.from({ length: 8 }, (_, i) => i);
await view.scatter('piece', row);
said.scatter = [row.length, [...(await view.gather('piece'))]];

await rc[0].execute('globalThis.big = new Float64Array(' + N + ').fill(3)');
said.transfer = [(await rc[0].pull('transfer(big)')).length === N, await rc[0].pull('big.length')];

const queued = [rc[0].applyAsync(() => sleep(0.2)), rc[0].applyAsync((x) => x[0], kept)];
kept[0] = 9;
said.queued = await queued[1];
console.log(JSON.stringify(said));
}`;

const SAID = {
  snapshot: [true, true, [1, 1, 1, 1]],
  track: [0, false, false, true, true, true],
  again: expect.stringMatching(
    /b\.c is on a detached ArrayBuffer: its bytes were moved away before\. Send a copy\./,
  ),
  part: [0, [2, 3, 4]],
  twice: [true, true, true, true],
  scatter: [8, [0, 1, 2, 3, 4, 5, 6, 7]],
  transfer: [true, 0],
  queued: 2,
};

const SHARED = `{
const shared = share(new Float64Array(8));
await rc[':'].push({ data: shared });
await rc[':'].apply(() => { data[comm.rank] = comm.rank + 1; });
const seen = [...shared];
await rc[':'].scatter('piece', shared);
await rc[':'].apply(() => piece.fill(7));
console.log(JSON.stringify([seen, [...shared], share(shared) === shared]));
}`;

async function printed(notebook: NotebookPage, n: number): Promise<unknown> {
  const text = await notebook.output(n).innerText();
  return JSON.parse(text.slice(text.search(/[[{]/)));
}

test('snapshots, track, transfer and share keep their rules', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open([RULES, SHARED]);
  await notebook.run(1);
  await notebook.finished();
  expect(await printed(notebook, 1)).toEqual(SAID);
  await notebook.run(2);
  await notebook.finished();
  expect(await printed(notebook, 2)).toEqual([[1, 2, 3, 4, 0, 0, 0, 0], new Array(8).fill(7), true]);
});

test('they do where memory cannot be shared, all but share, which says so', async ({ page }) => {
  const host = await serveWithoutHeaders('/plain/');
  try {
    await page.addInitScript(() => {
      sessionStorage.setItem('tutti-isolation-tried', 'yes');
    });
    const notebook = new NotebookPage(page);
    await notebook.open([RULES, SHARED], host.url);
    await notebook.run(1);
    await notebook.finished();
    expect(await printed(notebook, 1)).toEqual(SAID);
    await notebook.run(2);
    await notebook.finished();
    await expect(notebook.output(2)).toContainText(/SharingUnavailableError.*Push the array instead/);
  } finally {
    host.close();
  }
});
