import type { Client } from '../client.ts';
import { BlockingUnavailableError } from '../errors.ts';
import type { JobSpec } from '../job-specs.ts';

/**
 * Waits for the jobs without `await`, where that is possible; false where nothing can block. The interface of
 * 2008 blocks by default, and its sessions run with `await` added: so what cannot block hands out what can be
 * awaited, instead of throwing.
 */
export function waitHere(rc: Client, jobs: JobSpec): boolean {
  try {
    return rc.waitSync(jobs);
  } catch (error) {
    if (error instanceof BlockingUnavailableError) return false;
    throw error;
  }
}
