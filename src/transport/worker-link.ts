import type { BlockableLink, Link } from '../protocol/link.ts';
import { blockableLink } from './blocking/blockable-link.ts';
import { Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';
import { ownedLink, type WorkerLinkOptions } from './owned-link.ts';

/**
 * Links over a worker's own channel. Never over a MessagePort handed to a worker: in Firefox such a port is
 * seven times slower and copies what it should transfer. (In Chromium it does not, and there large buffers for a
 * worker that may block come through one: see `Carrier`.)
 */

/** The owner's end. Closing it terminates the worker. */
export function linkToWorker<In, Out>(worker: Worker, options: WorkerLinkOptions<Out> = {}): Link<In, Out> {
  const { link, receive, lose } = ownedLink<In, Out>(
    {
      send: (message, transfer) => {
        worker.postMessage(message, transfer as ArrayBuffer[]);
      },
      terminate: () => {
        worker.terminate();
      },
    },
    options,
  );
  let heard = false;
  worker.addEventListener('message', (event: MessageEvent<unknown>) => {
    heard = true;
    receive(event.data);
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
  return link;
}

/** The part of a worker's global scope that a link needs; taken before user code can replace it. */
export interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** The worker's own end. */
export function linkToOwner<In, Out>(scope: WorkerScope): Link<In, Out> {
  const post = scope.postMessage.bind(scope);
  const inbox = new Inbox<In>();
  const outbox = new Outbox<Out>((batch, transfer) => {
    post(batch, transfer as ArrayBuffer[]);
  });
  listenToOwner(scope, (data) => {
    if (Array.isArray(data)) inbox.deliver(data as In[]);
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

/** The same for a worker that may block, whose owner shares memory with it. A function of its own, so that workers
 * which never block carry no codec. */
export function blockableLinkToOwner<In, Out>(scope: WorkerScope): BlockableLink<In, Out> {
  const post = scope.postMessage.bind(scope);
  const { link, receive } = blockableLink<In, Out>(
    (message, transfer) => {
      post(message, transfer as ArrayBuffer[]);
    },
    () => undefined,
  );
  listenToOwner(scope, receive);
  return link;
}

function listenToOwner(scope: WorkerScope, receive: (data: unknown) => void): void {
  scope.addEventListener('message', (event: MessageEvent<unknown>) => {
    // Trusted: only the owner can post to a worker's own channel (user code's dispatchEvent is not trusted).
    if (event.isTrusted) receive(event.data);
  });
}
