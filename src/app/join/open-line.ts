import { systemClock, systemTimers } from '../../base/clock.ts';
import { JoinSocket, type JoinState } from '../../transport/gateway/join-socket.ts';
import { portTo } from '../../transport/gateway/line.ts';

/** What only a page needs that joins a cluster: loaded when it does. */
export interface OpenedLine {
  /** For the frame: what comes and goes there are frames. */
  readonly port: MessagePort;
  readonly retryNow: () => void;
  readonly leave: () => void;
  /** Ends the connection and not the session. */
  readonly drop: () => void;
}

/** The page owns the connection: the frame has no network, and an origin that no gateway knows. */
export function openLine(url: string, ticket: string, onState: (state: JoinState) => void): OpenedLine {
  const socket = new JoinSocket({
    url,
    ticket,
    open: (address, protocols) => new WebSocket(address, protocols),
    clock: systemClock,
    timers: systemTimers,
    random: Math.random,
    onState,
  });
  const retryNow = (): void => {
    socket.retryNow();
  };
  window.addEventListener('online', retryNow);
  const end = (how: 'close' | 'drop') => (): void => {
    window.removeEventListener('online', retryNow);
    socket[how]();
  };
  return { port: portTo(socket), retryNow, leave: end('close'), drop: end('drop') };
}
