import type { LibraryAnswer } from '../protocol/engine-messages.ts';
import { TuttiError } from '../protocol/tutti-error.ts';

/**
 * `import x from 'name'` in cells and in functions on engines. A realm in the sandbox loads nothing by itself:
 * bundled libraries come as text from whoever owns the realm, `tutti` is made of what the realm already has (see
 * `tutti-module.ts`),
 * and everything else is asked of one CDN, which works only where the reader has allowed network.
 */
export interface ImporterHost {
  /** Asks the owner for a bundled library's text; may be asked several times at once. */
  readonly needLibrary: (name: string) => Promise<LibraryAnswer>;
  /** Evaluates an ES module's text. */
  readonly importText: (source: string) => Promise<unknown>;
  /** A native `import(url)`. */
  readonly importUrl: (url: string) => Promise<unknown>;
  /** Where the host loads packages by rules of its own: takes all but `own`. */
  readonly importPackage?: (specifier: string) => Promise<unknown>;
  /** Modules made of this realm's own API, by name. Default: none. */
  readonly own?: ReadonlyMap<string, () => object>;
}

/** What comes with Tutti. */
const BUNDLED: ReadonlySet<string> = new Set(['@observablehq/plot', 'd3']);

/** The one place where the CDN is set. `+esm` gives a self-contained ES module. */
export const cdnUrl = (specifier: string): string => `https://cdn.jsdelivr.net/npm/${specifier}/+esm`;

export class ImportError extends TuttiError {
  override readonly name = 'ImportError';
}

export type Importer = (specifier: string) => Promise<unknown>;

export function createImporter(host: ImporterHost): Importer {
  const loaded = new Map<string, Promise<unknown>>();
  return (specifier) => {
    const known = loaded.get(specifier);
    if (known) return known;
    const loading = load(host, specifier);
    loaded.set(specifier, loading);
    // A failure may pass (network allowed, page reloaded): the next import tries again.
    loading.catch(() => loaded.delete(specifier));
    return loading;
  };
}

async function load(host: ImporterHost, specifier: string): Promise<unknown> {
  const own = host.own?.get(specifier);
  if (own) return own();
  if (host.importPackage) return host.importPackage(specifier);
  if (BUNDLED.has(specifier)) return loadBundled(host, specifier);
  if (/^[./]/.test(specifier)) {
    throw new ImportError(
      `'${specifier}' is a path, and a notebook has no folder. Import a package by name or a full https:// address.`,
    );
  }
  const url = /^(https?|data|blob):/.test(specifier) ? specifier : cdnUrl(specifier);
  try {
    return await host.importUrl(url);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ImportError(
      `'${specifier}' could not be loaded from ${url}: ${why}. ` +
        'Bundled are tutti, @observablehq/plot and d3; for others, allow network for this notebook in the ⋯ menu.',
    );
  }
}

async function loadBundled(host: ImporterHost, specifier: string): Promise<unknown> {
  const answer = await host.needLibrary(specifier);
  if (!answer.ok) throw new ImportError(`'${specifier}' could not be loaded: ${answer.reason}.`);
  return host.importText(answer.source);
}
