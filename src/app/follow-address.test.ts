import { expect, test, vi } from 'vitest';
import { watchAddress } from './follow-address.ts';

test('an address that changes while the page opens is gone to once it is open', () => {
  const page = new EventTarget();
  const address = watchAddress(page);
  page.dispatchEvent(new Event('hashchange'));
  page.dispatchEvent(new Event('hashchange'));
  const go = vi.fn();
  address.follow(go);
  // It is the last one that counts.
  expect(go).toHaveBeenCalledTimes(1);
  page.dispatchEvent(new Event('hashchange'));
  expect(go).toHaveBeenCalledTimes(2);
});

test('one that does not change is not gone to', () => {
  const go = vi.fn();
  watchAddress(new EventTarget()).follow(go);
  expect(go).not.toHaveBeenCalled();
});
