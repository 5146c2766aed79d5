import type { Link } from '../protocol/link.ts';
import { Inbox } from './inbox.ts';
import type { WorkerScope } from './worker-link.ts';

/**
 * A conversation beside the main one on a worker's own channel: for what the owner of the main link has no part in,
 * and for what shared memory cannot carry (Blobs): a worker that blocks gets it when it has gone on. Messages leave
 * at once, so what is said here before something is posted on the main link also arrives before it.
 */
interface Aside<Message> {
  readonly type: 'tutti-aside';
  readonly message: Message;
}

function isAside<Message>(data: unknown): data is Aside<Message> {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'tutti-aside';
}

export interface AsideToWorker<In, Out> {
  readonly aside: Link<In, Out>;
  /** The worker is gone. */
  readonly lose: (reason: string) => void;
}

/** The owner's end. */
export function asideToWorker<In, Out>(worker: Worker): AsideToWorker<In, Out> {
  const inbox = new Inbox<In>();
  let onLost: ((reason: string) => void) | null = null;
  worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isAside<In>(data)) inbox.deliver([data.message]);
  });
  return {
    aside: asideOver(
      inbox,
      (message: Aside<Out>) => worker.postMessage(message),
      (handler) => {
        onLost = handler;
      },
    ),
    lose: (reason) => {
      onLost?.(reason);
      onLost = null;
    },
  };
}

/** The worker's own end. */
export function asideToOwner<In, Out>(scope: WorkerScope): Link<In, Out> {
  const post = scope.postMessage.bind(scope);
  const inbox = new Inbox<In>();
  scope.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.isTrusted && isAside<In>(event.data)) inbox.deliver([event.data.message]);
  });
  return asideOver(
    inbox,
    (message: Aside<Out>) => post(message, []),
    () => undefined,
  );
}

function asideOver<In, Out>(
  inbox: Inbox<In>,
  post: (message: Aside<Out>) => void,
  onLost: Link<In, Out>['onLost'],
): Link<In, Out> {
  return {
    post: (message) => {
      post({ type: 'tutti-aside', message });
    },
    flush: () => undefined,
    onMessages: (handler) => {
      inbox.listen(handler);
    },
    onLost,
    // The main link ends the worker.
    close: () => undefined,
  };
}
