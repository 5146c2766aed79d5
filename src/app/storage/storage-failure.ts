import { systemTimers, type Timers } from '../../base/clock.ts';
import type { StorageFailure, StorageFault, StorageResult } from './storage-types.ts';

const SENTENCES: Readonly<Record<StorageFault, string>> = {
  quota:
    'The browser’s storage is full, so the notebook is not saved. Download it, or make room: delete notebooks or files that you do not need.',
  outputs:
    'Some outputs do not fit in the browser’s storage; everything else is saved. Download the notebook to keep them, or clear them.',
  refused:
    'The browser gives this page no storage (a private window, or site data are blocked), so the notebook is not saved. Download it to keep it.',
  blocked: 'Another tab with an older Tutti holds the notebooks. Close or reload it, then save again.',
  version: 'The notebooks were saved by a newer Tutti. Reload this page to get it.',
  conflict: 'Another tab has saved this notebook since. Keep yours as a copy, or show the other version.',
  elsewhere: 'This notebook is open in another tab, which saves it. Use it here, or open a copy.',
  missing: 'There is no such notebook in this browser.',
  broken: 'The browser’s storage failed, so the notebook is not saved. Download it to keep it.',
  silent:
    'The browser’s storage does not answer. Another page of Tutti may hold it: close it, then reload this one.',
};

export function failed(fault: StorageFault, detail?: string): { ok: false; failure: StorageFailure } {
  const message = detail === undefined ? SENTENCES[fault] : `${SENTENCES[fault]} (${detail})`;
  return { ok: false, failure: { fault, message } };
}

/** The fault behind what IndexedDB threw. */
export function faultOf(error: unknown): StorageFault {
  switch (nameOf(error)) {
    case 'QuotaExceededError':
      return 'quota';
    case 'SecurityError':
    case 'NotAllowedError':
    case 'ReferenceError':
      return 'refused';
    case 'VersionError':
      return 'version';
    default:
      return 'broken';
  }
}

function nameOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('name' in error)) return '';
  return String(error.name);
}

/** Runs one piece of storage work; whatever it throws becomes a failure. */
export async function attempt<T>(work: () => Promise<StorageResult<T>>): Promise<StorageResult<T>> {
  try {
    return await work();
  } catch (error) {
    const fault = faultOf(error);
    return failed(fault, fault === 'broken' && error instanceof Error ? error.message : undefined);
  }
}

/** Seconds that a wait gets behind one that had no answer. */
const SHORT = 0.3;

/**
 * Bounds waits for the storage: gives what the work gives, or after so many seconds that the storage is silent. Behind a
 * wait that had no answer others are short, until the storage answers again. No work rejects.
 */
export function boundedWaits(
  seconds: number,
  timers: Timers = systemTimers,
): <T>(work: Promise<StorageResult<T>>) => Promise<StorageResult<T>> {
  let isSilent = false;
  return (work) =>
    new Promise((resolve) => {
      const cancel = timers.after(isSilent ? SHORT : seconds, () => {
        isSilent = true;
        resolve(failed('silent'));
      });
      void work.then((result) => {
        isSilent = false;
        cancel();
        resolve(result);
      });
    });
}
