import type { Welcome } from './messages.ts';

/**
 * A connection to a gateway as the link sees it: frames go out and come in, in order, each once, and cuts are
 * mended behind its back as far as they can be.
 */
export interface GatewayLine {
  /** A frame; the buffer is the line's from now on. */
  send(frame: ArrayBuffer): void;
  /** One handler; what came before it was set is kept for it. */
  onEvents(handler: (events: readonly LineEvent[]) => void): void;
  /** Leaves the cluster. */
  close(): void;
}

export type LineEvent =
  | {
      readonly type: 'welcomed';
      readonly welcome: Welcome;
      /** When the connection before this one was cut; null for the first. Milliseconds since 1970. */
      readonly cutAt: number | null;
    }
  | { readonly type: 'frame'; readonly bytes: ArrayBuffer }
  | { readonly type: 'dropped'; readonly messages: number }
  /** For good; `reason` is a sentence. */
  | { readonly type: 'ended'; readonly reason: string };

/** The end of a line that a page's port leads to. */
export function lineOverPort(port: MessagePort): GatewayLine {
  return {
    send: (frame) => {
      port.postMessage(frame, [frame]);
    },
    onEvents: (handler) => {
      port.onmessage = ({ data }: MessageEvent<LineEvent>) => {
        handler([data]);
      };
    },
    close: () => {
      port.postMessage('close');
      port.close();
    },
  };
}

/**
 * The other side: hands what the port says to the line. It is the frame's, so it is looked at before it is believed, and
 * the session's token, which opens the gateway again, is not told.
 */
function servePort(port: MessagePort, line: GatewayLine): void {
  line.onEvents((events) => {
    for (const event of events) {
      if (event.type === 'welcomed')
        port.postMessage({ ...event, welcome: { ...event.welcome, session: '' } });
      else port.postMessage(event, event.type === 'frame' ? [event.bytes] : []);
    }
  });
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) line.send(data);
    else if (data === 'close') line.close();
  };
}

/** A port for whoever is to use the line. */
export function portTo(line: GatewayLine): MessagePort {
  const { port1, port2 } = new MessageChannel();
  servePort(port1, line);
  return port2;
}
