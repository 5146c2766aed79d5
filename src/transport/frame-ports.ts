import * as Comlink from 'comlink';
import type { RuntimeControl, RuntimeEvent } from '../protocol/runtime-messages.ts';

/**
 * The wall between page and frame: two ports, handed over in one message. On the control port the page calls
 * and the frame answers (Comlink; the page only ever wraps, so the frame can call nothing of it). On the
 * event port the frame tells, in batches.
 */

/** The hand-over message, page to frame. */
export interface Handover {
  readonly type: 'tutti-handover';
}

export function isHandover(data: unknown): data is Handover {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'tutti-handover';
}

/** Page side: what to call. Calls still pending when the frame goes never settle; the page owns the frame. */
export function wrapControl(port: MessagePort): RuntimeControl {
  return Comlink.wrap<RuntimeControl>(port);
}

/** An argument that goes over to the other side. */
export function handedOver(port: MessagePort): MessagePort {
  return Comlink.transfer(port, [port]);
}

/** Frame side. */
export function exposeControl(control: RuntimeControl, port: MessagePort): void {
  Comlink.expose(control, port);
}

/** Frame side: tells the page, at most every `interval` milliseconds; the first event of a pause at once. */
export function eventSender(port: MessagePort, interval: number): (event: RuntimeEvent) => void {
  let waiting: RuntimeEvent[] = [];
  let last = -Infinity;
  let scheduled = false;
  const flush = () => {
    scheduled = false;
    last = performance.now();
    const batch = waiting;
    waiting = [];
    port.postMessage(batch);
  };
  return (event) => {
    waiting.push(event);
    if (scheduled) return;
    scheduled = true;
    const wait = last + interval - performance.now();
    if (wait <= 0) queueMicrotask(flush);
    else setTimeout(flush, wait);
  };
}
