import type { LibraryAnswer } from '../protocol/engine-messages.ts';
import {
  isNodeModule,
  NETWORK_OFF,
  readModuleName,
  type ImportCallOptions,
  type ModuleName,
} from '../protocol/module-names.ts';
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
  /** A native `import(url, options)`. Rejects with `NETWORK_OFF` as the error's name where no network is allowed. */
  readonly importUrl: (url: string, options?: ImportCallOptions) => Promise<unknown>;
  /** Where the host loads packages by rules of its own: takes all but `own`. */
  readonly importPackage?: (specifier: string) => Promise<unknown>;
  /** Modules made of this realm's own API, by name. Default: none. */
  readonly own?: ReadonlyMap<string, () => object>;
}

/** What comes with Tutti, and in which version: as many numbers of it as a change of interface changes. */
const BUNDLED: ReadonlyMap<string, string> = new Map([
  ['@observablehq/plot', '0.6'],
  ['d3', '7'],
]);

/** The packages that d3 is made of: it has everything that they have. */
const IN_D3: ReadonlySet<string> = new Set(
  (
    'array axis brush chord color contour delaunay dispatch drag dsv ease fetch force format geo hierarchy ' +
    'interpolate path polygon quadtree random scale scale-chromatic selection shape time time-format timer ' +
    'transition zoom'
  )
    .split(' ')
    .map((name) => `d3-${name}`),
);

/** The one place where the CDN is set. `+esm` gives a self-contained ES module. */
export const cdnUrl = (specifier: string): string =>
  `https://cdn.jsdelivr.net/npm/${specifier}${isData(specifier) ? '' : '/+esm'}`;

/** JSR's packages, which are no npm packages, come from the CDN that has them. */
const jsrUrl = (specifier: string): string => `https://esm.sh/jsr/${specifier.replace(/^jsr:\/*/, '')}`;

export class ImportError extends TuttiError {
  override readonly name = 'ImportError';
}

export type Importer = (specifier: string, options?: unknown) => Promise<unknown>;

export function createImporter(host: ImporterHost): Importer {
  const loaded = new Map<string, Promise<unknown>>();
  return (specifier, given) => {
    const options = readOptions(given) ?? (isData(specifier) ? JSON_MODULE : undefined);
    const key = `${options ? JSON.stringify(options) : ''}\n${specifier}`;
    const known = loaded.get(key);
    if (known) return known;
    const loading = load(host, specifier, options);
    loaded.set(key, loading);
    // A failure may pass (network allowed, page reloaded): the next import tries again.
    loading.catch(() => loaded.delete(key));
    return loading;
  };
}

const JSON_MODULE: ImportCallOptions = { with: { type: 'json' } };

/** Data need their type at the import; nobody means anything else by such an address. */
function isData(specifier: string): boolean {
  return /^[^?#]*[^/:]\.json(?:[?#].*)?$/.test(specifier);
}

function readOptions(given: unknown): ImportCallOptions | undefined {
  if (typeof given !== 'object' || given === null || !('with' in given)) return undefined;
  const attributes: unknown = given.with;
  if (typeof attributes !== 'object' || attributes === null) return undefined;
  const texts = Object.entries(attributes).filter(
    (one): one is [string, string] => typeof one[1] === 'string',
  );
  return texts.length > 0 ? { with: Object.fromEntries(texts) } : undefined;
}

async function load(
  host: ImporterHost,
  specifier: string,
  options: ImportCallOptions | undefined,
): Promise<unknown> {
  const own = host.own?.get(specifier);
  if (own) return own();
  if (host.importPackage) return host.importPackage(specifier);
  if (isAddress(specifier)) return loadUrl(host, specifier, specifier, options);
  if (specifier.startsWith('jsr:')) return loadUrl(host, specifier, jsrUrl(specifier), options);
  if (isNodeModule(specifier)) {
    throw new ImportError(
      `'${specifier}' is one of Node's modules, and they are not here: cells run in the browser. ` +
        'For files there is files (await files.read(name)); engines of a joined cluster that run in Node have them.',
    );
  }
  const module = readModuleName(specifier);
  if (!module) {
    throw new ImportError(
      `'${specifier}' is a path, and a notebook has no folder. Import a package by name or a full https:// address.`,
    );
  }
  const bundled = bundledName(module);
  if (bundled !== null) return loadBundled(host, bundled);
  return loadUrl(host, specifier, cdnUrl(specifier.replace(/^npm:\/*/, '')), options);
}

function isAddress(specifier: string): boolean {
  return /^(https?|data|blob):/.test(specifier);
}

/** Which bundled library it means: itself, in a version of the same interface. */
function bundledName({ name, version, path }: ModuleName): string | null {
  if (path !== '' && path !== '/+esm') return null;
  if (IN_D3.has(name) && isAny(version)) return 'd3';
  const here = BUNDLED.get(name);
  if (here === undefined) return null;
  return isAny(version) || isSame(version, here) ? name : null;
}

function isAny(version: string): boolean {
  return version === '' || version === 'latest' || version === '*';
}

/** `7`, `^7.1`, `~7.9`, `7.x` and `7.9.2` are 7. */
function isSame(version: string, here: string): boolean {
  const numbers = version.replace(/^[\^~=v\s]+/, '').split('.');
  const wanted = here.split('.');
  return /^\d/.test(numbers[0] ?? '') && wanted.every((one, i) => (numbers[i] ?? one) === one);
}

async function loadUrl(
  host: ImporterHost,
  specifier: string,
  url: string,
  options: ImportCallOptions | undefined,
): Promise<unknown> {
  try {
    return await (options ? host.importUrl(url, options) : host.importUrl(url));
  } catch (error) {
    const from = url === specifier ? '' : ` from ${url}`;
    const what = specifier.length > MOST_LETTERS ? `${specifier.slice(0, MOST_LETTERS)}…` : specifier;
    if (error instanceof Error && error.name === NETWORK_OFF) {
      throw new ImportError(
        `'${what}' could not be loaded${from}: network is off for this notebook. ` +
          'Allow network in the ⋯ menu; tutti, @observablehq/plot and d3 work without it.',
      );
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new ImportError(
      `'${what}' could not be loaded${from}: ${why}. Check its name and version, and your connection.`,
    );
  }
}

const MOST_LETTERS = 200;

async function loadBundled(host: ImporterHost, name: string): Promise<unknown> {
  const answer = await host.needLibrary(name);
  if (!answer.ok) throw new ImportError(`'${name}' could not be loaded: ${answer.reason}.`);
  return host.importText(answer.source);
}
