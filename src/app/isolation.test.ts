import { expect, test } from 'vitest';
import { reloadIsolated, type IsolationPlace } from './isolation.ts';

function place(changes: Partial<IsolationPlace> = {}) {
  const kept = new Map<string, string>();
  const seen = { reloads: 0, registrations: 0 };
  const ready: IsolationPlace = {
    isIsolated: false,
    canRegister: true,
    storage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) },
    register: () => Promise.resolve((seen.registrations += 1)),
    reload: () => (seen.reloads += 1),
    timers: { after: () => () => undefined },
    ...changes,
  };
  return { ready, seen };
}

test('a page that is isolated, or cannot be, goes on', async () => {
  for (const changes of [{ isIsolated: true }, { canRegister: false }]) {
    const { ready, seen } = place(changes);
    expect(await reloadIsolated(ready)).toBeNull();
    expect(seen).toEqual({ reloads: 0, registrations: 0 });
  }
});

test('the worker is registered and the page reloaded, once', async () => {
  const { ready, seen } = place();
  expect(await reloadIsolated(ready)).toBe('reloading');
  expect(await reloadIsolated(ready)).toBeNull();
  expect(seen).toEqual({ reloads: 1, registrations: 1 });
});

test('a worker that never starts is waited for 5 s, then the page goes on and says why', async () => {
  const limits: number[] = [];
  const { ready, seen } = place({
    register: () => new Promise(() => undefined),
    timers: {
      after: (seconds, callback) => {
        limits.push(seconds);
        callback();
        return () => undefined;
      },
    },
  });
  expect(await reloadIsolated(ready)).toEqual({
    trouble: expect.stringMatching(/did not start within 5 s.*Allow service workers/) as string,
  });
  expect([limits, seen.reloads]).toEqual([[5], 0]);
});

test('a worker that is refused is told with the browser’s reason', async () => {
  const { ready } = place({ register: () => Promise.reject(new Error('the user has blocked it')) });
  expect(await reloadIsolated(ready)).toEqual({
    trouble: expect.stringContaining('refused (the user has blocked it)') as string,
  });
});
