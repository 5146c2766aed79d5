import { deflateRawSync } from 'node:zlib';
import { expect, type Page } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

/** What other tools and strangers have put into a notebook: shown as Jupyter shows it, in its box, loading nothing. */

const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

interface FileCell {
  readonly cell_type: string;
  readonly source: string;
  readonly [key: string]: unknown;
}

const markdown = (source: string, more: object = {}): FileCell => ({
  cell_type: 'markdown',
  metadata: {},
  source,
  ...more,
});
const shows = (data: object): FileCell => ({
  cell_type: 'code',
  metadata: {},
  source: '0',
  execution_count: 1,
  outputs: [{ output_type: 'display_data', data, metadata: {} }],
});

async function open(page: Page, cells: readonly FileCell[]): Promise<NotebookPage> {
  const file = JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
  const notebook = new NotebookPage(page);
  await page.goto(`./#nb=${deflateRawSync(file).toString('base64url')}`);
  await notebook.opened();
  return notebook;
}

test('outputs and Markdown of other tools show what they show in Jupyter', async ({ page }) => {
  const notebook = await open(page, [
    markdown('[to two](#Section-2) ![plot](attachment:my%20plot.png) ![far](https://evil.example/x.png)', {
      attachments: { 'my plot.png': { 'image/png': PICTURE } },
    }),
    markdown(
      '- [ ] todo\n- [x] done\n\n<b style="color: rgb(255, 0, 0); position: fixed">red</b> [rel](other.ipynb)',
    ),
    shows({ 'text/html': '<style>.q { color: rgb(0, 0, 255) }</style><p class="q">blue</p>' }),
    shows({ 'text/html': '<div id="v"></div><script>1</script>', 'text/plain': 'alt.Chart(...)' }),
    shows({ 'application/vnd.plotly.v1+json': { data: [], layout: { title: 'T' } } }),
    shows({
      'image/svg+xml':
        '<svg width="40" height="40"><defs><circle id="c" r="8"/></defs><use href="#c" x="9" y="9"/></svg>',
    }),
    { cell_type: 'widget', source: 'of a later format', metadata: {}, extra: 1 },
    // Bokeh: the script that draws into the box is another form.
    shows({
      'text/html': '<div id="p1001" class="bk-root"></div>',
      'application/javascript': 'draw()',
      'application/vnd.bokehjs_exec.v0+json': '',
    }),
    markdown('text\n\n'.repeat(60)),
    markdown('## Section 2'),
  ]);
  await expect(notebook.output(1).getByRole('img', { name: 'plot' })).toHaveAttribute(
    'src',
    /^data:image\/png/,
  );
  await expect(notebook.output(1)).toContainText('[picture from evil.example: far]');
  await expect(notebook.output(2).getByRole('checkbox', { name: 'Done', exact: true })).toBeChecked();
  await expect(notebook.output(2).getByText('red')).toHaveCSS('color', 'rgb(255, 0, 0)');
  await expect(notebook.output(2).getByText('red')).toHaveCSS('position', 'static');
  await expect(notebook.output(2).getByText('rel')).toHaveAttribute('title', /other\.ipynb is not part/);
  await expect(notebook.output(3).getByText('blue')).toHaveCSS('color', 'rgb(0, 0, 255)');
  await expect(notebook.output(4)).toContainText('alt.Chart(...)');
  await expect(notebook.output(4)).toContainText('This output needs scripts.');
  await expect(notebook.output(5)).toContainText('Plotly');
  await expect(notebook.output(6).locator('use')).toHaveAttribute('href', '#c');
  await expect(notebook.cell(7)).toContainText('of a later format');
  await expect(notebook.output(8)).toContainText('This output needs scripts.');
  const heading = page.getByRole('heading', { name: 'Section 2' });
  await expect(heading).not.toBeInViewport();
  await page.getByRole('link', { name: 'to two' }).click();
  await expect(heading).toBeInViewport();
  expect(page.context().pages()).toHaveLength(1);
});
