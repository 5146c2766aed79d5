import { systemClock, systemTimers } from './base/clock.ts';
import { startKernel } from './kernel/kernel.ts';
import type { FromFileUser, ToFileUser } from './protocol/file-messages.ts';
import { filesOver } from './realm/files/files-host.ts';
import { asideToOwner } from './transport/aside-link.ts';
import { fetchText, importText, importUrl } from './transport/import-module.ts';
import { refuseNestedWorkers } from './transport/nested-workers.ts';
import { readBlobSync } from './transport/read-blob-sync.ts';
import { readBlobsByOwner } from './transport/read-blobs.ts';
import { blockableLinkToOwner } from './transport/worker-link.ts';
import { onStrayErrors, workerEvaluator } from './transport/worker-realm.ts';
import { workerScope } from './transport/worker-scope.ts';

/** The door of the kernel worker. */
readBlobsByOwner(workerScope);
refuseNestedWorkers(workerScope);
const kernel = startKernel({
  link: blockableLinkToOwner(workerScope),
  files: filesOver(asideToOwner<ToFileUser, FromFileUser>(workerScope), readBlobSync),
  evaluator: workerEvaluator,
  clock: systemClock,
  timers: systemTimers,
  random: Math.random,
  cores: navigator.hardwareConcurrency,
  importText,
  importUrl,
  fetchText,
});
onStrayErrors((error) => {
  kernel.reportStray(error);
});
