/** What tabs of one origin say to each other. Nobody is sure to listen, and what is heard may be of an older page. */
export interface TabChannel {
  post(message: unknown): void;
  listen(hear: (message: unknown) => void): void;
}

/** Null where the browser has none. */
export function openTabChannel(name: string): TabChannel | null {
  if (typeof BroadcastChannel === 'undefined') return null;
  const channel = new BroadcastChannel(name);
  return {
    post: (message) => {
      channel.postMessage(message);
    },
    listen: (hear) => {
      channel.addEventListener('message', (event: MessageEvent<unknown>) => {
        hear(event.data);
      });
    },
  };
}
