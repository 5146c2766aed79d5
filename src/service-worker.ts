import { type AppFiles, type OfflineQuestion } from './offline/app-files.ts';
import { Keeper } from './offline/keeper.ts';

/**
 * Two things for a page on a static host. It answers every request of the page's own origin with the headers that make
 * the page cross-origin isolated (the technique is known from coi-serviceworker), and it keeps the app's own files, so
 * that the page opens without a network.
 */
interface ServiceWorkerScope {
  addEventListener<T extends keyof ScopeEvents>(type: T, listener: (event: ScopeEvents[T]) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  readonly location: Location;
  readonly caches: CacheStorage;
  /** Written in front of this script by the build; nothing in development. */
  readonly TUTTI_FILES?: AppFiles;
}
interface ScopeEvents {
  readonly install: Event;
  readonly activate: Event & { waitUntil(work: Promise<unknown>): void };
  readonly fetch: Event & { readonly request: Request; respondWith(response: Promise<Response>): void };
  readonly message: MessageEvent & { waitUntil(work: Promise<unknown>): void };
}

const scope = self as unknown as ServiceWorkerScope;
const { origin, href } = scope.location;

const keeper = new Keeper({
  caches: scope.caches,
  fetch: (request, init) => fetch(request, init),
  base: new URL('./', href).href,
  app: scope.TUTTI_FILES ?? { version: 'none', files: [] },
  digest: async (bytes) => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  },
  wait: (seconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, seconds * 1000);
    }),
});

// The page waits for the headers: nothing is loaded first.
scope.addEventListener('install', () => {
  void scope.skipWaiting();
});
scope.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([scope.clients.claim(), keeper.sweep()]));
});
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  // What goes elsewhere is not ours to answer; and this combination cannot be refetched by anyone.
  if (new URL(request.url).origin !== origin) return;
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return;
  event.respondWith(keeper.answer(request).then(isolated));
});
scope.addEventListener('message', (event) => {
  const question = event.data as OfflineQuestion;
  const [port] = event.ports;
  if (question.type === 'has') port?.postMessage(keeper.has(question.path));
  else {
    const kept = keeper.keep().then((answer) => port?.postMessage(answer));
    event.waitUntil(kept);
  }
});

function isolated(response: Response): Response {
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  const body = [101, 204, 205, 304].includes(response.status) ? null : response.body;
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}
