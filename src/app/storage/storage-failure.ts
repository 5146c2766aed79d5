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
