import { parentPort } from 'node:worker_threads';
import { systemClock, systemTimers } from '../base/clock.ts';
import { createEngine } from '../engine/engine.ts';
import { linkToParentThread } from '../transport/node/node-worker-link.ts';

/** The door of an engine in a Node thread, as `engine.worker.ts` is in a browser. Built by the wall's test. */
if (parentPort === null) throw new Error('This is the script of a worker thread.');
const indirectEval = eval;
const engine = createEngine({
  link: linkToParentThread(parentPort),
  evaluator: { globals: indirectEval('globalThis') as object, evaluate: (js): unknown => indirectEval(js) },
  clock: systemClock,
  timers: systemTimers,
  random: Math.random,
  bootMs: performance.now(),
  nextTurn: (callback) => {
    setImmediate(callback);
  },
  importText: () => Promise.reject(new Error('modules cannot be imported in this test')),
  importUrl: (url) => import(/* @vite-ignore */ url) as Promise<unknown>,
});
process.on('uncaughtException', (error) => {
  engine.reportStray(error);
});
process.on('unhandledRejection', (reason) => {
  engine.reportStray(reason);
});
