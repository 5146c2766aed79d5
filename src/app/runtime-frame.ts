import urls from 'virtual:runtime-bundles';
import { systemClock, systemTimers } from '../base/clock.ts';
import { handedOver, type Handover, wrapControl } from '../transport/frame-ports.ts';
import type { RuntimeControl } from '../protocol/runtime-messages.ts';
import { EventIntake } from './event-intake.ts';
import { createFrameMaker, type FrameMaker } from './frame-maker.ts';
import type { RuntimeConnection, StartRuntime } from './runtime-connection.ts';

/**
 * No eval, no inline script, nothing from elsewhere. Styles inline because the editor writes them. `wss:` for gateways
 * of clusters that the reader joins; unencrypted ones on this machine only, as browsers have it.
 */
const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; " +
  "img-src 'self' data: blob:; connect-src 'self' https: wss: ws://localhost:* ws://127.0.0.1:*; worker-src 'self' blob:; frame-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'none'";

/** Seconds that interrupted code has before its worker is terminated. */
const GRACE = 2;

const PARTS = ['frame', 'kernel', 'engine'] as const;

let making: Promise<FrameMaker> | null = null;

/** Begins to fetch what each runtime is made of. What fails is tried again when one is started. */
export function prepareRuntime(): void {
  for (const part of PARTS) keptPart(part).catch(() => undefined);
}

/**
 * A runtime of its own for a notebook: a frame, and kernel and engines on their way. What ran in another one can
 * neither see nor answer for it. The first call locks the page, for good.
 * @throws Error with a sentence for the reader.
 */
export const startRuntime: StartRuntime = async ({ engines, network, history: loading }) => {
  making ??= createFrameMaker(document).then((maker) => {
    lockPage();
    return maker;
  });
  const [maker, [code, kernelSource, engineSource]] = await Promise.all([
    making,
    Promise.all([keptPart('frame'), keptPart('kernel'), keptPart('engine')]),
  ]);
  const frame = await maker.make(code, network);
  const { connection, control } = connect(frame);
  const started = loading.then((history) =>
    control.start({ engines, grace: GRACE, history, kernelSource, engineSource }),
  );
  return { ...connection, started };
};

/** The page's own policy, strict; the document that frames are made in has kept the loose one. */
function lockPage(): void {
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = PAGE_CSP;
  document.head.append(meta);
}

/** A part of the runtime as text; see scripts/runtime-bundles.ts. */
export async function fetchPart(part: keyof typeof urls): Promise<string> {
  const url = new URL(urls[part], document.baseURI);
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url.pathname} could not be loaded (${String(response.status)}). Reload the page.`);
  }
  return response.text();
}

const kept = new Map<string, Promise<string>>();

/** Each runtime needs it again. */
function keptPart(part: keyof typeof urls): Promise<string> {
  const known = kept.get(part);
  if (known) return known;
  const text = fetchPart(part);
  kept.set(part, text);
  text.catch(() => kept.delete(part));
  return text;
}

function connect(frame: HTMLIFrameElement): {
  readonly connection: Omit<RuntimeConnection, 'started'>;
  readonly control: RuntimeControl;
} {
  const control = new MessageChannel();
  const events = new MessageChannel();
  const handover: Handover = { type: 'tutti-handover' };
  // An opaque origin has no name: '*' is the only address. Nothing secret is in the message.
  frame.contentWindow?.postMessage(handover, '*', [control.port2, events.port2]);
  const wrapped = wrapControl(control.port1);
  const connection: Omit<RuntimeConnection, 'started'> = {
    control: wrapped,
    join: async (port) => wrapped.joinCluster(await fetchPart('cluster'), handedOver(port)),
    cellJoined: async (n, place, port) =>
      wrapped.cellJoined(n, place, await fetchPart('cluster'), handedOver(port)),
    // The port keeps what comes before there is a handler.
    onEvents: (handle, onFlood) => {
      const intake = new EventIntake({ clock: systemClock, timers: systemTimers, handle, onFlood });
      events.port1.onmessage = ({ data }: MessageEvent<unknown>) => {
        intake.take(data);
      };
    },
    close: () => {
      control.port1.close();
      events.port1.close();
      frame.remove();
    },
    // WebKit may isolate a page and give it no shared memory all the same.
    isolated: self.crossOriginIsolated && typeof SharedArrayBuffer !== 'undefined',
  };
  return { connection, control: wrapped };
}
