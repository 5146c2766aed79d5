import { readAdapt, type Adapt, type AdaptSpec } from './adapt.ts';
import { functionText } from '../base/guard-text.ts';

/**
 * Chooses one of the engines that may take a task, given the load of each, the least recently used first.
 * Returns an index into `loads`, which is never empty.
 */
export type Scheme = (loads: readonly number[]) => number;

const SCHEME_NAMES = ['leastload', 'lru', 'plainrandom', 'twobin', 'weighted'] as const;
export type SchemeName = (typeof SCHEME_NAMES)[number];

function isScheme(scheme: unknown): scheme is SchemeName | Scheme {
  return typeof scheme === 'function' || SCHEME_NAMES.includes(scheme as SchemeName);
}

/** What a cluster may be told about its controller. */
export interface HubOptionsSpec {
  /** A load-balanced task goes only to an engine with less outstanding work than this; 0: no limit. Default 1. */
  readonly hwm?: number;
  /** How an engine is chosen for a task: by name, or a function of the loads of those that may run it, the least
   * recently used first, which gives a place in that list. It has the language's own globals, and 10 ms for an
   * answer. Default `leastload`. */
  readonly scheme?: SchemeName | Scheme;
  /** Seconds that an interrupted task has before its engine is terminated. Default 2. */
  readonly grace?: number;
  /** Replace engines that die. Default true. */
  readonly respawn?: boolean;
  /** Seconds that an engine has to get ready before it is given up. Default 60. */
  readonly startTimeout?: number;
  /**
   * Where finished tasks are remembered. `'memory'` (the default); `'indexeddb'`: in memory and, so that they
   * outlive a reload, in the page's IndexedDB; `'none'`: nowhere, and only clients have their results.
   */
  readonly database?: Database;
  /** Records of finished tasks that are kept. Default 1024. */
  readonly recordLimit?: number;
  /** Bytes of requests and results that those records hold together. Default 1 GiB. */
  readonly sizeLimit?: number;
  /** The part of a limit that is freed at once when the limit is passed, oldest first. Default 0.1. */
  readonly cullFraction?: number;
  /** Direct requests that an engine is given ahead; the rest wait in the hub. Default 16. */
  readonly window?: number;
  /** Engines are started when load-balanced tasks wait, and stopped when they are idle: `{ min, max, idle }`.
   * Default null: only when somebody says so. */
  readonly adapt?: AdaptSpec | null;
  /** Lines kept for `story`. Default 4096. */
  readonly storyLimit?: number;
}

const DATABASES = ['memory', 'indexeddb', 'none'] as const;

export type Database = (typeof DATABASES)[number];

export type HubOptions = Required<Omit<HubOptionsSpec, 'adapt'>> & { readonly adapt: Adapt | null };

const DEFAULTS: HubOptions = {
  hwm: 1,
  scheme: 'leastload',
  grace: 2,
  respawn: true,
  startTimeout: 60,
  database: 'memory',
  recordLimit: 1024,
  sizeLimit: 2 ** 30,
  cullFraction: 0.1,
  window: 16,
  adapt: null,
  storyLimit: 4096,
};

/** Lowest value that makes sense, and whether it must be whole. */
const NUMBERS = {
  hwm: { least: 0, whole: true },
  grace: { least: 0, whole: false },
  startTimeout: { least: 0, whole: false },
  recordLimit: { least: 0, whole: true },
  sizeLimit: { least: 0, whole: false },
  cullFraction: { least: 0, whole: false },
  window: { least: 1, whole: true },
  storyLimit: { least: 0, whole: true },
} as const;

/** Throws RangeError for a value that makes no sense, and TypeError for an option that does not exist. */
export function hubOptions(spec: HubOptionsSpec = {}): HubOptions {
  for (const name of Object.keys(spec)) {
    if (!(name in DEFAULTS)) throw new TypeError(`There is no cluster option named ${name}.`);
  }
  const given = Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
  const options = { ...DEFAULTS, ...given } as HubOptions;
  for (const [name, { least, whole }] of Object.entries(NUMBERS)) {
    checkNumber(name, options[name as keyof typeof NUMBERS], least, whole);
  }
  if (!DATABASES.includes(options.database)) {
    throw new RangeError(`database must be one of ${DATABASES.join(', ')}, not ${options.database}.`);
  }
  if (!isScheme(options.scheme)) {
    throw new RangeError(
      `scheme must be one of ${SCHEME_NAMES.join(', ')}, or a function, not ${String(options.scheme)}.`,
    );
  }
  if (options.cullFraction > 1) throw new RangeError('cullFraction must be a number from 0 to 1.');
  return options.adapt === null ? options : { ...options, adapt: readAdapt(options.adapt) };
}

/** Options on their way to a controller: a scheme of the user's own travels as text. */
export interface SentHubOptions extends Omit<HubOptionsSpec, 'scheme'> {
  readonly scheme?: SchemeName | { readonly source: string };
}

export function sendHubOptions({ scheme, ...rest }: HubOptionsSpec): SentHubOptions {
  if (scheme === undefined) return rest;
  return { ...rest, scheme: typeof scheme === 'function' ? { source: functionText(scheme) } : scheme };
}

function checkNumber(name: string, value: unknown, least: number, whole: boolean): void {
  const fits = typeof value === 'number' && value >= least && (!whole || Number.isInteger(value));
  if (fits) return;
  const kind = whole ? 'an integer' : 'a number';
  throw new RangeError(`${name} must be ${kind} of at least ${String(least)}, not ${String(value)}.`);
}
