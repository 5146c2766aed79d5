import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { CHROMIUM_FLAGS, chromiumPath } from '../../scripts/browser.mjs';
import { Processes } from '../browsers/processes.ts';

/**
 * A page in a Chromium of its own, spoken to by the browser's own protocol. Playwright takes the end of a frame's process
 * for the end of the page, and asks the page nothing any more.
 */
export class RawBrowser {
  readonly #processes: Processes;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (value: unknown) => void>();
  #asked = 0;

  private constructor(processes: Processes, profile: string, socket: WebSocket) {
    this.#processes = processes;
    this.#profile = profile;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const { id, result } = JSON.parse(data.toString()) as Answer;
      if (id === undefined) return;
      this.#answers.get(id)?.(result?.result?.value);
      this.#answers.delete(id);
    });
  }

  static async open(url: string): Promise<RawBrowser> {
    const processes = new Processes();
    const profile = await mkdtemp(join(tmpdir(), 'tutti-chromium-'));
    const flags = [
      ...CHROMIUM_FLAGS,
      '--headless',
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
    ];
    const browser = await processes.start(
      chromiumPath() ?? 'chromium',
      [...flags, url],
      /listening on ws:\/\/(\S+?)\//,
    );
    const socket = new WebSocket(await pageAt(browser, url));
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new RawBrowser(processes, profile, socket);
  }

  /** The value of an expression in the page, awaited. */
  evaluate(expression: string): Promise<unknown> {
    const id = ++this.#asked;
    const params = { expression, returnByValue: true, awaitPromise: true };
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
    });
  }

  /** What stands in the page. */
  async text(): Promise<string> {
    return String(await this.evaluate('document.body.innerText'));
  }

  /** Clicks the first button of that name; false: there is none yet. */
  async click(name: string): Promise<boolean> {
    const isClicked = await this.evaluate(`(() => {
      const named = (button) => (button.getAttribute('aria-label') ?? button.textContent) === ${JSON.stringify(name)};
      const button = [...document.querySelectorAll('button')].find(named);
      button?.click();
      return button !== undefined;
    })()`);
    return isClicked === true;
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.#processes.end();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Where the page of that address is spoken to. The browser opens it a little later than it listens. */
async function pageAt(browser: string, url: string): Promise<string> {
  for (;;) {
    const response = await fetch(`http://${browser}/json/list`);
    const targets = (await response.json()) as Target[];
    const target = targets.find(({ type, url: at }) => type === 'page' && at.startsWith(new URL(url).origin));
    if (target) return target.webSocketDebuggerUrl;
  }
}

interface Target {
  readonly type: string;
  readonly url: string;
  readonly webSocketDebuggerUrl: string;
}

interface Answer {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: unknown } };
}
