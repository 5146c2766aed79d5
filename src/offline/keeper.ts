import { type AppFile, type AppFiles, INDEX, type KeepAnswer } from './app-files.ts';

/** What a service worker has, as far as it matters here. */
export interface KeeperHost {
  readonly caches: Pick<CacheStorage, 'open' | 'match' | 'keys' | 'delete'>;
  readonly fetch: (request: Request | string, init?: RequestInit) => Promise<Response>;
  /** The folder of index.html, with a slash at its end. */
  readonly base: string;
  readonly app: AppFiles;
  readonly digest: (bytes: ArrayBuffer) => Promise<string>;
  /** Resolves after so many seconds. */
  readonly wait: (seconds: number) => Promise<void>;
}

const PREFIX = 'tutti-app-';
/** Builds that are kept: a page of the one before may still be open and load parts of it. */
const KEPT_BUILDS = 2;
const AT_ONCE = 4;
/** Seconds after which a network that does not answer counts as none, if the page is kept. */
const PATIENCE = 4;

/**
 * Keeps the app's own files, so that it opens without a network. Files with a hash in their names come from what is kept
 * whenever they are there; the page itself comes from the network as long as there is one, so that a new build is seen
 * at the next reload. Nothing is loaded ahead until the page asks for it: a first visit does not pay for a later one.
 */
export class Keeper {
  readonly #host: KeeperHost;
  readonly #files: ReadonlyMap<string, AppFile>;
  #keeping: Promise<KeepAnswer> | null = null;

  constructor(host: KeeperHost) {
    this.#host = host;
    this.#files = new Map(host.app.files.map((file) => [file.path, file]));
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  async answer(request: Request): Promise<Response> {
    const path = this.#pathOf(request);
    if (request.method !== 'GET' || path === null) return this.#host.fetch(request);
    if (request.mode === 'navigate' && (path === '' || path === INDEX)) return this.#page(request);
    if (request.url.includes('?')) return this.#host.fetch(request);
    const file = this.#files.get(path);
    if (!file) return this.#stranger(request, path);
    const kept = await orNothing(this.#kept(file));
    if (kept) return kept;
    const response = await this.#host.fetch(request);
    // What changes under its name is kept by `keep` alone, which looks whether it is this build's.
    if (response.ok && file.digest === null) await this.#put(path, response.clone());
    return response;
  }

  /** Loads what is not there yet; resolves when all is, or when that is not to be had now. Never rejects. */
  keep(): Promise<KeepAnswer> {
    this.#keeping ??= this.#keepAll()
      .catch((error: unknown): KeepAnswer => ({ kept: false, reason: textOf(error) }))
      .finally(() => {
        this.#keeping = null;
      });
    return this.#keeping;
  }

  /** Removes what only older builds need. */
  async sweep(): Promise<void> {
    const { caches } = this.#host;
    const ours = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
    // In order of their making.
    const others = ours.filter((name) => name !== this.#cacheName);
    for (const name of others.slice(0, Math.max(0, others.length - (KEPT_BUILDS - 1)))) {
      await caches.delete(name);
    }
  }

  get #cacheName(): string {
    return PREFIX + this.#host.app.version;
  }

  /** Without the query, which for the page says nothing about what it is. Null: not in the app's folder. */
  #pathOf({ url }: Request): string | null {
    const plain = url.split(/[?#]/, 1)[0] ?? '';
    return plain.startsWith(this.#host.base) ? plain.slice(this.#host.base.length) : null;
  }

  async #page(request: Request): Promise<Response> {
    const kept = orNothing(this.#keptPage());
    const { fetch, wait } = this.#host;
    const fromNetwork = fetch(request);
    const late = wait(PATIENCE).then(() => kept);
    try {
      const response = await Promise.race([fromNetwork, late.then((page) => page ?? fromNetwork)]);
      // A host that has trouble is no better than none.
      return response.status >= 500 ? ((await kept) ?? response) : response;
    } catch (error) {
      const page = await kept;
      if (page) return page;
      throw error;
    } finally {
      fromNetwork.catch(() => undefined);
    }
  }

  /** Of the newest build that is there as a whole. */
  async #keptPage(): Promise<Response | undefined> {
    const { caches, base } = this.#host;
    const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
    for (const name of [this.#cacheName, ...names.reverse()]) {
      if (!names.includes(name)) continue;
      const page = await (await caches.open(name)).match(base + INDEX);
      if (page) return page;
    }
    return undefined;
  }

  /** A file of another build: an old page loads its parts. */
  async #stranger(request: Request, path: string): Promise<Response> {
    const response = await this.#host.fetch(request).catch(() => null);
    if (response?.ok === true) return response;
    const kept = await orNothing(this.#host.caches.match(this.#host.base + path));
    return kept ?? response ?? Response.error();
  }

  async #kept(file: AppFile): Promise<Response | undefined> {
    const { caches, base } = this.#host;
    if (file.digest === null) return caches.match(base + file.path);
    const names = await caches.keys();
    return names.includes(this.#cacheName)
      ? (await caches.open(this.#cacheName)).match(base + file.path)
      : undefined;
  }

  async #put(path: string, response: Response): Promise<void> {
    try {
      await (await this.#host.caches.open(this.#cacheName)).put(this.#host.base + path, response);
    } catch {
      // Full, or refused: it is loaded again next time.
    }
  }

  async #keepAll(): Promise<KeepAnswer> {
    const { caches, base, app } = this.#host;
    if (app.files.length === 0) return { kept: false, reason: 'This build has no list of its files.' };
    const cache = await caches.open(this.#cacheName);
    if (await cache.match(base + INDEX)) return { kept: true };
    const rest = app.files.filter(({ path }) => path !== INDEX);
    const workers = Array.from({ length: AT_ONCE }, async () => {
      for (let file = rest.pop(); file; file = rest.pop()) await this.#keepOne(cache, file);
    });
    await Promise.all(workers);
    const index = this.#files.get(INDEX);
    if (index) await this.#keepOne(cache, index);
    return { kept: true };
  }

  async #keepOne(cache: Cache, file: AppFile): Promise<void> {
    const { caches, base, fetch } = this.#host;
    const url = base + file.path;
    if (await cache.match(url)) return;
    const known = file.digest === null ? await caches.match(url) : undefined;
    const response = known ?? (await fetch(url, file.digest === null ? {} : { cache: 'no-cache' }));
    if (!response.ok) throw new Error(`${file.path} could not be loaded: ${String(response.status)}`);
    if (file.digest !== null) {
      const found = await this.#host.digest(await response.clone().arrayBuffer());
      if (found !== file.digest) throw new Error(`${file.path} is another build’s`);
    }
    await cache.put(url, response);
  }
}

/** Some browsers refuse caches in private windows: the page goes on as if there were none. */
function orNothing<T>(kept: Promise<T | undefined>): Promise<T | undefined> {
  return kept.catch(() => undefined);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
