import { isNativeFunction } from '../../protocol/brand-of.ts';
import { hubOptions, type HubOptionsSpec } from '../../protocol/hub-options.ts';
import { MOST_ENGINES } from '../../protocol/most-engines.ts';
import { ValueError } from '../errors.ts';
import { isPlainObject } from '../options.ts';
import { camelKeys } from '../spelling.ts';

/** What a cluster may be told when it is made; IPython's spelling does too. */
export interface ClusterOptions extends Omit<HubOptionsSpec, 'startTimeout' | 'window' | 'storyLimit'> {
  /** How many engines to start. Default: `adapt.min`, or one for each processor. */
  readonly n?: number;
  /** Its name, in its text and in messages. Default: a random one. */
  readonly clusterId?: string;
  /** What the engines are. Default, and so far the only kind: `'worker'`, threads of this page. */
  readonly engines?: 'worker';
  /** Seconds that an engine has to get ready before it is given up. Default 60. */
  readonly engineTimeout?: number;
}

export interface ReadClusterOptions {
  readonly n: number;
  readonly clusterId: string;
  readonly hub: HubOptionsSpec;
}

const NOT_OFFERED = ['startTimeout', 'window', 'storyLimit'];

/** @throws TypeError for an option that does not exist; ValueError for a value that makes no sense. */
export function readClusterOptions(
  given: ClusterOptions,
  defaults: { readonly n: number; readonly clusterId: string },
): ReadClusterOptions {
  if (!isPlainObject(given)) {
    throw new TypeError('the options of Cluster must be an object like { n: 4 }');
  }
  const { n, clusterId, engines, engineTimeout, ...rest } = camelKeys(given) as ClusterOptions;
  for (const name of NOT_OFFERED) {
    if (name in rest) throw new TypeError(`There is no cluster option named ${name}.`);
  }
  if (engines !== undefined && (engines as unknown) !== 'worker') {
    throw new ValueError(`engines must be 'worker', not ${JSON.stringify(engines)}`);
  }
  if (clusterId !== undefined && (typeof clusterId !== 'string' || clusterId === '')) {
    throw new TypeError('clusterId must be a text');
  }
  if (typeof rest.scheme === 'function' && isNativeFunction(rest.scheme)) {
    throw new TypeError('scheme must be a function with source text: it runs in the controller');
  }
  const hub: HubOptionsSpec =
    engineTimeout === undefined ? rest : { ...rest, startTimeout: checkTimeout(engineTimeout) };
  checkHubOptions(hub);
  return {
    n: checkWorkerCount(n ?? rest.adapt?.min ?? defaults.n, 1),
    clusterId: clusterId ?? defaults.clusterId,
    hub,
  };
}

/** @throws TypeError; ValueError, as for all other options. */
function checkHubOptions(options: HubOptionsSpec): void {
  try {
    hubOptions(options);
  } catch (error) {
    throw error instanceof RangeError ? new ValueError(error.message) : error;
  }
}

function checkTimeout(seconds: unknown): number {
  if (typeof seconds === 'number' && seconds >= 0) return seconds;
  throw new ValueError(`engineTimeout must be a number of seconds, not ${String(seconds)}.`);
}

/** So many workers may be started where there are `n` already. @throws ValueError. */
export function checkWorkerCount(n: unknown, least: number, there = 0): number {
  const count = checkEngineCount(n, least);
  if (count + there <= MOST_ENGINES) return count;
  throw new ValueError(
    `A cluster in a page has at most ${String(MOST_ENGINES)} engines, not ${String(count + there)}: each is a worker. ` +
      'For more, join a real cluster.',
  );
}

/** @throws ValueError. */
export function checkEngineCount(n: unknown, least: number): number {
  if (Number.isInteger(n) && (n as number) >= least) return n as number;
  throw new ValueError(`n must be a whole number of at least ${String(least)}, not ${String(n)}`);
}
