import { expect, test } from 'vitest';
import { OwnerEnd } from './owner-end.ts';
import { makeSharedBuffer } from './shared-memory.ts';
import { WorkerEnd } from './worker-end.ts';

/** Both ends in one thread, the event queues between them by hand. */
function ends() {
  const toWorker: unknown[] = [];
  const handled: unknown[] = [];
  const owner = new OwnerEnd<unknown>(makeSharedBuffer(256)!, (message, transfer) => {
    toWorker.push(message === null ? null : structuredClone(message, { transfer: [...transfer] }));
  });
  let looks = 0;
  const worker = new WorkerEnd<unknown>(
    () => (looks += 1),
    (message) => handled.push(message),
  );
  return {
    owner,
    worker,
    handled,
    toWorker,
    deliver: () => {
      for (const message of toWorker.splice(0)) worker.receive(message);
    },
    look: () => {
      for (; looks > 0; looks--) owner.look();
    },
  };
}

const big = () => new Uint8Array((1 << 20) + 1);
const sizes = (handled: readonly unknown[]) =>
  handled.map((message) => (message instanceof Uint8Array ? message.length : message));
const SIZE = big().length;

test('batches arrive as events, once, in order', () => {
  const { owner, deliver, handled } = ends();
  owner.send([1, 2], []);
  owner.send([3], []);
  deliver();
  expect(handled).toEqual([1, 2, 3]);
});

test('a batch with big buffers waits until it is asked for, is moved, and nothing overtakes it', () => {
  const { owner, deliver, look, handled } = ends();
  const array = big();
  owner.send([array], [array.buffer]);
  owner.send(['after'], []);
  deliver();
  expect([handled, array.length]).toEqual([[], SIZE]);
  look();
  expect(array.length).toBe(0);
  deliver();
  expect(sizes(handled)).toEqual([SIZE, 'after']);
});

test('small buffers are copied, for the batch may have to be sent again', () => {
  const { owner, deliver, handled } = ends();
  const array = new Uint8Array([1, 2]);
  owner.send([array], [array.buffer]);
  deliver();
  expect([handled, array.length]).toEqual([[array], 2]);
});

test('a wait that begins takes the question for a big batch back', () => {
  const { owner, worker, deliver, look, handled } = ends();
  const array = big();
  owner.send([array], [array.buffer]);
  deliver();
  expect(worker.wait({ flush: () => undefined, until: () => false, timeout: 1 })).toBeNull();
  expect(array.length).toBe(SIZE);
  look();
  deliver();
  // Asked again, when the wait was over.
  return Promise.resolve().then(() => {
    look();
    deliver();
    expect(sizes(handled)).toEqual([SIZE]);
  });
});

test('in a wait, what lies unread among the events is read from memory, and dropped when it comes', () => {
  const { owner, worker, deliver, look, handled } = ends();
  deliver();
  owner.send(['unread'], []);
  owner.send(['x'.repeat(2000)], []);
  // The owner's thread runs whenever the worker flushes: here it is the same one.
  const waited = worker.wait({ flush: look, until: () => handled.length === 2 });
  expect([waited, handled[0], (handled[1] as string).length]).toEqual([null, 'unread', 2000]);
  deliver();
  expect(handled).toHaveLength(2);
});

test('who has just waited gets big batches copied, and can wait for them at any moment', () => {
  const { owner, worker, deliver, look, handled } = ends();
  deliver();
  owner.send(['first'], []);
  worker.wait({ flush: look, until: () => handled.length === 1 });
  const array = big();
  owner.send([array], [array.buffer]);
  expect(array.length).toBe(SIZE);
  // It lies unread among the events: written now.
  expect(worker.wait({ flush: look, until: () => handled.length === 2 })).toBeNull();
  deliver();
  expect(sizes(handled)).toEqual(['first', SIZE]);
});

test('who has not waited for long gets them moved again', () => {
  const { owner, worker, deliver, look, handled } = ends();
  deliver();
  owner.send(['first'], []);
  worker.wait({ flush: look, until: () => handled.length === 1 });
  for (let i = 0; i < 300; i++) owner.send([i], []);
  const array = big();
  owner.send([array], [array.buffer]);
  deliver();
  look();
  deliver();
  expect([array.length, sizes(handled).at(-1)]).toEqual([0, SIZE]);
});

test('a big batch that has been moved cannot be had in a wait, which says so', () => {
  const { owner, worker, deliver, look, handled } = ends();
  const array = big();
  owner.send([array], [array.buffer]);
  deliver();
  look();
  expect(worker.wait({ flush: look, until: () => handled.length > 0 })).toMatch(/on its way as an event/);
  deliver();
  expect(sizes(handled)).toEqual([SIZE]);
});
