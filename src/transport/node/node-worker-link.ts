import type { MessagePort, Worker } from 'node:worker_threads';
import type { Link } from '../../protocol/link.ts';
import { Inbox } from '../inbox.ts';
import { Outbox } from '../outbox.ts';

/** The owner's end of a link to a Node worker thread. Closing it terminates the thread. */
export function linkToThread<In, Out>(worker: Worker): Link<In, Out> {
  const inbox = new Inbox<In>();
  const outbox = new Outbox<Out>((batch, transfer) => {
    worker.postMessage(batch, transfer);
  });
  let onLost: ((reason: string) => void) | null = null;
  const lose = (reason: string) => {
    const tell = onLost;
    onLost = null;
    tell?.(reason);
  };
  worker.on('message', (batch: readonly In[]) => {
    inbox.deliver(batch);
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
export function linkToParentThread<In, Out>(port: MessagePort): Link<In, Out> {
  const inbox = new Inbox<In>();
  const outbox = new Outbox<Out>((batch, transfer) => {
    port.postMessage(batch, transfer);
  });
  port.on('message', (batch: readonly In[]) => {
    inbox.deliver(batch);
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
    onLost: () => undefined,
    close: () => {
      port.close();
    },
  };
}
