import { expect, test, vi } from 'vitest';
import { systemTimers } from '../base/clock.ts';
import { NETWORK_OFF } from '../protocol/module-names.ts';
import { explainFetch } from './explain-fetch.ts';
import { cdnUrl, createImporter, type ImporterHost } from './importer.ts';

function host(overrides: Partial<ImporterHost> = {}): ImporterHost {
  return {
    needLibrary: (name) => Promise.resolve({ ok: true, source: `text of ${name}` }),
    importText: (source) => Promise.resolve({ source }),
    importUrl: (url) => Promise.resolve({ url }),
    own: new Map([['tutti', () => ({ rc: 'rc' })]]),
    ...overrides,
  };
}

test('bundled libraries come from the owner, once', async () => {
  const needLibrary = vi.fn(host().needLibrary);
  const load = createImporter(host({ needLibrary }));
  expect(await load('d3')).toEqual({ source: 'text of d3' });
  expect(await load('@observablehq/plot')).toEqual({ source: 'text of @observablehq/plot' });
  await load('d3');
  expect(needLibrary.mock.calls).toEqual([['d3'], ['@observablehq/plot']]);
});

test('tutti is the realm itself; other names come from the CDN and addresses from where they say', async () => {
  const load = createImporter(host());
  expect(await load('tutti')).toEqual({ rc: 'rc' });
  expect(await load('lodash')).toEqual({ url: cdnUrl('lodash') });
  expect(await load('https://example.org/x.js')).toEqual({ url: 'https://example.org/x.js' });
});

test('what cannot be loaded says why and what to do, and may be tried again', async () => {
  const importUrl = vi
    .fn<ImporterHost['importUrl']>()
    .mockRejectedValueOnce(new TypeError('Failed to fetch'))
    .mockResolvedValueOnce({ now: true });
  const load = createImporter(host({ importUrl }));
  await expect(load('lodash')).rejects.toThrow(/Failed to fetch. Check its name and version/);
  expect(await load('lodash')).toEqual({ now: true });
  await expect(load('./mine.js')).rejects.toThrow(/is a path/);
});

test('a library that the owner refuses is an ImportError with the reason', async () => {
  const load = createImporter(host({ needLibrary: () => Promise.resolve({ ok: false, reason: 'offline' }) }));
  await expect(load('d3')).rejects.toMatchObject({
    name: 'ImportError',
    message: expect.stringContaining('offline'),
  });
});

test.each([
  ['d3', 'd3'],
  ['npm:d3', 'd3'],
  ['d3@7', 'd3'],
  ['npm:d3@^7.1.0', 'd3'],
  ['d3@latest', 'd3'],
  ['d3-array', 'd3'],
  ['@observablehq/plot@0.6', '@observablehq/plot'],
  ['npm:@observablehq/plot@0.6.17', '@observablehq/plot'],
])('%s is bundled', async (specifier, name) => {
  const importUrl = vi.fn(host().importUrl);
  expect(await createImporter(host({ importUrl }))(specifier)).toEqual({ source: `text of ${name}` });
  expect(importUrl.mock.calls).toEqual([]);
});

test.each([
  ['npm:moment@2.29.4', 'https://cdn.jsdelivr.net/npm/moment@2.29.4/+esm'],
  ['d3@5', 'https://cdn.jsdelivr.net/npm/d3@5/+esm'],
  ['d3@7/some/deep', 'https://cdn.jsdelivr.net/npm/d3@7/some/deep/+esm'],
  ['@scope/pkg/path', 'https://cdn.jsdelivr.net/npm/@scope/pkg/path/+esm'],
  ['jsr:@std/assert@1', 'https://esm.sh/jsr/@std/assert@1'],
  ['d3/package.json', 'https://cdn.jsdelivr.net/npm/d3/package.json'],
  ['data:text/javascript,export default 1', 'data:text/javascript,export default 1'],
  ['events', 'https://cdn.jsdelivr.net/npm/events/+esm'],
])('%s comes from %s', async (specifier, url) => {
  expect(await createImporter(host())(specifier)).toEqual({ url });
});

test.each(['node:os', 'node:test', 'os', 'fs', 'fs/promises', 'child_process'])(
  '%s is one of Node’s',
  async (specifier) => {
    await expect(createImporter(host())(specifier)).rejects.toThrow(/is one of Node's modules/);
  },
);

test('attributes go along, and data have theirs without saying so', async () => {
  const importUrl = vi.fn((url: string, options?: object) => Promise.resolve({ url, options }));
  const load = createImporter(host({ importUrl }));
  const json = { with: { type: 'json' } };
  expect(await load('https://a.org/b', json)).toEqual({ url: 'https://a.org/b', options: json });
  expect(await load('https://a.org/c.json?d')).toEqual({ url: 'https://a.org/c.json?d', options: json });
});

test('the switch for network is named where it is off, and only there', async () => {
  const forbidden = Object.assign(new Error('no'), { name: NETWORK_OFF });
  const off = createImporter(host({ importUrl: () => Promise.reject(forbidden) }));
  await expect(off('lodash')).rejects.toThrow(
    /network is off for this notebook. Allow network in the ⋯ menu/,
  );
});

test.each([
  ['connect-src', 'Failed to fetch: network is off for this notebook. Allow network in the ⋯ menu.'],
  ['img-src', 'Failed to fetch'],
  [null, 'Failed to fetch'],
])('fetch says that network is off where the policy forbids it: %s', async (effectiveDirective, message) => {
  const listeners: ((event: { effectiveDirective: string }) => void)[] = [];
  const globals = {
    addEventListener: (_type: string, listener: (typeof listeners)[number]) => void listeners.push(listener),
    fetch: async (): Promise<unknown> => {
      // Told of in a turn of its own, as in browsers.
      if (effectiveDirective !== null)
        setTimeout(() => {
          for (const listener of listeners) listener({ effectiveDirective });
        });
      await Promise.resolve();
      throw new TypeError('Failed to fetch');
    },
  };
  explainFetch(globals, systemTimers);
  await expect(globals.fetch()).rejects.toThrow(new TypeError(message));
});
