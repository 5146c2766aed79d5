import type { MessagePort, Worker } from 'node:worker_threads';
import type { BlockableLink, Link } from '../../protocol/link.ts';
import { blockableLink } from '../blocking/blockable-link.ts';
import { ownedLink, type WorkerLinkOptions } from '../owned-link.ts';

/** The owner's end of a link to a Node worker thread. Closing it terminates the thread. */
export function linkToThread<In, Out>(worker: Worker, options: WorkerLinkOptions<Out> = {}): Link<In, Out> {
  const { link, receive, lose } = ownedLink<In, Out>(
    {
      send: (message, transfer) => {
        worker.postMessage(message, transfer as readonly ArrayBuffer[]);
      },
      terminate: () => {
        void worker.terminate();
      },
    },
    options,
  );
  worker.on('message', receive);
  worker.on('error', (error) => {
    lose(`it failed: ${error instanceof Error ? error.message : String(error)}`);
  });
  worker.on('exit', (code) => {
    lose(`its thread ended (code ${String(code)})`);
  });
  return link;
}

/** The thread's own end. */
export function linkToParentThread<In, Out>(port: MessagePort): BlockableLink<In, Out> {
  const { link, receive } = blockableLink<In, Out>(
    (message, transfer) => {
      port.postMessage(message, transfer as readonly ArrayBuffer[]);
    },
    () => {
      port.close();
    },
  );
  port.on('message', receive);
  return link;
}
