import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

test('cells block without await: plain values, big ones, loops over results', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    'rc[0].applySync((x) => x + 1, 41)',
    'const view = rc[":"]; view.block = true; view["a"] = 7; view["a"]',
    'let sum = 0; for (const x of rc.loadBalancedView().map((x) => x * x, range(10))) sum += x; sum',
    'const big = rc[1].applySync(() => new Float64Array(1 << 20).fill(2)); big.length * big.at(-1)',
    'sleepSync(0.01); await rc[2].applySync(() => engine.id)',
    // Waits that begin while a big result is on its way as an event.
    `let right = 0;
for (let i = 0; i < 40; i++) {
  const later = rc[i % 4].applyAsync((i) => new Float64Array(1 << 18).fill(i), i);
  const until = performance.now() + 6 * Math.random();
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve));
    const busy = performance.now() + 0.5 * Math.random();
    while (performance.now() < busy);
  }
  if (later.r.at(-1) === i && later.r.length === 1 << 18) right++;
}
right`,
    // What only a browser has, by calls, blocking calls and messages between engines.
    `const make = [() => new ImageData(new Uint8ClampedArray([1, 2, 3, 4]), 1, 1), () => new File(['x'], 'n.txt'),
  () => new DOMRect(1, 2, 3, 4), () => new DOMException('m', 'AbortError')];
const tell = (x) => Object.prototype.toString.call(x) + ['width', 'data', 'size', 'name', 'y'].map((k) => String(x[k]));
const ways = { apply: (x) => rc[0].apply((x) => x, x), applySync: async (x) => rc[0].applySync((x) => x, x),
  comm: async (x) => (await rc[[0, 1]].apply((x) => (comm.rank === 0 ? comm.send(x, 1) : comm.recv(0)), x))[1] };
let same = 0;
for (const one of make) for (const [way, go] of Object.entries(ways))
  if (way !== 'applySync' || one !== make[1]) same += tell(await go(one())) === tell(one());
\`\${same} of 11\``,
    'rc[":"].executeAsync("a = 1")',
  ]);
  await expect(notebook.output(1)).toContainText('42');
  await expect(notebook.output(2)).toContainText('[ 7, 7, 7, 7 ]');
  await expect(notebook.output(3)).toContainText('285');
  await expect(notebook.output(4)).toContainText('2097152');
  await expect(notebook.output(5)).toContainText('2');
  await expect(notebook.output(6)).toContainText('40');
  await expect(notebook.output(8)).toContainText(
    "no method or property 'executeAsync'. Did you mean 'execute'?",
  );
  await expect(notebook.output(7)).toContainText('11 of 11');
});

test('a blocked cell prints, and Interrupt ends it with its names kept', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['0', '0']);
  await notebook.type(1, 'const kept = 5; console.log("waiting"); rc[0].applySync(() => sleep(600))');
  await notebook.run(1);
  await expect(notebook.output(1)).toContainText('waiting');
  await notebook.button('Interrupt').click();
  await notebook.finished();
  await expect(notebook.output(1)).toContainText('KeyboardInterrupt');
  await notebook.execute(2, 'kept');
  await expect(notebook.output(2)).toContainText('5');
});
