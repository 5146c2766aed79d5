import type { BlockableLink } from '../../protocol/link.ts';
import { Inbox } from '../inbox.ts';
import { Outbox } from '../outbox.ts';
import type { CarrierPort } from './carrier.ts';
import { WorkerEnd } from './worker-end.ts';

interface Blockable<In, Out> {
  readonly link: BlockableLink<In, Out>;
  /** The data of each event of the channel. */
  readonly receive: (data: unknown) => void;
}

/** A worker's own end of its channel, in a browser or in Node: `send` posts at once, `close` ends it. */
export function blockableLink<In, Out>(
  send: (message: unknown, transfer: readonly (ArrayBuffer | CarrierPort)[]) => void,
  close: () => void,
): Blockable<In, Out> {
  const inbox = new Inbox<In>();
  const outbox = new Outbox<Out>(send);
  const flush = () => {
    outbox.flush();
  };
  const end = new WorkerEnd<In>(
    (message, transfer) => {
      send(message, transfer);
    },
    (message) => {
      inbox.deliver([message]);
    },
  );
  return {
    receive: (data) => {
      if (Array.isArray(data)) inbox.deliver(data as In[]);
      else end.receive(data);
    },
    link: {
      post: (message, transfer) => {
        outbox.post(message, transfer);
      },
      flush,
      onMessages: (handler) => {
        inbox.listen(handler);
      },
      // A worker does not outlive its owner.
      onLost: () => undefined,
      close,
      get canBlock() {
        return end.canWait;
      },
      block: (until, timeout) =>
        end.wait({ until, flush, timeout: timeout === undefined ? undefined : 1000 * timeout }),
    },
  };
}
