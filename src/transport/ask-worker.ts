/** Asks a service worker on a channel of its own. Null: no answer within `patience` seconds. */
export function askServiceWorker(
  worker: ServiceWorker,
  question: unknown,
  patience: number,
): Promise<unknown> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const settle = (answer: unknown): void => {
      clearTimeout(late);
      port1.close();
      resolve(answer);
    };
    const late = setTimeout(settle, patience * 1000, null);
    port1.onmessage = (event: MessageEvent<unknown>) => {
      settle(event.data);
    };
    worker.postMessage(question, [port2]);
  });
}
