import type { Language } from '../../protocol/client-messages.ts';
import type { ClientCore } from '../client-core.ts';
import { NoEnginesRegistered } from '../errors.ts';
import {
  mergeFlags,
  readBalancedTargets,
  readDirectTargets,
  type FlagReaders,
  type FlagSpec,
  type TargetReader,
} from '../flags.ts';
import type { TargetSpec } from '../indexing.ts';
import { TASK_FLAGS, type TaskFlagSpec } from '../task-flags.ts';
import type { ViewClient, ViewSeed } from './view.ts';

/** How a client makes views: which engines it is indexed by, and what a view on them starts from. */

/** The engines that `rc[key]` means; undefined for a key that means none. */
export function readIndex(key: string): TargetSpec {
  if (/^-?\d+$/.test(key)) return Number(key);
  if (key === 'all' || isLanguage(key)) return key;
  // What is meant as one, and is none, is refused where it is resolved.
  return /[:,]|^-?[\d.]|^-?Infinity$|^NaN$/.test(key) ? key : undefined;
}

/**
 * What a direct view on `spec` with these flags is made with.
 * @throws EngineError when the cluster is gone; NoEnginesRegistered for a language that no engine runs; as
 * `resolveTargets` and `mergeFlags`.
 */
export function directSeed(
  core: ClientCore,
  client: ViewClient,
  spec: TargetSpec,
  flags: FlagSpec,
): ViewSeed {
  return seed(core, client, spec, flags, readDirectTargets);
}

/** The same for a load-balanced view, which has further flags. */
export function balancedSeed(
  core: ClientCore,
  client: ViewClient,
  spec: TargetSpec,
  flags: TaskFlagSpec,
): ViewSeed {
  return seed(core, client, spec, flags, readBalancedTargets, TASK_FLAGS);
}

function seed(
  core: ClientCore,
  client: ViewClient,
  spec: TargetSpec,
  flags: FlagSpec,
  readTargets: TargetReader,
  more?: FlagReaders,
): ViewSeed {
  core.checkReachable();
  const { ids } = core;
  const targets = readTargets(speaking(core, spec), ids);
  const base = { block: client.block, track: false, targets, label: null, runTimeout: null };
  return { core, client, flags: mergeFlags(base, flags, readTargets, ids, more) };
}

/** `'python'` and `'javascript'` are the engines of now that run it. */
function speaking(core: ClientCore, spec: TargetSpec): TargetSpec {
  if (!isLanguage(spec)) return spec;
  const ids = core.idsOf(spec);
  if (ids.length > 0 || core.ids.length === 0) return ids;
  throw new NoEnginesRegistered(`There are no engines that run ${spec} in this cluster.`);
}

function isLanguage(spec: TargetSpec): spec is Language {
  return spec === 'python' || spec === 'javascript';
}
