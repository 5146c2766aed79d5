/**
 * Calls `leave` for the signals that ask a process to end. SIGHUP only counts at a terminal, which has been closed:
 * what is started with `nohup` (ipyparallel's SSH launcher does) is to outlive its session, and Node forgets that its
 * parent had this signal ignored.
 */
export function onEndSignals(leave: (why: string) => void): void {
  process.on('SIGTERM', () => leave('it got SIGTERM'));
  process.on('SIGHUP', () => {
    if (process.stdin.isTTY) leave('its terminal was closed');
  });
}
