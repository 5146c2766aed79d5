import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

/** Messages between engines, in the browser: the bundled notebook, and what a reader does when all wait. */

test('Message passing: a sum, a tree, a wave that is the same on 1 and 4 engines', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.runExample('Message passing');
  const text = await notebook.everything();
  await expect(page.locator('[data-run="error"]')).toHaveCount(0);
  for (const rank of [0, 1, 2, 3]) expect(text).toContain(`rank ${rank} of 4`);
  expect(text).toContain('psum on each rank: 120, 120, 120, 120');
  expect(text).toContain('round the ring: 0 → 1 → 2 → 3');
  expect(text).toContain('tree of seven: {"0":null,"1":0,"2":1,"3":1,"4":0,"5":4,"6":4}');
  expect(text).toContain(
    'sum of 0..999 by the tree: 499500 and by allreduce: 499500, 499500, 499500, 499500',
  );
  expect(text).toContain('ids on the root: [0,1,2,3]');
  for (const n of [100, 200]) {
    const line = new RegExp(`${n} × ${n}: L2 norm (0\\.\\d{10}) on 1 engine, (0\\.\\d{10}) on 4`).exec(text);
    expect(line?.[1]).toBe(line?.[2]);
    expect(Number(line?.[1])).toBeGreaterThan(0.01);
  }
  expect(text.match(/equal: true/g)).toHaveLength(2);
  expect(text).toContain('each waits for another, a deadlock.');
  expect(text).toContain('numbers are still there: 250, 250, 250, 250');
  expect(text).toContain('[1] RangeError: rank 1 has had enough');
  expect(text).toContain('[0] CommError:');
});

test('a blocked recv is interrupted by the button; x stays', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['%px globalThis.x = 41 + 1', '0', '0']);
  await notebook.type(2, '%px comm.recv((comm.rank + 1) % comm.size)');
  await notebook.run(2);
  for (const engine of [0, 1, 2, 3]) await expect(notebook.engine(engine, 'busy')).toBeVisible();
  await notebook.button('Interrupt').click();
  await notebook.finished();
  expect(await notebook.text(2)).toContain('KeyboardInterrupt');
  await notebook.execute(3, '%px console.log(`x is ${x} on ${engine.id}`)');
  const text = await notebook.text(3);
  for (const engine of [0, 1, 2, 3]) expect(text).toContain(`x is 42 on ${engine}`);
});
