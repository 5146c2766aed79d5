/**
 * Makes the sandboxes that all code of notebooks runs in: an `<iframe sandbox="allow-scripts">` of an opaque origin,
 * which can reach nothing of the app's (IndexedDB, caches, cookies, pages), whoever wrote the notebook.
 *
 * A `srcdoc` frame, because a frame with a URL is blocked on hosts whose COEP comes from a service worker: a service
 * worker serves no opaque origins. A `srcdoc` frame has the policies of the document around it and adds its own; the
 * page's are too strict for one that evaluates cells. So they are made in a document between the two, the maker: an
 * empty frame of the page's own origin, made before the page locks itself, which has no script and no text of anybody's.
 */
export interface FrameMaker {
  /** Resolves when it has loaded; it is gone when it is removed. `network`: its workers may use it. */
  make(code: string, network: boolean): Promise<HTMLIFrameElement>;
}

/** Of a frame whose notebook has no network, and of one whose reader has allowed it; remote scripts too. */
const FRAME_POWERS = {
  closed: "script-src 'unsafe-eval' blob: data:; worker-src blob: data:; connect-src 'none'",
  open: "script-src 'unsafe-eval' blob: data: https:; worker-src blob: data:; connect-src https: wss: blob: data:",
} as const;
/** No frame in a frame, no navigation away from it, no form, nothing that is embedded. */
const NOTHING_ELSE =
  "default-src 'none'; frame-src 'none'; child-src 'none'; object-src 'none'; form-action 'none'; base-uri 'none'";

/** What frames in it may have at most. It is also what says where they may go: nowhere. */
const MAKER_CSP =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob: data: https:; worker-src blob: data:; " +
  "connect-src https: wss: blob: data:; frame-src 'none'; object-src 'none'; form-action 'none'; base-uri 'none'";

export async function createFrameMaker(document: Document): Promise<FrameMaker> {
  const maker = hiddenFrame(document);
  maker.srcdoc = withPolicy(MAKER_CSP, '');
  await loaded(maker, document.body);
  const inner = maker.contentDocument;
  if (inner === null) throw new Error('The browser gives this page no frames.');
  keepFocus(maker);
  return {
    make: async (code, network) => {
      const frame = hiddenFrame(inner);
      frame.setAttribute('sandbox', 'allow-scripts');
      frame.setAttribute('allow', 'cross-origin-isolated');
      frame.setAttribute('referrerpolicy', 'no-referrer');
      const nonce = newNonce();
      const powers = network ? FRAME_POWERS.open : FRAME_POWERS.closed;
      frame.srcdoc = withPolicy(
        `${NOTHING_ELSE}; ${powers.replace('script-src', `script-src 'nonce-${nonce}'`)}`,
        `<script nonce="${nonce}">${scriptText(code)}</script>`,
      );
      await loaded(frame, inner.body);
      return frame;
    },
  };
}

function hiddenFrame(document: Document): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.setAttribute('aria-hidden', 'true');
  frame.inert = true;
  frame.tabIndex = -1;
  frame.title = 'Engines';
  frame.style.cssText = 'position:absolute;width:0;height:0;border:0;visibility:hidden';
  return frame;
}

function loaded(frame: HTMLIFrameElement, parent: HTMLElement): Promise<void> {
  return new Promise<void>((resolve) => {
    frame.addEventListener(
      'load',
      () => {
        resolve();
      },
      { once: true },
    );
    parent.append(frame);
  });
}

function withPolicy(csp: string, body: string): string {
  return (
    `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${csp}">` +
    `<title>Engines</title>${body}`
  );
}

/** Inside a script element only `</script` and `<!--` could end or bend the text. */
function scriptText(code: string): string {
  return code.replace(/<\/(?=script)/gi, '<\\/').replace(/<!--/g, '<\\!--');
}

function newNonce(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

/** What has the focus hears what the reader types. No frame of a notebook may: should one take it, it is taken back. */
function keepFocus(maker: HTMLIFrameElement): void {
  const { ownerDocument: document } = maker;
  let last: HTMLElement | null = null;
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && target !== maker) last = target;
  });
  const giveBack = (): void => {
    if (document.activeElement !== maker) return;
    maker.blur();
    window.focus();
    if (last?.isConnected === true) last.focus({ preventScroll: true });
  };
  maker.addEventListener('focus', giveBack);
  window.addEventListener('blur', giveBack);
}
