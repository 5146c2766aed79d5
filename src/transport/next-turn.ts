const turns = new MessageChannel();
const waiting: (() => void)[] = [];
turns.port1.onmessage = () => waiting.shift()?.();

/** In the next turn of the event loop, behind what has come in already: timers take a millisecond at least. */
export function nextTurn(callback: () => void): void {
  waiting.push(callback);
  turns.port2.postMessage(null);
}
