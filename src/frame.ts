import { disarmWindow } from './runtime/disarm-window.ts';
import { lockWindow } from './runtime/lock-window.ts';
import { createRuntime } from './runtime/runtime.ts';
import { eventSender, exposeControl, isHandover } from './transport/frame-ports.ts';
import { findWorkerWay } from './transport/launch-worker.ts';

/** The door of the sandboxed frame: waits for the page's two ports, once. */

// Opened on its own, or embedded without the sandbox, this code would run cells on the app's real origin.
if (self.origin !== 'null') throw new Error('Tutti runs notebooks in a sandboxed frame only.');

disarmWindow();
lockWindow();
const finding = findWorkerWay();

// The page is around the document in which it makes frames, and that around this one.
const listen = (event: MessageEvent<unknown>) => {
  const [control, events] = event.ports;
  if (event.source !== window.parent.parent || !isHandover(event.data) || !control || !events) return;
  window.removeEventListener('message', listen);
  // The ports keep what the page says until somebody listens.
  void finding.then((way) => {
    exposeControl(createRuntime(eventSender(events, 16), way), control);
  });
};
window.addEventListener('message', listen);
