import { expect, test } from 'vitest';
import type { CarrierPort } from './carrier.ts';
import { OwnerEnd } from './owner-end.ts';
import { makeSharedBuffer } from './shared-memory.ts';
import { WorkerEnd } from './worker-end.ts';

/** Ports whose messages are delivered by hand, and go along when the port is handed on, as real ones do. */
class Ports {
  readonly unread: unknown[] = [];
  readonly far: CarrierPort = { postMessage: () => undefined, onmessage: null, close: () => undefined };
  readonly near: CarrierPort = {
    postMessage: (message, transfer) => {
      this.unread.push(structuredClone(message, { transfer: [...transfer] }));
    },
    onmessage: null,
    close: () => undefined,
  };

  deliver(): void {
    for (const data of this.unread.splice(0)) this.far.onmessage?.({ data });
  }
}

/** Both ends in one thread, the event queues between them by hand. */
function ends({ carries = false, piece = 256 } = {}) {
  const toWorker: unknown[] = [];
  const handled: unknown[] = [];
  const ports: Ports[] = [];
  const carrier = () => {
    ports.push(new Ports());
    return ports.at(-1)!;
  };
  const owner = new OwnerEnd<unknown>(
    makeSharedBuffer(piece)!,
    (message, transfer) => {
      const isPort = transfer.some((one) => !(one instanceof ArrayBuffer));
      toWorker.push(
        isPort ? message : structuredClone(message, { transfer: [...transfer] as ArrayBuffer[] }),
      );
    },
    carries ? carrier : null,
  );
  let looks = 0;
  const back: CarrierPort[] = [];
  const worker = new WorkerEnd<unknown>(
    (_message, [port]) => {
      if (port) back.push(port);
      else looks += 1;
    },
    (message) => handled.push(message),
  );
  return {
    ports,
    /** What the worker has handed back arrives, and then what was unread in it. */
    comeBack: () => {
      for (const port of back.splice(0)) {
        owner.takeBack(port);
        ports.find(({ far }) => far === port)?.deliver();
      }
    },
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

test('a batch may have any number of messages', () => {
  const { owner, worker, deliver, handled } = ends({ piece: 1 << 22 });
  const batch = Array.from({ length: 200_000 }, () => null);
  owner.send(batch, []);
  deliver();
  expect(handled).toHaveLength(200_000);
  owner.send(batch, []);
  worker.wait({ flush: () => owner.look(), until: () => handled.length === 400_000, timeout: 60_000 });
  expect(handled).toHaveLength(400_000);
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

test('without a carrier, a big batch that has been moved cannot be had in a wait, which says so', () => {
  const { owner, worker, deliver, look, handled } = ends();
  const array = big();
  owner.send([array], [array.buffer]);
  deliver();
  look();
  expect(worker.wait({ flush: look, until: () => handled.length > 0 })).toMatch(/had been sent just before/);
  deliver();
  expect(sizes(handled)).toEqual([SIZE]);
});

test('with a carrier, big batches come through its port', () => {
  const { owner, ports, deliver, look, handled } = ends({ carries: true });
  const array = big();
  owner.send([array], [array.buffer]);
  owner.send(['after'], []);
  deliver();
  look();
  expect([handled, array.length]).toEqual([[], 0]);
  ports[0]?.deliver();
  expect(sizes(handled)).toEqual([SIZE, 'after']);
});

test('with a carrier, a big batch that has been moved and not been read is handed back, and written', () => {
  const { owner, worker, ports, comeBack, deliver, look, handled } = ends({ carries: true });
  deliver();
  const array = big();
  owner.send([array], [array.buffer]);
  owner.send(['after'], []);
  deliver();
  look();
  expect(array.length).toBe(0);
  const both = () => {
    comeBack();
    look();
  };
  expect(worker.wait({ flush: both, until: () => handled.length === 2 })).toBeNull();
  expect(sizes(handled)).toEqual([SIZE, 'after']);
  // The next ones come through the new port, once it is there.
  deliver();
  const next = big();
  owner.send([next], [next.buffer]);
  deliver();
  look();
  expect([ports.length, next.length]).toEqual([2, 0]);
  ports[1]?.deliver();
  expect(sizes(handled)).toEqual([SIZE, 'after', SIZE]);
});

test('with a carrier, what was handed back for a wait that is over is asked for again', async () => {
  const { owner, worker, ports, comeBack, deliver, look, handled } = ends({ carries: true });
  deliver();
  const array = big();
  owner.send([array], [array.buffer]);
  deliver();
  look();
  expect(worker.wait({ flush: () => undefined, until: () => false, timeout: 1 })).toBeNull();
  await Promise.resolve();
  look();
  expect(handled).toEqual([]);
  comeBack();
  deliver();
  ports[1]?.deliver();
  expect(sizes(handled)).toEqual([SIZE]);
});

test('with a carrier, nobody who has waited gets copies', () => {
  const { owner, worker, ports, deliver, look, handled } = ends({ carries: true });
  deliver();
  owner.send(['first'], []);
  worker.wait({ flush: look, until: () => handled.length === 1 });
  const array = big();
  owner.send([array], [array.buffer]);
  expect(array.length).toBe(SIZE);
  deliver();
  look();
  expect(array.length).toBe(0);
  ports[0]?.deliver();
  expect(sizes(handled)).toEqual(['first', SIZE]);
});
