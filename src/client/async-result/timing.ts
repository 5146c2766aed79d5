import { TimeoutError } from '../errors.ts';
import type { Job } from '../job.ts';

/** Durations of a group of jobs, all in seconds. */

/** Σ(completed − started): what one engine alone would have worked. @throws TimeoutError before all is done. */
export function serialTime(jobs: readonly Job[]): number {
  checkDone(jobs);
  return jobs.reduce((total, job) => total + between(job.started, job.completed), 0);
}

/** From the first submission to the last result. @throws TimeoutError before all is done. */
export function wallTime(jobs: readonly Job[]): number {
  checkDone(jobs);
  return between(firstSubmitted(jobs), lastReceived(jobs));
}

/** As `wallTime`, up to `now` (ms) while something is pending. */
export function elapsed(jobs: readonly Job[], now: number): number {
  const isDone = jobs.every((job) => !job.isPending);
  return isDone ? wallTime(jobs) : between(firstSubmitted(jobs), now);
}

/** From the earliest of `starts` to the latest of `ends`; 0 when either is empty. */
export function timedelta(starts: DateOrDates, ends: DateOrDates): number {
  const first = least(milliseconds(starts));
  const last = greatest(milliseconds(ends));
  return first === null || last === null ? 0 : (last - first) / 1000;
}

export type DateOrDates = Date | null | readonly (Date | null)[];

function milliseconds(dates: DateOrDates): number[] {
  const list = dates === null || dates instanceof Date ? [dates] : dates;
  if (!Array.isArray(list)) throw notDates(list);
  return (list as readonly unknown[]).flatMap((date) => {
    if (date === null) return [];
    if (date instanceof Date) return [date.getTime()];
    throw notDates(date);
  });
}

function notDates(value: unknown): TypeError {
  return new TypeError(
    `timedelta takes Dates and lists of Dates, as in ar.timedelta(ar.submitted, ar.received), not ${String(value)}`,
  );
}

function firstSubmitted(jobs: readonly Job[]): number | null {
  // A result asked of the hub was not submitted here; then the engine's start is the first that is known.
  return least(jobs.map((job) => job.facts.submitted ?? job.started));
}

function lastReceived(jobs: readonly Job[]): number | null {
  return greatest(jobs.map((job) => job.received));
}

function least(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? known.reduce((a, b) => Math.min(a, b)) : null;
}

function greatest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? known.reduce((a, b) => Math.max(a, b)) : null;
}

function between(from: number | null, to: number | null): number {
  return from === null || to === null ? 0 : Math.max(0, to - from) / 1000;
}

function checkDone(jobs: readonly Job[]): void {
  if (jobs.some((job) => job.isPending)) throw new TimeoutError('Result not ready.');
}
