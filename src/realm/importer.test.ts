import { expect, test, vi } from 'vitest';
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
  await expect(load('lodash')).rejects.toThrow(/Failed to fetch.*allow network/s);
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
