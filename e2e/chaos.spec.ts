import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

/** Engines are terminated one after the other while thousands of tasks run. */

const SETUP = `
function work(x: number) {
  const until = performance.now() + 0.8;
  while (performance.now() < until);
  return x * x;
}
const lived = () => rc.engines.reduce((sum, engine) => sum + engine.generation, 0);
/** Terminates an engine every 300 ms until all is done; says what the list of engines told meanwhile. */
async function storm(ar: { ready(): boolean }) {
  const lies = [];
  const lives = new Map();
  const before = lived();
  let kills = 0;
  while (!ar.ready()) {
    await sleep(0.3);
    if (ar.ready()) break;
    if (rc.ids.join() !== '0,1,2,3') lies.push('ids ' + rc.ids);
    for (const { id, generation, status, outstanding } of rc.engines) {
      if (generation < (lives.get(id) ?? 1)) lies.push('engine ' + id + ' is younger than it was');
      if (status === 'idle' && outstanding > 0) lies.push('engine ' + id + ' is idle and has work');
      lives.set(id, generation);
    }
    // Whoever has been killed needs a moment to come back: with none left there would be no progress to watch.
    const ready = rc.engines.filter(({ status }) => status === 'busy' || status === 'idle');
    if (ready.length < 2) continue;
    rc.sendSignal('SIGKILL', { targets: ready[kills % ready.length].id }).catch(() => {});
    kills++;
  }
  await rc.waitForEngines(4);
  return { kills, lies, lives: lived() - before };
}`;

const WITH_RETRIES = `
const ar = rc.loadBalancedView().with({ retries: 2 }).map(work, range(6000));
const { kills, lies, lives } = await storm(ar);
const results = await ar;
console.log('right', results.length === 6000 && results.every((y, x) => y === x * x));
console.log('ids', new Set(ar.msgIds).size, 'kills', kills >= 3 ? 'many' : kills, 'lies', lies.length, lies[0] ?? '');
console.log('lives', lives === kills);`;

const WITHOUT_RETRIES = `
const ar = rc.loadBalancedView().map(work, range(2500), { returnExceptions: true });
const { kills, lies } = await storm(ar);
const results = await ar;
const failed = results.filter((y) => y instanceof Error);
const wrong = results.filter((y, x) => !(y instanceof Error) && y !== x * x);
console.log('wrong', wrong.length, 'of', results.length, 'lies', lies.length, lies[0] ?? '');
console.log('one for each kill', failed.length > 0 && failed.length <= kills);
console.log('all EngineError', failed.every((error) => error instanceof EngineError && error.engineInfo !== null));
console.log(failed[0].message);`;

test('while engines are terminated, with retries every one of 6,000 results arrives once and right; without, what was running fails with EngineError and all else succeeds', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const notebook = new NotebookPage(page);
  await notebook.openLink([SETUP, WITH_RETRIES, WITHOUT_RETRIES]);
  await notebook.button('Run this notebook').click();
  await notebook.finished(200_000);
  await test.step('with retries', async () => {
    const text = await notebook.text(2);
    expect(text).toContain('right true');
    expect(text).toContain('ids 6000 kills many lies 0');
    expect(text).toContain('lives true');
  });
  await test.step('without retries', async () => {
    const text = await notebook.text(3);
    expect(text).toContain('wrong 0 of 2500 lies 0');
    expect(text).toContain('one for each kill true');
    expect(text).toContain('all EngineError true');
    expect(text).toMatch(/Engine \d was restarted while running task work/);
  });
  for (const engine of [0, 1, 2, 3]) await expect(notebook.engine(engine, 'idle')).toBeVisible();
});

const TINY_AND_LONG = `
const hold = (ms) => {
  const end = performance.now() + ms;
  while (ms > 0 && performance.now() < end);
  return ms;
};
const times = range(100).map((i) => (i % 50 === 25 ? 10 : 0));
let right = 0;
for (let i = 0; i < 100; i++) {
  const results = await rc.loadBalancedView().map(hold, times).get(60);
  if (results.length === 100 && results.every((ms, k) => ms === times[k])) right++;
}
console.log('right', right);`;

test('a map of tiny and long tasks ends a hundred times over, each with all of its results', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const notebook = new NotebookPage(page);
  await notebook.openLink([TINY_AND_LONG]);
  await notebook.button('Run this notebook').click();
  await notebook.finished(200_000);
  expect(await notebook.text(1)).toContain('right 100');
});
