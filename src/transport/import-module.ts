import { dataUrl } from './data-url.ts';
import { NETWORK_OFF, type ImportCallOptions } from '../protocol/module-names.ts';

/**
 * A native `import()` that no bundler touches. Rejects with an error that is called `NetworkOff` where the policy of
 * this realm forbids the address.
 */
export async function importUrl(url: string, options?: ImportCallOptions): Promise<unknown> {
  const forbidden: Event[] = [];
  const hear = (event: Event) => void forbidden.push(event);
  addEventListener('securitypolicyviolation', hear);
  try {
    return await (options ? import(/* @vite-ignore */ url, options) : import(/* @vite-ignore */ url));
  } catch (error) {
    // The event is told in a turn of its own. Firefox tells it of requests, not of imports; WebKit never does.
    await aTimer();
    if (forbidden.length === 0 && /^https?:/.test(url)) {
      await fetch(url, { method: 'HEAD', mode: 'no-cors' }).catch(() => undefined);
      await aTimer();
    }
    if (forbidden.length === 0) throw isTold() ? error : withDoubt(error);
    throw Object.assign(new Error('the policy of this notebook forbids it', { cause: error }), {
      name: NETWORK_OFF,
    });
  } finally {
    removeEventListener('securitypolicyviolation', hear);
  }
}

/** A worker from a `data:` address, as WebKit has them, hears of nothing that its policy forbids. */
const isTold = (): boolean => location.protocol !== 'data:';

function withDoubt(error: unknown): Error {
  const why = (error instanceof Error ? error.message : String(error)).replace(/\.+$/, '');
  return new Error(`${why} (the network may be off for this notebook, see the ⋯ menu)`, { cause: error });
}

async function aTimer(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

/** Evaluates an ES module's text, through an address of this realm's own. */
export async function importText(source: string): Promise<unknown> {
  // A worker from a `data:` address is an origin without a name, whose blobs nothing can import.
  if (location.protocol === 'data:') return importUrl(dataUrl(source));
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  try {
    return await importUrl(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The text at an address. Rejects with an error that says why not. */
export async function fetchText(url: string): Promise<string> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new Error('it could not be reached; the network may be off for this notebook, see the menu', {
      cause: error,
    });
  });
  if (!response.ok) throw new Error(`it answers ${String(response.status)} ${response.statusText}`);
  return response.text();
}
