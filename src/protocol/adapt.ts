/** How a cluster adapts its number of engines to its queue. */
export interface Adapt {
  /** Engines that there always are. */
  readonly min: number;
  /** Engines that there are at most. */
  readonly max: number;
  /** Seconds that an engine must have had nothing to do before it is stopped. */
  readonly idle: number;
}

/** As people give it: `max` alone, or more. */
export interface AdaptSpec {
  /** Default 1. */
  readonly min?: number;
  readonly max: number;
  /** Default 60. */
  readonly idle?: number;
}

const NAMES = ['min', 'max', 'idle'];

/** @throws TypeError for what is no such object; RangeError for numbers that make no sense. */
export function readAdapt(spec: unknown): Adapt {
  if (typeof spec !== 'object' || spec === null) {
    throw new TypeError('adapt must be an object like { min: 1, max: 8, idle: 60 }, or null.');
  }
  const unknown = Object.keys(spec).find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new TypeError(`adapt has no ${unknown}; it has ${NAMES.join(', ')}.`);
  const { min = 1, max, idle = 60 } = spec as Partial<Record<keyof Adapt, unknown>>;
  if (!isCount(min))
    throw new RangeError(`adapt.min must be a whole number of at least 0, not ${String(min)}.`);
  if (!isCount(max) || max < Math.max(1, min)) {
    throw new RangeError(`adapt.max must be a whole number of at least 1 and of min, not ${String(max)}.`);
  }
  if (typeof idle !== 'number' || !(idle >= 0)) {
    throw new RangeError(`adapt.idle must be a number of seconds, not ${String(idle)}.`);
  }
  return { min, max, idle };
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
