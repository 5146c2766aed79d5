import { appendFileSync, writeSync } from 'node:fs';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type Log = Readonly<Record<LogLevel, (text: string) => void>>;

const STDERR = 2;

/**
 * Lines on stderr, or in a file. Written at once and from whatever thread: a thread's own `console` would wait
 * for the main thread, which user code may hold.
 */
export function createLog(level: LogLevel, name: string, file: string | null): Log {
  const lowest = LOG_LEVELS.indexOf(level);
  const write = (at: LogLevel, text: string) => {
    if (LOG_LEVELS.indexOf(at) < lowest) return;
    const line = `${new Date().toISOString()} [${name}] ${at === 'info' ? '' : `${at}: `}${text}\n`;
    try {
      if (file === null) writeSync(STDERR, line);
      else appendFileSync(file, line);
    } catch {
      // Who reads the log has gone; that is no reason to stop.
    }
  };
  const at = (which: LogLevel) => (text: string) => {
    write(which, text);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
