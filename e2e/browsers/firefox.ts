import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { clickActions, pressActions, typeActions, type Driver } from './driver.ts';
import { Processes } from './processes.ts';
import { valueOf } from './webkit.ts';

/** What an unwatched browser must not do: ask, look for news, send reports. */
const PREFERENCES = {
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.server': 'data:,',
};

/** Firefox through WebDriver BiDi, which it speaks itself. */
export async function openFirefox(): Promise<Driver> {
  const processes = new Processes();
  const profile = await mkdtemp(join(tmpdir(), 'tutti-firefox-'));
  const end = async (): Promise<void> => {
    await processes.end();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const lines = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
    );
    await writeFile(join(profile, 'user.js'), lines.join('\n'));
    const address = await processes.start(
      firefoxCommand(),
      ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'],
      /WebDriver BiDi listening on (\S+)/,
    );
    const { ask, close } = await connect(`${address}/session`);
    await ask('session.new', { capabilities: {} });
    const { contexts } = (await ask('browsingContext.getTree', {})) as {
      readonly contexts: readonly { readonly context: string }[];
    };
    const context = contexts[0]?.context;
    if (context === undefined) throw new Error('Firefox has opened without a page.');
    await ask('browsingContext.setViewport', { context, viewport: { width: 1280, height: 720 } });
    const act = (actions: readonly object[]) => ask('input.performActions', { context, actions });
    return {
      goto: async (url) => void (await ask('browsingContext.navigate', { context, url, wait: 'complete' })),
      reload: async () => void (await ask('browsingContext.reload', { context, wait: 'complete' })),
      evaluate: async (run, ...args) => {
        const { result, exceptionDetails } = (await ask('script.callFunction', {
          functionDeclaration: `(given) => Promise.resolve(given).then((given) => (${run.toString()})(...JSON.parse(given))).then(
            (value) => JSON.stringify({ value }), (error) => JSON.stringify({ error: String(error) }))`,
          arguments: [{ type: 'string', value: JSON.stringify(args) }],
          awaitPromise: true,
          target: { context },
        })) as {
          readonly result?: { readonly value: string };
          readonly exceptionDetails?: { readonly text: string };
        };
        if (result === undefined) throw new Error(exceptionDetails?.text);
        return valueOf(result.value) as Awaited<ReturnType<typeof run>>;
      },
      click: async (x, y) => void (await act(clickActions(x, y))),
      press: async (...chords) => void (await act(pressActions(chords))),
      type: async (text) => void (await act(typeActions(text))),
      screenshot: async () => {
        const { data } = (await ask('browsingContext.captureScreenshot', { context })) as {
          readonly data: string;
        };
        return Buffer.from(data, 'base64');
      },
      close: async () => {
        close();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

const firefoxCommand = (): string => process.env['FIREFOX_PATH'] ?? 'firefox-esr';

type Ask = (method: string, params: object) => Promise<unknown>;

async function connect(address: string): Promise<{ readonly ask: Ask; readonly close: () => void }> {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let last = 0;
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString()) as Answer;
    if (answer.id === undefined) return;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  socket.on('close', () => {
    for (const [id, hear] of waiting) hear({ id, type: 'error', message: 'Firefox has ended.' });
    waiting.clear();
  });
  return {
    ask: async (method, params) => {
      const id = ++last;
      const answer = await new Promise<Answer>((resolve) => {
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ id, method, params }));
      });
      if (answer.type === 'error') throw new Error(`${method}: ${answer.message ?? answer.error ?? ''}`);
      return answer.result;
    },
    close: () => {
      socket.close();
    },
  };
}

interface Answer {
  readonly id?: number;
  readonly type: 'success' | 'error' | 'event';
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
}
