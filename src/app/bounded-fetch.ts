import type { Timers } from '../base/clock.ts';
import { formatBytes } from '../ui/format.ts';

/** Bytes of a notebook, or of a file that comes along with one. */
const MOST = 64 << 20;
/** Seconds in which something must come. */
const PATIENCE = 20;
/** Seconds for all of it. */
const LONGEST = 300;

export interface FetchOptions {
  readonly timers: Timers;
  /** Ends it: rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Bytes that have come, and how many there will be; null where the host does not say. */
  readonly onProgress?: (read: number, total: number | null) => void;
  /** The browser's. */
  readonly fetch?: (url: URL, options: { signal: AbortSignal }) => Promise<Response>;
}

/**
 * The text at an address, of at most 64 MiB, in at most five minutes, and without a pause of 20 seconds. Rejects with a
 * sentence for the reader.
 */
export async function fetchText(url: URL, options: FetchOptions): Promise<string> {
  const { timers, signal, onProgress, fetch: get = (to, how) => fetch(to, how) } = options;
  const ending = new AbortController();
  const end = (why: string) => (): void => {
    ending.abort(new Error(why));
  };
  const onAbort = (): void => {
    ending.abort(signal?.reason);
  };
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort);
  const cancelAll = timers.after(LONGEST, end(`${url.host} took more than five minutes. ${INSTEAD}`));
  let cancelWait = (): void => undefined;
  const wait = (): void => {
    cancelWait();
    cancelWait = timers.after(PATIENCE, end(`${url.host} has stopped answering.`));
  };
  wait();
  // What does not hear the signal is not waited for.
  const ended = new Promise<never>((_, reject) => {
    ending.signal.addEventListener('abort', () => {
      reject(ending.signal.reason as Error);
    });
  });
  ended.catch(() => undefined);
  try {
    const response = await Promise.race([ended, respond(get, url, ending.signal)]);
    const total = Number(response.headers.get('content-length') ?? NaN);
    // Packed on its way it is shorter than what comes out.
    if (total > MOST) throw tooLarge(url);
    const reader = response.body?.getReader();
    const text = new TextDecoder();
    let whole = '';
    for (let read = 0; reader !== undefined;) {
      const { done, value } = await Promise.race([ended, reader.read()]);
      if (done) break;
      read += value.length;
      if (read > MOST) throw tooLarge(url);
      whole += text.decode(value, { stream: true });
      onProgress?.(read, total >= read ? total : null);
      wait();
    }
    return whole + text.decode();
  } catch (error) {
    // Nothing more of it is read.
    ending.abort(error);
    throw error;
  } finally {
    cancelAll();
    cancelWait();
    signal?.removeEventListener('abort', onAbort);
  }
}

async function respond(
  get: NonNullable<FetchOptions['fetch']>,
  url: URL,
  signal: AbortSignal,
): Promise<Response> {
  const response = await get(url, { signal }).catch(() => {
    throw new Error(`${url.href} could not be reached, or its host does not let other pages read it.`);
  });
  if (!response.ok) throw new Error(`${url.href} answers ${String(response.status)} ${response.statusText}.`);
  return response;
}

const INSTEAD = 'Download the notebook and open the file instead.';

function tooLarge(url: URL): Error {
  return new Error(`What ${url.host} sends is larger than ${formatBytes(MOST)}. ${INSTEAD}`);
}
