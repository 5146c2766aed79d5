import * as Comlink from 'comlink';

/** Echoes numbers, by raw message and by Comlink. */
const channel = new MessageChannel();
Comlink.expose({ echo: (value: number) => value }, channel.port1);
self.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (typeof event.data === 'number') self.postMessage(event.data);
  if (event.data instanceof ArrayBuffer) self.postMessage(event.data.byteLength);
});
self.postMessage({ port: channel.port2 }, { transfer: [channel.port2] });
