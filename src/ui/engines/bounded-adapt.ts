import type { Adapt } from '../../protocol/adapt.ts';

/** With one of its numbers changed; the other bound gives way, so that there is always a number in between. */
export function boundedAdapt(adapt: Adapt, name: keyof Adapt, value: number): Adapt {
  if (name === 'idle') return { ...adapt, idle: value };
  if (name === 'min') return { ...adapt, min: value, max: Math.max(adapt.max, value, 1) };
  const max = Math.max(1, value);
  return { ...adapt, max, min: Math.min(adapt.min, max) };
}
