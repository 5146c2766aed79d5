import { expect, test } from 'vitest';
import { attempt, boundedWaits, failed, faultOf } from './storage-failure.ts';

test.each([
  ['QuotaExceededError', 'quota'],
  ['SecurityError', 'refused'],
  ['VersionError', 'version'],
  ['DataCloneError', 'broken'],
])('a %s is the fault %s', (name, fault) => {
  expect(faultOf(new DOMException('', name))).toBe(fault);
});

test('a page without IndexedDB is refused storage', () => {
  expect(faultOf(new ReferenceError('indexedDB is not defined'))).toBe('refused');
});

test('whatever is thrown becomes a failure with a sentence', async () => {
  expect(await attempt(() => Promise.reject(new DOMException('', 'QuotaExceededError')))).toMatchObject({
    ok: false,
    failure: { fault: 'quota', message: expect.stringMatching(/storage is full.*Download it/) as string },
  });
  expect(await attempt(() => Promise.reject(new Error('odd')))).toMatchObject({
    failure: { fault: 'broken', message: expect.stringContaining('(odd)') as string },
  });
  expect(await attempt(() => Promise.reject('bare'))).toMatchObject({
    failure: { fault: 'broken' },
  });
});

test('who waits for a storage that does not answer hears so in time, those behind at once, until it answers', async () => {
  const asked: number[] = [];
  let ring: () => void = () => undefined;
  const inTime = boundedWaits(8, {
    after(seconds, callback) {
      asked.push(seconds);
      ring = callback;
      return () => {
        ring = () => undefined;
      };
    },
  });
  const here = { ok: true, value: 'here' } as const;
  let answer: (result: typeof here) => void = () => undefined;
  const first = inTime(
    new Promise<typeof here>((resolve) => {
      answer = resolve;
    }),
  );
  ring();
  expect(await first).toEqual(failed('silent'));
  const second = inTime(new Promise(() => undefined));
  ring();
  expect(await second).toEqual(failed('silent'));
  answer(here);
  expect(await inTime(Promise.resolve(here))).toEqual(here);
  expect(await inTime(Promise.resolve(here))).toEqual(here);
  expect(asked).toEqual([8, 0.3, 0.3, 8]);
  expect(await first).toEqual(failed('silent'));
});
