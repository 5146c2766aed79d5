import { firstAfter } from './sorted.ts';
import { SLOTS } from './task-kinds.ts';
import type { Bar, Lane, Look } from './task-items.ts';
import type { Viewport } from './viewport.ts';

/** A rectangle of a lane. */
export interface BarMark {
  readonly type: 'bar';
  readonly x: number;
  readonly width: number;
  readonly look: Look;
  readonly bar: Bar;
}

/** A column of one pixel in which several runs, or pieces of them, lie. */
export interface HeapMark {
  readonly type: 'heap';
  readonly x: number;
  /** How much of it the engine was at work, from 0 to 1. */
  readonly cover: number;
  /** The colour of what took most of it. */
  readonly slot: number;
  readonly runs: number;
  /** One of them failed or was lost: that is never averaged away. */
  readonly failed: boolean;
}

/** On its way to the engine, or its result on its way back. */
export interface TransferMark {
  readonly type: 'transfer';
  readonly x: number;
  readonly width: number;
  readonly bar: Bar;
}

/** Of a lane, what is laid out. */
type Runs = Pick<Lane, 'bars' | 'running'>;

export type Mark = BarMark | HeapMark | TransferMark;

/** Narrower runs are heaped up. */
const LEAST_WIDTH = 1.5;
/** Runs of one engine follow each other, but for what clocks disagree about. */
const LOOK_BACK = 8;

/**
 * What of a lane is to be drawn, from left to right: at most two marks and two transfers for each pixel, however many
 * tasks there are.
 */
export function layOut(lane: Runs, { left, span }: Viewport, width: number, now: number): Mark[] {
  const scale = width / span;
  const marks: Mark[] = [];
  const heap = new Heap(marks);
  const add = (bar: Bar): void => {
    const x = (bar.start - left) * scale;
    const end = (bar.end - left) * scale;
    if (end - x >= LEAST_WIDTH) {
      heap.flush();
      marks.push({ type: 'bar', x, width: end - x, look: bar.look, bar });
    } else heap.add(x, end, bar);
    if ((bar.start - bar.sent) * scale >= LEAST_WIDTH) addTransfer(marks, bar, (bar.sent - left) * scale, x);
    if ((bar.got - bar.end) * scale >= LEAST_WIDTH) addTransfer(marks, bar, end, (bar.got - left) * scale);
  };
  eachWithin(lane, left, left + span, now, add);
  heap.flush();
  return marks;
}

/** Lays out again only what has changed: another stretch of time, or runs that have ended since. */
export class LayoutMemory {
  readonly #kept = new WeakMap<
    Lane,
    {
      readonly view: Viewport;
      readonly width: number;
      readonly count: number;
      readonly marks: readonly Mark[];
    }
  >();

  layOut(lane: Lane, view: Viewport, width: number, now: number): readonly Mark[] {
    // What runs grows with each picture.
    if (lane.running !== null)
      return [...this.#ended(lane, view, width), ...runningMarks(lane, view, width, now)];
    return this.#ended(lane, view, width);
  }

  #ended(lane: Lane, view: Viewport, width: number): readonly Mark[] {
    const kept = this.#kept.get(lane);
    const count = lane.bars.length;
    if (kept?.count === count && kept.width === width && isSame(kept.view, view)) return kept.marks;
    const marks = layOut({ bars: lane.bars, running: null }, view, width, 0);
    this.#kept.set(lane, { view, width, count, marks });
    return marks;
  }
}

function isSame(one: Viewport, other: Viewport): boolean {
  return one.left === other.left && one.span === other.span;
}

function runningMarks({ running }: Lane, view: Viewport, width: number, now: number): Mark[] {
  return layOut({ bars: [], running }, view, width, now);
}

/** Runs that lie in a stretch of time, the running one included. */
export function barsWithin(lane: Lane, from: number, to: number, now: number): Bar[] {
  const list: Bar[] = [];
  eachWithin(lane, from, to, now, (bar) => list.push(bar));
  return list;
}

function eachWithin(
  { bars, running }: Runs,
  from: number,
  to: number,
  now: number,
  hear: (bar: Bar) => void,
): void {
  let first = firstAfter(bars, from, ({ end }) => end);
  for (let i = 1; i <= LOOK_BACK && (bars[first - 1]?.end ?? -Infinity) > from; i++) first--;
  for (let i = first; i < bars.length; i++) {
    const bar = bars[i] as Bar;
    if (bar.start > to) break;
    if (bar.end >= from) hear(bar);
  }
  if (running !== null && running.start <= to && now >= from) hear(runningBar(running, now));
}

function runningBar({ task, start }: NonNullable<Lane['running']>, now: number): Bar {
  return { task, start, end: Math.max(now, start), look: 'running', sent: start, got: Math.max(now, start) };
}

/** The run under a place, or the nearest within `slack` milliseconds. */
export function barAt(lane: Lane, at: number, slack: number, now: number): Bar | null {
  let best: Bar | null = null;
  let distance = slack;
  for (const bar of barsWithin(lane, at - slack, at + slack, now)) {
    const away = at < bar.start ? bar.start - at : at > bar.end ? at - bar.end : 0;
    if (away < distance || (best === null && away <= distance)) {
      best = bar;
      distance = away;
    }
  }
  return best;
}

/** The part of a stretch of time, up to now, that the engine was at work. */
export function busyShare(lane: Lane, { left, span }: Viewport, now: number): number {
  const right = Math.min(left + span, now);
  if (right <= left) return 0;
  let busy = 0;
  eachWithin(lane, left, right, now, ({ start, end }) => {
    busy += Math.max(0, Math.min(end, right) - Math.max(start, left));
  });
  return Math.min(1, busy / (right - left));
}

function addTransfer(marks: Mark[], bar: Bar, x: number, end: number): void {
  marks.push({ type: 'transfer', x, width: end - x, bar });
}

/** Gathers narrow runs, pixel by pixel. */
class Heap {
  readonly #marks: Mark[];
  readonly #cover = new Float64Array(SLOTS);
  #x = -Infinity;
  #runs = 0;
  #failed = false;

  constructor(marks: Mark[]) {
    this.#marks = marks;
  }

  add(x: number, end: number, { task, look }: Bar): void {
    const column = Math.floor(x);
    if (column !== this.#x) this.flush();
    this.#x = column;
    this.#runs++;
    this.#failed ||= look === 'failed' || look === 'lost';
    const slot = task.kind.slot;
    this.#cover[slot] = (this.#cover[slot] ?? 0) + Math.max(end - x, 0.02);
  }

  flush(): void {
    if (this.#runs === 0) return;
    let slot = 0;
    let cover = 0;
    for (let i = 0; i < SLOTS; i++) {
      const share = this.#cover[i] ?? 0;
      cover += share;
      if (share > (this.#cover[slot] ?? 0)) slot = i;
    }
    const [x, runs, failed] = [this.#x, this.#runs, this.#failed];
    this.#marks.push({ type: 'heap', x, cover: Math.min(1, cover), slot, runs, failed });
    this.#cover.fill(0);
    this.#runs = 0;
    this.#failed = false;
  }
}
