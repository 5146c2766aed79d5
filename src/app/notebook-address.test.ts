import { expect, test } from 'vitest';
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
