import { expect } from '@playwright/test';
import { inFrameWindow } from './frame-window.ts';
import { NotebookPage } from './notebook-page.ts';
import { fresh, test } from './story.ts';

/** What code of a notebook must not reach, wherever it runs. */
const attempts = {
  indexedDB:
    'await new Promise((ok, no) => { const r = indexedDB.open("x"); r.onsuccess = ok; r.onerror = () => no(r.error); })',
  localStorage: 'localStorage.length',
  sessionStorage: 'sessionStorage.length',
  caches: 'await caches.keys()',
  'parent.document': 'parent.document.title',
  'document.cookie': 'document.cookie',
  opfs: 'await navigator.storage.getDirectory()',
};

const probe = (origin: string) => `
const attempts = ${JSON.stringify({ ...attempts, 'fetch of the app': `(await (await fetch(${JSON.stringify(origin)})).text()).length` })};
for (const [name, code] of Object.entries(attempts)) {
  try {
    const got = await eval('(async () => ' + code + ')()');
    console.log('REACHED ' + name + ' ' + String(got));
  } catch (error) {
    console.log('refused ' + name + ' (' + error.name + ')');
  }
}
console.log('origin ' + self.origin);
`;

test('neither the kernel nor an engine reaches storage, documents or pages of the app', async ({
  page,
  baseURL,
}) => {
  const notebook = new NotebookPage(page);
  const code = probe(baseURL ?? '');
  await notebook.open([code, `%%px --targets 0\n${code}`]);
  for (const cell of [1, 2]) {
    const text = await notebook.text(cell);
    expect(text).not.toContain('REACHED');
    for (const name of [...Object.keys(attempts), 'fetch of the app'])
      expect(text).toContain(`refused ${name}`);
    expect(text).toContain('origin null');
  }
});

fresh('opening a link runs nothing until the reader says so', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openLink(['console.log("ran")']);
  await expect(notebook.button('Run this notebook')).toBeVisible();
  await expect(notebook.kernel('idle')).toBeVisible();
  await notebook.run(1);
  await expect(page.getByText('ran', { exact: true })).toHaveCount(0);
  // Once said, it is kept at once.
  await notebook.button('Run this notebook').click();
  await page.reload();
  await expect(notebook.kernel('idle')).toBeVisible();
  await expect(notebook.button('Run this notebook')).toHaveCount(0);
  await notebook.run(1);
  await expect(notebook.output(1)).toContainText('ran');
});

test('the page itself cannot eval once the frame is made', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['0']);
  const outcome = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineRan = true';
    document.head.append(script);
    return 'inlineRan' in window;
  });
  expect(outcome).toBe(false);
});

test('HTML output runs no script and reaches no other host', async ({ page }) => {
  // A request that the page's policy stops is announced too, and then fails with `csp`: it never left.
  const left: string[] = [];
  page.on('response', (response) => left.push(response.url()));
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText !== 'csp') left.push(request.url());
  });
  const notebook = new NotebookPage(page);
  await notebook.open([
    'display.html(`<b>bold</b><img src="https://evil.example/x.png" onerror="document.title=1"><script>document.title="owned"</script>`);\n' +
      'display.svg(`<svg width="10" height="10"><script>document.title="owned"</script><rect width="5" height="5"/></svg>`)',
  ]);
  await expect(notebook.output(1).getByText('bold')).toBeVisible();
  expect(await page.title()).not.toContain('owned');
  expect(left.filter((url) => url.includes('evil.example'))).toEqual([]);
});

test('a scheme of a cell can do nothing but choose, and the window of the frame runs no text', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  const mine = (scheme: string) =>
    `{ await using c = new Cluster({ n: 2, scheme: ${scheme} });\n` +
    '  const view = (await c.startAndConnect()).loadBalancedView();\n' +
    '  const ran = await Promise.all([1, 2, 3].map(() => view.apply(() => engine.id)));\n' +
    '  console.log(JSON.stringify(ran)); }';
  await notebook.open([
    mine('(loads) => loads.length - 1'),
    mine('() => { globalThis.focus(); new RTCPeerConnection(); return 0; }'),
    mine('() => { while (true) {} }'),
  ]);
  for (const cell of [1, 2, 3]) await expect(notebook.output(cell)).toContainText(/\[[01],[01],[01]\]/);
  const complaints = page.getByText(/The scheme that chooses engines does not work/);
  await expect(complaints.filter({ hasText: 'is not defined' }).first()).toBeAttached();
  for (const code of [
    'eval("1")',
    'new Function("1")',
    '(async () => 0).constructor("1")',
    'setTimeout("1")',
  ])
    expect(await inFrameWindow(page, `try { ${code}; 'it ran' } catch (error) { error.message }`)).toBe(
      'No text is run as code here.',
    );
});
