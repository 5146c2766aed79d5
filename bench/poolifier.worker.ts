import './worker-window.ts';
import { ThreadWorker } from 'poolifier-web-worker';

/** Gives back what it is given. */
export default new ThreadWorker<number, number>((value = 0) => value);
