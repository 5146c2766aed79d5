import type { JoinedPlace } from '../../protocol/kernel-messages.ts';
import type { ClientEnvironment } from '../environment.ts';
import { JoinError } from '../errors.ts';
import type { ClusterHost } from './cluster-host.ts';
import { beginLife, type ClusterLife } from './cluster-life.ts';
import { ClusterLog } from './cluster-log.ts';
import { EngineSet } from './engine-set.ts';
import type { Steps } from './steps.ts';

/** A real cluster that has let us in: what a `Cluster` is made of. */
export interface JoinedCluster {
  readonly place: JoinedPlace;
  readonly life: ClusterLife;
  readonly log: ClusterLog;
}

/** The one set of its engines: who started them, and in which order, is not ours to know. */
const ALL = 'joined';

/**
 * Joins the real cluster that a gateway's link leads to; done when its engines are known.
 * @throws TypeError for what is no text; JoinError.
 */
export function* joinCluster(
  host: ClusterHost,
  clock: ClientEnvironment['clock'],
  link: string = '',
): Steps<JoinedCluster> {
  if (typeof link !== 'string') {
    throw new TypeError('Cluster.join(link) takes the text of a join link, as tutti-gateway prints it');
  }
  const line = host.join(link);
  const log = new ClusterLog(clock);
  const life = beginLife(host, line, { log, sets: new Map(), size: () => null });
  const { core, hub, sets } = life;
  try {
    // The hub answers in order: with this answer, who is there is known too.
    yield { ask: { type: 'history' }, of: core };
  } catch (error) {
    // What the hub refuses to tell, to an observer say, is no reason not to be there.
    if (hub.lost !== null || line.place === null) {
      line.close();
      core.close();
      throw hub.lost === null ? error : new JoinError(hub.lost);
    }
  }
  const { place } = line;
  if (place === null) throw new JoinError('The cluster answered before it had let us in.');
  log.note(`Joined the cluster at ${place.host}`);
  const owner = { living: () => core.ids, outputOf: () => log.textOf(null) };
  sets.set(ALL, new EngineSet(ALL, core.ids, owner));
  return { place, life, log };
}
