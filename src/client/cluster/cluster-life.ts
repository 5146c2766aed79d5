import { ClientCore } from '../client-core.ts';
import { ClientHub } from '../client-hub.ts';
import type { ClusterHost, ClusterLine } from './cluster-host.ts';
import type { ClusterLog } from './cluster-log.ts';
import type { EngineSet } from './engine-set.ts';

/** A controller that can be spoken to, and what belongs to it. */
export interface ClusterLife {
  readonly line: ClusterLine;
  readonly hub: ClientHub;
  readonly core: ClientCore;
  readonly sets: Map<string, EngineSet>;
}

interface LifeParts {
  readonly log: ClusterLog;
  readonly sets: Map<string, EngineSet>;
  /** How many engines it is meant to have; null: who knows. */
  readonly size: () => number | null;
}

/** What befalls its engines, and its end, is noted. */
export function beginLife(
  host: Pick<ClusterHost, 'environment'>,
  line: ClusterLine,
  { log, sets, size }: LifeParts,
): ClusterLife {
  const hub = new ClientHub(line.port);
  const core = new ClientCore(host.environment(hub, size));
  core.onEngines((engines) => {
    log.hear(engines);
    if (hub.lost !== null) log.note(`The controller has ended: ${hub.lost}`);
  });
  return { line, hub, core, sets };
}
