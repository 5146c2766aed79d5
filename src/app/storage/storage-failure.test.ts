import { expect, test } from 'vitest';
import { attempt, faultOf } from './storage-failure.ts';

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
