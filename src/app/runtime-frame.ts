import urls from 'virtual:runtime-bundles';
import { handedOver, type Handover, wrapControl } from '../transport/frame-ports.ts';
import type { RuntimeConnection, StartRuntime } from './runtime-connection.ts';
import { checkEvents } from './runtime-events.ts';

/**
 * Makes the sandbox that all code of notebooks runs in: an `<iframe sandbox="allow-scripts">` of an opaque
 * origin, which can reach nothing of the app's (IndexedDB, caches, cookies, pages), whoever wrote the notebook.
 *
 * A `srcdoc` frame, because a frame with a URL is blocked on hosts whose COEP comes from a service worker: a
 * service worker serves no opaque origins. A `srcdoc` frame inherits the page's policies at the moment it is
 * made; hence the order: frame first, then the page's own strict policy (`lockPage`).
 */

/** `open`: the reader has allowed network for this notebook; remote scripts too. */
const FRAME_CSP = {
  closed:
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob: data:; worker-src blob: data:; " +
    "connect-src 'none'",
  open:
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob: data: https:; " +
    'worker-src blob: data:; connect-src https: wss: blob: data:',
} as const;

/**
 * No eval, no inline script, nothing from elsewhere. Styles inline because the editor writes them. `wss:` for gateways
 * of clusters that the reader joins; unencrypted ones on this machine only, as browsers have it.
 */
const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; " +
  "img-src 'self' data: blob:; connect-src 'self' https: wss: ws://localhost:* ws://127.0.0.1:*; worker-src 'self' blob:; frame-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'none'";

/** Seconds that interrupted code has before its worker is terminated. */
const GRACE = 2;

/**
 * Makes the frame, locks the page, and sets kernel and engines going (which goes on after this has resolved).
 * @throws Error with a sentence for the reader.
 */
export const startRuntime: StartRuntime = async ({ engines, network, history: loading }) => {
  const parts = [fetchPart('frame'), fetchPart('kernel'), fetchPart('engine')] as const;
  const [code, kernelSource, engineSource] = await Promise.all(parts);
  const frame = await openFrame(code, network ? FRAME_CSP.open : FRAME_CSP.closed);
  lockPage();
  const connection = connect(frame);
  const history = await loading;
  const options = { engines, grace: GRACE, history, kernelSource, engineSource };
  connection.control.start(options).catch((error: unknown) => {
    console.error('The runtime did not start.', error);
  });
  return connection;
};

async function openFrame(code: string, csp: string): Promise<HTMLIFrameElement> {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('allow', 'cross-origin-isolated');
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  frame.title = 'Engines';
  frame.style.cssText = 'position:absolute;width:0;height:0;border:0;visibility:hidden';
  frame.srcdoc = frameHtml(code, csp);
  const loaded = new Promise<void>((resolve) => {
    frame.addEventListener(
      'load',
      () => {
        resolve();
      },
      { once: true },
    );
  });
  document.body.append(frame);
  await loaded;
  return frame;
}

/** The page's own policy, strict, after the frame has taken a copy of the loose one. For good. */
function lockPage(): void {
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = PAGE_CSP;
  document.head.append(meta);
}

/** A part of the runtime as text; see scripts/runtime-bundles.ts. */
export async function fetchPart(part: keyof typeof urls): Promise<string> {
  const url = new URL(urls[part], document.baseURI);
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url.pathname} could not be loaded (${String(response.status)}). Reload the page.`);
  }
  return response.text();
}

function frameHtml(code: string, csp: string): string {
  // Inside a script element only `</script` and `<!--` could end or bend the text.
  const safe = code.replace(/<\/(?=script)/gi, '<\\/').replace(/<!--/g, '<\\!--');
  return (
    `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${csp}">` +
    `<title>Engines</title><script>${safe}</script>`
  );
}

function connect(frame: HTMLIFrameElement): RuntimeConnection {
  const control = new MessageChannel();
  const events = new MessageChannel();
  const handover: Handover = { type: 'tutti-handover' };
  // An opaque origin has no name: '*' is the only address. Nothing secret is in the message.
  frame.contentWindow?.postMessage(handover, '*', [control.port2, events.port2]);
  const wrapped = wrapControl(control.port1);
  return {
    control: wrapped,
    join: async (port) => wrapped.joinCluster(await fetchPart('cluster'), handedOver(port)),
    cellJoined: async (n, place, port) =>
      wrapped.cellJoined(n, place, await fetchPart('cluster'), handedOver(port)),
    // The port keeps what comes before there is a handler.
    onEvents: (handler) => {
      events.port1.onmessage = ({ data }: MessageEvent<unknown>) => {
        const checked = checkEvents(data);
        if (checked.dropped > 0) console.warn(`${String(checked.dropped)} malformed events were dropped.`);
        handler(checked.events);
      };
    },
    close: () => {
      control.port1.close();
      events.port1.close();
      frame.remove();
    },
    isolated: self.crossOriginIsolated,
  };
}
