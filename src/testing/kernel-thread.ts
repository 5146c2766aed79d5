import { parentPort } from 'node:worker_threads';
import { systemClock, systemTimers } from '../base/clock.ts';
import { startKernel } from '../kernel/kernel.ts';
import { linkToParentThread } from '../transport/node/node-worker-link.ts';

/** The door of a kernel in a Node thread, as `kernel.worker.ts` is in a browser. Built by the wall's tests. */
if (parentPort === null) throw new Error('This is the script of a worker thread.');
const indirectEval = eval;
const kernel = startKernel({
  link: linkToParentThread(parentPort),
  evaluator: { globals: indirectEval('globalThis') as object, evaluate: (js): unknown => indirectEval(js) },
  clock: systemClock,
  timers: systemTimers,
  random: Math.random,
  importText: () => Promise.reject(new Error('modules cannot be imported in this test')),
  importUrl: (url) => import(/* @vite-ignore */ url) as Promise<unknown>,
});
process.on('uncaughtException', (error) => {
  kernel.reportStray(error);
});
process.on('unhandledRejection', (reason) => {
  kernel.reportStray(reason);
});
