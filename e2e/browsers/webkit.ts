import { readdirSync, existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { clickActions, pressActions, typeActions, type Driver } from './driver.ts';
import { Processes } from './processes.ts';

export interface WebKitOptions {
  /** Whether pages that are isolated get SharedArrayBuffer; WebKitGTK has it off. */
  readonly sharesMemory: boolean;
}

/** WebKitGTK's MiniBrowser through W3C WebDriver, on a screen of its own. Pages are private, as in all automation. */
export async function openWebKit({ sharesMemory }: WebKitOptions): Promise<Driver> {
  const processes = new Processes();
  try {
    const screen = await processes.start(
      'Xvfb',
      ['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'],
      /^(\d+)\n/m,
    );
    const port = await freePort();
    processes.startSilent('WebKitWebDriver', [`--port=${String(port)}`], {
      DISPLAY: `:${screen}`,
      ...(sharesMemory ? { JSC_useSharedArrayBuffer: '1' } : {}),
    });
    const ask = asker(`http://127.0.0.1:${String(port)}`);
    await answering(ask);
    const session = (await ask('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] },
        },
      },
    })) as { readonly sessionId: string };
    const at = `/session/${session.sessionId}`;
    const post = (path: string, body: object = {}) => ask('POST', at + path, body);
    await post('/timeouts', { script: 120_000, pageLoad: 60_000, implicit: 0 });
    await post('/window/rect', { x: 0, y: 0, width: 1280, height: 800 });
    const act = (actions: readonly object[]) => post('/actions', { actions });
    return {
      goto: async (url) => void (await post('/url', { url })),
      reload: async () => void (await post('/refresh')),
      evaluate: async (run, ...args) => {
        const script = `const done = arguments[arguments.length - 1];
          Promise.resolve(arguments[0]).then((given) => (${run.toString()})(...JSON.parse(given))).then(
            (value) => done(JSON.stringify({ value })),
            (error) => done(JSON.stringify({ error: String(error) })));`;
        const text = await post('/execute/async', { script, args: [JSON.stringify(args)] });
        return valueOf(String(text)) as Awaited<ReturnType<typeof run>>;
      },
      click: async (x, y) => void (await act(clickActions(x, y))),
      press: async (...chords) => void (await act(pressActions(chords))),
      type: async (text) => void (await act(typeActions(text))),
      screenshot: async () => Buffer.from(String(await ask('GET', `${at}/screenshot`)), 'base64'),
      close: async () => {
        await ask('DELETE', at).catch(() => undefined);
        await processes.end();
      },
    };
  } catch (error) {
    await processes.end();
    throw error;
  }
}

/** What the function in the page gave or threw. */
export function valueOf(text: string): unknown {
  const { value, error } = JSON.parse(text) as { readonly value: unknown; readonly error?: string };
  if (error !== undefined) throw new Error(error);
  return value;
}

type Ask = (method: string, path: string, body?: object) => Promise<unknown>;

function asker(base: string): Ask {
  return async (method, path, body) => {
    const response = await fetch(base + path, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } : {}),
    });
    const { value } = (await response.json()) as { readonly value: unknown };
    if (!response.ok) throw new Error(`WebDriver ${path}: ${JSON.stringify(value)}`);
    return value;
  };
}

async function answering(ask: Ask): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await ask('GET', '/status');
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** It is no command of the shell's: each architecture has a folder of its own for it. */
function miniBrowser(): string {
  const folders = readdirSync('/usr/lib').flatMap((name) =>
    ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0'].map(
      (version) => `/usr/lib/${name}/${version}/MiniBrowser`,
    ),
  );
  const found = folders.find((path) => existsSync(path));
  if (found === undefined) throw new Error('There is no MiniBrowser. Install webkit2gtk-driver.');
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
