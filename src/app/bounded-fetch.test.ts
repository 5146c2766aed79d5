import { expect, test } from 'vitest';
import { fetchText } from './bounded-fetch.ts';

const url = new URL('https://example.org/n.ipynb');

/** Timers that end when the test says so. */
function manual() {
  const waiting = new Map<() => void, number>();
  return {
    after(delay: number, callback: () => void) {
      waiting.set(callback, delay);
      return () => waiting.delete(callback);
    },
    pass(delay: number) {
      for (const [callback, each] of waiting) if (each === delay) callback();
    },
    waiting,
  };
}

function answer(body: ReadableStream<Uint8Array> | string, headers: Record<string, string> = {}) {
  return () => Promise.resolve(new Response(body, { headers }));
}

function endless(size: number): { stream: ReadableStream<Uint8Array>; sent: () => number } {
  let sent = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += size;
      controller.enqueue(new Uint8Array(size).fill(32));
    },
  });
  return { stream, sent: () => sent };
}

test('a text comes, with its progress', async () => {
  const timers = manual();
  const told: unknown[] = [];
  const onProgress = (...progress: unknown[]) => told.push(progress);
  const text = await fetchText(url, { timers, fetch: answer('äöü', { 'content-length': '6' }), onProgress });
  expect(text).toBe('äöü');
  expect(told).toEqual([[6, 6]]);
  expect(timers.waiting.size).toBe(0);
});

test('an endless answer is read to the limit, and no further', async () => {
  const { stream, sent } = endless(1 << 20);
  const reading = fetchText(url, { timers: manual(), fetch: answer(stream) });
  await expect(reading).rejects.toThrow('larger than');
  expect(sent()).toBeLessThan(70 << 20);
});

test('what says that it is too large is not read at all', async () => {
  const { stream, sent } = endless(10);
  const reading = fetchText(url, {
    timers: manual(),
    fetch: answer(stream, { 'content-length': '999999999' }),
  });
  await expect(reading).rejects.toThrow('larger than');
  expect(sent()).toBeLessThan(100);
});

test.each([
  [20, 'has stopped answering'],
  [300, 'took more than five minutes'],
])('after %d seconds without an end it %s', async (seconds, words) => {
  const timers = manual();
  const silent = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) });
  const reading = fetchText(url, { timers, fetch: answer(silent) });
  await Promise.resolve();
  timers.pass(seconds);
  await expect(reading).rejects.toThrow(words);
  expect(timers.waiting.size).toBe(0);
});

test('a host that never answers, too; and the reader may cancel', async () => {
  const never = () => new Promise<Response>(() => undefined);
  const timers = manual();
  const reading = fetchText(url, { timers, fetch: never });
  timers.pass(20);
  await expect(reading).rejects.toThrow('has stopped answering');
  const cancelling = new AbortController();
  const other = fetchText(url, { timers: manual(), fetch: never, signal: cancelling.signal });
  cancelling.abort(new Error('Cancelled.'));
  await expect(other).rejects.toThrow('Cancelled.');
});
