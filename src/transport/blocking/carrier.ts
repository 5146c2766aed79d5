/**
 * A way for what is moved to a worker that may block. What has been transferred is gone here, and lies in the worker's
 * event queue, where nothing can reach it once the worker blocks. But the messages of a port that nobody has read go
 * along when the port itself is handed on: so a worker that blocks hands its port back, and its owner has them again.
 */
export interface Carrier {
  readonly near: CarrierPort;
  /** The worker's. */
  readonly far: CarrierPort;
}

/** What is needed of a MessagePort, in browsers and in Node. */
export interface CarrierPort {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  close(): void;
  /** Node's: it is to keep no thread alive. */
  unref?(): void;
}

export type MakeCarrier = () => Carrier;

export function makeCarrier(): Carrier {
  const { port1, port2 } = new MessageChannel();
  const [near, far] = [port1, port2] as unknown as [CarrierPort, CarrierPort];
  return { near, far };
}

/** A port for the worker, in place of the one that it has handed back. */
export interface NewCarrier {
  readonly type: 'tutti-carrier';
  readonly port: CarrierPort;
}

/** The worker blocks, and hands back its port with what it has not read. */
export interface HandedBack {
  readonly type: 'tutti-handed-back';
  readonly port: CarrierPort;
}

export function isHandedBack(data: unknown): data is HandedBack {
  return isAbout(data, 'tutti-handed-back');
}

export function isNewCarrier(data: unknown): data is NewCarrier {
  return isAbout(data, 'tutti-carrier');
}

function isAbout(data: unknown, type: string): boolean {
  if (typeof data !== 'object' || data === null || !('type' in data) || data.type !== type) return false;
  return 'port' in data && typeof data.port === 'object' && data.port !== null && 'postMessage' in data.port;
}

export function hear(port: CarrierPort, handle: (data: unknown) => void): void {
  port.onmessage = ({ data }) => {
    handle(data);
  };
  port.unref?.();
}

/**
 * Chromium moves what goes through a port; Firefox copies it by way of another process, at a quarter of a gigabyte a
 * second, and of WebKit nothing is known. So elsewhere large buffers come on the worker's own channel.
 */
export const carrierHere: MakeCarrier | null =
  typeof navigator !== 'undefined' && / (Chrome|Chromium)\//.test(navigator.userAgent) ? makeCarrier : null;
