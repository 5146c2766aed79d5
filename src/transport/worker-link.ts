import type { Link } from '../protocol/link.ts';
import { Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';

/**
 * Links over a worker's own channel. Never over a MessagePort handed to a worker: in Firefox such a port is
 * seven times slower and copies what it should transfer.
 */

/** The owner's end. Closing it terminates the worker. */
export function linkToWorker<In, Out>(worker: Worker): Link<In, Out> {
  const inbox = new Inbox<In>();
  const outbox = new Outbox<Out>((batch, transfer) => {
    worker.postMessage(batch, transfer as ArrayBuffer[]);
  });
  let heard = false;
  let onLost: ((reason: string) => void) | null = null;
  const lose = (reason: string) => {
    const tell = onLost;
    onLost = null;
    worker.terminate();
    tell?.(reason);
  };
  worker.addEventListener('message', (event: MessageEvent<readonly In[]>) => {
    heard = true;
    // User code can post from its worker too; what is no batch of ours is nothing.
    if (Array.isArray(event.data)) inbox.deliver(event.data);
  });
  worker.addEventListener('messageerror', () => {
    lose('a message from it could not be read');
  });
  // An error event after the first message is an uncaught error of user code, which the worker reports itself
  // and survives. Before it, the script did not load: nothing will ever answer.
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    if (!heard) lose(`its code did not start: ${event.message || 'the browser refused the worker'}`);
  });
  return {
    post: (message, transfer) => {
      outbox.post(message, transfer);
    },
    flush: () => {
      outbox.flush();
    },
    onMessages: (handler) => {
      inbox.listen(handler);
    },
    onLost: (handler) => {
      onLost = handler;
    },
    close: () => {
      onLost = null;
      worker.terminate();
    },
  };
}

/** The part of a worker's global scope that a link needs; taken before user code can replace it. */
export interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** The worker's own end. */
export function linkToOwner<In, Out>(scope: WorkerScope): Link<In, Out> {
  const send = scope.postMessage.bind(scope);
  const inbox = new Inbox<In>();
  const outbox = new Outbox<Out>((batch, transfer) => {
    send(batch, transfer as ArrayBuffer[]);
  });
  scope.addEventListener('message', (event: MessageEvent<readonly In[]>) => {
    // Trusted: only the owner can post to a worker's own channel (user code's dispatchEvent is not trusted).
    if (event.isTrusted && Array.isArray(event.data)) inbox.deliver(event.data);
  });
  return {
    post: (message, transfer) => {
      outbox.post(message, transfer);
    },
    flush: () => {
      outbox.flush();
    },
    onMessages: (handler) => {
      inbox.listen(handler);
    },
    // A worker does not outlive its owner.
    onLost: () => undefined,
    close: () => undefined,
  };
}
