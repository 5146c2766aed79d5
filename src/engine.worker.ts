import { systemClock, systemTimers } from './base/clock.ts';
import { createEngine } from './engine/engine.ts';
import type { FromFileUser, ToFileUser } from './protocol/file-messages.ts';
import { filesOver } from './realm/files/files-host.ts';
import { asideToOwner } from './transport/aside-link.ts';
import { importText, importUrl } from './transport/import-module.ts';
import { refuseNestedWorkers } from './transport/nested-workers.ts';
import { readBlobSync } from './transport/read-blob-sync.ts';
import { readBlobsByOwner } from './transport/read-blobs.ts';
import { nextTurn } from './transport/next-turn.ts';
import { linkToOwner } from './transport/worker-link.ts';
import { onStrayErrors, workerEvaluator } from './transport/worker-realm.ts';
import { workerScope } from './transport/worker-scope.ts';

/** The door of an engine worker. */
readBlobsByOwner(workerScope);
refuseNestedWorkers(workerScope);
const engine = createEngine({
  link: linkToOwner(workerScope),
  files: filesOver(asideToOwner<ToFileUser, FromFileUser>(workerScope), readBlobSync),
  evaluator: workerEvaluator,
  clock: systemClock,
  timers: systemTimers,
  random: Math.random,
  bootMs: performance.now(),
  importText,
  importUrl,
  nextTurn,
});
onStrayErrors((error) => {
  engine.reportStray(error);
});
