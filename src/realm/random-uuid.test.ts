import { expect, test } from 'vitest';
import { completeCrypto } from './random-uuid.ts';

test('crypto.randomUUID is made where it is absent, and left alone where it is there', () => {
  const bare = { getRandomValues: (bytes: Uint8Array) => bytes.fill(0xff) };
  completeCrypto({ crypto: bare });
  expect((bare as unknown as Crypto).randomUUID()).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
  const full = { randomUUID: () => 'its own' };
  completeCrypto({ crypto: full });
  expect(full.randomUUID()).toBe('its own');
  expect(() => {
    completeCrypto({});
  }).not.toThrow();
});
