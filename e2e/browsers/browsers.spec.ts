import { tryingAll } from '../hostile/attacks.ts';
import { harmInPage } from '../hostile/damage.ts';
import { BATCHES } from '../hostile/judgement.ts';
import { cellOf } from '../hostile/markup.ts';
import { linkTo, notebookOf } from '../hostile/notebook-file.ts';
import { serveWithoutHeaders } from '../static-server.ts';
import { Reader } from './reader.ts';
import { expect, test } from './story.ts';

/** The same in every browser. */

test('Welcome opens by the bare address and runs to its end', async ({ reader }) => {
  await reader.goto('');
  await reader.finished();
  await reader.click('button', 'Run all');
  // One of its cells fails, and shows how.
  await expect
    .poll(() => reader.everything(), { timeout: 60_000 })
    .toContain('one or more exceptions raised in');
  await reader.finished();
  const text = await reader.everything();
  for (const engine of [0, 1, 2, 3]) expect(text).toContain(`[stdout:${String(engine)}]`);
  expect(text).toContain('the same as here: true');
});

test('a linked notebook runs after consent: kernel, engines, libraries', async ({ reader }) => {
  await reader.open([
    'const { rectY } = await import("@observablehq/plot"); typeof rectY',
    '%px 6 * 7',
    'try { await import("https://example.org/none.js") } catch (error) { error.message }',
  ]);
  expect(await reader.output(1)).toContain('function');
  expect(await reader.output(2)).toMatch(/Out\[3:\d+\]:\s*42/);
  expect(await reader.output(3)).toMatch(/network (is|may be) off for this notebook/);
});

test('files are written, and read on an engine', async ({ reader }) => {
  await reader.open(['await files.write("a.txt", "kept"); await rc[1].apply(() => files.text("a.txt"))']);
  expect(await reader.output(1)).toContain('kept');
});

test('a notebook from a link, typed in, is saved and comes back with a reload', async ({ reader }) => {
  await reader.open(['0', '1']);
  const code = 'const words = { "a": [1, 2] };\nwords.a.map((x) => `${x}!`).join(" ")';
  await reader.execute(1, code);
  expect(await reader.output(1)).toContain('1! 2!');
  await reader.driver.press('Control+z');
  await reader.driver.press('Control+Shift+z');
  await reader.saved();
  await reader.driver.reload();
  await reader.finished();
  expect(await reader.output(1)).toContain('1! 2!');
  expect(await reader.code(1)).toContain('words.a.map');
  // Copied by its key, a cell is whole when it is pasted, also by another page.
  await reader.click('textbox', 'Code of cell 1');
  await reader.driver.press('Escape', 'c');
  await reader.driver.reload();
  await reader.finished();
  await reader.click('textbox', 'Code of cell 2');
  await reader.driver.press('Escape', 'v');
  await expect.poll(() => reader.code(3)).toContain('words.a.map');
  expect(await reader.output(3)).toContain('1! 2!');
});

test('left while it saves, it opens at once again with what was typed', async ({ reader }) => {
  await reader.open(['0']);
  await reader.saved();
  const address = await reader.driver.evaluate(() => location.href);
  for (const text of ['"left once"', '"left again"']) {
    await reader.typeIn(1, text);
    await reader.driver.goto('about:blank');
    await reader.driver.goto(address);
    await reader.sees('textbox', 'Code of cell 1', 5);
    expect(await reader.code(1)).toContain(text);
  }
});

test('Interrupt ends an endless loop', async ({ reader, kind }) => {
  await reader.open(['const x = 42']);
  await reader.start('while (true) {}');
  await reader.sees('status', 'Kernel: busy');
  await reader.click('button', 'Interrupt');
  await reader.finished();
  await reader.execute(1, 'typeof x');
  // Without shared memory a loop hears nothing, and ends with its kernel.
  expect(await reader.output(1)).toContain(kind === 'webkit without shared memory' ? 'undefined' : 'number');
});

test('Restart engines brings all of them back while they spin', async ({ reader }) => {
  await reader.open(['%px x = 1']);
  await reader.start('%px for (;;);');
  await reader.sees('listitem', 'Engine 0: busy');
  await reader.click('button', 'Restart engines');
  if (await reader.finds('button', /^Restart/, 'dialog[open]')) {
    await reader.click('button', /^Restart/, 'dialog[open]');
  }
  await reader.finished();
  await reader.execute(1, '%px console.log(engine.id, typeof x)');
  for (const engine of [0, 1, 2, 3]) expect(await reader.output(1)).toContain(`${String(engine)} undefined`);
});

test('engines speak to each other, and a kernel blocks, where memory is shared; elsewhere it is said', async ({
  reader,
  kind,
}) => {
  await reader.open(['%px console.log("sum", await comm.async.allreduce(comm.rank + 1))']);
  expect(await reader.output(1)).toContain('sum 10');
  await reader.execute(1, 'rc[0].applySync((x) => x + 1, 41)');
  expect(await reader.output(1)).toContain(
    kind === 'webkit without shared memory' ? 'Use `await view.apply(f, …)` instead' : '42',
  );
});

test('Digits of pi counts the gold digits', async ({ reader }) => {
  await reader.goto('#notebook=example-digits-of-pi');
  await reader.finished();
  await reader.click('button', 'Run all');
  await expect
    .poll(() => reader.everything(), { timeout: 60_000 })
    .toContain('parallel digit counts: 968,1026,1021,974,1012,1046,1021,970,948,1014');
  await reader.finished();
});

test('a host without headers, a sub-path, an address with a query: runs, also without a network', async ({
  driver,
}) => {
  const host = await serveWithoutHeaders('/some/where/');
  try {
    const reader = new Reader(driver, host.url);
    await reader.goto('?utm_source=x');
    // Its service worker loads it once more.
    await expect.poll(() => driver.evaluate(() => crossOriginIsolated).catch(() => false)).toBe(true);
    await reader.finished();
    await reader.isKeptForOffline();
    host.close();
    await reader.goto('?utm_source=y');
    await reader.finished();
    await reader.open(['%px console.log("offline", engine.id)']);
    for (const engine of [0, 1, 2, 3]) expect(await reader.output(1)).toContain(`offline ${String(engine)}`);
  } finally {
    host.close();
  }
});

test('code of a notebook reaches nothing outside it', async ({ reader, baseURL }) => {
  const code = tryingAll(baseURL ?? '');
  await reader.goto('');
  await reader.finished();
  await reader.driver.evaluate(async () => void (await caches.open('of the app')));
  await reader.open([code, `%%px --targets 0\n${code}`]);
  for (const cell of [1, 2]) {
    const text = await reader.output(cell);
    expect(text).toContain('all tried');
    expect(text.match(/REACHED [^|]*/g) ?? []).toEqual([]);
  }
  expect(await reader.driver.evaluate(harmInPage)).toEqual([]);
});

for (const batch of BATCHES) {
  test(`markup runs nothing and loads nothing: ${batch[0]!.name} to ${batch.at(-1)!.name}`, async ({
    reader,
  }) => {
    await reader.openLink(linkTo(notebookOf(batch.map(cellOf))));
    await reader.lookAtAll();
    expect(await reader.driver.evaluate(harmInPage)).toEqual([]);
    const loaded = await reader.driver.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => name.includes('evil.example')),
    );
    expect(loaded).toEqual([]);
  });
}
