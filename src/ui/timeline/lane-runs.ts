import type { EngineId } from '../../protocol/ids.ts';
import { insertSorted } from './sorted.ts';
import type { Bar, ClockFit, Lane, TaskItem } from './task-items.ts';

/** Milliseconds by which clocks may disagree without anything being done about it. */
const SLACK = 2;

const anyClock = (): ClockFit => ({ low: -Infinity, high: Infinity });

export function newLane(engine: EngineId): Lane {
  return {
    engine,
    generation: 1,
    life: 'alive',
    bars: [],
    marks: [],
    never: [],
    held: [],
    running: null,
    clock: anyClock(),
  };
}

/** The engine has it now, behind what it has already. */
export function take(lane: Lane, task: TaskItem): void {
  if (!lane.held.includes(task)) lane.held.push(task);
}

/** The engine has it no more. True when it was what ran. */
export function release(lane: Lane, task: TaskItem): boolean {
  const place = lane.held.indexOf(task);
  if (place >= 0) lane.held.splice(place, 1);
  if (lane.running?.task !== task) return false;
  lane.running = null;
  return true;
}

/** The earliest time at which the engine can have begun it, by the hub's clock. */
export function earliestStart({ running, bars }: Lane, task: TaskItem): number {
  if (running?.task === task) return running.start;
  return Math.max(Number.isNaN(task.sent) ? task.submitted : task.sent, bars.at(-1)?.end ?? -Infinity);
}

export function addBar(lane: Lane, bar: Bar): void {
  insertSorted(lane.bars, bar, ({ start }) => start);
}

interface Stamps {
  /** Engine's clock. */
  readonly started: number;
  readonly completed: number;
  /** When the frame heard of the end. */
  readonly heard: number;
}

/**
 * The engine's times by the page's clock, in order with what is known: sent, started, completed, heard. Where a clock
 * that is far behind has been cut off at the submission, the hub's own times take their place.
 */
export function timesOf(
  lane: Lane,
  task: TaskItem,
  { started, completed, heard }: Stamps,
): { readonly start: number; readonly end: number; readonly byHub: boolean } {
  const earliest = Number.isNaN(task.sent) ? task.submitted : task.sent;
  const isCutOff = started <= task.submitted && completed <= started && heard - task.submitted > SLACK;
  if (isCutOff) return { start: Math.min(earliestStart(lane, task), heard), end: heard, byHub: true };
  const { clock } = lane;
  clock.low = Math.max(clock.low, earliest - started);
  clock.high = Math.min(clock.high, heard - completed);
  const offset = offsetOf(clock);
  const start = Math.min(Math.max(started + offset, earliest), heard);
  return { start, end: Math.min(Math.max(completed + offset, start), heard), byHub: false };
}

/** Another life of the engine may have another clock. */
export function forgetClock({ clock }: Lane): void {
  Object.assign(clock, anyClock());
}

/** To be added to an engine's times. */
export function offsetOf({ low, high }: ClockFit): number {
  if (low <= SLACK && high >= -SLACK) return 0;
  if (Number.isFinite(low) && Number.isFinite(high)) return (low + high) / 2;
  return low > SLACK ? low : high;
}
