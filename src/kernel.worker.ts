import { systemClock, systemTimers } from './base/clock.ts';
import { startKernel } from './kernel/kernel.ts';
import { importText, importUrl } from './transport/import-module.ts';
import { linkToOwner } from './transport/worker-link.ts';
import { onStrayErrors, workerEvaluator, workerScope } from './transport/worker-realm.ts';

/** The door of the kernel worker. */
const kernel = startKernel({
  link: linkToOwner(workerScope),
  evaluator: workerEvaluator,
  clock: systemClock,
  timers: systemTimers,
  random: Math.random,
  importText,
  importUrl,
});
onStrayErrors((error) => {
  kernel.reportStray(error);
});
