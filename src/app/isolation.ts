import urls from 'virtual:runtime-bundles';

/**
 * Cross-origin isolation on hosts without headers: registers the service worker that adds them and reloads
 * once. False: go on without (what needs shared memory then says so); true: a reload is under way.
 */
export async function reloadIsolated(): Promise<boolean> {
  if (self.crossOriginIsolated || !self.isSecureContext || !('serviceWorker' in navigator)) return false;
  // One try: where the worker does not help (an embedding page, a browser's setting) reloading never ends.
  if (sessionStorage.getItem(TRIED) !== null) return false;
  sessionStorage.setItem(TRIED, 'yes');
  try {
    await navigator.serviceWorker.register(new URL(urls['service-worker'], document.baseURI));
    await navigator.serviceWorker.ready;
  } catch {
    return false;
  }
  location.reload();
  return true;
}

const TRIED = 'tutti-isolation-tried';
