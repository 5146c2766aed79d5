import { creator, select as selectOf, selectAll as selectAllOf } from 'd3';
import type { create as createOf } from 'd3';
import { workerDocument } from './worker-document.ts';

/**
 * d3 for kernel and engines: everything of `d3`. The three functions that look for a global `document` find
 * one of the library's own, so `d3.create('svg')…node()` works in a worker and, as a cell's last value, is
 * shown. Loading over the network (`d3.csv(url)`) obeys the notebook's network switch.
 */
export * from 'd3';

export const create = ((name: string) =>
  selectOf(creator(name).call(workerDocument.documentElement))) as typeof createOf;

export const select = ((target: unknown) =>
  selectOf(
    typeof target === 'string' ? workerDocument.querySelector(target) : (target as Element),
  )) as typeof selectOf;

export const selectAll = ((targets: unknown) =>
  selectAllOf(
    typeof targets === 'string' ? workerDocument.querySelectorAll(targets) : (targets as Element[]),
  )) as typeof selectAllOf;
