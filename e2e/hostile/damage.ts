import { expect, type Page, type Request, type Response } from '@playwright/test';

/** Listens from before a hostile notebook opens, and says afterwards what it has managed. */
export class Damage {
  readonly #page: Page;
  readonly #asked: string[] = [];
  readonly #left: string[] = [];
  readonly #dialogs: string[] = [];
  readonly #errors: string[] = [];
  readonly #close: () => void;

  constructor(page: Page) {
    this.#page = page;
    // What a policy stops is announced too, and then fails with `csp`: it never left.
    const onRequest = (request: Request) => {
      if (request.url().includes('evil.example')) this.#asked.push(request.url());
    };
    const onFailed = (request: Request) => {
      if (request.url().includes('evil.example') && request.failure()?.errorText !== 'csp')
        this.#left.push(request.url());
    };
    const onResponse = (response: Response) => {
      if (response.url().includes('evil.example')) this.#left.push(response.url());
    };
    const onDialog = (dialog: { message(): string; dismiss(): Promise<void> }) => {
      this.#dialogs.push(dialog.message());
      void dialog.dismiss();
    };
    const onError = (error: Error) => this.#errors.push(error.message);
    const context = page.context();
    context.on('request', onRequest).on('requestfailed', onFailed).on('response', onResponse);
    page.on('dialog', onDialog);
    page.on('pageerror', onError);
    this.#close = () => {
      context.off('request', onRequest).off('requestfailed', onFailed).off('response', onResponse);
      page.off('dialog', onDialog);
      page.off('pageerror', onError);
    };
  }

  /**
   * Nothing ran, nothing reached another host, nothing was opened or left, and what is drawn could do none of these
   * later. `drawn`: code did not run, so that nothing may even be asked for: the sanitiser stands without the policy.
   */
  async expectNone(drawn = true): Promise<void> {
    expect(await this.found(drawn)).toEqual([]);
  }

  async found(drawn: boolean): Promise<readonly string[]> {
    const page = this.#page;
    const found = await page.evaluate(harmInPage);
    const pages = page.context().pages().length;
    const { hostname } = new URL(page.url());
    return [
      ...found,
      ...(drawn ? this.#asked : this.#left).map((url) => `asked for ${url}`),
      ...this.#dialogs.map((text) => `asked the reader: ${text}`),
      ...this.#errors.map((text) => `error in the page: ${text}`),
      ...(pages === 1 ? [] : [`${String(pages)} pages are open`]),
      ...(hostname === 'localhost' ? [] : [`went to ${hostname}`]),
    ];
  }

  stop(): void {
    this.#close();
  }
}

/** Runs in the page, and knows nothing outside itself: goes through everything that outputs and prose have drawn, shadow roots too. */
export function harmInPage(): string[] {
  const found: string[] = [];
  if ('owned' in window) found.push(`ran: ${String((window as { owned?: unknown }).owned)}`);
  if (document.title.includes('owned')) found.push('ran: title');
  const drawn = [...document.querySelectorAll('[aria-label^="Output of cell"]')];
  const LOADS = [
    'src',
    'srcset',
    'poster',
    'background',
    'data',
    'action',
    'formaction',
    'ping',
    'manifest',
    'longdesc',
  ];
  const window_ = { width: innerWidth, height: innerHeight };
  const look = (root: ParentNode, ours: boolean): void => {
    for (const element of root.querySelectorAll('*')) {
      const tag = element.localName;
      const say = (what: string) => found.push(`${tag}: ${what}`);
      const theirs = !ours || element.closest('.prose') !== null;
      if (
        theirs &&
        /^(script|iframe|object|embed|base|meta|link|form|input|textarea|select|dialog|frame|frameset|portal|applet)$/.test(
          tag,
        )
      ) {
        // Disabled, it is a picture of a form: no key reaches it.
        if (!element.hasAttribute('disabled')) say('is there');
      }
      for (const { name, value } of element.attributes) {
        if (name.startsWith('on')) say(`${name}=${value}`);
        if (/^\s*(javascript|vbscript|data:text\/html)/i.test(value.replace(/[\u0000-\u0020]/g, '')))
          say(`${name}=${value}`);
        if (LOADS.includes(name) && /(^|[\s,])(https?:)?\/\//i.test(value)) say(`loads ${name}=${value}`);
        if (
          /^(xlink:)?href$/.test(name) &&
          !/^(a|area)$/.test(tag) &&
          !/^(#|data:image\/(png|jpeg|gif|webp))/i.test(value)
        ) {
          if (theirs) say(`loads ${name}=${value}`);
        }
        if (
          !/^(title|alt|aria-label)$/.test(name) &&
          /url\(\s*['"]?\s*(?!['"]?(#|data:|blob:))/i.test(value) &&
          theirs
        )
          say(`loads by ${name}=${value}`);
      }
      if (/^(a|area)$/.test(tag) && theirs) {
        const href = element.getAttribute('href') ?? element.getAttribute('xlink:href');
        const elsewhere = href !== null && !href.startsWith('#');
        if (elsewhere && element.getAttribute('target') !== '_blank') say(`leaves this page: ${href}`);
        if (elsewhere && !/noopener/.test(element.getAttribute('rel') ?? '')) say(`keeps an opener: ${href}`);
      }
      if (
        tag === 'style' &&
        /@import|url\(\s*['"]?\s*(?!['"]?(#|data:))|:host/i.test(element.textContent || '') &&
        theirs
      )
        say('style reaches out');
      if (theirs && getComputedStyle(element).position === 'fixed') say('is fixed over the page');
      if (element.shadowRoot) look(element.shadowRoot, false);
    }
  };
  for (const region of drawn) look(region, true);
  // Nothing of theirs lies over the app's own controls.
  for (const button of document.querySelectorAll('header button')) {
    const box = button.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    if (box.width === 0 || x < 0 || y < 0 || x > window_.width || y > window_.height) continue;
    const top = document.elementFromPoint(x, y);
    if (top !== null && drawn.some((region) => region.contains(top)))
      found.push('an output lies over the top bar');
  }
  return found;
}
