import { expect, test, vi } from 'vitest';
import { watchAddress } from './follow-address.ts';

test('an address that changes while the page opens is gone to once it is open', () => {
  const page = new EventTarget();
  const address = watchAddress(page);
  const change = (hash: string) => {
    page.dispatchEvent(Object.assign(new Event('hashchange'), { newURL: `https://example.org/${hash}` }));
  };
  change('#start');
  change('#notebook=a');
  const seen: string[] = [];
  address.follow(({ hash }) => {
    seen.push(hash);
  });
  // It is the last one that counts, whatever stands in the address by now.
  expect(seen).toEqual(['#notebook=a']);
  change('#start');
  expect(seen).toEqual(['#notebook=a', '#start']);
});

test('one that does not change is not gone to', () => {
  const go = vi.fn();
  watchAddress(new EventTarget()).follow(go);
  expect(go).not.toHaveBeenCalled();
});
