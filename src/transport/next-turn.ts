/** Calls back in a later turn of the event loop, when what waits now has had its own: sooner than any timer. */
export function nextTurn(callback: () => void): void {
  waiting.push(callback);
  if (waiting.length === 1) open().postMessage(null);
}

let waiting: (() => void)[] = [];
let port: MessagePort | null = null;

function open(): MessagePort {
  if (port !== null) return port;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    const callbacks = waiting;
    waiting = [];
    for (const callback of callbacks) callback();
  };
  port = port2;
  return port2;
}
