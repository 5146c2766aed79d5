import type { MessagePort, Worker } from 'node:worker_threads';
import type { BlockableLink, Link } from '../../protocol/link.ts';
import { blockableLink } from '../blocking/blockable-link.ts';
import { LOOK, ownerEnd } from '../blocking/owner-end.ts';
import { Inbox } from '../inbox.ts';
import { Outbox } from '../outbox.ts';
import type { WorkerLinkOptions } from '../worker-link.ts';

/** The owner's end of a link to a Node worker thread. Closing it terminates the thread. */
export function linkToThread<In, Out>(worker: Worker, options: WorkerLinkOptions = {}): Link<In, Out> {
  const inbox = new Inbox<In>();
  const send = (message: unknown, transfer: readonly ArrayBuffer[]) => {
    worker.postMessage(message, transfer);
  };
  const blocking = options.mayBlock ? ownerEnd<Out>(send) : null;
  const outbox = new Outbox<Out>((batch, transfer) => {
    if (blocking) blocking.send(batch, transfer);
    else send(batch, transfer);
  });
  let onLost: ((reason: string) => void) | null = null;
  const lose = (reason: string) => {
    const tell = onLost;
    onLost = null;
    tell?.(reason);
  };
  worker.on('message', (data: readonly In[] | typeof LOOK) => {
    if (data === LOOK) blocking?.look();
    else inbox.deliver(data);
  });
  worker.on('error', (error) => {
    lose(`it failed: ${error instanceof Error ? error.message : String(error)}`);
  });
  worker.on('exit', (code) => {
    lose(`its thread ended (code ${String(code)})`);
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
      void worker.terminate();
    },
  };
}

/** The thread's own end. */
export function linkToParentThread<In, Out>(port: MessagePort): BlockableLink<In, Out> {
  const { link, receive } = blockableLink<In, Out>(
    (message, transfer) => {
      port.postMessage(message, transfer);
    },
    () => {
      port.close();
    },
  );
  port.on('message', receive);
  return link;
}
