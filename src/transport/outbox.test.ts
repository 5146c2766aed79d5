import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

test('a message that cannot be cloned takes none of its turn with it', () => {
  const received: unknown[] = [];
  const outbox = new Outbox<{ readonly value: unknown }>((batch, transfer) => {
    received.push(...(structuredClone(batch, { transfer: [...transfer] }) as unknown[]));
  });
  const moved = new ArrayBuffer(8);
  outbox.post({ value: 1 });
  outbox.post({ value: Symbol('none') });
  outbox.post({ value: moved }, [moved]);
  expect(() => {
    outbox.flush();
  }).toThrow('Symbol(none) could not be cloned');
  expect(received).toEqual([{ value: 1 }, { value: new ArrayBuffer(8) }]);
  expect(moved.byteLength).toBe(0);
  outbox.post({ value: 2 });
  outbox.flush();
  expect(received.at(-1)).toEqual({ value: 2 });
});
