import { expect, test } from 'vitest';
import { newDocument } from '../notebook/cells.ts';
import { sourceOf, withSource } from '../notebook/source-address.ts';
import type { CellId } from '../protocol/ids.ts';
import { besideSource } from '../ui/output/beside-source.ts';
import { destinationOf } from './notebook-address.ts';

const at = (rest: string) => destinationOf(new URL(`https://tutti.example/app/${rest}`));

test('an address carries a notebook, names one, asks for the start page, or for nothing', () => {
  expect(at('#nb=abc').type).toBe('carried');
  expect(at('?nb=https://host.example/a.ipynb').type).toBe('carried');
  expect(at('#notebook=nb-1')).toEqual({ type: 'named', key: 'nb-1' });
  expect(at('#notebook=with%20space')).toEqual({ type: 'named', key: 'with space' });
  expect(at('#notebook=100%')).toEqual({ type: 'named', key: '100%' });
  expect(at('#start')).toEqual({ type: 'start' });
  expect(at('')).toEqual({ type: 'none' });
  expect(at('#something-else')).toEqual({ type: 'none' });
});

test('what carries nothing readable says so', async () => {
  const broken = at('#nb=@@@');
  await expect(broken.type === 'carried' && broken.read()).rejects.toThrow(/link/i);
  const odd = at('?nb=javascript:alert(1)');
  await expect(odd.type === 'carried' && odd.read()).rejects.toThrow(/not an address of the web/);
});

test('where a notebook came from is kept with it', () => {
  const notebook = {
    ...newDocument({ id: 'd', name: 'n', cellId: 'c' as CellId }),
    metadata: { tutti: { engines: 2 } },
  };
  const from = withSource(notebook, 'https://host.example/a%20b/n.ipynb');
  expect(from.metadata).toEqual({ tutti: { engines: 2, source: 'https://host.example/a%20b/n.ipynb' } });
  expect(sourceOf(from)).toBe('https://host.example/a%20b/n.ipynb');
  for (const source of [undefined, 7, 'javascript:alert(1)', 'file:///etc/passwd'])
    expect(sourceOf({ ...notebook, metadata: { tutti: { source: source ?? null } } })).toBeNull();
});

test.each([
  ['other.ipynb', '?nb=https%3A%2F%2Fhost.example%2Fdir%2Fother.ipynb'],
  ['../up/A%20b.IPYNB#x', '?nb=https%3A%2F%2Fhost.example%2Fup%2FA%2520b.IPYNB%23x'],
  ['./data/a.csv', 'https://host.example/dir/data/a.csv'],
  ['/root.html?x=1', 'https://host.example/root.html?x=1'],
  ['//else.example/y', 'https://else.example/y'],
  ['#Section', null],
  ['javascript:alert(1)', null],
  ['data:text/html,x', null],
  ['file:///etc/passwd', null],
  ['http://[', null],
])('the link %s leads to %s', (link, address) => {
  expect(besideSource('https://host.example/dir/n.ipynb', link)).toBe(address);
});
