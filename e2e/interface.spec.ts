import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

/** Issue by issue what unit tests prove in Node, seen once in the page: cells, lanes and bars together. */

test('indexing, flags, snake_case and functions of all kinds work in cells', async ({ page }) => {
  const notebook = new NotebookPage(page);
  const cells: readonly (readonly [source: string, output: string | RegExp])[] = [
    [
      '[rc[0].targets, rc[-1].targets, rc["1:3"].targets, rc[[0, 2]].targets]',
      '[ 0, 3, [ 1, 2 ], [ 0, 2 ] ]',
    ],
    ['rc[7]', 'No such engine: 7'],
    [
      'const dview = rc.direct_view(), lview = rc.load_balanced_view();\nawait dview.apply_async(() => engine.id)',
      '[ 0, 1, 2, 3 ]',
    ],
    ['dview.temp_flags({ block: true }, (v) => v.block) + " " + dview.block', 'true false'],
    ['lview.set_flags({ label: "kept" }).label', "'kept'"],
    ['await lview.with({ label: "mine" }).apply((x = 5) => x, undefined)', '5'],
    ['await dview.push({ k: 3 });\nawait dview.pull("k")', '[ 3, 3, 3, 3 ]'],
    ['const n = 10;\nawait rc[0].apply(capture({ n }, () => n + 1))', '11'],
    ['const unknown = 1;\nawait rc[0].apply(() => unknown)', /ReferenceError: .*unknown/],
    ['await lview.map(parseInt, ["10", "10", "10"])', '[ 10, 10, 10 ]'],
    [
      'class Work {\n  @dview.remote() area(r: number) { return r * r + engine.id; }\n  @dview.parallel() double(xs: number[]) { return xs.map((x) => 2 * x); }\n}\nconst work = new Work();\n[await work.area(3), await work.double([1, 2, 3, 4, 5])]',
      '[ [ 9, 10, 11, 12 ], [ 2, 4, 6, 8, 10 ] ]',
    ],
    ['%px --targest 1 x', /there is no flag --targest \(column 5\)/],
  ];
  await notebook.open(cells.map(([source]) => source));
  for (const [i] of cells.entries()) {
    // "Run all" stops at errors that are meant here.
    await notebook.run(i + 1);
    await notebook.finished();
  }
  for (const [i, [, output]] of cells.entries()) await expect(notebook.output(i + 1)).toContainText(output);
});

test('a bar shows how far a map is, with its engines; outputs stream and are shown again', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    'const amr = rc.loadBalancedView().map(async (x) => { console.log("item", x); await sleep(0.05); return x; }, range(12));\nawait amr.waitInteractive();\nawait amr',
    'const ar = rc[":"].applyAsync(async () => { publishData({ step: 1 }); console.log("early"); await sleep(0.2); return 1; });\nusing streaming = ar.streamOutput();\nawait ar;\nar.data',
    'await ar.displayOutputs("engine")',
    'function twice(x) {\n  // its own comment\n  return 2 * x;\n}\ntwice??',
    'rc.loadBalancedView?',
  ]);
  await expect(notebook.output(1)).toContainText('12/12');
  await expect(notebook.output(1).getByRole('progressbar')).toBeVisible();
  await expect(notebook.output(2)).toContainText('[stdout:3]');
  await expect(notebook.output(2)).toContainText('step: 1');
  await expect(notebook.output(3)).toContainText('early');
  await expect(notebook.output(4)).toContainText('its own comment');
  await expect(notebook.output(5)).toContainText('A view that runs each call on any one engine');
});
