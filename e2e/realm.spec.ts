import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

/** Methods of the language, and how arrays are gone through. */
const REPLACE = `for (const [owner, key] of [[''.__proto__, 'split'], [(() => {}).__proto__, 'call'], [[].__proto__, 'push'],
  [[].__proto__, 'map'], [(async () => {})().__proto__, 'then'], [[].values().__proto__, 'next']]) owner[key] = 5`;

test('names of the language are variables like others, for kernel and engines', async ({ page }) => {
  const notebook = new NotebookPage(page);
  const names =
    'performance Set Map Array Promise Object Math Number String Symbol Reflect Atomics queueMicrotask Function Proxy';
  await notebook.open([
    `await rc[0].push(${JSON.stringify(Object.fromEntries(names.split(' ').map((name) => [name, 5])))})
await rc[0].apply((x) => [x, 2], 1)`,
    `%px const { ${names.split(' ').join(', ')} } = {}; console.log('engine')`,
    `const { ${names.split(' ').join(', ')} } = {}`,
    `[await rc[0].apply((x) => [x, 2], 1), await rc.loadBalancedView().map((x) => x * 2, [1, 2, 3])]`,
    `%%px\n${REPLACE}`,
    `${REPLACE}
console.log(await rc[0].apply((x) => [x, 2], 1), await rc.loadBalancedView().map((x) => x * 2, [1, 2, 3]))`,
    `%px console.log('still here', typeof [].map)`,
  ]);
  expect(await notebook.text(1)).toContain('[ 1, 2 ]');
  expect(await notebook.text(2)).toContain('engine');
  await notebook.text(3);
  expect(await notebook.text(6)).toContain('[ 1, 2 ] [ 2, 4, 6 ]');
  expect(await notebook.text(7)).toContain('still here number');
  expect(await notebook.text(4)).toContain('[ [ 1, 2 ], [ 2, 4, 6 ] ]');
});

test('late output, and what nobody has caught, stands in the cell that started it', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    `setTimeout(() => console.log('late in the kernel'), 300)
%px -t 0 setTimeout(() => console.log('late on the engine'), 300); 0`,
    `await rc[0].apply(() => { (async () => { throw new Error('lost') })(); return 'ok' })`,
    `%px -t 0 Promise.reject(new Error('rejected')); setTimeout(() => { throw new Error('thrown') }, 100); 0`,
    `try { null.x } catch (e) { console.log(e) }`,
    `await rc[1].apply(() => { setTimeout(async () => {
  const end = performance.now() + 100;
  while (performance.now() < end) await navigator.permissions.query({ name: 'geolocation' });
  console.log('nobody knows whose');
}, 10) })`,
  ]);
  for (const cell of [1, 2, 3, 4]) await notebook.text(cell);
  await expect.poll(() => notebook.text(1)).toContain('late in the kernel');
  await expect.poll(() => notebook.text(1)).toContain('late on the engine');
  await expect.poll(() => notebook.text(2)).toContain('Uncaught Error: lost');
  await expect.poll(() => notebook.text(3)).toContain('Uncaught Error: rejected');
  await expect.poll(() => notebook.text(3)).toContain('Uncaught Error: thrown');
  expect(await notebook.text(4)).toMatch(/TypeError: .*at cell 4, line 1:12/s);
  const late = notebook.output(5).locator('.late-mark', { hasText: 'late: Engine 1 said this' });
  await expect(late).toBeVisible();
  await expect(notebook.output(5)).toContainText('nobody knows whose');
});
