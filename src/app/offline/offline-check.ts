import type { KeepAnswer, OfflineQuestion } from '../../offline/app-files.ts';

/** The service worker in charge, as far as it can be asked. */
export interface OfflineWorker {
  /** Null: it did not answer in time, or there is none. */
  ask(question: Extract<OfflineQuestion, { type: 'has' }>): Promise<boolean | null>;
  ask(question: Extract<OfflineQuestion, { type: 'keep' }>): Promise<KeepAnswer | null>;
  /** Looks for a newer one; true: there is, and it is on its way. */
  update(): Promise<boolean>;
}

export interface OfflineState {
  readonly worksOffline: boolean;
  /** A newer build than the page's own is there as a whole. */
  readonly newVersion: boolean;
}

/**
 * How the page stands towards its service worker. `entry` is the page's own script: a worker that does not list it is
 * another build's. Null: another worker is about to take over; the question is asked again then.
 */
export async function checkOffline(worker: OfflineWorker, entry: string): Promise<OfflineState | null> {
  const has = await worker.ask({ type: 'has', path: entry });
  if (has === null) return { worksOffline: false, newVersion: false };
  // An older worker than the page: the page came from the network.
  if (!has && (await worker.update())) return null;
  const kept = (await worker.ask({ type: 'keep' }))?.kept === true;
  return { worksOffline: kept, newVersion: kept && !has };
}
