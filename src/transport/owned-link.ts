import type { Link } from '../protocol/link.ts';
import { isHandedBack, type CarrierPort, type MakeCarrier } from './blocking/carrier.ts';
import { LOOK, ownerEnd, type StandIn } from './blocking/owner-end.ts';
import { Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';

export interface WorkerLinkOptions<Out = unknown> {
  /** The worker may block while it waits for its owner: what it is sent must reach it all the same. */
  readonly mayBlock?: boolean;
  /** Makes ports that move large buffers without a copy; null: there are none here. */
  readonly carrier?: MakeCarrier | null;
  /** What a blocked worker hears of a message that cannot be copied to it. Default: nothing. */
  readonly standIn?: StandIn<Out>;
}

/** A worker or a thread, as its owner holds it. */
export interface OwnedThread {
  send(message: unknown, transfer: readonly (ArrayBuffer | CarrierPort)[]): void;
  terminate(): void;
}

/** The owner's end of a link, and what its thread's events do to it. */
export interface OwnedLink<In, Out> {
  readonly link: Link<In, Out>;
  /** Takes what the thread posted. User code can post from it too; what is no batch of ours is nothing. */
  readonly receive: (data: unknown) => void;
  /** Ends the thread and tells the reason, once. */
  readonly lose: (reason: string) => void;
}

export function ownedLink<In, Out>(
  thread: OwnedThread,
  { mayBlock = false, carrier = null, standIn }: WorkerLinkOptions<Out>,
): OwnedLink<In, Out> {
  const inbox = new Inbox<In>();
  const send = (message: unknown, transfer: readonly (ArrayBuffer | CarrierPort)[]) => {
    thread.send(message, transfer);
  };
  const blocking = mayBlock ? ownerEnd<Out>(send, carrier, standIn) : null;
  const outbox = new Outbox<Out>((batch, transfer) => {
    if (blocking) blocking.send(batch as readonly Out[], transfer);
    else send(batch, transfer);
  });
  let onLost: ((reason: string) => void) | null = null;
  return {
    link: {
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
        thread.terminate();
      },
    },
    receive: (data) => {
      if (Array.isArray(data)) inbox.deliver(data as readonly In[]);
      else if (data === LOOK) blocking?.look();
      else if (isHandedBack(data)) blocking?.takeBack(data.port);
    },
    lose: (reason) => {
      const tell = onLost;
      onLost = null;
      thread.terminate();
      tell?.(reason);
    },
  };
}
