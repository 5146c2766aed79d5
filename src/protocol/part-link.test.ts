import { expect, it } from 'vitest';
import { PartLink } from './part-link.ts';

it('keeps what comes early, however much comes at once', () => {
  const link = new PartLink<number, never>({ post: () => undefined, flush: () => undefined });
  link.deliver(Array.from({ length: 300_000 }, (_, i) => i));
  link.deliver([-1]);
  const heard: number[] = [];
  link.onMessages((batch) => {
    for (const message of batch) heard.push(message);
  });
  expect(heard).toHaveLength(300_001);
  expect(heard.at(-1)).toBe(-1);
});
