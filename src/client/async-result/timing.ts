import { TimeoutError } from '../errors.ts';
import type { TaskFacts } from '../job.ts';

/** Durations of a group of jobs, all in seconds. */

/** Σ(completed − started): what one engine alone would have worked. @throws TimeoutError before all is done. */
export function serialTime(tasks: Iterable<TaskFacts>): number {
  let total = 0;
  for (const { isPending, started, completed } of tasks) {
    if (isPending) throw notReady();
    total += between(started, completed);
  }
  return total;
}

/** From the first submission to the last result. @throws TimeoutError before all is done. */
export function wallTime(tasks: Iterable<TaskFacts>): number {
  const { isDone, from, to } = spanOf(tasks);
  if (!isDone) throw notReady();
  return between(from, to);
}

/** As `wallTime`, up to `now` (ms) while something is pending. */
export function elapsed(tasks: Iterable<TaskFacts>, now: number): number {
  const { isDone, from, to } = spanOf(tasks);
  return between(from, isDone ? to : now);
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

/** From the first submission to the last result so far. */
function spanOf(tasks: Iterable<TaskFacts>) {
  let [isDone, from, to] = [true, null as number | null, null as number | null];
  for (const { isPending, facts, started, received } of tasks) {
    if (isPending) isDone = false;
    // A result asked of the hub was not submitted here; then the engine's start is the first that is known.
    const begun = facts.submitted ?? started;
    if (begun !== null) from = from === null ? begun : Math.min(from, begun);
    if (received !== null) to = to === null ? received : Math.max(to, received);
  }
  return { isDone, from, to };
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

function notReady(): TimeoutError {
  return new TimeoutError('Result not ready.');
}
