import { readAdapt, type Adapt, type AdaptSpec } from '../protocol/adapt.ts';
import type { Question } from '../protocol/client-messages.ts';
import type { EngineId } from '../protocol/ids.ts';
import type { ClientCore } from './client-core.ts';
import { checkWorkerCount } from './cluster/cluster-options.ts';
import { signalled } from './engine-signals.ts';
import { ValueError } from './errors.ts';
import { engineList, type TargetSpec } from './indexing.ts';
import { readOptions } from './options.ts';

/** What a client asks of its cluster as a whole: how full it is, how large it should be, that engines stop. */

export interface QueueStatusOptions {
  readonly targets?: TargetSpec;
  /** Message ids in place of counts. Default false. */
  readonly verbose?: boolean;
}

export interface ShutdownOptions {
  /** The engines come back under the same ids, empty. Default false. */
  readonly restart?: boolean;
  /** All engines stop, whatever `targets` says, and this client is closed, as without a hub. Default false. */
  readonly hub?: boolean;
}

/** See `Client.queueStatus`. */
export async function queueStatus(core: ClientCore, options?: QueueStatusOptions): Promise<unknown> {
  const { question, read } = queueQuestion(core, options, 'queueStatus');
  return read(await core.ask(question));
}

/** The same, blocking. */
export function queueStatusSync(core: ClientCore, options?: QueueStatusOptions): unknown {
  const { question, read } = queueQuestion(core, options, 'queueStatusSync');
  return read(core.askSync(question, 'await rc.queueStatus()'));
}

/** What to ask, and what the answer means: a number as target gets that engine's part alone. */
function queueQuestion(core: ClientCore, options: QueueStatusOptions | undefined, method: string) {
  const { targets = 'all', verbose = false } = readOptions(options, ['targets', 'verbose'], method);
  const { ids } = core;
  const engines = ids.length === 0 ? null : engineList(targets, ids);
  const question: Question = { type: 'queue-status', engines, verbose };
  const read = (status: unknown): unknown =>
    typeof targets === 'number' ? (status as Record<EngineId, unknown>)[engines?.[0] ?? 0] : status;
  return { question, read };
}

/** See `Client.clear`. */
export async function clear(core: ClientCore, targets: TargetSpec): Promise<void> {
  await core.ask({ type: 'clear', engines: engineList(targets, core.ids) });
}

/** The same, blocking. */
export function clearSync(core: ClientCore, targets: TargetSpec): void {
  core.askSync({ type: 'clear', engines: engineList(targets, core.ids) }, 'await rc.clear()');
}

/** See `Client.interrupt`. */
export function interrupt(core: ClientCore, targets: TargetSpec): void {
  core.post({ type: 'interrupt', engines: engineList(targets, core.ids) });
}

/** See `Client.sendSignal`. */
export async function sendSignal(
  core: ClientCore,
  signal: string | number,
  options?: { readonly targets?: TargetSpec },
): Promise<void> {
  const { targets = 'all' } = readOptions(options, ['targets'], 'sendSignal');
  const what = signalled(signal, engineList(targets, core.ids));
  if ('post' in what) core.post(what.post);
  else await core.ask(what.ask);
}

/** See `Client.shutdown`. @throws ValueError for `restart` with `hub`. */
export async function shutdown(
  core: ClientCore,
  targets: TargetSpec,
  options?: ShutdownOptions,
): Promise<void> {
  const { restart = false, hub = false } = readOptions(options, ['restart', 'hub'], 'shutdown');
  if (restart && hub) throw new ValueError('shutdown: with hub nothing comes back, so it cannot restart');
  const engines = hub ? core.ids : engineList(targets, core.ids);
  if (engines.length > 0) await core.ask({ type: 'shutdown', engines, restart });
  if (hub) core.close();
}

/** See `Client.adapt`. */
export async function adapt(core: ClientCore, options?: AdaptSpec | null): Promise<Adapt | null> {
  const wanted = options === undefined || options === null ? options : readAdapt(options);
  return (await core.ask(
    wanted === undefined ? { type: 'adapt' } : { type: 'adapt', adapt: wanted },
  )) as Adapt | null;
}

/** See `Client.scale`. @throws ValueError. */
export async function scale(core: ClientCore, n: number): Promise<void> {
  checkWorkerCount(n, 0);
  await core.ask({ type: 'adapt', adapt: null });
  const { ids } = core;
  if (n > ids.length) await core.ask({ type: 'start-engines', n: n - ids.length });
  if (n < ids.length) await core.ask({ type: 'shutdown', engines: ids.slice(n), restart: false });
}
