import { systemTimers, type Timers } from '../base/clock.ts';

/** What isolating a page touches; the browser's own, but for tests. */
export interface IsolationPlace {
  /** The page can share memory already, or no service worker could help it (no secure context, none there). */
  readonly isIsolated: boolean;
  readonly canRegister: boolean;
  /** Remembers the one try over the reload. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  /** Registers the worker that adds the headers; resolves when it is active. */
  readonly register: () => Promise<unknown>;
  readonly reload: () => void;
  readonly timers: Timers;
}

/** Seconds that a service worker has to start. Some browsers neither refuse nor start it: blocked ones hang. */
const PATIENCE = 5;
const TRIED = 'tutti-isolation-tried';

/**
 * Cross-origin isolation on hosts without headers: registers the service worker that adds them and reloads
 * once. What needs shared memory says so where that fails.
 *
 * Resolves to `reloading`, to null (go on), or to a sentence for the reader (go on too, and tell).
 */
export async function reloadIsolated(
  place: IsolationPlace,
): Promise<'reloading' | { readonly trouble: string } | null> {
  if (place.isIsolated || !place.canRegister) return null;
  // One try: where the worker does not help (an embedding page, a browser's setting) reloading never ends.
  if (place.storage.getItem(TRIED) !== null) return null;
  place.storage.setItem(TRIED, 'yes');
  const outcome = await Promise.race([
    place.register().then(
      () => null,
      (error: unknown) =>
        `its service worker was refused (${error instanceof Error ? error.message : String(error)})`,
    ),
    new Promise<string>((resolve) => {
      place.timers.after(PATIENCE, () => {
        resolve(`its service worker did not start within ${String(PATIENCE)} s`);
      });
    }),
  ]);
  if (outcome === null) {
    place.reload();
    return 'reloading';
  }
  return {
    trouble:
      `This page has no shared memory: ${outcome}. Blocking calls and comm need their awaitable twins, and Interrupt ` +
      'reaches code only while it awaits. Allow service workers for this site and reload to have them all.',
  };
}

/** This page and its browser. `workerUrl`: the script that adds the headers. */
export function browserPlace(workerUrl: string): IsolationPlace {
  return {
    isIsolated: self.crossOriginIsolated,
    canRegister: self.isSecureContext && 'serviceWorker' in navigator,
    storage: sessionStorage,
    register: async () => {
      await navigator.serviceWorker.register(new URL(workerUrl, document.baseURI));
      await navigator.serviceWorker.ready;
    },
    reload: () => {
      location.reload();
    },
    timers: systemTimers,
  };
}
