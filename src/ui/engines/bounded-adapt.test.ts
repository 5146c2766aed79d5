import { describe, expect, it } from 'vitest';
import { readAdapt } from '../../protocol/adapt.ts';
import { boundedAdapt } from './bounded-adapt.ts';

const ADAPT = { min: 2, max: 4, idle: 60 };

describe('bounds of an adapting cluster', () => {
  it('give way to each other', () => {
    expect(boundedAdapt(ADAPT, 'min', 3)).toEqual({ min: 3, max: 4, idle: 60 });
    expect(boundedAdapt(ADAPT, 'min', 6)).toEqual({ min: 6, max: 6, idle: 60 });
    expect(boundedAdapt(ADAPT, 'max', 1)).toEqual({ min: 1, max: 1, idle: 60 });
    expect(boundedAdapt(ADAPT, 'idle', 5)).toEqual({ min: 2, max: 4, idle: 5 });
  });

  it('are always such that the hub takes them', () => {
    for (const name of ['min', 'max', 'idle'] as const) {
      for (const value of [0, 1, 3, 100]) {
        const adapt = boundedAdapt(ADAPT, name, value);
        expect(readAdapt(adapt)).toEqual(adapt);
      }
    }
  });
});
