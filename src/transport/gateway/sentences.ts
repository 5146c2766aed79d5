import { CLOSE } from './messages.ts';

/** What the reader is told when a gateway cannot be reached, or is gone. */

export function unreachableSentence(url: string, detail: string | null): string {
  const { host, protocol } = new URL(url);
  const how =
    protocol === 'wss:'
      ? `Open https://${host}/ in a tab: if the browser warns of a certificate, accept it there and join again.`
      : 'Is the gateway running there, and has the browser been allowed to reach this device or network?';
  const why = detail === null ? '' : ` (${detail})`;
  return `No gateway can be reached at ${host}${why}. ${how}`;
}

export function strangerSentence(url: string): string {
  return `What answers at ${new URL(url).host} is no Tutti gateway, or one of another version than this page.`;
}

export function cutSentence(code: number, reason: string): string {
  if (code === CLOSE.goingAway) return 'The gateway was stopped.';
  return reason === '' ? 'The connection was cut.' : reason;
}

export function endSentence(code: number, reason: string): string {
  if (reason !== '') return reason;
  return code === CLOSE.takenOver ? 'Another tab has taken this session over.' : 'The gateway refused it.';
}
