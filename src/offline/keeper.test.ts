import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AppFiles } from './app-files.ts';
import { Keeper } from './keeper.ts';

const BASE = 'https://host/some/where/';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

function appOf(version: string, files: Readonly<Record<string, string>>): AppFiles {
  return {
    version,
    files: Object.entries(files).map(([path, text]) => ({
      path,
      digest: path.startsWith('assets/') ? null : sha(text),
    })),
  };
}

/** Caches as browsers have them, by the order of their making. */
class FakeCaches {
  readonly all = new Map<string, Map<string, string>>();

  keys = (): Promise<string[]> => Promise.resolve([...this.all.keys()]);
  delete = (name: string): Promise<boolean> => Promise.resolve(this.all.delete(name));
  match = (url: string): Promise<Response | undefined> => {
    for (const cache of this.all.values()) {
      const found = cache.get(url);
      if (found !== undefined) return Promise.resolve(new Response(found));
    }
    return Promise.resolve(undefined);
  };
  open = (name: string): Promise<Cache> => {
    const entries = this.all.get(name) ?? new Map<string, string>();
    this.all.set(name, entries);
    return Promise.resolve({
      match: (url: string) => {
        const found = entries.get(url);
        return Promise.resolve(found === undefined ? undefined : new Response(found));
      },
      put: async (url: string, response: Response) => {
        entries.set(url, await response.text());
      },
    } as unknown as Cache);
  };
}

function setUp() {
  const caches = new FakeCaches();
  /** What the host has; null: there is no network. */
  const net: { files: Readonly<Record<string, string>> | null; hangs: boolean } = { files: {}, hangs: false };
  const asked: string[] = [];
  let timeUp: () => void = () => undefined;
  const keeper = (app: AppFiles): Keeper =>
    new Keeper({
      caches,
      fetch: (request) => {
        const url = typeof request === 'string' ? request : request.url;
        asked.push(url.replace(BASE, ''));
        if (net.hangs) return new Promise(() => undefined);
        if (net.files === null) return Promise.reject(new TypeError('Failed to fetch'));
        const path = url.replace(BASE, '').split(/[?#]/)[0] ?? '';
        const text = net.files[path === '' ? 'index.html' : path];
        return Promise.resolve(text === undefined ? new Response('', { status: 404 }) : new Response(text));
      },
      base: BASE,
      app,
      digest: (bytes) => Promise.resolve(createHash('sha256').update(new Uint8Array(bytes)).digest('hex')),
      wait: () =>
        new Promise((resolve) => {
          timeUp = resolve;
        }),
    });
  const get = async (from: Keeper, path: string): Promise<string> => {
    const request = {
      url: BASE + path,
      method: 'GET',
      mode: path === '' || path.startsWith('?') ? 'navigate' : 'cors',
    } as Request;
    const response = await from.answer(request);
    return response.ok ? response.text() : String(response.status);
  };
  return {
    caches,
    net,
    keeper,
    get,
    taken: () => asked.splice(0),
    timeUp: () => {
      timeUp();
    },
  };
}

const ONE = { 'index.html': 'page 1', 'assets/a-1.js': 'a1', 'assets/same-0.js': 's', 'help.json': 'h1' };
const TWO = { 'index.html': 'page 2', 'assets/a-2.js': 'a2', 'assets/same-0.js': 's', 'help.json': 'h2' };

describe('the app without a network', () => {
  it('is there as a whole once it has been kept, and before that not in pieces', async () => {
    const { keeper, net, get } = setUp();
    net.files = ONE;
    const one = keeper(appOf('1', ONE));
    expect(await get(one, '')).toBe('page 1');
    net.files = null;
    await expect(get(one, '')).rejects.toThrow('Failed to fetch');
    net.files = ONE;
    expect(await one.keep()).toEqual({ kept: true });
    net.files = null;
    expect(await get(one, '')).toBe('page 1');
    expect(await get(one, 'assets/a-1.js')).toBe('a1');
    expect(await get(one, 'help.json')).toBe('h1');
  });

  it('files with a hash in their name come from what is kept; the page from the network', async () => {
    const { keeper, net, get, taken } = setUp();
    net.files = ONE;
    const one = keeper(appOf('1', ONE));
    expect(await get(one, 'assets/a-1.js')).toBe('a1');
    taken();
    expect(await get(one, 'assets/a-1.js')).toBe('a1');
    expect(taken()).toEqual([]);
    await one.keep();
    taken();
    expect([await get(one, ''), taken()]).toEqual(['page 1', ['']]);
  });

  it('what has a query, and what is not the app’s, goes to the network; the page is the page with any query', async () => {
    const { keeper, net, get } = setUp();
    net.files = { ...ONE, 'other.txt': 'x' };
    const one = keeper(appOf('1', ONE));
    await one.keep();
    expect(await get(one, 'other.txt')).toBe('x');
    net.files = null;
    await expect(get(one, 'assets/a-1.js?raw')).rejects.toThrow('Failed to fetch');
    for (const query of ['?utm_source=x', '?nb=https://host/a.ipynb'])
      expect(await get(one, query)).toBe('page 1');
  });

  it('a network that does not answer is none, after a while', async () => {
    const { keeper, net, get, timeUp } = setUp();
    net.files = ONE;
    const one = keeper(appOf('1', ONE));
    await one.keep();
    net.hangs = true;
    const answer = get(one, '');
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    timeUp();
    expect(await answer).toBe('page 1');
  });
});

it('a browser that refuses caches has the page all the same', async () => {
  const { keeper, net, get, caches } = setUp();
  const refuse = (): Promise<never> => Promise.reject(new DOMException('The operation is insecure.'));
  Object.assign(caches, { keys: refuse, match: refuse, open: refuse });
  net.files = ONE;
  const one = keeper(appOf('1', ONE));
  expect([await get(one, ''), await get(one, 'assets/a-1.js'), await get(one, 'help.json')]).toEqual([
    'page 1',
    'a1',
    'h1',
  ]);
  expect(await one.keep()).toEqual({ kept: false, reason: 'The operation is insecure.' });
});

describe('a new build', () => {
  it('loads only what has changed, is the page at the next reload, and leaves the old page its parts', async () => {
    const { keeper, net, get, taken } = setUp();
    net.files = ONE;
    await keeper(appOf('1', ONE)).keep();
    net.files = TWO;
    const two = keeper(appOf('2', TWO));
    taken();
    expect(await two.keep()).toEqual({ kept: true });
    expect(taken().sort()).toEqual(['assets/a-2.js', 'help.json', 'index.html']);
    expect(await get(two, 'assets/a-1.js')).toBe('a1');
    expect(await get(two, 'help.json')).toBe('h2');
    net.files = null;
    expect(await get(two, '')).toBe('page 2');
    expect([two.has('assets/a-1.js'), two.has('assets/a-2.js')]).toEqual([false, true]);
  });

  it('that is not all there yet is not kept as if it were; the one before still opens', async () => {
    const { keeper, net, get } = setUp();
    net.files = ONE;
    await keeper(appOf('1', ONE)).keep();
    // The host still has the page of the old build.
    net.files = { ...TWO, 'index.html': 'page 1' };
    const two = keeper(appOf('2', TWO));
    expect(await two.keep()).toEqual({ kept: false, reason: 'index.html is another build’s' });
    net.files = null;
    expect(await get(two, '')).toBe('page 1');
  });

  it('the third one’s coming ends the first one’s stay', async () => {
    const { keeper, net, caches } = setUp();
    net.files = ONE;
    for (const version of ['1', '2', '3']) {
      const each = keeper(appOf(version, ONE));
      await each.keep();
      await each.sweep();
    }
    expect([...caches.all.keys()]).toEqual(['tutti-app-2', 'tutti-app-3']);
  });
});
