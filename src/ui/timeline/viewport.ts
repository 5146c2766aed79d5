/** What stretch of time is in sight. Milliseconds. */
export interface Viewport {
  readonly left: number;
  readonly span: number;
  /** It goes with the work: until the reader pans or zooms. */
  readonly follows: boolean;
}

/** What a viewport that follows looks at. */
export interface Work {
  readonly now: number;
  /** Something is to be done still. */
  readonly isActive: boolean;
  readonly burst: number;
  readonly lastEnd: number;
}

const LEAST_SPAN = 0.02;
const MOST_SPAN = 24 * 3600_000;
/** A viewport that nobody looks at widens by doubling, up to this; then it scrolls. */
const WIDEST = 64_000;
const NARROWEST = 250;
/** The part of it that stays empty at either side. */
const MARGIN = 0.03;

export const FIRST_VIEW: Viewport = { left: 0, span: NARROWEST, follows: true };

/**
 * Where a viewport that follows is next. While the reader looks (pointer or focus are in it) it scrolls and never
 * zooms; else it shows the present stretch of work from its beginning, doubling its span as that goes on.
 */
export function follow(view: Viewport, work: Work, isLooking: boolean): Viewport {
  const { now, isActive, burst, lastEnd } = work;
  if (!view.follows || !Number.isFinite(burst)) return view;
  const edge = isActive ? now : Math.max(lastEnd, burst);
  const span = isLooking ? view.span : spanFor(edge - burst, burst > view.left + view.span ? 0 : view.span);
  const fromStart = burst - MARGIN * span;
  const left = Math.max(fromStart, edge - (1 - MARGIN) * span);
  // What was there when the reader came stays as long as the work fits.
  const isInSight = isLooking && view.left <= edge && edge <= view.left + view.span;
  const next = isInSight ? view.left : left;
  return next === view.left && span === view.span ? view : { left: next, span, follows: true };
}

function spanFor(length: number, present: number): number {
  let span = Math.max(present, NARROWEST);
  while (span * (1 - 2 * MARGIN) < length && span < WIDEST) span *= 2;
  return span;
}

export function pan(view: Viewport, by: number): Viewport {
  return { ...view, left: view.left + by, follows: false };
}

/** `factor` below 1 shows more detail; the time `at` stays where it is. */
export function zoom(view: Viewport, factor: number, at: number): Viewport {
  const span = Math.min(MOST_SPAN, Math.max(LEAST_SPAN, view.span * factor));
  const share = (at - view.left) / view.span;
  return { left: at - share * span, span, follows: false };
}

/** All from `start` to `end`. */
export function fit(start: number, end: number): Viewport {
  const length = Math.max(end - start, LEAST_SPAN);
  const span = Math.min(MOST_SPAN, length / (1 - 2 * MARGIN));
  return { left: start - MARGIN * span, span, follows: false };
}

/** The least that must be moved so that `start` to `end`, or at least its beginning, is in sight. */
export function reveal(view: Viewport, start: number, end: number): Viewport {
  const right = view.left + view.span;
  if (start >= view.left && Math.min(end, start + view.span / 2) <= right) return view;
  return { ...view, left: start - view.span / 3, follows: false };
}
