import { Socket } from 'node:net';

/** What an engine and its nanny tell each other, as lines of JSON. */
export type ToNanny =
  | { readonly type: 'registered'; readonly id: number }
  | { readonly type: 'leaving'; readonly restart: boolean };
export type FromNanny =
  /** SIGINT; `orLeave`: at a terminal, where Ctrl-C ends what is idle. */
  | { readonly type: 'interrupt'; readonly orLeave: boolean }
  | { readonly type: 'leave'; readonly why: string };

/** The child's file descriptor of the line. */
export const NANNY_FD = 3;

interface Line<Out> {
  tell(message: Out): void;
}

interface Handlers<In> {
  readonly hear: (message: In) => void;
  /** The other side is gone. */
  readonly gone: () => void;
}

export function nannyLine<In, Out>(socket: Socket, { hear, gone }: Handlers<In>): Line<Out> {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(JSON.parse(line) as In);
  });
  socket.on('error', () => undefined);
  socket.on('close', gone);
  return {
    tell: (message) => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
    },
  };
}

/** The engine's end. */
export function lineToNanny(handlers: Handlers<FromNanny>): Line<ToNanny> {
  return nannyLine(new Socket({ fd: NANNY_FD, readable: true, writable: true }), handlers);
}
