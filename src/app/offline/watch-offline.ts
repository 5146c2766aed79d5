import { whenIdle } from '../when-idle.ts';
import urls from 'virtual:runtime-bundles';
import type { OfflineQuestion } from '../../offline/app-files.ts';
import { askServiceWorker } from '../../transport/ask-worker.ts';
import type { PageStore } from '../../ui/stores/page-store.ts';
import { checkOffline, type OfflineWorker } from './offline-check.ts';

/** Seconds: a blocked service worker does not answer at all; keeping all files takes as long as the network does. */
const PATIENCE = { has: 10, keep: 600 } as const;
/** Seconds that the page has for itself before its files are loaded ahead. */
const FIRST = 3;
/** Milliseconds between two looks for a new version. */
const HOUR = 3_600_000;

/**
 * Registers the service worker when the page has come to rest, has it keep the app's files, and tells the page when it
 * works without a network and when a newer version is there. Nothing waits for this: where service workers are blocked,
 * refused or stuck, the page goes on without.
 */
export async function watchOffline(page: PageStore): Promise<void> {
  if (import.meta.env.DEV || !self.isSecureContext || !('serviceWorker' in navigator)) return;
  if (savesData()) return;
  await rest();
  const entry = ownScript();
  const registration = await navigator.serviceWorker
    .register(new URL(urls['service-worker'], document.baseURI))
    .catch(() => null);
  if (!registration || entry === null) return;
  const worker = workerOf(registration);
  const check = async (): Promise<void> => {
    const state = await checkOffline(worker, entry);
    if (state) page.setState(state);
  };
  navigator.serviceWorker.addEventListener('controllerchange', () => void check());
  if (registration.active) void check();
  let looked = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || Date.now() - looked < HOUR) return;
    looked = Date.now();
    void worker.update();
  });
}

function workerOf(registration: ServiceWorkerRegistration): OfflineWorker {
  const ask = (question: OfflineQuestion): Promise<unknown> => {
    const { active } = registration;
    return active ? askServiceWorker(active, question, PATIENCE[question.type]) : Promise.resolve(null);
  };
  return {
    ask: ask as OfflineWorker['ask'],
    update: () =>
      registration.update().then(
        () => registration.installing !== null || registration.waiting !== null,
        () => false,
      ),
  };
}

/** Relative to the page's folder: how the service worker lists it. */
function ownScript(): string | null {
  const { src } = document.querySelector<HTMLScriptElement>('script[type="module"][src]') ?? { src: '' };
  const folder = new URL('./', document.baseURI).href;
  return src.startsWith(folder) ? src.slice(folder.length) : null;
}

/** The page is loaded and has nothing better to do. */
async function rest(): Promise<void> {
  if (document.readyState !== 'complete') {
    await new Promise((resolve) => {
      addEventListener('load', resolve, { once: true });
    });
  }
  await new Promise((resolve) => {
    setTimeout(resolve, FIRST * 1000);
  });
  await whenIdle();
}

/** The reader has asked the browser to load little. */
function savesData(): boolean {
  const { connection } = navigator as Navigator & { readonly connection?: { readonly saveData?: boolean } };
  return connection?.saveData === true;
}
